"""People as commands name them. Secrets come on standard input, never as an argument: arguments are seen by
everybody on the machine."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from dashboard.models.invitation import Invitation
from dashboard.models.team import Team
from dashboard.models.user import User

EXISTING = "The person is here already, and it is sure that it is them: needed for one who came by an invitation."


def read_secret(prompt: str) -> str:
    """One line from standard input; at a terminal it is asked for without echo."""
    return (getpass.getpass(f"{prompt}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()


def find_or_make(email: str, team: Team | None, is_sure: bool) -> User:
    """Whom to bring into the team: saved already or not yet. A new one's password is read and checked as on the page.

    Who came by an invitation has a password of whoever opened its link, so they come into a team that did not invite
    them only if the operator is sure that it is them.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User(email=email)
    is_member = team is not None and team.members.filter(pk=user.pk).exists()
    if not (user.pk is None or is_sure or is_member):
        _refuse_unproved(user)
    if user.pk is None:
        try:
            validate_email(email)
            password = read_secret(f"Password for {email}")
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.set_password(password)
    return user


def _refuse_unproved(user: User) -> None:
    if Invitation.objects.filter(email=user.email).exclude(accepted_at=None).exists():
        raise CommandError(
            f"{user} is {known(user)}, and came by an invitation: whoever opened its link chose the password. "
            "If you are sure that it is them, say so with --existing."
        )


def known(user: User) -> str:
    """`here since 2026-11-22, in Acme as viewer and Films as admin`"""
    held = user.memberships.select_related("team").order_by("team__name", "team_id")
    teams = " and ".join(f"{one.team.name} as {one.role}" for one in held)
    return f"here since {user.date_joined:%Y-%m-%d}, in {teams or 'no team'}"


def find_team(name: str) -> Team:
    """The team of this name. People may start teams of equal names; `#3` names one by its number then, and never one
    that somebody gave such a name."""
    by_number = name.startswith("#") and name[1:].isdecimal()
    teams = Team.objects.filter(pk=int(name[1:])) if by_number else Team.objects.filter(name=name)
    found = list(teams.order_by("pk")[:10])
    if not found:
        raise CommandError(f"There is no team named {name}.")
    if len(found) > 1:
        numbers = ", ".join(f"#{team.pk}" for team in found)
        raise CommandError(f"There are several teams named {name}. Give one of these instead of the name: {numbers}.")
    return found[0]
