"""`NOT` in capitals says what `-` says."""

import pytest

from dashboard.conditions import All, Any, Condition, Is, Not, Words
from dashboard.search import read

NOW = 1_795_343_400_000  # 2026-11-22 10:30 UTC


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("NOT a", Not(Words("a"))),
        ("a NOT b c", All((Words("a"), Not(Words("b")), Words("c")))),
        ("NOT phase:failed OR b", Any((Not(Is("phase", ("failed",))), Words("b")))),
        ("a AND NOT(b OR c)", All((Words("a"), Not(Any((Words("b"), Words("c"))))))),
        ("NO\u200bT\u200b a", Not(Words("a"))),
        ("NOT -a", Words("a")),
        ("NOT -(-a)", Not(Words("a"))),
        ('"NOT" x', All((Words("not"), Words("x")))),
        ("not x", All((Words("not"), Words("x")))),
        ("NOT: x", All((Words("not:"), Words("x")))),
        ("NOTICE x", All((Words("notice"), Words("x")))),
    ],
)
def test_not_negates_what_follows_at_once(text: str, condition: Condition) -> None:
    assert read(text, NOW) == condition
