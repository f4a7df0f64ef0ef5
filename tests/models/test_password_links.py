"""A link for a new password, as an admin makes one, ends where the admin's power over the person ends."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from allauth.account.forms import default_token_generator
from django.utils import timezone

from dashboard.models import Actor, Membership, Role, Team, User
from dashboard.models.audit import COMMAND
from dashboard.models.inviting import accept, invite
from dashboard.models.roster import give_role, put, remove, start_team


def acting(user: User) -> Actor:
    return Actor(user.email, user.pk, "10.0.0.7")


def membership(user: User, team: Team) -> Membership:
    return Membership.objects.get(user=user, team=team)


@pytest.fixture
def opens() -> Callable[..., Callable[[], list[bool]]]:
    """`opens(bob, sam)` makes a link for each; called, what it gives says which of them still open."""

    def make(*persons: User) -> Callable[[], list[bool]]:
        links = [(person.pk, default_token_generator.make_token(User.objects.get(pk=person.pk))) for person in persons]

        def still() -> list[bool]:
            return [default_token_generator.check_token(User.objects.get(pk=pk), token) for pk, token in links]

        assert all(still())
        return still

    return make


Opens = Callable[..., Callable[[], list[bool]]]


@pytest.mark.parametrize("act", ["removed", "demoted", "demoted by a command", "leaves"])
def test_an_admin_who_goes_or_becomes_less_leaves_no_link_that_works(
    act: str, people: SimpleNamespace, opens: Opens
) -> None:
    people.team.add(people.sam, Role.ADMIN)
    sam, alice = acting(people.sam), membership(people.alice, people.team)
    User.objects.filter(pk=people.sam.pk).update(last_login=timezone.now())
    still = opens(people.bob, people.sam)
    elsewhere = opens(people.charlie)
    if act == "demoted":
        give_role(alice, Role.SUPPORT, sam)
    elif act == "demoted by a command":
        put(people.team.pk, people.alice, Role.SUPPORT, COMMAND)
    else:
        remove(alice, sam if act == "removed" else acting(people.alice))
    assert still() == [False, False]
    assert elsewhere() == [True]


def test_somebody_else_who_goes_ends_the_links_for_themselves_only(people: SimpleNamespace, opens: Opens) -> None:
    still = opens(people.bob, people.sam)
    remove(membership(people.bob, people.team), acting(people.alice))
    assert still() == [False, True]


def test_a_greater_role_ends_no_link(people: SimpleNamespace, opens: Opens) -> None:
    still = opens(people.bob, people.sam)
    give_role(membership(people.bob, people.team), Role.ADMIN, acting(people.alice))
    assert still() == [True, True]


@pytest.mark.parametrize("act", ["starts a team", "is put into one", "accepts an invitation"])
@pytest.mark.parametrize("has_just_signed_in", [False, True])
def test_one_made_before_somebody_joined_another_team_does_not_open_that_too(
    act: str, has_just_signed_in: bool, people: SimpleNamespace, opens: Opens
) -> None:
    if has_just_signed_in:  # a link holds the time of the last sign-in in whole seconds
        User.objects.filter(pk=people.bob.pk).update(last_login=timezone.now())
    still = opens(people.bob, people.sam)
    if act == "starts a team":
        start_team("Films", people.bob, acting(people.bob))
    elif act == "is put into one":
        put(people.other.pk, people.bob, Role.VIEWER, COMMAND)
    else:
        invitation = invite(people.other.pk, people.bob.email, Role.VIEWER, acting(people.charlie))
        accept(invitation, people.bob, acting(people.bob))
    assert still() == [False, True]
