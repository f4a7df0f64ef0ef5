"""What the search box says of a text that it cannot read: in words, and with the place."""

from contextlib import suppress

import pytest

from dashboard.conditions import Any, Is, Unclear, Words
from dashboard.search import DEEPEST, LONGEST, MOST_TERMS, read

NOW = 1_795_343_400_000  # 2026-11-22 10:30 UTC


def unclear(text: str) -> Unclear:
    with pytest.raises(Unclear) as caught:
        read(text, NOW)
    return caught.value


def marked(text: str) -> str:
    """The part of the text that is said to be wrong."""
    mistake = unclear(text)
    return text[mistake.at : mistake.at + mistake.length]


@pytest.mark.parametrize(
    ("text", "sentence", "part"),
    [
        ('a "b', "quotation mark is never closed", '"'),
        ('a"', "quotation mark is never closed", '"'),
        ('error:"b', "quotation mark is never closed", '"'),
        ('a ""', "nothing between these quotation marks", '""'),
        ('error:" \u200b"', "nothing between these quotation marks", '" \u200b"'),
        ("(a", "parenthesis is never closed", "("),
        ("a (b (c) d", "parenthesis is never closed", "("),
        ("a) b", "closes nothing", ")"),
        (":)", "closes nothing", ")"),
        ("a () b", "nothing between these parentheses", "()"),
        ("-(\u200b )", "nothing between these parentheses", "(\u200b )"),
        ("OR a", "OR needs something on both sides", "OR"),
        ("a OR", "OR needs something on both sides", "OR"),
        ("a OR OR b", "OR needs something on both sides", "OR"),
        ("(a OR ) b", "OR needs something on both sides", "OR"),
        ("AND", "AND needs something on both sides", "AND"),
        ("a NOT", "NOT needs something after it", "NOT"),
        ("(NOT ) a", "NOT needs something after it", "NOT"),
        ("NOT NOT a", "NOT needs something after it", "NOT"),
        ("NOT OR a", "NOT needs something after it", "NOT"),
        ("a AND OR b", "AND needs something on both sides", "AND"),
        ("a statsu:failed", "no filter “statsu:”. Did you mean phase:", "statsu:"),
        ("status:failed", "Did you mean phase:", "status:"),
        ("phse:failed", "Did you mean phase:", "phse:"),
        ('tittle:"x"', "Did you mean name:", "tittle:"),
        ("localhost:8935", "no filter “localhost:”. To look for the text itself", "localhost:"),
        ("phase:", "right after the colon, as in phase:failed,cancelled", "phase:"),
        ("a error: timeout", "right after the colon", "error:"),
        ("phase:(failed OR waiting)", "right after the colon", "phase:"),
        ("phase:,", "right after the colon", "phase:"),
        ("phase:faild", "no phase “faild”. Did you mean phase:failed?", "faild"),
        ("phase:failed,wating", "Did you mean phase:waiting?", "wating"),
        ("phase:banana", "There are pending, waiting, running, failed", "banana"),
        ("type:exports", "Did you mean type:export?", "exports"),
        ("stalled:maybe", "neither yes nor no. Write stalled:yes or stalled:no.", "maybe"),
        ("destination:mars", "destination:ipfs or destination:custom", "mars"),
        ("retries:many", "“many” is no number", "many"),
        ("a group:twelve", "“twelve” is no number of a group", "twelve"),
        ("group:1,2", "is no number of a group", "1,2"),
        ("group:1234567890123456789", "is no number of a group", "1234567890123456789"),
        ("retries:-1", "is no number", "-1"),
        ("retries:9999999999", "is no number", "9999999999"),
        ("retries:>", "nothing after >", ">"),
        ("retries:> 0", "nothing after >", ">"),
        ("retries:3..1", "runs backwards. Turn it round: 1..3.", "3..1"),
        ("retries:..", "Neither end", ".."),
        ("progress:half", "“half” is no percentage", "half"),
        ("age:<24", "“24” has no unit. Write a number and m, h, d or w", "<24"),
        ("age:<1.5h", "“1.5h” is no age", "<1.5h"),
        ("age:7d..1d", "Turn it round: 1d..7d.", "7d..1d"),
        ("created:2026-13-40", "There is no 2026-13-40 in the calendar", "2026-13-40"),
        ("created:2026-02-29", "There is no 2026-02-29 in the calendar", "2026-02-29"),
        ("created:2026-11-00", "There is no 2026-11-00 in the calendar", "2026-11-00"),
        ("created:0000-01-01", "in the calendar", "0000-01-01"),
        ("created:2026-11-22T24:00", "in the calendar", "2026-11-22T24:00"),
        ("created:22.11.2026", "“22.11.2026” is no date. Write year-month-day, for example 2026-11-22.", "22.11.2026"),
        ("created:2026-11-07..2026-11-01", "Turn it round: 2026-11-01..2026-11-07.", "2026-11-07..2026-11-01"),
        ("created:today..yesterday", "Turn it round: yesterday..today.", "today..yesterday"),
        ("created:24h..2026-11-01", "is no age", "24h..2026-11-01"),
        ("cid:…", "nothing to look for but the mark", "…"),
    ],
)
def test_what_is_unclear_is_explained_with_its_place(text: str, sentence: str, part: str) -> None:
    assert sentence in unclear(text).sentence
    assert marked(text) == part
    assert unclear(text).sentence.endswith((".", "?"))


def test_a_long_wrong_value_is_told_shortly() -> None:
    assert len(unclear("retries:" + "x" * 500).sentence) < 120
    assert len(unclear("x" * 500 + ":1").sentence) < 200


def test_a_search_that_is_too_long_is_told_from_where_on() -> None:
    assert read("x" * LONGEST, NOW) == Words("x" * LONGEST)
    mistake = unclear("x" * (LONGEST + 7))
    assert (mistake.at, mistake.length) == (LONGEST, 7)
    assert "at most 512 characters; this has 519" in mistake.sentence


@pytest.mark.parametrize("term", ["x", '"x"', "-x", "phase:failed", "id:abc", "created:today"])
def test_more_than_twenty_terms_are_too_many_and_the_first_beyond_is_marked(term: str) -> None:
    assert read(f"{term} " * MOST_TERMS, NOW)
    assert "at most 20 words and filters" in unclear(f"{term} " * (MOST_TERMS + 1)).sentence
    assert unclear(f"{term} " * (MOST_TERMS + 5)).at == (len(term) + 1) * MOST_TERMS + (term == "-x")


def test_each_of_several_ids_is_a_term_but_a_list_of_phases_is_one() -> None:
    ids = [f"{number:08}" for number in range(21)]
    assert "at most 20" in unclear("id:" + ",".join(ids)).sentence
    assert isinstance(read("id:" + ",".join(ids[:20]), NOW), Any)
    assert isinstance(read("type:" + ",".join(f"strange{number}" for number in range(21)), NOW), Is)


@pytest.mark.parametrize(
    "bomb", ["(", "-(", "(-", "((a OR ", ")", '"', "OR ", "NOT ", "-", ":", "phase:", ",", "（", "\\"]
)
def test_no_depth_of_anything_overflows_the_stack(bomb: str) -> None:
    with suppress(Unclear):
        read((bomb * LONGEST)[:LONGEST], NOW)


def test_parentheses_go_twenty_deep() -> None:
    assert read("(" * DEEPEST + "a" + ")" * DEEPEST, NOW) == Words("a")
    mistake = unclear("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1))
    assert mistake.at == DEEPEST
    assert "20 deep" in mistake.sentence
