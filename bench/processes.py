"""Processes that the bench starts, and the CPU time that they and their children have used."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

from dashboard.management.processes import Processes

START_SECONDS = 60


class _Command(Processes):
    """Takes note of the product's own command line instead of running it."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def start(self, name: str, command: list[str]) -> None:
        self.noted = command


def web_command(port: int) -> list[str]:
    """Granian as the product starts it, with all of its options."""
    command = _Command()
    command.start_web(f"127.0.0.1:{port}")
    return command.noted


class Process:
    """One process with its children, ended with the `with` block."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.running = subprocess.Popen(command, env=environment)  # noqa: S603  our own command lines

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.running.terminate()
        try:
            self.running.wait(10)
        except subprocess.TimeoutExpired:
            self.running.kill()

    def cpu_seconds(self) -> float:
        """User and system time of the whole family so far."""
        return sum(_cpu_seconds(pid) for pid in _family(self.running.pid))


class Web(Process):
    """The web server on a free port, ready to answer."""

    def __init__(self, environment: dict[str, str], ready: str = "/readyz") -> None:
        self.port = free_port()
        super().__init__(web_command(self.port), environment)
        self._wait_for(f"http://127.0.0.1:{self.port}{ready}")
        time.sleep(0.5)  # until the second worker has come up as well
        self._pids = _family(self.running.pid)

    def cpu_seconds(self) -> float:
        """As above, without looking for new children. A worker that died is an error."""
        return sum(map(_cpu_seconds, self._pids))

    def peak_bytes(self) -> int:
        """The most memory that one of its processes had so far."""
        return max(_peak_bytes(pid) for pid in self._pids)

    def _wait_for(self, url: str) -> None:
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends and self.running.poll() is None:
            try:
                urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  our own server
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
            else:
                return
        self.running.kill()
        sys.exit(f"The web server did not come up at {url}.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _cpu_seconds(pid: int) -> float:
    """User and system time: the sum of utime and stime in /proc/<pid>/stat, which are cut to 10 ms, in ns.

    The number of a process's CPU clock is made of its id (read in clock_getcpuclockid of the C library).
    """
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


def _peak_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found
