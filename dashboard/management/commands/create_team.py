from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from dashboard.management.passwords import read_password
from dashboard.models.team import Role, Team
from dashboard.models.user import User


class Command(BaseCommand):
    help = "Create a team and its first admin. A new user's password is read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--admin", required=True, metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        name, email = options["name"], options["admin"].lower()
        if Team.objects.filter(name=name).exists():
            raise CommandError(f"There is a team named {name} already.")
        user = User.objects.filter(email=email).first()
        password = None if user else read_password(self, email)
        with transaction.atomic():
            user = user or User.objects.create_user(email, password)
            Team.objects.create(name=name).add(user, Role.ADMIN)
        self.stdout.write(f"Team {name} is there; {email} is its admin.")
