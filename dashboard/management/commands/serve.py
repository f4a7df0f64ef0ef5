"""`manage.py serve`: everything that real use needs, as processes of their own."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from dashboard.management.preparing import prepare
from dashboard.management.processes import Processes, check_free, wait_for_answer
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
        welcome, near = "", f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}"
        if not User.objects.exists():
            base = settings.BASE_URL or near
            welcome = f"Nobody is here yet. Create the first admin within a day: {base.rstrip('/')}{setup_path()}"
        connections.close_all()  # the children must open the database themselves
        processes = Processes()
        processes.start_web(options["bind"])
        processes.start_syncer()
        if welcome:
            wait_for_answer(f"{near}/healthz")  # whoever clicks at once finds the door open
            self.stdout.write(welcome)
            self.stdout.flush()
        processes.wait()
