"""What the search box suggests while somebody types."""

import html
import re
from types import SimpleNamespace
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.clock import DAY, now_ms
from dashboard.conditions import Of, Unclear
from dashboard.models import Account, Role, Tally
from dashboard.models.counting import EXACT_TO
from dashboard.qualifiers import FIELDS
from dashboard.search import LONGEST, read
from dashboard.typed import Typed
from dashboard.views import suggest
from tests.views.conftest import Connect, hold, move

_OPTION = re.compile(r'<a role="option" data-text="(.*?)" data-at="(\d+)" href="(.*?)">(.*?) <span>(.*?)</span></a>')


class Option(NamedTuple):
    text: str
    at: int
    url: str
    label: str
    hint: str

    @property
    def q(self) -> str:
        return parse_qs(urlsplit(self.url).query)["q"][0]


def options(client: Client, q: str, at: int | str = "", **filters: object) -> list[Option]:
    response = client.get(f"/board/suggest/?{urlencode({'q': q, 'at': at, **filters})}")
    assert response.status_code == 200
    found = [tuple(map(html.unescape, one)) for one in _OPTION.findall(response.content.decode())]
    return [Option(text, int(at), url, label, hint) for text, at, url, label, hint in found]


def told(client: Client, q: str, **filters: object) -> list[tuple[str, str]]:
    return [(option.text, option.hint) for option in options(client, q, **filters)]


@pytest.fixture
def bob(sign_in, quiet: Account) -> Client:  # type: ignore[no-untyped-def]
    return sign_in("bob")


def test_an_empty_box_suggests_the_most_useful_qualifiers_with_an_example_each(bob: Client) -> None:
    found = options(bob, "")
    assert [option.text for option in found] == [f"{name}:" for name in FIELDS][:8]
    assert found[0] == Option("phase:", 6, "/?q=phase%3A", "phase:", "failed,cancelled")


def test_the_beginning_of_a_name_is_completed_where_it_stands(bob: Client) -> None:
    found = options(bob, "keynote -(pha OR x)", at=13)
    assert [(option.text, option.q, option.at) for option in found] == [("phase:", "keynote -(phase: OR x)", 16)]


@pytest.mark.parametrize("q", ["keynote ", "keynote", '"pha', "10:4", "foo:", "error:", "name:x"])
def test_where_anything_may_be_typed_nothing_is_suggested(q: str, bob: Client) -> None:
    assert options(bob, q) == []


def test_phases_come_with_how_many_tasks_are_of_them_in_an_order_that_people_learn(quiet: Account, bob: Client) -> None:
    for phase in ("completed", "completed", "failed", "archived"):
        move(hold(quiet), phase)
    found = told(bob, "phase:")
    assert found[:3] == [("phase:failed", "1"), ("phase:completed", "2"), ('phase:"archived"', "1")]
    assert found[3:] == [(f"phase:{word}", "0") for word in ("running", "waiting", "retrying", "stalled", "pending")]


def test_what_waits_for_another_try_or_has_stalled_is_counted_as_the_strip_does(quiet: Account, bob: Client) -> None:
    for number in range(3):
        hold(quiet, status={"phase": "waiting", "retries": min(number, 1), "updatedAt": now_ms()})
    hold(quiet, status={"phase": "running", "updatedAt": now_ms() - DAY})
    assert told(bob, "phase:retr") == [("phase:retrying", "2")]
    assert told(bob, "phase:sta") == [("phase:stalled", "1")]
    assert told(bob, "phase:wait") == [("phase:waiting", "3")]
    assert told(bob, "stalled:") == [("stalled:yes", "1"), ("stalled:no", "3")]
    assert told(bob, "retrying:") == [("retrying:yes", "2"), ("retrying:no", "2")]


def test_types_come_with_the_most_used_first(quiet: Account, bob: Client) -> None:
    hold(quiet, type="clip"), hold(quiet, type="clip"), hold(quiet, type="export")
    assert told(bob, "type:")[:3] == [("type:clip", "2"), ("type:export", "1"), ("type:export-data", "0")]


def test_what_begins_so_comes_before_what_holds_it(quiet: Account, bob: Client) -> None:
    hold(quiet, type="transcode-export")
    assert [text for text, _ in told(bob, "type:EXP")] == ["type:export", "type:export-data", 'type:"transcode-export"']


def test_a_list_of_values_goes_on_behind_the_comma(bob: Client) -> None:
    first = options(bob, "phase:failed,canc x", at=17)[0]
    assert (first.text, first.q, first.at) == ("phase:cancelled", "phase:failed,cancelled x", 22)


@pytest.mark.parametrize(
    ("q", "values"),
    [
        ("stalled:", ["yes", "no"]),
        ("destination:c", ["custom"]),
        ("cid:n", ["none", "any"]),
        ("created:to", ["today"]),
        ("age:", ["<1h", "<24h", "<7d", ">7d"]),
    ],
)
def test_other_qualifiers_show_what_can_be_said(q: str, values: list[str], bob: Client) -> None:
    name = q.partition(":")[0]
    assert [option.text for option in options(bob, q)] == [f"{name}:{value}" for value in values]


def test_accounts_come_with_their_tasks_and_in_quotation_marks_if_need_be(
    quiet: Account, connect_quiet: Connect, bob: Client
) -> None:
    staging = connect_quiet("Staging")
    hold(quiet), hold(quiet), hold(staging)
    assert told(bob, "account:") == [('account:"Acme Live"', "2"), ("account:Staging", "1")]
    assert told(bob, 'account:"acme l') == [('account:"Acme Live"', "2")]


def test_accounts_of_one_name_in_two_teams_are_suggested_once(
    quiet: Account, connect_quiet: Connect, people: SimpleNamespace, bob: Client
) -> None:
    people.other.add(people.bob, Role.VIEWER)
    hold(quiet), hold(connect_quiet(quiet.name, team=people.other))
    assert told(bob, "account:") == [('account:"Acme Live"', "2")]


@pytest.mark.parametrize("name", ['A "B" \\ (C), D', "-x", "a,b", "“q”", "x" * 100, "שלום", "a:b", "🎬 x"])
def test_a_suggested_account_is_read_as_that_account(name: str, quiet: Account, bob: Client) -> None:
    Account.objects.filter(pk=quiet.pk).update(name=name)
    assert read(options(bob, "account:")[0].q, now_ms()) == Of("account", name.casefold())


def test_nothing_of_another_team_is_suggested_or_counted(
    quiet: Account,
    connect_quiet: Connect,
    people: SimpleNamespace,
    sign_in,
    bob: Client,  # type: ignore[no-untyped-def]
) -> None:
    hold(connect_quiet("Secret", team=people.other), type="secret-type")
    hold(quiet)
    assert told(bob, "account:") == [('account:"Acme Live"', "1")]
    assert told(bob, "type:secret") == []
    assert told(sign_in("charlie"), "account:") == [("account:Secret", "1")]
    assert told(bob, "account:", team=people.other.pk) == []


def test_the_counts_obey_the_team_and_the_account_in_view(quiet: Account, connect_quiet: Connect, bob: Client) -> None:
    staging = connect_quiet("Staging")
    hold(quiet), hold(staging), hold(staging)
    assert told(bob, "type:upload") == [("type:upload", "3")]
    assert told(bob, "type:upload", account=staging.pk) == [("type:upload", "2")]
    assert told(bob, "account:", account=staging.pk) == [("account:Staging", "2")]
    assert told(bob, "type:upload", team=quiet.team_id) == [("type:upload", "3")]


@pytest.mark.parametrize("account", ["theirs", "x", "-1"])
def test_an_account_that_is_not_the_users_is_not_there(
    account: str, connect_quiet: Connect, people: SimpleNamespace, bob: Client
) -> None:
    theirs = connect_quiet("Secret", team=people.other)
    told = str(theirs.pk) if account == "theirs" else account
    assert bob.get(f"/board/suggest/?q=phase:&account={told}").status_code == 404


def test_many_are_told_as_many(quiet: Account, bob: Client) -> None:
    hold(quiet)
    Tally.objects.filter(account=quiet).update(number=EXACT_TO + 1)
    assert told(bob, "type:upload") == [("type:upload", "10k+")]


def test_a_suggestion_keeps_the_other_filters_and_drops_the_place_in_the_list(quiet: Account, bob: Client) -> None:
    (option,) = options(bob, "phas", account=quiet.pk, phase="failed", type="clip", sort="title", older="1-2", last="x")
    told = parse_qs(urlsplit(option.url).query)
    assert told == {
        "q": ["phase:"],
        "account": [str(quiet.pk)],
        "phase": ["failed"],
        "type": ["clip"],
        "sort": ["title"],
    }


def test_the_cursor_is_counted_as_browsers_count(bob: Client) -> None:
    (option,) = options(bob, "🎬 pha x", at=6)
    assert (option.q, option.at) == ("🎬 phase: x", 9)


def test_no_suggestion_makes_the_search_too_long(bob: Client) -> None:
    text = "x" * (LONGEST - 4) + " pha"
    assert len(text) == LONGEST
    assert options(bob, text) == []
    assert options(bob, text + "se and much more") == []


def test_names_cost_no_query_of_their_own_and_values_cost_one(
    quiet: Account, bob: Client, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(2):  # the session and the user
        bob.get("/board/suggest/?q=pha")
    for q in ("phase:", "type:", "account:"):
        with django_assert_num_queries(4):  # also the accounts in sight and the counts
            bob.get(f"/board/suggest/?q={q}")


@pytest.mark.parametrize("at", ["", "x", "-1", "99999999", "٣"])
def test_a_cursor_that_is_nowhere_stands_at_the_end(at: str, bob: Client) -> None:
    assert options(bob, "pha", at=at) == options(bob, "pha", at=3)


def test_what_is_typed_comes_back_as_text(bob: Client) -> None:
    body = bob.get("/board/suggest/", {"q": '"\'>"<script>alert(1)</script> pha'}).content.decode()
    assert "<script>" not in body
    assert "phase:" in body


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=60))
@example("//")
def test_any_word_that_is_suggested_reads_as_itself(word: str) -> None:
    written = suggest._written("account", word)
    try:
        condition = read(f"account:{written}", 0)
    except Unclear:
        assert not suggest.fold(word)
    else:
        assert condition == Of("account", suggest.fold(word))


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=40), st.integers(0, 100))
def test_no_text_and_no_cursor_confuses_it(text: str, at: int) -> None:
    cursor = suggest._cursor(text, str(at))
    assert 0 <= cursor <= len(text)
    made = suggest._suggestion({}, text, Typed(cursor, cursor, "", ""), "phase:", "")  # type: ignore[arg-type]
    assert made is not None
    assert made.at == len(text[:cursor].encode("utf-16-le", "surrogatepass")) // 2 + 6
