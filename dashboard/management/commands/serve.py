"""`manage.py serve`: everything that real use needs, as processes of their own."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from dashboard.management.preparing import prepare
from dashboard.management.processes import Processes, check_free
from dashboard.models.user import User
from dashboard.views.setup import setup_path

EVERYWHERE = ("0.0.0.0", "[::]")  # noqa: S104  a server may be told to listen there, but nobody can open that address


class Command(BaseCommand):
    help = "Migrate, then run web and syncer, each a process of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        host, _, port = options["bind"].rpartition(":")
        if not host or not port.isdecimal():
            raise CommandError("--bind wants HOST:PORT, for example 127.0.0.1:8000.")
        check_free(options["bind"])
        prepare()
        if not User.objects.exists():
            near = f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}"
            base = settings.BASE_URL or near
            self.stdout.write(
                f"Nobody is here yet. Create the first admin within a day: {base.rstrip('/')}{setup_path()}"
            )
            self.stdout.flush()
        connections.close_all()  # the children must open the database themselves
        serve(options["bind"])


def serve(bind: str) -> None:
    """Web and syncer, until one of them ends or we are told to stop."""
    processes = Processes()
    processes.start_web(bind)
    processes.start_syncer()
    processes.wait()
