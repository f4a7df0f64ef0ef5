"""`manage.py sandbox`: a simulated Livepeer Studio for the demo, until Ctrl-C or SIGTERM."""

import argparse
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.sandbox import Sandbox, Switches

_FLAGS = ("dripping", "hanging", "truncated", "huge", "compressed")


class Command(BaseCommand):
    help = "Serve a simulated Livepeer Studio Task API, with tasks that move."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=13004, help="0 picks a free one (default 13004)")
        parser.add_argument("--tasks", type=_natural, default=400, help="tasks in the history (default 400)")
        parser.add_argument("--seed", type=int, default=7, help="same seed and epoch, same tasks (default 7)")
        parser.add_argument("--epoch", type=int, metavar="MS", help="end of the history, ms since 1970 (default now)")
        parser.add_argument("--projects", type=_natural, default=1, help="projects, with a key each (default 1)")
        parser.add_argument("--pace", type=float, default=1.0, help="1 is a new task in 25 s, 0 none (default 1)")
        parser.add_argument("--troubled", action="store_true", help="with two weeks of failures to look into")
        self._add_switches(parser)

    def _add_switches(self, parser: CommandParser) -> None:
        group = parser.add_argument_group("switches", "Trouble from the start; PUT /_sandbox/switches changes it.")
        for name in _FLAGS:
            group.add_argument(f"--{name}", action="store_true")
        group.add_argument("--documented-only", choices=("ignore", "refuse"), default="")
        group.add_argument("--slow", type=float, metavar="SECONDS", default=0.0)
        group.add_argument("--rate-limited", action="store_true")
        group.add_argument("--retry-after", type=float, metavar="SECONDS")
        group.add_argument("--failing", type=int, metavar="STATUS", default=0)
        group.add_argument("--malformed", choices=("html", "object", "null"), default="")
        group.add_argument("--unreadable-rows", type=_natural, metavar="N", default=0)
        group.add_argument("--redirect-to", metavar="URL", default="")
        group.add_argument("--no-assets", type=int, choices=(403, 404), default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["projects"] < 1:
            raise CommandError("A sandbox has at least one project.")
        sandbox = Sandbox(
            tasks=options["tasks"],
            seed=options["seed"],
            epoch_at=options["epoch"],
            projects=options["projects"],
            pace=options["pace"],
            troubled=options["troubled"],
        )
        sandbox.switches.change(_switches(options))
        with _end_of_process() as ended:
            self._start(sandbox, options["host"], options["port"])
            self._introduce(sandbox)
            ended.wait()
            sandbox.stop()

    def _start(self, sandbox: Sandbox, host: str, port: int) -> None:
        try:
            sandbox.start(port, host)
        except OSError as error:
            raise CommandError(f"Cannot listen on {host}:{port}: {error.strerror}.") from None

    def _introduce(self, sandbox: Sandbox) -> None:
        """The base URL and the keys: simulated ones, so they may be shown."""
        self.stdout.write(f"Simulated Studio at {sandbox.url}")
        for number, key in enumerate(sandbox.keys):
            self.stdout.write(f"  key of project {number}: {key}")
        self.stdout.write(f"  key of a sister project: {sandbox.sister_key}")
        self.stdout.write(f"  key that may not list: {sandbox.limited_key}")
        self.stdout.write(f"  key of a stranger: {sandbox.stranger_key}")
        self.stdout.write("Ctrl-C ends it.")
        self.stdout.flush()


def _natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _switches(options: dict[str, Any]) -> dict[str, object]:
    names = set(Switches().to_json()) & set(options)
    chosen: dict[str, object] = {name: options[name] for name in names}
    return chosen | {"slow_seconds": options["slow"], "retry_after_seconds": options["retry_after"]}


@contextmanager
def _end_of_process() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; the previous handlers come back afterwards."""
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
