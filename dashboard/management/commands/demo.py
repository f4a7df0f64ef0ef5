"""`manage.py demo`: the product on a simulated Studio, with a team, a sign-in and tasks already moving."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from dashboard.clock import now_ms
from dashboard.management.preparing import prepare
from dashboard.management.processes import MANAGE, Processes, check_free, wait_for_answer
from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey
from dashboard.models.audit import COMMAND
from dashboard.models.team import Role, Team
from dashboard.models.user import User
from dashboard.sandbox import Sandbox
from dashboard.sandbox.gateway import templates
from dashboard.sync.accounts import connect

TEAM, ACCOUNTS = "Demo", ("Sandbox", "Harbour Films", "Archive")
PACE = 0.4  # in each of them
EMAIL, PASSWORD = "demo@example.com", "moving-tasks"


class Command(BaseCommand):
    help = "Serve with the sandbox as Studio, on an SQLite file of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
        parser.add_argument("--tasks", type=int, default=400)
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ALLOW_PRIVATE_UPSTREAMS:
            raise CommandError("The demo talks to a server on this machine: set ALLOW_PRIVATE_UPSTREAMS=1.")
        check_free(options["bind"])
        with _alone():
            self._serve(options)

    def _serve(self, options: dict[str, Any]) -> None:
        prepare()
        processes = Processes()
        url = self._start_sandbox(processes, options["tasks"], options["seed"])
        self._fill(url, options["seed"])
        connections.close_all()
        processes.start_web(options["bind"])
        processes.start_syncer()
        self.stdout.write(
            f"\n  Studio Tasks: http://{options['bind']}\n  Sign in with:  {EMAIL}\n  Password:      {PASSWORD}\n"
        )
        self.stdout.write("\n  Studio is simulated here. Ctrl-C stops everything.\n")
        self.stdout.flush()
        processes.wait()

    def _start_sandbox(self, processes: Processes, tasks: int, seed: int) -> str:
        """The same tasks at each start: the epoch of the first one is kept beside the database."""
        port = _free_port()
        options = ["--port", str(port), "--tasks", str(tasks), "--seed", str(seed), "--epoch", str(_epoch())]
        options += ["--projects", str(len(ACCOUNTS)), "--pace", str(PACE), "--troubled"]
        processes.start("sandbox", [*MANAGE, "sandbox", *options], is_quiet=True)
        if not wait_for_answer(f"http://127.0.0.1:{port}/healthz"):
            raise CommandError("The sandbox did not start.")
        return f"http://127.0.0.1:{port}/api"

    def _fill(self, url: str, seed: int) -> None:
        """Team, person and accounts at the first start; later the sandbox's new addresses."""
        team, is_new = Team.objects.get_or_create(name=TEAM)
        if is_new:
            team.add(User.objects.create_user(EMAIL, PASSWORD), Role.ADMIN)
        if not team.gateways or ".ipfs.localhost:" in team.gateways:  # nobody has set others
            team.gateways = templates(url)
            team.save(update_fields=["gateways"])
        keys = Sandbox(tasks=0, seed=seed, projects=len(ACCOUNTS)).keys
        for name, key in zip(ACCOUNTS, keys, strict=True):
            _connect(team, name, url, key)


def _connect(team: Team, name: str, url: str, key: str) -> None:
    account = Account.objects.filter(team=team, name=name).first()
    if account is None:
        connect(team, name, url, key, COMMAND)
    else:
        account.url = url
        account.save(update_fields=["url"])
        ApiKey.objects.store(account, key)


@contextmanager
def _alone() -> Iterator[None]:
    """A second demo on the same folder would take the account away from the first."""
    with (settings.DATA_DIR / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(f"Another demo runs on {settings.DATA_DIR}. Set DATA_DIR to start one more.") from None
        yield


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _epoch() -> int:
    path = settings.DATA_DIR / "sandbox-epoch"
    if not path.exists():
        path.write_text(str(now_ms()))
    return int(path.read_text())
