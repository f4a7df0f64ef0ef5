"""Who is in a team and as what: every act leaves an admin, an entry in the audit, and other teams alone."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from dashboard.clock import DAY, now_ms
from dashboard.models import Account, Actor, AuditEntry, Invitation, Membership, Role, Team, Token, User, inviting
from dashboard.models.audit import COMMAND
from dashboard.models.inviting import invite
from dashboard.models.roster import LastAdmin, Refused, give_role, keep_tasks, put, remove, rename, start_team

Together = Callable[..., list]


def acting(user: User) -> Actor:
    return Actor(user.email, user.pk, "10.0.0.7")


def membership(user: User, team: Team) -> Membership:
    return Membership.objects.get(user=user, team=team)


def roles(team: Team) -> dict[str, str]:
    return {one.user.email.partition("@")[0]: one.role for one in team.memberships.select_related("user")}


def told(team: Team) -> list[tuple[str, str, str, str, str]]:
    """The audit of the team, the oldest first."""
    entries = AuditEntry.objects.filter(team_id=team.pk).order_by("id")
    return [(one.who, one.what, one.subject, one.before, one.after) for one in entries]


def test_who_starts_a_team_is_its_admin(people: SimpleNamespace) -> None:
    team = start_team("Films", people.bob, acting(people.bob))
    assert roles(team) == {"bob": "admin"}
    assert told(team) == [
        ("bob@example.com", "team.created", "Films", "{}", '{"name": "Films", "admin": "bob@example.com"}')
    ]


def test_a_new_name_and_retention_are_noted_and_the_same_ones_are_not(people: SimpleNamespace) -> None:
    alice = acting(people.alice)
    for name, days in (("Acme", None), ("Acme Video", 30), ("Acme Video", 30)):
        rename(people.team.pk, name, alice)
        keep_tasks(people.team.pk, days, alice)
    people.team.refresh_from_db()
    assert (people.team.name, people.team.keep_tasks_days) == ("Acme Video", 30)
    assert told(people.team) == [
        ("alice@example.com", "team.renamed", "Acme Video", '{"name": "Acme"}', '{"name": "Acme Video"}'),
        ("alice@example.com", "team.retention_set", "Acme Video", '{"days": null}', '{"days": 30}'),
    ]


def test_a_role_is_changed_and_noted_once(people: SimpleNamespace) -> None:
    for _ in range(2):
        give_role(membership(people.bob, people.team), Role.SUPPORT, acting(people.alice))
    assert roles(people.team)["bob"] == "support"
    assert told(people.team) == [
        ("alice@example.com", "member.role_changed", "bob@example.com", '{"role": "viewer"}', '{"role": "support"}')
    ]


def test_the_only_admin_can_neither_be_less_nor_go(people: SimpleNamespace) -> None:
    alice = membership(people.alice, people.team)
    for act in (lambda: give_role(alice, Role.SUPPORT, acting(people.alice)), lambda: remove(alice, COMMAND)):
        with pytest.raises(LastAdmin, match="Make somebody else admin first"):
            act()
    with pytest.raises(LastAdmin):
        put(people.team.pk, people.alice, Role.VIEWER, COMMAND)
    assert roles(people.team) == {"alice": "admin", "sam": "support", "bob": "viewer"}
    assert told(people.team) == []


def test_an_admin_who_cannot_sign_in_does_not_count(people: SimpleNamespace) -> None:
    people.team.add(people.sam, Role.ADMIN)
    User.objects.filter(pk=people.sam.pk).update(is_active=False)
    with pytest.raises(LastAdmin):
        remove(membership(people.alice, people.team), acting(people.alice))
    remove(membership(people.sam, people.team), acting(people.alice))
    assert roles(people.team) == {"alice": "admin", "bob": "viewer"}


def test_with_a_second_admin_the_first_may_leave(people: SimpleNamespace) -> None:
    people.team.add(people.sam, Role.ADMIN)
    remove(membership(people.alice, people.team), acting(people.alice))
    assert roles(people.team) == {"sam": "admin", "bob": "viewer"}
    assert told(people.team) == [
        ("alice@example.com", "member.left", "alice@example.com", '{"role": "admin"}', "{}"),
    ]


def test_somebody_who_is_gone_already_cannot_be_changed(people: SimpleNamespace) -> None:
    bob = membership(people.bob, people.team)
    remove(bob, acting(people.alice))
    for act in (lambda: remove(bob, acting(people.alice)), lambda: give_role(bob, Role.ADMIN, acting(people.alice))):
        with pytest.raises(Refused, match="not in the team any more"):
            act()


@pytest.mark.parametrize("who", ["sam", "bob", "charlie"])
def test_what_the_page_forgot_to_ask_is_asked_again_here(who: str, people: SimpleNamespace) -> None:
    actor, bob = acting(getattr(people, who)), membership(people.alice, people.team)
    acts = (
        lambda: rename(people.team.pk, "Mine", actor),
        lambda: keep_tasks(people.team.pk, 1, actor),
        lambda: give_role(bob, Role.VIEWER, actor),
        lambda: remove(bob, actor),
        lambda: put(people.team.pk, people.charlie, Role.ADMIN, actor),
        lambda: invite(people.team.pk, "new@example.com", Role.ADMIN, actor),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert roles(people.team) == {"alice": "admin", "sam": "support", "bob": "viewer"}
    assert (people.team.name, told(people.team)) == ("Acme", [])


def test_who_is_removed_loses_the_tokens_of_this_team_and_of_no_other(people: SimpleNamespace) -> None:
    here = Account.objects.create(team=people.team, name="Here", url="https://studio.example.test/api")
    there = Account.objects.create(team=people.other, name="There", url="https://studio.example.test/api")
    people.other.add(people.bob, Role.VIEWER)
    facts = {"hint": "abcd", "role": Role.VIEWER, "created_at": now_ms()}
    both = Token.objects.create(owner=people.bob, name="both", digest="1" * 64, **facts)
    both.accounts.add(here, there)
    only_here = Token.objects.create(owner=people.bob, name="here", digest="2" * 64, **facts)
    only_here.accounts.add(here)
    of_sam = Token.objects.create(owner=people.sam, name="sam's", digest="3" * 64, **facts)
    of_sam.accounts.add(here)
    remove(membership(people.bob, people.team), acting(people.alice))
    assert list(both.accounts.all()) == [there]
    assert set(Token.objects.filter(revoked_at=None)) == {both, of_sam}
    assert roles(people.other) == {"charlie": "admin", "bob": "viewer"}
    assert sorted(what for _, what, *_ in told(people.team)) == ["member.removed", "token.revoked", "token.revoked"]
    assert told(people.other) == []


@pytest.mark.parametrize("act", ["remove", "demote", "leave"])
def test_who_has_to_go_or_becomes_less_does_not_come_back_by_a_link_made_before(
    act: str, people: SimpleNamespace
) -> None:
    people.team.add(people.sam, Role.ADMIN)
    people.other.add(people.sam, Role.ADMIN)
    sam, alice = acting(people.sam), acting(people.alice)
    back = invite(people.team.pk, "sams.other@example.com", Role.ADMIN, sam)
    others = invite(people.team.pk, "new@example.com", Role.VIEWER, alice)
    elsewhere = invite(people.other.pk, "new@example.com", Role.VIEWER, sam)
    if act == "remove":
        remove(membership(people.sam, people.team), alice)
    elif act == "leave":
        remove(membership(people.sam, people.team), sam)
    else:
        give_role(membership(people.sam, people.team), Role.SUPPORT, alice)
    assert set(Invitation.objects.open(now_ms())) == {others, elsewhere}
    who = "sam@example.com" if act == "leave" else "alice@example.com"
    assert (who, "invitation.revoked", back.email, '{"role": "admin"}', "{}") in told(people.team)


def test_expired_invitations_take_nobodys_place(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "MOST_PENDING", 1)
    invite(people.team.pk, "late@example.com", Role.VIEWER, acting(people.alice))
    with pytest.raises(Refused, match="open invitations"):
        invite(people.team.pk, "new@example.com", Role.VIEWER, acting(people.alice))
    Invitation.objects.update(expires_at=now_ms())
    assert invite(people.team.pk, "new@example.com", Role.VIEWER, acting(people.alice))


def test_only_a_command_needs_no_role_and_nobody_without_a_name_does(people: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        rename(people.team.pk, "Mine", Actor("somebody", None, "10.0.0.7"))
    rename(people.team.pk, "Ours", COMMAND)
    assert [(who, what) for who, what, *_ in told(people.team)] == [("the server's operator", "team.renamed")]


def test_an_invitation_to_oneself_does_not_survive_ones_removal(people: SimpleNamespace) -> None:
    now = now_ms()
    Invitation.objects.create(
        team=people.team, email="bob@example.com", role=Role.ADMIN, created_at=now, expires_at=now + DAY
    )
    remove(membership(people.bob, people.team), acting(people.alice))
    assert not Invitation.objects.open(now_ms()).exists()


class TestTwoAtOnce:
    @pytest.fixture(autouse=True)
    def _two_admins(self, at_once: Together, people: SimpleNamespace) -> None:
        people.team.add(people.sam, Role.ADMIN)
        self.alice, self.sam = membership(people.alice, people.team), membership(people.sam, people.team)
        self.as_alice, self.as_sam = acting(people.alice), acting(people.sam)

    def admins(self, at_once: Together, people: SimpleNamespace) -> int:
        return at_once(lambda: Membership.objects.filter(team=people.team, role=Role.ADMIN).count())[0]

    @pytest.mark.parametrize("turn", range(3))
    def test_two_admins_who_leave_at_once_leave_one_admin(
        self, turn: int, at_once: Together, people: SimpleNamespace
    ) -> None:
        came = at_once(lambda: remove(self.alice, self.as_alice), lambda: remove(self.sam, self.as_sam))
        assert {type(one) for one in came} == {type(None), LastAdmin}
        assert self.admins(at_once, people) == 1

    @pytest.mark.parametrize("turn", range(3))
    def test_of_two_admins_who_remove_each_other_at_once_one_stays(
        self, turn: int, at_once: Together, people: SimpleNamespace
    ) -> None:
        came = at_once(lambda: remove(self.sam, self.as_alice), lambda: remove(self.alice, self.as_sam))
        assert {type(one) for one in came} == {type(None), PermissionDenied}
        assert self.admins(at_once, people) == 1

    @pytest.mark.parametrize("turn", range(3))
    def test_of_two_admins_who_demote_themselves_at_once_one_stays(
        self, turn: int, at_once: Together, people: SimpleNamespace
    ) -> None:
        came = at_once(
            lambda: give_role(self.alice, Role.VIEWER, self.as_alice),
            lambda: give_role(self.sam, Role.VIEWER, self.as_sam),
        )
        assert {type(one) for one in came} == {type(None), LastAdmin}
        assert self.admins(at_once, people) == 1
        notes = at_once(lambda: AuditEntry.objects.filter(what="member.role_changed").count())
        assert notes == [1]
