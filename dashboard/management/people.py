"""People as commands name them. Secrets come on standard input, never as an argument: arguments are seen by
everybody on the machine."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from dashboard.models.team import Team
from dashboard.models.user import User


def read_secret(prompt: str) -> str:
    """One line from standard input; at a terminal it is asked for without echo."""
    return (getpass.getpass(f"{prompt}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()


def find_or_make(email: str) -> User:
    """The user, saved already or not yet. A new one's password is read and checked as on the page."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User(email=email)
    if user.pk is None:
        try:
            validate_email(email)
            password = read_secret(f"Password for {email}")
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.set_password(password)
    return user


def find_team(name: str) -> Team:
    """The team of this name. People may start teams of equal names; `#3` names one by its number then."""
    found = list(Team.objects.filter(name=name).order_by("pk")[:10])
    if not found and name.startswith("#") and name[1:].isdecimal():
        found = list(Team.objects.filter(pk=int(name[1:])))
    if not found:
        raise CommandError(f"There is no team named {name}.")
    if len(found) > 1:
        numbers = ", ".join(f"#{team.pk}" for team in found)
        raise CommandError(f"There are several teams named {name}. Give one of these instead of the name: {numbers}.")
    return found[0]
