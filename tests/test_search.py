"""The language of the search box, by examples."""

from typing import Any as Anything

import pytest

from dashboard.clock import DAY, HOUR
from dashboard.conditions import (
    All,
    Any,
    Compare,
    Condition,
    Failing,
    InAccounts,
    InGroup,
    Is,
    Lacks,
    Named,
    Not,
    Of,
    Titled,
    To,
    Words,
    any_of,
    settle,
    texts_of,
)
from dashboard.search import one_name, read

NOW = 1_795_343_400_000  # 2026-11-22 10:30 UTC
TODAY = 1_795_305_600_000
UUID = "1f2e3d4c-0000-4000-8000-00000000000a"
CID_0 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"
CID_0_AS_1 = "bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf6d2ho34"
CID_1 = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
CID_1_AS_0 = "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR"
RAW = "bafkreibnoelefnzgwbcacyt4vh52ymxvzbjq7mmqhtcnwarfq4lzegsiqe"


def with_cid(*texts: str) -> Condition:
    return any_of([Named(("cid", "source"), text, is_prefix=True) for text in texts])


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("", All(())),
        (" \t\n\u200b\u202e ", All(())),
        ("keynote", Words("keynote")),
        ("Keynote TALK", All((Words("keynote"), Words("talk")))),
        ("keynote AND talk", All((Words("keynote"), Words("talk")))),
        ("a OR b c", Any((Words("a"), All((Words("b"), Words("c")))))),
        ("(a OR b) c", All((Any((Words("a"), Words("b"))), Words("c")))),
        ("a OR (b OR c)", Any((Words("a"), Words("b"), Words("c")))),
        ("((a))", Words("a")),
        ("a(b)c", All((Words("a"), Words("b"), Words("c")))),
        ("or and not", All((Words("or"), Words("and"), Words("not")))),
        ('"OR"', Words("or")),
        ("-a", Not(Words("a"))),
        ("-(a b)", Not(All((Words("a"), Words("b"))))),
        ("-(-a)", Words("a")),
        ('-"timed out" b', All((Not(Words("timed out")), Words("b")))),
        ("-phase:failed", Not(Is("phase", ("failed",)))),
        ("a - b", All((Words("a"), Words("-"), Words("b")))),
        ("--all", Words("--all")),
        ("well-known", Words("well-known")),
        ('"timed   OUT"', Words("timed out")),
        (r'"say \"hi\" in C:\\temp\new"', Words(r'say "hi" in c:\temp\new')),
        ('a"b c"d', All((Words("a"), Words("b c"), Words("d")))),
        ("“timed out”", Words("timed out")),
        ("（a OR b）", Any((Words("a"), Words("b")))),
    ],
)
def test_words_phrases_and_operators(text: str, condition: Condition) -> None:
    assert read(text, NOW) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("phase:failed", Is("phase", ("failed",))),
        ("PHASE:Failed", Is("phase", ("failed",))),
        ("phase：failed", Is("phase", ("failed",))),
        ("pha\u200bse:\u202efai\u00adled", Is("phase", ("failed",))),
        ("phase:failed,waiting,failed", Is("phase", ("failed", "waiting"))),
        ("phase:failed,", Is("phase", ("failed",))),
        ("phase:stalled", Is("overlay", ("stalled",))),
        ("phase:stalled,failed,retrying", Any((Is("overlay", ("stalled", "retrying")), Is("phase", ("failed",))))),
        ('phase:"archived"', Is("phase", ("archived",))),
        ("type:export,export-data", Is("type", ("export", "export-data"))),
        ("type:live-to-vod", Is("type", ("live-to-vod",))),
        ('type:"exports"', Is("type", ("exports",))),
        ("stalled:yes", Is("overlay", ("stalled",))),
        ("stalled:no", Not(Is("overlay", ("stalled",)))),
        ("-retrying:no", Is("overlay", ("retrying",))),
        ("retrying:TRUE", Is("overlay", ("retrying",))),
        ('account:"Acme, Live",Staging', Any((Of("account", "acme, live"), Of("account", "staging")))),
        ("project:3A81", Of("project", "3a81")),
        ("name:Keynote,2026", Titled("keynote,2026")),
        ('error:"Timed out"', Failing("timed out")),
        ("error:404", Failing("404")),
        (f"id:{UUID.upper()}", Named(("id",), UUID)),
        ("id:1f2e3d4c", Named(("id", "prefix"), "1f2e3d4c")),
        ("id:1f2e", Named(("id",), "1f2e", is_prefix=True)),
        ("id:1f2e3d4c,abcd1234", Any((Named(("id", "prefix"), "1f2e3d4c"), Named(("id", "prefix"), "abcd1234")))),
        (f"asset:{UUID}", Named(("asset",), UUID)),
        ("asset:09f8…", Named(("asset",), "09f8", is_prefix=True)),
        ("playback:1bde4o2i6xycudoy", Named(("playback",), "1bde4o2i6xycudoy")),
        ("playback:1bde", Named(("playback",), "1bde", is_prefix=True)),
        (f"cid:{CID_0}", with_cid(CID_0.lower(), CID_0_AS_1)),
        (f"cid:{CID_0[:-1]}", with_cid(CID_0[:-1].lower())),
        (f"cid:ipfs://{CID_1}", with_cid(CID_1, CID_1_AS_0.lower())),
        (f'cid:"{CID_1.upper()}\u200b"', with_cid(CID_1, CID_1_AS_0.lower())),
        (f"-cid:{RAW}", Not(with_cid(RAW))),
        (f"{CID_0} x", All((Any((Words(CID_0.lower()), Words(CID_0_AS_1))), Words("x")))),
        (f'"{CID_0}"', Words(CID_0.lower())),
        (f"ipfs://{CID_0}", Words(f"ipfs://{CID_0.lower()}")),
        ("cid:bafybei*", Named(("cid", "source"), "bafybei", is_prefix=True)),
        ("group:12", InGroup(12)),
        ("group:#12", InGroup(12)),
        ('-group:"12"', Not(InGroup(12))),
        ("group:999999999999999999", InGroup(10**18 - 1)),
        ("cid:none", Lacks("cid")),
        ("cid:any", Not(Lacks("cid"))),
        ("file:Talk.MP4", Named(("file", "title"), "talk.mp4", is_prefix=True)),
        ("file:talk", Named(("file", "title"), "talk", is_prefix=True)),
        ("file:talk.mp*", Named(("file", "title"), "talk.mp", is_prefix=True)),
        ("destination:ipfs", To("ipfs")),
    ],
)
def test_qualifiers(text: str, condition: Condition) -> None:
    assert read(text, NOW) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("retries:2", Compare("retries", "=", 2)),
        ("retries:>0", Compare("retries", ">", 0)),
        ("retries:>=2", Compare("retries", ">=", 2)),
        ("retries:=>2", Compare("retries", ">=", 2)),
        ("retries:1..2", All((Compare("retries", ">=", 1), Compare("retries", "<=", 2)))),
        ("retries:..2", Compare("retries", "<=", 2)),
        ("retries:1..", Compare("retries", ">=", 1)),
        ("progress:>50%", Compare("progress", ">", 0.5)),
        ("progress:50..80%", All((Compare("progress", ">=", 0.5), Compare("progress", "<=", 0.8)))),
        ("progress:42", All((Compare("progress", ">=", 0.415), Compare("progress", "<", 0.425)))),
        ("age:<24h", Compare("created_at", ">", NOW - DAY)),
        ("age:24h", Compare("created_at", ">", NOW - DAY)),
        ("age:<=1w", Compare("created_at", ">=", NOW - 7 * DAY)),
        ("age:>90m", Compare("created_at", "<", NOW - 3 * HOUR // 2)),
        ("age:1d..7d", All((Compare("created_at", "<=", NOW - DAY), Compare("created_at", ">=", NOW - 7 * DAY)))),
        ("age:7d..", Compare("created_at", "<=", NOW - 7 * DAY)),
        ("updated:<24h", Compare("updated_at", ">", NOW - DAY)),
        ("created:2d", Compare("created_at", ">", NOW - 2 * DAY)),
    ],
)
def test_numbers_and_ages(text: str, condition: Condition) -> None:
    assert read(text, NOW) == condition


def between(start: int, end: int) -> Condition:
    return All((Compare("created_at", ">=", start), Compare("created_at", "<", end)))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("created:2026-11-22", between(TODAY, TODAY + DAY)),
        ("created:today", between(TODAY, TODAY + DAY)),
        ("created:yesterday", between(TODAY - DAY, TODAY)),
        ("created:>2026-11-22", Compare("created_at", ">=", TODAY + DAY)),
        ("created:>=2026-11-22", Compare("created_at", ">=", TODAY)),
        ("created:<2026-11-22", Compare("created_at", "<", TODAY)),
        ("created:<=2026-11-22", Compare("created_at", "<", TODAY + DAY)),
        ("created:2026-11-20..2026-11-22", between(TODAY - 2 * DAY, TODAY + DAY)),
        ("created:2026-11-22..2026-11-22", between(TODAY, TODAY + DAY)),
        ("created:2026-11-22..", Compare("created_at", ">=", TODAY)),
        ("created:..2026-11-22", Compare("created_at", "<", TODAY + DAY)),
        ("created:2026-11", between(TODAY - 21 * DAY, TODAY + 9 * DAY)),
        ("created:2026-2-28", between(TODAY - 267 * DAY, TODAY - 266 * DAY)),
        ("created:2026-11-22T10:30", between(NOW, NOW + 60_000)),
        ('created:"2026-11-22 00:00"', between(TODAY, TODAY + 60_000)),
        ("created:2026-11-22t00:00..today", between(TODAY, TODAY + DAY)),
    ],
)
def test_days_are_utc_days_and_both_ends_are_included(text: str, condition: Condition) -> None:
    assert read(text, NOW) == condition


@pytest.mark.parametrize(
    "text",
    [
        "https://media.example.test/a.mp4?x=1",
        "ipfs://bafy",
        "file:///tmp/a.mp4",
        "10:42",
        "10:42:07",
        "s3+https://bucket",
        "example.com:443",
        r"C:\video.mp4",
        ":",
        ":foo",
        "سلام:دنیا",
        "failed:",
        "^keynote.*$",
        "%_%",
        "1=1;--",
        "';",
        "\\",
        "\ud800",
        "\0x",
    ],
)
def test_what_only_looks_like_a_qualifier_or_like_code_is_text(text: str) -> None:
    condition = read(text, NOW)
    assert isinstance(condition, Words)
    assert "\0" not in condition.text


def test_sql_and_regular_expressions_are_words() -> None:
    condition = read("'; DROP TABLE x; -- (a|b)+ [0-9]{3}", NOW)
    words = ("';", "drop", "table", "x;", "--", "a|b", "+", "[0-9]{3}")
    assert condition == All(tuple(Words(word) for word in words))


def test_two_spellings_of_a_letter_are_the_same_search() -> None:
    assert read("Cafe\u0301 STRASSE", NOW) == read("café straße", NOW)
    assert read("ｋｅｙ", NOW) == Words("key")


def test_short_texts_are_told_wherever_they_stand_and_once() -> None:
    condition = read('(ab OR cde) -xy "a" xy name:q', NOW)
    assert texts_of(condition) == ("ab", "xy", "a")


def test_settling_answers_each_account_and_leaves_all_else() -> None:
    asked: list[str] = []

    def resolve(of: Of) -> Condition:
        asked.append(of.text)
        return InAccounts((7,))

    condition = settle(read("(account:a,b OR x) -account:c phase:failed", NOW), resolve)
    mine = InAccounts((7,))
    assert condition == All((Any((mine, mine, Words("x"))), Not(mine), Is("phase", ("failed",))))
    assert asked == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (UUID, (UUID,)),
        (f" {UUID.upper()}\u200b\n", (UUID,)),
        (CID_0, (CID_0.lower(), CID_0_AS_1)),
        (f"Ipfs://{CID_1}", (CID_1, CID_1_AS_0.lower())),
        ("keynote2026", ("keynote2026",)),
        ("", ()),
        ("short", ()),
        ("two words", ()),
        (f"-{UUID}", ()),
        (f'"{UUID}"', ()),
        (f"id:{UUID}", ()),
        ("x" * 5_000, ()),
    ],
)
def test_one_plain_word_may_be_the_name_of_a_task(text: str, names: Anything) -> None:
    assert one_name(text) == names
