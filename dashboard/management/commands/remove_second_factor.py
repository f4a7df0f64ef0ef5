from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from dashboard.models.user import User


class Command(BaseCommand):
    help = "Take the second factor and the recovery codes off a person who lost their device. Noted in the audit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"There is nobody with the e-mail {options['email']}.")
        with transaction.atomic():
            gone = Authenticator.objects.filter(user=user).delete()[0]  # each notes itself: see sign_ins.py
        if not gone:
            raise CommandError(f"{user} has no second factor.")
        self.stdout.write(
            f"{user} signs in with the password alone from now on. They should set up a new second factor."
        )
