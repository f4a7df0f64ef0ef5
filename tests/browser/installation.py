"""A real installation for the browser: `manage.py serve` with a data directory, a port and secrets of its own."""

import contextlib
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[2]
LINK = re.compile(r"http://\S+/setup/\S+")
START_SECONDS, SYNC_SECONDS, STOP_SECONDS = 30, 15, 15


class Installation:
    """Web and syncer as processes of their own. It may be stopped and started again at the same address."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.log = data_dir / "serve.log"
        self.bind = f"127.0.0.1:{_free_port()}"
        self.url = f"http://{self.bind}"
        self._process: subprocess.Popen[bytes] | None = None

    def settle(self, people: list[tuple[str, str, str]]) -> dict[str, dict[str, Any]]:
        """Furnishes it with people: name, URL and key of an account. What settle.py tells of them, by name."""
        command = [sys.executable, "-m", "tests.browser.settle", json.dumps(people)]
        done = subprocess.run(command, env=self._environment(), cwd=HERE, check=True, stdout=subprocess.PIPE)
        told: dict[str, dict[str, Any]] = json.loads(done.stdout)
        return told

    def start(self) -> None:
        """Returns when pages can be asked for."""
        command = [sys.executable, "manage.py", "serve", "--bind", self.bind]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._environment(), cwd=HERE, stdout=log, stderr=log, start_new_session=True
            )
        until(self._is_ready, START_SECONDS, lambda: f"the server did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(STOP_SECONDS)
            self._process = None

    @property
    def setup_link(self) -> str:
        """The link for the first admin that the first start printed, which it does when pages can be asked for."""
        until(lambda: LINK.search(self.log.read_text()) is not None, 5, lambda: "no link was printed")
        return LINK.findall(self.log.read_text())[0]

    def make_due(self, account_id: int) -> int:
        """Lets the syncer ask at once; returns when no round is under way. The time of that, in ms."""
        times: list[int] = []

        def is_due() -> bool:
            now = time.time_ns() // 1_000_000
            due = "UPDATE dashboard_account SET next_sync_at=0 WHERE id=? AND claimed_until<?"
            with self._database() as database:
                times.append(now)
                return database.execute(due, (account_id, now)).rowcount == 1

        until(is_due, SYNC_SECONDS, lambda: "a round did not end")
        return times[-1]

    def sync(self, account_id: int) -> None:
        """Makes the account due and returns when a round that began after this call is over."""
        since = self.make_due(account_id)

        def is_over() -> bool:
            tried = "SELECT 1 FROM dashboard_account WHERE id=? AND last_try_at>=?"
            with self._database() as database:
                return database.execute(tried, (account_id, since)).fetchone() is not None

        until(is_over, SYNC_SECONDS, lambda: f"the syncer did nothing:\n{self.log.read_text()}")

    def forget_watchers(self, account_id: int) -> None:
        with self._database() as database:
            database.execute("UPDATE dashboard_account SET watched_at=0 WHERE id=?", (account_id,))

    def is_watched(self, account_id: int) -> bool:
        """Whether somebody was noted to look since `forget_watchers`."""
        with self._database() as database:
            noted = database.execute("SELECT watched_at FROM dashboard_account WHERE id=?", (account_id,))
            return bool(noted.fetchone()[0])

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        path = self.data_dir / "studio-tasks.sqlite3"
        with closing(sqlite3.connect(path, timeout=5)) as database, database:
            yield database

    def _environment(self) -> dict[str, str]:
        """Nothing of the caller's but what finds programs: no settings and no database of the tests."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
        ours = {"DATA_DIR": str(self.data_dir), "SECRET_KEY": "only for tests", "ALLOW_PRIVATE_UPSTREAMS": "1"}
        return kept | ours

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the server ended:\n{self.log.read_text()}"
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                return True
        except OSError:
            return False


def until(is_so: Callable[[], bool], seconds: float, why_not: Callable[[], str]) -> None:
    """Looks again and again, but not for longer than `seconds`."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, why_not()
        time.sleep(0.03)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
