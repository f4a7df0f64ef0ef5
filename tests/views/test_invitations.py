"""Inviting somebody: a link on the page, mailed too where mail is set up, withdrawn at any time."""

import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from dashboard.clock import DAY, now_ms
from dashboard.models import Actor, AuditEntry, Invitation, Membership, Role, inviting
from dashboard.models.invitation import LASTS_MS
from dashboard.models.roster import start_team
from tests.views.html import Page

SignIn = Callable[[str], Client]
PATH = "/team/invitations/"


def told(people: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    return {"team": people.team.pk, "email": "New@Example.com", "role": "support"} | changes


def acts() -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.exclude(team_id=None).order_by("id")
    return [(entry.who.partition("@")[0], entry.what, entry.subject) for entry in entries]


def links(response: Any) -> list[str]:
    return [field["value"] for field in Page(response).all("value") if "/join/" in field["value"]]


def alert_of(response: Any) -> str:
    page = Page(response)
    assert "alert" in [element["role"] for element in page.all("role")]
    return page.text


def test_an_admin_invites_and_copies_the_link_from_the_page_at_any_time(
    people: SimpleNamespace, sign_in: SignIn
) -> None:
    alice = sign_in("alice")
    response = alice.post(PATH, told(people))
    assert (response.status_code, response["Location"]) == (302, f"/team/?team={people.team.pk}")
    first = alice.get("/team/")
    assert "new@example.com is invited. Copy the link below and send it to them." in Page(first).text
    assert links(first)[0].startswith("http://testserver/join/")
    assert links(first) == links(alice.get("/team/")) == links(alice.get(PATH))
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.invited_by) == ("new@example.com", "support", people.alice)
    assert invitation.expires_at - invitation.created_at == LASTS_MS == 7 * DAY
    assert acts() == [("alice", "member.invited", "new@example.com")]
    assert mail.outbox == []


def test_the_link_leads_where_people_reach_the_dashboard(
    people: SimpleNamespace, sign_in: SignIn, settings: Any
) -> None:
    settings.BASE_URL = "https://tasks.example.test/"
    alice = sign_in("alice")
    alice.post(PATH, told(people))
    assert links(alice.get("/team/"))[0].startswith("https://tasks.example.test/join/")


def test_nothing_that_opens_anything_is_stored_or_noted(people: SimpleNamespace, sign_in: SignIn) -> None:
    alice = sign_in("alice")
    alice.post(PATH, told(people))
    signature = links(alice.get("/team/"))[0].rstrip("/").rpartition(":")[2]
    with connection.cursor() as cursor:
        for table in ("dashboard_invitation", "dashboard_auditentry"):
            cursor.execute(f"SELECT * FROM {table}")
            assert signature not in repr(cursor.fetchall())


def test_another_invitation_for_the_same_e_mail_ends_the_one_before(people: SimpleNamespace, sign_in: SignIn) -> None:
    alice = sign_in("alice")
    alice.post(PATH, told(people, role="admin"))
    before = links(alice.get("/team/"))
    alice.post(PATH, told(people, role="viewer"))
    after = links(alice.get("/team/"))
    assert len(after) == 1
    assert after != before
    assert Client().get(before[0]).status_code == 410
    assert [what for _, what, _ in acts()] == ["member.invited", "invitation.revoked", "member.invited"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"},
        {"role": ""},
        {"role": "ADMIN"},
        {"email": ""},
        {"email": "nobody"},
        {"email": "a@b"},
        {"email": "x" * 300 + "@example.com"},
        {"email": "a@example.com\nBcc: b@example.com"},
        {"email": "a@example.com\x00"},
        {"email": "a@example.com,b@example.com"},
    ],
)
def test_what_cannot_be_is_refused_and_nobody_is_invited(
    wrong: dict[str, str], people: SimpleNamespace, sign_in: SignIn
) -> None:
    response = sign_in("alice").post(PATH, told(people, **wrong))
    assert response.status_code == 422
    alert_of(response)
    assert not Invitation.objects.exists()
    assert acts() == []


def test_a_member_is_not_invited_again(people: SimpleNamespace, sign_in: SignIn) -> None:
    response = sign_in("alice").post(PATH, told(people, email="BOB@example.com", role="admin"))
    assert response.status_code == 409
    assert "bob@example.com is in the team already, as viewer" in alert_of(response)
    assert not Invitation.objects.exists()
    assert Membership.objects.get(user=people.bob).role == "viewer"


def test_there_is_an_end_to_how_many_are_open(
    people: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "MOST_PENDING", 2)
    alice = sign_in("alice")
    statuses = [alice.post(PATH, told(people, email=f"n{number}@example.com")).status_code for number in range(3)]
    assert statuses == [302, 302, 409]
    assert alice.post(PATH, told(people, email="n1@example.com", role="viewer")).status_code == 302


@pytest.mark.parametrize("named", ["{other}", "999999", str(10**30), "x"])
def test_another_team_in_the_form_is_not_found(named: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    response = sign_in("alice").post(PATH, told(people, team=named.format(other=people.other.pk)))
    assert response.status_code == 404
    assert not Invitation.objects.exists()


def test_without_a_team_in_the_form_it_is_the_only_one_and_of_several_none(
    people: SimpleNamespace, sign_in: SignIn
) -> None:
    alice, form = sign_in("alice"), {"email": "new@example.com", "role": "viewer"}
    assert alice.post(PATH, form).status_code == 302
    people.other.add(people.alice, Role.ADMIN)
    assert alice.post(PATH, form | {"email": "other@example.com"}).status_code == 404
    assert Invitation.objects.get().team == people.team


@pytest.mark.parametrize("person", ["sam", "bob"])
def test_only_admins_invite_and_see_links(person: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    browser = sign_in(person)
    assert browser.get(PATH).status_code == 403
    assert browser.post(PATH, told(people)).status_code == 403
    assert not Invitation.objects.exists()


def test_an_admin_of_one_team_who_views_another_invites_to_the_first_only(
    people: SimpleNamespace, sign_in: SignIn
) -> None:
    people.other.add(people.alice, Role.VIEWER)
    assert sign_in("alice").post(PATH, told(people, team=people.other.pk)).status_code == 403
    assert not Invitation.objects.exists()


def invited(people: SimpleNamespace, **changes: Any) -> Invitation:
    now = now_ms()
    facts = {"email": "new@example.com", "role": Role.VIEWER, "created_at": now, "expires_at": now + DAY}
    return Invitation.objects.create(**{"team": people.team, "invited_by_name": "alice@example.com"} | facts | changes)


def test_an_admin_withdraws_an_invitation(people: SimpleNamespace, sign_in: SignIn) -> None:
    invitation, alice = invited(people), sign_in("alice")
    response = alice.post(f"{PATH}{invitation.pk}/revoke/", follow=True)
    assert "its link works no more" in Page(response).text
    assert links(response) == []
    assert acts() == [("alice", "invitation.revoked", "new@example.com")]
    again = alice.post(f"{PATH}{invitation.pk}/revoke/")
    assert again.status_code == 409
    assert "revoked" in alert_of(again)
    assert len(acts()) == 1


@pytest.mark.parametrize(("person", "status"), [("sam", 403), ("bob", 403), ("charlie", 404)])
def test_nobody_else_withdraws_it(person: str, status: int, people: SimpleNamespace, sign_in: SignIn) -> None:
    invitation = invited(people)
    assert sign_in(person).post(f"{PATH}{invitation.pk}/revoke/").status_code == status
    assert Invitation.objects.open(now_ms()).count() == 1


def test_an_invitation_that_is_not_there_is_not_found(people: SimpleNamespace, sign_in: SignIn) -> None:
    for pk in (invited(people, team=people.other).pk, 999_999, 10**30):
        assert sign_in("alice").post(f"{PATH}{pk}/revoke/").status_code == 404


def test_an_expired_one_has_no_link_any_more_and_can_be_sent_again(people: SimpleNamespace, sign_in: SignIn) -> None:
    invited(people, expires_at=now_ms() - 1)
    alice = sign_in("alice")
    page = alice.get("/team/")
    assert links(page) == []
    assert "expired" in Page(page).text
    assert "Invite again" in Page(page).text
    alice.post(PATH, told(people))
    assert len(links(alice.get("/team/"))) == 1


class TestByMail:
    @pytest.fixture(autouse=True)
    def _mail_is_set_up(self, settings: Any) -> None:
        settings.EMAIL_HOST = "127.0.0.1"

    def test_the_link_is_mailed_as_plain_text(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        alice = sign_in("alice")
        page = alice.post(PATH, told(people, email="charlie@example.com"), follow=True)
        assert "the link was mailed to them" in Page(page).text
        (letter,) = mail.outbox
        assert letter.to == ["charlie@example.com"]
        assert letter.subject == "alice@example.com invites you to Acme"
        assert links(page)[0] in letter.body
        assert "for 7 days, and only for charlie@example.com" in letter.body
        assert not getattr(letter, "alternatives", [])

    def test_a_link_by_which_somebody_new_chooses_a_password_is_mailed_to_them_and_shown_to_nobody(
        self, people: SimpleNamespace, sign_in: SignIn
    ) -> None:
        alice = sign_in("alice")
        page = alice.post(PATH, told(people), follow=True)
        assert "the link was mailed to them" in Page(page).text
        for shown in (page, alice.get(PATH), alice.get("/team/")):
            assert "/join/" not in shown.content.decode()
            assert "Send again" in Page(shown).text
        path = mail.outbox[0].body.partition("http://testserver")[2].split()[0]
        assert Client().post(path, {"password": "a quite long password"}).status_code == 302

    def test_mails_are_limited_by_a_page_that_says_so(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        alice, bob = sign_in("alice"), sign_in("bob")
        statuses = [alice.post(PATH, told(people)).status_code for _ in range(7)]
        assert statuses == [302] * 5 + [429] * 2, "to one address"
        own = start_team("Bob's", people.bob, Actor("bob@example.com", people.bob.pk))
        assert bob.post(PATH, told(people, team=own.pk)).status_code == 429, "whoever sends them"
        more = [alice.post(PATH, told(people, email=f"n{number}@example.com")) for number in range(60)]
        assert more[0].status_code == 302
        assert more[-1].status_code == 429
        assert "Too many tries" in more[-1].content.decode()
        assert len(mail.outbox) == AuditEntry.objects.filter(what="member.invited").count() <= 20

    def test_a_name_with_markup_stays_as_it_is_in_a_plain_text(self, people: SimpleNamespace, sign_in: SignIn) -> None:
        people.team.name = "Films & <Sons>"
        people.team.save()
        sign_in("alice").post(PATH, told(people))
        assert "Films & <Sons>" in mail.outbox[0].body

    def test_a_mail_server_that_fails_does_not_undo_the_invitation_and_the_page_says_so(
        self, people: SimpleNamespace, sign_in: SignIn, settings: Any
    ) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_PORT = nobody.getsockname()[1]
            page = sign_in("alice").post(PATH, told(people), follow=True)
        assert "the mail could not be sent" in Page(page).text
        assert "Send again" in Page(page).text
        assert links(page) == []
        assert acts() == [("alice", "member.invited", "new@example.com")]
