"""Batches of retries under real `manage.py sync` processes: killed in the middle, two at a time, and nothing twice."""

import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

from dashboard.sandbox import Sandbox
from tests.sync.installation import ROOT, Installation
from tests.sync.test_processes import rows, wait_for

FAILED = {"phase": "failed", "retries": 2, "errorMessage": "execution timeout"}
_ASKED = """
import django
django.setup()
from dashboard.models import Account, Actor, RetryBatch, Role, Task, Team, User
from dashboard.models.retry_draft import Draft
sam = User.objects.create_user("sam@example.com")
Team.objects.get().add(sam, Role.SUPPORT)
accounts = list(Account.objects.all())
ids = list(Task.objects.filter(phase="failed").order_by("id").values_list("pk", flat=True))
draft = Draft.of(ids, accounts, {account.pk for account in accounts}, sam.email)
RetryBatch.start(draft, Actor(sam.email, sam.pk), "phase=failed")
"""


def test_syncers_that_are_killed_lose_no_task_and_ask_for_none_twice(tmp_path: Path) -> None:
    with Sandbox(tasks=0, pace=0) as sandbox:
        ids = [sandbox.add_task(status=FAILED) for _ in range(8)]
        installation = Installation(tmp_path, [(sandbox.url, sandbox.key)])
        assert installation.start_sync("--once").wait(timeout=60) == 0
        subprocess.run([sys.executable, "-c", _ASKED], check=True, cwd=ROOT, env=installation.environment, timeout=60)
        sandbox.switches.slow_seconds = 0.5
        syncers = [installation.start_sync(), installation.start_sync()]
        wait_for(lambda: any(call.method == "POST" and call.status == 0 for call in sandbox.calls))
        for syncer in syncers:
            syncer.send_signal(signal.SIGKILL)
            syncer.wait(timeout=10)
        wait_for(lambda: not any(call.status == 0 for call in sandbox.calls if call.method == "POST"))
        cut_off = rows(installation, "SELECT state FROM dashboard_retryitem ORDER BY id")
        assert cut_off.count(("asking",)) == 1
        sandbox.switches.reset()
        a_minute_passes(installation)
        syncers = [installation.start_sync(), installation.start_sync()]
        wait_for(lambda: rows(installation, "SELECT ended_at FROM dashboard_retrybatch") != [(None,)])
        for syncer in syncers:
            syncer.terminate()
            syncer.wait(timeout=10)
        assert rows(installation, "SELECT DISTINCT state FROM dashboard_retryitem") == [("done",)]
        assert Counter(call.path.split("/")[-2] for call in sandbox.calls if call.method == "POST") == Counter(ids)
        checked = rows(
            installation, "SELECT COUNT(*) FROM dashboard_retryitem WHERE sentence LIKE '%shows that it took%'"
        )
        assert checked == [(1,)]


def a_minute_passes(installation: Installation) -> None:
    """The claims run out, and Studio has settled."""
    connection = sqlite3.connect(installation.database)
    connection.execute("UPDATE dashboard_account SET claimed_until = 0, next_sync_at = 0, calls = '[]'")
    connection.execute("UPDATE dashboard_retry SET asked_at = asked_at - 60000")
    connection.commit()
    connection.close()
