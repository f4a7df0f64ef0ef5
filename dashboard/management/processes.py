"""The processes of one installation, started and stopped together."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from types import FrameType

from django.core.management.base import CommandError

from dashboard.environment import HERE

MANAGE = [sys.executable, str(HERE / "manage.py")]
WORKERS, THREADS = 2, 8
CONNECTIONS = 2048  # a worker; browsers keep theirs open between polls
GRACE_SECONDS = 10.0
RESTART_AFTER_SECONDS = 2.0
START_SECONDS = 20


def check_free(bind: str) -> None:
    """Say it in a sentence, before anything is started, when somebody else has the port."""
    host, _, port = bind.rpartition(":")
    try:
        socket.create_server(
            (host.strip("[]"), int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        ).close()
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {bind}: {os.strerror(error.errno or 0).lower()}. Choose another with --bind or PORT."
        ) from None


def wait_for_answer(url: str) -> bool:
    """Until a server of ours answers there; False if it takes too long."""
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310  our own server
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


class Processes:
    """The web server must live; the syncer is started again when it dies, for pages can be read without it."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, list[str]] = {}
        self.stopping = False
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, self._stop)

    def start(self, name: str, command: list[str], is_quiet: bool = False) -> None:
        self.commands[name] = command
        # From whatever directory we were started; in a group of its own, so that whatever it starts ends with it.
        paths = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
        environment = {**os.environ, "PYTHONPATH": paths}
        says = subprocess.DEVNULL if is_quiet else None
        self.running[name] = subprocess.Popen(  # noqa: S603  our own command lines
            command, start_new_session=True, env=environment, stdout=says
        )

    def start_web(self, bind: str) -> None:
        """Granian, never forked after Django has opened the database. With fewer threads two slow requests would
        hold up all others."""
        host, _, port = bind.rpartition(":")
        granian = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            host.strip("[]"),
            "--port",
            port,
        ]
        sizes = [
            "--workers",
            str(WORKERS),
            "--blocking-threads",
            str(THREADS),
            "--no-ws",
            "--log-level",
            "error",
        ]
        respawn = ["--respawn-failed-workers", "--backpressure", str(CONNECTIONS)]
        self.start("web", [*granian, *sizes, *respawn, "dashboard.wsgi:application"])

    def start_syncer(self) -> None:
        self.start("syncer", [*MANAGE, "sync"])

    def wait(self) -> None:
        """Until told to stop, or until anything but the syncer ends."""
        while not self.stopping:
            time.sleep(0.2)
            for name, process in list(self.running.items()):
                if process.poll() is None or self.stopping:
                    continue
                if name != "syncer":
                    self.stopping = True
                    sys.stderr.write(f"{name} ended with code {process.returncode}; stopping.\n")
                    self._end_all()
                    raise SystemExit(process.returncode or 1)
                sys.stderr.write("The syncer ended; starting it again.\n")
                time.sleep(RESTART_AFTER_SECONDS)
                self.start(name, self.commands[name])
        self._end_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end_all(self) -> None:
        """Ask all to stop, and make those that do not within the grace; a worker may outlive its server."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        ends = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, ends - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
