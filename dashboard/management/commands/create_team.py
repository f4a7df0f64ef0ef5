from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from dashboard.management.people import EXISTING, find_or_make, known
from dashboard.management.preparing import prepare_database
from dashboard.models.audit import COMMAND
from dashboard.models.roster import start_team
from dashboard.models.team import Team


class Command(BaseCommand):
    help = "Create a team and its first admin. A new user's password is read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--admin", required=True, metavar="EMAIL")
        parser.add_argument("--existing", action="store_true", help=EXISTING)

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_database()
        name = options["name"].strip()
        if not 0 < len(name) <= 100:
            raise CommandError("A team's name has 1 to 100 characters.")
        if Team.objects.filter(name=name).exists():
            raise CommandError(f"There is a team named {name} already.")
        user = find_or_make(options["admin"], None, options["existing"])
        before = known(user) if user.pk else "new here"
        with transaction.atomic():
            if user.pk is None:
                user.save()
            start_team(name, user, COMMAND)
        self.stdout.write(f"Team {name} is there; {user} is its admin. Before: {before}.")
