"""A throw-away installation: folder, secrets and database of its own, gone after the `with` block."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.processes import Process, Web

ROOT = Path(__file__).resolve().parent.parent
SECRETS = {"SECRET_KEY": "only for the bench", "VAULT_KEYS": "bm90IGEgc2VjcmV0LCBvbmx5IGZvciB0aGUgdGVzdHM="}
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")


class Installation:
    """`cluster` is the URL of a PostgreSQL in which a database is made; without it SQLite is used."""

    def __init__(self, name: str, cluster: str | None = None) -> None:
        self._ends = ExitStack()
        folder = tempfile.TemporaryDirectory(prefix=f"studio-tasks-bench-{name}-", ignore_cleanup_errors=True)
        self.folder = Path(self._ends.enter_context(folder))
        kept = {variable: os.environ[variable] for variable in KEPT if variable in os.environ}
        self.environment = {
            **kept,
            **SECRETS,
            "DATA_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "ALLOW_PRIVATE_UPSTREAMS": "1",
            "PYTHONPATH": str(ROOT),
        }
        if cluster:
            self.environment["DATABASE_URL"] = _new_database(cluster, name)

    def __enter__(self) -> "Installation":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ends.close()

    def run(self, module: str, *arguments: object) -> dict[str, Any]:
        """What the module writes as JSON in its last line."""
        command = [sys.executable, "-m", module, *map(str, arguments)]
        done = subprocess.run(  # noqa: S603  our own modules
            command, env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told

    def web(self) -> Web:
        """The product's web server on this installation, until this ends."""
        return self._ends.enter_context(Web(self.environment))

    def bare(self) -> Web:
        """The bare view on the same kind of server."""
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "bench.bare"}
        return self._ends.enter_context(Web(environment, ready="/"))

    def syncer(self) -> Process:
        command = [sys.executable, str(ROOT / "manage.py"), "sync"]
        return self._ends.enter_context(Process(command, self.environment))


def _new_database(cluster: str, name: str) -> str:
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE bench_{name}")  # type: ignore[arg-type]
    return urlunsplit(urlsplit(cluster)._replace(path=f"/bench_{name}"))
