"""What the tests of the team page have in common."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from dashboard.models import AuditEntry, Membership, Team, User
from tests.views.html import Page

SignIn = Callable[[str], Client]
HUGE = 10**30


def role_of(person: User, team: Team) -> str | None:
    return Membership.objects.filter(user=person, team=team).values_list("role", flat=True).first()


def member_path(person: User, team: Team, act: str) -> str:
    return f"/team/members/{Membership.objects.get(user=person, team=team).pk}/{act}/"


def acts() -> list[tuple[str, str, str]]:
    """What the audit says was done to a team, the oldest first."""
    entries = AuditEntry.objects.exclude(team_id=None).order_by("id")
    return [(entry.who.partition("@")[0], entry.what, entry.subject) for entry in entries]


def refusal(response: Any) -> str:
    """The page's text, which must hold an alert."""
    page = Page(response)
    assert page.all("role")
    assert "alert" in [element["role"] for element in page.all("role")]
    return page.text
