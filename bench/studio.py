"""`python -m bench.studio`: the sandbox in a process of its own, which tells the calls it got when asked."""

import argparse
import json
import subprocess
import sys
from types import TracebackType
from typing import Any

from dashboard.sandbox import Sandbox


class Studio:
    """Starts that process; `url` and `key` are what an account is given."""

    def __init__(self, tasks: int, pace: float) -> None:
        command = [sys.executable, "-m", "bench.studio", "--tasks", str(tasks), "--pace", str(pace)]
        self._running = subprocess.Popen(  # noqa: S603  our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        told = self._read()
        self.url, self.key = str(told["url"]), str(told["key"])

    def __enter__(self) -> "Studio":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._running.communicate()

    def calls(self) -> list[int]:
        """When it was called so far, in ms since 1970."""
        assert self._running.stdin
        self._running.stdin.write("calls\n")
        self._running.stdin.flush()
        times: list[int] = self._read()["calls"]
        return times

    def _read(self) -> dict[str, Any]:
        assert self._running.stdout
        told: dict[str, Any] = json.loads(self._running.stdout.readline())
        return told


def main() -> None:
    """Serves until standard input ends; each line there is answered with the calls."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, required=True)
    parser.add_argument("--pace", type=float, required=True)
    asked = parser.parse_args()
    with Sandbox(tasks=asked.tasks, pace=asked.pace) as sandbox:
        _tell({"url": sandbox.url, "key": sandbox.key})
        for _ in sys.stdin:
            _tell({"calls": [call.at for call in sandbox.calls]})


def _tell(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
