"""`manage.py sync` as real processes on a real file: claims, signals, short transactions, and no secret anywhere."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from dashboard.sandbox import Sandbox
from tests.sync.installation import Installation

TASKS = 400


class Neighbour(threading.Thread):
    """A web process that reads and writes the same file all the time; `waits` in seconds."""

    def __init__(self, database: Path) -> None:
        super().__init__(daemon=True)
        self.database, self.stop, self.waits = database, threading.Event(), list[float]()

    def run(self) -> None:
        connection = sqlite3.connect(self.database, timeout=5, isolation_level=None)
        while not self.stop.wait(0.02):
            started = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE dashboard_account SET watched_at = watched_at + 1")
            connection.execute("COMMIT")
            connection.execute("SELECT COUNT(*) FROM dashboard_task").fetchone()
            self.waits.append(time.perf_counter() - started)
        connection.close()


@pytest.fixture(scope="module")
def everything() -> Iterator[Sandbox]:
    """The sandbox's whole data set, all its exhibits and planted secrets."""
    with Sandbox(tasks=TASKS, pace=0) as sandbox:
        yield sandbox


def rows(installation: Installation, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(installation.database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_one_sync_reads_everything_blocks_nobody_and_keeps_no_secret(everything: Sandbox, tmp_path: Path) -> None:
    installation = Installation(tmp_path, [(everything.url, everything.key)])
    neighbour = Neighbour(installation.database)
    neighbour.start()
    syncing = installation.start_sync("--once")
    log, _ = syncing.communicate(timeout=60)
    neighbour.stop.set()
    neighbour.join()
    assert syncing.returncode == 0, log
    assert rows(installation, "SELECT COUNT(*) FROM dashboard_task") == [(TASKS,)]
    assert rows(installation, "SELECT COUNT(*) FROM dashboard_asset")[0][0] == len(everything.asset_ids())
    waits = sorted(neighbour.waits)
    assert waits[len(waits) * 95 // 100] < 0.2, f"{len(waits)} writes, the longest {waits[-1]:.3f} s"
    kept = installation.bytes()
    found = [secret for secret in [*everything.secrets, everything.key] if secret.encode() in kept or secret in log]
    assert found == []
    assert "Traceback" not in log


def test_two_syncers_never_ask_twice_at_once_and_let_go_when_told(tmp_path: Path) -> None:
    with Sandbox(tasks=30, pace=0, projects=2) as sandbox:
        sandbox.switches.slow_seconds = 0.2
        for project in (0, 1):
            sandbox.add_task(project=project, status={"phase": "running", "retries": 0, "progress": 0.5})
        installation = Installation(tmp_path, [(sandbox.url, key) for key in sandbox.keys])
        syncers = [installation.start_sync(), installation.start_sync()]
        wait_for(lambda: make_due(installation) and len(sandbox.calls) >= 16)
        sandbox.switches.hanging = True
        wait_for(lambda: make_due(installation) and sum(call.status == 0 for call in sandbox.calls) >= 2)
        for syncer in syncers:
            syncer.terminate()
        assert [syncer.wait(timeout=10) for syncer in syncers] == [0, 0], [s.communicate()[0] for s in syncers]
        for key in sandbox.keys:
            at = [call.at for call in sandbox.calls if call.key_hint == key[-4:]]
            assert min(later - earlier for earlier, later in pairwise(at)) >= 190
        assert rows(installation, "SELECT DISTINCT claimed_by, claimed_until FROM dashboard_account") == [("", 0)]
        names = [name for (name,) in rows(installation, "SELECT name FROM dashboard_syncer")]
        assert len(names) == 2


def make_due(installation: Installation) -> bool:
    """Both syncers find both accounts due all the time."""
    connection = sqlite3.connect(installation.database)
    connection.execute("UPDATE dashboard_account SET next_sync_at = 0")
    connection.commit()
    connection.close()
    return True


def wait_for(condition: Callable[[], bool], seconds: float = 40) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)
