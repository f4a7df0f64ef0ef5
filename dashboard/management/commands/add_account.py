from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.forms.accounts import AccountForm
from dashboard.management.people import find_team, read_secret
from dashboard.management.preparing import prepare_database
from dashboard.models.audit import COMMAND
from dashboard.models.team import Team
from dashboard.sync.accounts import connect
from dashboard.sync.testing import Outcome


class Command(BaseCommand):
    help = "Watch one Studio project. Its API key is read from standard input and tested before it is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--team", required=True, metavar="NAME")
        parser.add_argument("--name", required=True, help="How the team calls this project.")
        parser.add_argument("--url", default=settings.TASK_API_URL, help="Studio's API (default: %(default)s).")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_database()
        team = find_team(options["team"])
        key = read_secret("API key")
        if not key:
            raise CommandError("No API key came on standard input.")
        told = {"team": team.pk, "name": options["name"], "url": options["url"], "key": key}
        form = AccountForm(told, teams=Team.objects.filter(pk=team.pk))
        if not form.is_valid():
            raise CommandError(" ".join(str(text) for texts in form.errors.values() for text in texts))
        connected = connect(team, **{name: form.cleaned_data[name] for name in ("name", "url", "key")}, actor=COMMAND)
        if connected.account is None:
            raise CommandError(connected.verdict.sentence)
        is_sure = connected.verdict.outcome is Outcome.WORKS
        self.stdout.write(("" if is_sure else "Saved with a warning. ") + connected.verdict.sentence)
