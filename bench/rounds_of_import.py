"""`python -m bench.rounds_of_import`: the syncer's own rounds on a Studio in memory, beside a bare executemany.

Runs in the installation that the environment names; writes medians in tasks per second as JSON.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import sys
import time
from contextlib import aclosing, closing

import django
from asgiref.sync import sync_to_async

django.setup()

from django.conf import settings  # noqa: E402

from bench.documents import documents_of  # noqa: E402
from bench.source import Source  # noqa: E402
from dashboard.clock import MINUTE, now_ms  # noqa: E402
from dashboard.management.preparing import prepare  # noqa: E402
from dashboard.models import Account, ApiKey, Task, Team  # noqa: E402
from dashboard.sandbox import Sandbox  # noqa: E402
from dashboard.sync.round import sync_account  # noqa: E402
from dashboard.sync.storing import Storing  # noqa: E402
from dashboard.upstream.client import AsyncStudio  # noqa: E402

ROUNDS = 3
MOST_SYNCS = 100


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, required=True)
    tasks = parser.parse_args().tasks
    prepare()
    sandbox = Sandbox(tasks=tasks + 100, pace=0)
    source = Source(documents_of(sandbox, tasks))
    turns = [_turn(source, number, sandbox.key) for number in range(ROUNDS)]
    seconds = [statistics.median(column) for column in zip(*turns, strict=True)]
    names = ("bare executemany of the same JSON", "import", "import, by CPU time")
    rates = {name: len(source.rows) / took for name, took in zip(names, seconds, strict=True)}
    sys.stdout.write(json.dumps(rates) + "\n")


def _turn(source: Source, number: int, key: str) -> tuple[float, float, float]:
    """Seconds of the executemany, of the import, and CPU seconds of the import."""
    bare = _executemany(source, number)
    team = Team.objects.create(name=f"Bench {number}")  # of its own: a team does not read a project twice
    account = Account.objects.create(team=team, name="Production", url="http://127.0.0.1/api")
    ApiKey.objects.store(account, key)
    started, busy = time.perf_counter(), time.process_time()
    asyncio.run(_import(account, source))
    took = time.perf_counter() - started, time.process_time() - busy
    held = Task.objects.filter(account=account).count()
    if held != len(source.rows):
        raise ValueError(f"{held} of {len(source.rows)} tasks were imported")
    return bare, *took


def _executemany(source: Source, number: int) -> float:
    """The same JSON as it is into an SQLite file, in one transaction."""
    rows = [(row["id"], text) for row, text in zip(source.rows, source.texts, strict=True)]
    with closing(sqlite3.connect(settings.DATA_DIR / f"bare-{number}.sqlite3")) as database:
        database.executescript("PRAGMA journal_mode=WAL; CREATE TABLE task (id TEXT PRIMARY KEY, document TEXT);")
        started = time.perf_counter()
        with database:
            database.executemany("INSERT INTO task VALUES (?, ?)", rows)
        return time.perf_counter() - started


async def _import(account: Account, source: Source) -> None:
    """Round after round, as the syncer would, until the history is in."""
    storing = Storing()
    async with aclosing(AsyncStudio(allow_private=True, transport=source)) as studio:
        for _ in range(MOST_SYNCS):
            await sync_to_async(account.claim)("bench", now_ms(), MINUTE)
            await sync_account(account, "bench", studio, storing)
            await sync_to_async(account.refresh_from_db)()
            if account.error:
                raise ValueError(account.error)
            if not account.is_importing:
                return
    raise ValueError("the import does not come to an end")


if __name__ == "__main__":
    main()
