"""An installation of its own: a data directory, an SQLite file and real `manage.py sync` processes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_FOUND = """
import sys, django
django.setup()
from django.core.management import call_command
from dashboard.models import Account, ApiKey, Team
call_command("migrate", verbosity=0)
team = Team.objects.create(name="Acme")
for number, line in enumerate(sys.stdin.read().split()):
    url, key = line.split("|")
    account = Account.objects.create(team=team, name=f"Account {number}", url=url)
    ApiKey.objects.store(account, key)
"""


class Installation:
    """`accounts`: URL and key of each. Knows nothing of the settings of the tests."""

    def __init__(self, folder: Path, accounts: list[tuple[str, str]]) -> None:
        self.folder = folder
        self.database = folder / "studio-tasks.sqlite3"
        kept = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        }
        self.environment = kept | {
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "dashboard.settings",
            "ALLOW_PRIVATE_UPSTREAMS": "1",
        }
        told = "\n".join(f"{url}|{key}" for url, key in accounts)
        founding = [sys.executable, "-c", _FOUND]
        subprocess.run(founding, input=told, text=True, check=True, cwd=ROOT, env=self.environment, timeout=60)

    def start_sync(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "manage.py", "sync", *options]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def bytes(self) -> bytes:
        """Everything that lies in the database file and beside it."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.glob("studio-tasks.sqlite3*")))
