from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from dashboard.management.people import EXISTING, find_or_make, find_team, known
from dashboard.management.preparing import prepare_database
from dashboard.models.audit import COMMAND
from dashboard.models.roster import LastAdmin, put
from dashboard.models.team import Role


class Command(BaseCommand):
    help = "Add a person to a team. A new user's password is read from standard input; an existing one's is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--team", required=True, metavar="NAME")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--existing", action="store_true", help=EXISTING)

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_database()
        team = find_team(options["team"])
        user = find_or_make(options["email"], team, options["existing"])
        before = known(user) if user.pk else "new here"
        try:
            with transaction.atomic():
                if user.pk is None:
                    user.save()
                put(team.pk, user, Role(options["role"]), COMMAND)
        except LastAdmin as why:
            raise CommandError(why.sentence) from None
        self.stdout.write(f"{user} is {options['role']} in {team.name}. Before: {before}.")
