import asyncio
import contextlib
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dashboard.sync.syncer import Syncer


class Command(BaseCommand):
    help = "Run the syncer alone: ask Studio about all accounts until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop when no account is due any more.")

    def handle(self, *args: Any, **options: Any) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(self._run(options["once"]))

    async def _run(self, once: bool) -> None:
        syncer = Syncer()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, syncer.stop)
        await syncer.run(once)
