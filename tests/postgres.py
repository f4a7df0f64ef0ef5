"""A PostgreSQL cluster that lives as long as the tests: made, started and thrown away in about a second."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType


def find_postgres() -> Path | None:
    """The directory of `initdb` and `pg_ctl`, if PostgreSQL is installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    for folder in [*versions, *([Path(found).resolve().parent] if found else [])]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


class Cluster:
    """As a context manager gives the URL of an empty database; runs as `postgres` when we are root. `settings` are
    PostgreSQL's own: `autovacuum=off`."""

    def __init__(self, binaries: Path, *settings: str) -> None:
        self.binaries = binaries
        self.settings = ("listen_addresses=127.0.0.1", "fsync=off", *settings)
        self.folder = Path(tempfile.mkdtemp(prefix="studio-tasks-pg-", dir="/tmp"))
        self.port = _free_port()

    def __enter__(self) -> str:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o700)
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        settings = (f"unix_socket_directories={self.folder}", *self.settings)
        options = " ".join([f"-p {self.port}", *(f"-c {setting}" for setting in settings)])
        self._run("pg_ctl", "-D", data, "-l", str(self.folder / "log"), "-w", "-o", options, "start")
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_postgres, str(self.binaries / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
