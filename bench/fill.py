"""`python -m bench.fill`: a team, its people and an account, in the installation that the environment names.

Without --url the account is filled with tasks and then left in peace: nothing but the bench changes what is shown.
With --url it is only connected, for a syncer to fill. Writes sessions and ids as JSON.
"""

import argparse
import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench.copies import copy_tasks, database_bytes  # noqa: E402
from bench.crowded import crowded_team  # noqa: E402
from bench.documents import documents_of, large_document  # noqa: E402
from bench.peaceful import peaceful_account  # noqa: E402
from bench.sought import searches, small_team  # noqa: E402
from dashboard.clock import DAY, now_ms  # noqa: E402
from dashboard.management.preparing import prepare  # noqa: E402
from dashboard.models import Account, ApiKey, Role, Syncer, Task, Team, Token, User  # noqa: E402
from dashboard.models.audit import COMMAND  # noqa: E402
from dashboard.models.memory import remember  # noqa: E402
from dashboard.sandbox import Sandbox  # noqa: E402
from dashboard.upstream.redact import Redactor  # noqa: E402
from dashboard.upstream.snapshots import TaskPage  # noqa: E402

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MEMORIES = 1000
BATCH = 200
HEAVY_BYTES = (50_000, 5_000_000)
DEPTHS = (0.3, 0.45, 0.6, 0.75, 0.9)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=0)
    parser.add_argument("--teams", type=int, default=0, help="so many others own most of the tasks")
    parser.add_argument("--people", type=int, default=1)
    parser.add_argument("--url", default="")
    parser.add_argument("--key", default="")
    asked = parser.parse_args()
    prepare()
    team = Team.objects.create(name="Bench")
    told: dict[str, object] = {"sessions": [_sign_in(team, number) for number in range(asked.people)]}
    if asked.url:
        account = Account.objects.create(team=team, name="Production", url=asked.url)
        ApiKey.objects.store(account, asked.key)
    else:
        told |= _fill(team, asked.tasks, asked.teams)
    sys.stdout.write(json.dumps(told) + "\n")


def _sign_in(team: Team, number: int | str) -> str:
    """The session of a new person without a password."""
    user = User.objects.create_user(f"watcher-{number}@example.com")
    team.add(user, Role.ADMIN)
    client = Client()
    client.force_login(user, BACKEND)
    return client.cookies["sessionid"].value


def _fill(team: Team, tasks: int, teams: int) -> dict[str, object]:
    account = _peaceful_account(team)
    sandbox = Sandbox(tasks=MEMORIES + 50, pace=0)
    documents = documents_of(sandbox, MEMORIES)
    heavy = [large_document(documents, weight) | {"id": f"heavy-{weight}"} for weight in HEAVY_BYTES]
    documents[-1] = large_document(documents)
    documents[-1 - len(heavy) : -1] = heavy
    snapshots = TaskPage.read(documents, Redactor(sandbox.key)).snapshots
    for start in range(0, len(snapshots), BATCH):
        remember(account, snapshots[start : start + BATCH], now_ms())
    _multiply(account, tasks, teams)
    moving = next(document["id"] for document in documents if document["status"]["phase"] == "running")
    return {
        "api": f"/api/{account.pk}/task",
        "token": _token(team, account),
        "crowded": _sign_in(crowded_team(), "of-all"),
        "task": documents[-1]["id"],
        "moving": moving,
        "heavy": [one["id"] for one in heavy],
        "deep": _deep_keys(account),
        "account": account.pk,
        "searches": searches(account),
        "small": _sign_in(small_team(snapshots), "of-few"),
        "bytes a task": database_bytes() / max(1, Task.objects.count()),
    }


def _peaceful_account(team: Team) -> Account:
    """Its syncer seems alive all day."""
    Syncer.beat("bench", now_ms() + DAY)
    return peaceful_account(team, "Production")


def _token(team: Team, account: Account) -> str:
    """A script's token, in clear."""
    owner = team.members.order_by("pk")[0]
    _, clear = Token.objects.make(owner, "Bench", Role.VIEWER, [account], now_ms() + DAY, COMMAND)
    return clear


def _multiply(account: Account, tasks: int, teams: int) -> None:
    """Copies of the tasks held, until there are so many."""
    others = [Team.objects.create(name=f"Team {number}") for number in range(teams)]
    copy_tasks(account, tasks, [peaceful_account(other, "Production of others") for other in others])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as it does by itself within a minute


def _deep_keys(account: Account) -> list[str]:
    rows = Task.objects.filter(account=account).order_by("-updated_at", "-id").values_list("updated_at", "id")
    total = rows.count()
    places = [rows[int(total * depth)] for depth in DEPTHS]
    return [f"{updated_at}-{task_id}" for updated_at, task_id in places]


if __name__ == "__main__":
    main()
