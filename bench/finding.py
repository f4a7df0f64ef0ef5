"""`python -m bench.finding`: what the tables cost without a page around them, in the installation that the environment
names. Writes JSON: `counts`, ms for all numbers of the strip; `text`, `like`, ms for the same rare text by a search and
by LIKE over all haystacks; `stopped`, s until a search that finds nothing anywhere ends.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from dashboard import search  # noqa: E402
from dashboard.clock import now_ms  # noqa: E402
from dashboard.models import Account, Haystack, Task  # noqa: E402
from dashboard.models.deadline import TooBroad, deadline  # noqa: E402
from dashboard.models.finding import Filters  # noqa: E402
from dashboard.phases import OVERLAYS, PHASES  # noqa: E402

SECONDS = 2
TIMES = 30
NOWHERE = "-e -a"  # every id has one of these digits, or nearly


def main() -> None:
    account = Account.objects.get(name="Production")
    told = {"counts": _median(TIMES, lambda: _count(account)), **_texts(account), "stopped": _stopped(account)}
    sys.stdout.write(json.dumps(told) + "\n")


def _count(account: Account) -> None:
    counts = Filters((account.pk,)).counts()
    for phase in ("", *PHASES, *OVERLAYS):
        counts.of(phase)


def _texts(account: Account) -> dict[str, float]:
    """A part of one task's id as free text."""
    middle = Task.objects.filter(account=account).order_by("pk")[Task.objects.filter(account=account).count() // 2]
    text = Haystack.objects.get(task=middle).text.partition("\t")[2][:12]

    def find() -> None:
        filters = Filters((account.pk,), condition=search.read(f'"{text}"', now_ms()))
        assert middle.pk in filters.ids(50)
        filters.counts().of()

    def scan() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_bitmapscan = off")  # else it takes the index of the search
            cursor.execute("SELECT task_id FROM dashboard_haystack WHERE text LIKE %s", [f"%{text}%"])
            assert (middle.pk,) in cursor.fetchall()

    return {"text": _median(TIMES, find), "like": _median(3, scan)}


def _median(times: int, act: Callable[[], None]) -> float:
    """Milliseconds of the clock, for a database may be another process."""
    taken = list[float]()
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def _stopped(account: Account) -> float:
    started = time.monotonic()
    try:
        with deadline(SECONDS):
            Filters((account.pk,), condition=search.read(NOWHERE, now_ms())).ids(50)
    except TooBroad:
        pass
    return time.monotonic() - started


if __name__ == "__main__":
    main()
