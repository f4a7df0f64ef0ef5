from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from dashboard.management.passwords import read_password
from dashboard.models.team import Role, Team
from dashboard.models.user import User


class Command(BaseCommand):
    help = "Add a person to a team. A new user's password is read from standard input; an existing one's is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--team", required=True, metavar="NAME")
        parser.add_argument("--role", required=True, choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].lower()
        team = Team.objects.filter(name=options["team"]).first()
        if team is None:
            raise CommandError(f"There is no team named {options['team']}.")
        user = User.objects.filter(email=email).first()
        password = None if user else read_password(self, email)
        with transaction.atomic():
            user = user or User.objects.create_user(email, password)
            team.add(user, Role(options["role"]))
        self.stdout.write(f"{email} is {options['role']} in {team.name}.")
