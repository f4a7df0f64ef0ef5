"""The word at which somebody is typing: `|` is the cursor, the braces are what a suggestion replaces."""

import pytest

from dashboard.typed import Typed, word_at


@pytest.mark.parametrize(
    ("shown", "name", "text"),
    [
        ("{|}", "", ""),
        ("{pha|}", "", "pha"),
        ("{pha|se}", "", "pha"),
        ("{|}pha", "", ""),
        ("a {|}", "", ""),
        ("a {|} b", "", ""),
        ("a {b|} c", "", "b"),
        ("-{pha|}", "", "pha"),
        ("({pha|}", "", "pha"),
        ("(a){b|}", "", "b"),
        ("-(a -{b|}", "", "b"),
        ("phase:{|}", "phase", ""),
        ("phase:{|failed}", "phase", ""),
        ("phase:{fai|led} x", "phase", "fai"),
        ("-phase:{Fai|}", "phase", "fai"),
        ("phase:failed,{wai|}", "phase", "wai"),
        ("phase:{fa|iled},waiting", "phase", "fa"),
        ("phase:failed,{|}", "phase", ""),
        ("{pha|se:}failed", "", "pha"),
        ('account:{"Acme Li|}', "account", "acme li"),
        ('account:{"Acme Li|ve"} x', "account", "acme li"),
        ('account:"Acme",{Sta|}', "account", "sta"),
        ('account:{"Ac|} phase:failed', "account", "ac"),
        ('{"timed ou|}', "", "timed ou"),
        ('"timed out" {x|}', "", "x"),
        ("{10:4|2}", "", "10:4"),
        ("{foo:ba|}", "", "foo:ba"),
        ("name:{a,b|}", "name", "a,b"),
    ],
)
def test_the_word_at_the_cursor(shown: str, name: str, text: str) -> None:
    start = shown.index("{")
    cursor = shown.replace("{", "").index("|")
    end = shown.replace("{", "").replace("|", "").index("}")
    typed = shown.replace("{", "").replace("|", "").replace("}", "")
    assert word_at(typed, cursor) == Typed(start, end, name, text)


def test_a_cursor_beyond_the_text_stands_at_its_end() -> None:
    assert word_at("phase", 99) == word_at("phase", 5)
    assert word_at("phase", -3) == word_at("phase", 0)
