"""`manage.py serve`: everything that real use needs, as processes of their own."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from dashboard.management.processes import Processes
from dashboard.models.user import User
from dashboard.views.setup import setup_path


class Command(BaseCommand):
    help = "Migrate, then run web and syncer, each a process of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        if not User.objects.exists():
            base = settings.BASE_URL or f"http://{options['bind']}"
            self.stdout.write(
                f"Nobody is here yet. Create the first admin within a day: {base.rstrip('/')}{setup_path()}"
            )
            self.stdout.flush()
        connections.close_all()  # the children must open the database themselves
        serve(options["bind"])


def prepare() -> None:
    """Database, cache table and static files as this version wants them."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not (settings.STATIC_ROOT / "staticfiles.json").exists() or settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)


def serve(bind: str) -> None:
    """Web and syncer, until one of them ends or we are told to stop."""
    processes = Processes()
    processes.start_web(bind)
    processes.start_syncer()
    processes.wait()
