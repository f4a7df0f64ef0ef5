"""The page of a team's gateways: read by its members, changed by its admins."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.gateways import read
from dashboard.models import AuditEntry, Membership, Role, Team
from dashboard.views import gateways
from tests.views.html import Page

SignIn = Callable[[str], Client]
USUAL = "https://{cid}.ipfs.dweb.link"


@pytest.fixture
def path(people: SimpleNamespace) -> str:
    return f"/teams/{people.team.pk}/gateways/"


def saved(people: SimpleNamespace) -> str:
    return Team.objects.get(pk=people.team.pk).gateways


def test_an_admin_sets_the_gateways_and_is_told_so(path: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    alice = sign_in("alice")
    response = alice.post(path, {"gateways": " https://IPFS.io/ \r\n\r\nhttps://{cid}.gate.test\r\nhttps://ipfs.io"})
    assert (response.status_code, response["Location"]) == (302, path)
    assert saved(people) == "https://ipfs.io/ipfs/{cid}\nhttps://{cid}.gate.test"
    page = Page(alice.get(path))
    assert "The gateways were saved." in page.text
    assert "https://{cid}.gate.test" in page.text
    assert "2 of the team’s own." in page.text


@pytest.mark.parametrize("form", [{"gateways": ""}, {"gateways": "  \n "}, {"gateways": "nonsense", "usual": "1"}, {}])
def test_an_empty_list_and_the_button_bring_the_usual_ones_back(
    form: dict[str, str], path: str, people: SimpleNamespace, sign_in: SignIn
) -> None:
    Team.objects.filter(pk=people.team.pk).update(gateways="https://ipfs.io/ipfs/{cid}")
    page = Page(sign_in("alice").post(path, form, follow=True))
    assert saved(people) == ""
    assert "The usual gateways are used from now on." in page.text
    assert USUAL in page.text


def test_mistakes_are_told_by_line_and_what_was_typed_is_kept(
    path: str, people: SimpleNamespace, sign_in: SignIn
) -> None:
    typed = "https://ok.test\n</textarea><script>alert(1)</script>\njavascript:alert(1)\nhttp://x.test/?a={cid}"
    response = sign_in("alice").post(path, {"gateways": typed})
    assert response.status_code == 422
    page = Page(response)
    assert [f"Line {number}:" in page.text for number in (1, 2, 3, 4)] == [False, True, True, True]
    assert "<script>alert" not in page.source
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)" in page.source
    assert saved(people) == ""


@pytest.mark.parametrize("typed", ["x\n" * 4000, "x" * 2_000_000, "\n".join(f"https://{n}.test" for n in range(9))])
def test_far_too_much_is_refused_briefly(typed: str, path: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    response = sign_in("alice").post(path, {"gateways": typed})
    assert response.status_code == 422
    assert len(Page(response).text) < len(typed) + 5000
    assert saved(people) == ""


def test_other_members_see_the_list_and_cannot_change_it(path: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    for person in ("sam", "bob"):
        client = sign_in(person)
        page = Page(client.get(path))
        assert USUAL in page.text
        assert "<textarea" not in page.source
        assert client.post(path, {"gateways": "https://evil.test"}).status_code == 403
    assert saved(people) == ""


def test_strangers_and_unknown_teams_are_not_found(path: str, people: SimpleNamespace, sign_in: SignIn) -> None:
    charlie = sign_in("charlie")
    for where in (path, "/teams/999999/gateways/", f"/teams/{10**30}/gateways/"):
        assert charlie.get(where).status_code == 404
        assert charlie.post(where, {"gateways": "https://evil.test"}).status_code == 404
    assert saved(people) == ""


@pytest.mark.parametrize(
    "line",
    ["https://127.0.0.1", "https://169.254.169.254", "https://10.0.0.1", "https://localhost", "https://2130706433"],
)
def test_an_address_that_is_not_public_is_refused_and_what_was_typed_is_kept(
    sign_in: SignIn, people: SimpleNamespace, settings: Any, line: str
) -> None:
    settings.ALLOW_PRIVATE_UPSTREAMS = False
    response = sign_in("alice").post(f"/teams/{people.team.pk}/gateways/", {"gateways": line})
    assert response.status_code == 422
    assert "is not a public address" in response.content.decode()
    assert line in response.content.decode()
    people.team.refresh_from_db()
    assert people.team.gateways == ""


def test_a_gateway_at_a_private_address_is_told_in_the_audit_by_its_host(
    sign_in: SignIn, people: SimpleNamespace, settings: Any
) -> None:
    settings.ALLOW_PRIVATE_UPSTREAMS = False
    typed = "https://me:secret@169.254.169.254/ipfs/{cid}\nhttps://ipfs.io\nhttps://10.0.0.1"
    sign_in("alice").post(f"/teams/{people.team.pk}/gateways/", {"gateways": typed})
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.who, entry.team_id) == ("gateways.refused", "alice@example.com", people.team.pk)
    assert json.loads(entry.after) == {"gateways": "10.0.0.1"}, "the first has a login, which is another mistake"


def test_who_loses_the_role_while_the_form_is_read_sets_nothing(
    path: str, sign_in: SignIn, people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def demoted(text: str, allow_private: bool) -> Any:
        Membership.objects.filter(user=people.alice).update(role=Role.SUPPORT)
        return read(text, allow_private)

    monkeypatch.setattr(gateways, "read", demoted)
    assert sign_in("alice").post(path, {"gateways": "https://ipfs.io"}).status_code == 403
    assert saved(people) == ""
    assert not AuditEntry.objects.exists()
