"""The audit's words for people: complete, and nothing beside the point."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboard
from dashboard.models.audit import AuditEntry
from dashboard.models.rights import Right
from dashboard.views.audit_words import ACTS, GROUPS, sentence_of, shown, words_of

HOME = Path(dashboard.__file__).parent
KINDS = {word.partition(".")[0] for word in ACTS if "." in word}
FORM = re.compile(rf"(?:{'|'.join(sorted(KINDS))})\.[a-z_]+")
NO_WORDS = {"audit.csv"}


def written_words() -> Iterator[str]:
    """Every text in the code that is a word of the audit, outside of the table itself."""
    for path in HOME.rglob("*.py"):
        if path.name == "audit_words.py" or {"sandbox", "upstream", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if text in ("signed_in", "signed_out") or (FORM.fullmatch(text) and text not in NO_WORDS):
                    yield text


def test_every_word_that_is_written_has_a_label_and_every_label_is_of_a_word_that_is_written() -> None:
    assert set(written_words()) == set(ACTS)


def test_every_word_fits_its_column_and_stands_in_one_group() -> None:
    words = [word for _, acts in GROUPS.values() for word in acts]
    assert len(words) == len(set(words))
    longest = AuditEntry._meta.get_field("what").max_length
    assert longest
    assert max(map(len, words)) <= longest
    assert not set(GROUPS) & set(ACTS)


def test_labels_are_told_apart_and_sentences_go_on_after_a_name() -> None:
    labels = [act.label for act in ACTS.values()]
    assert len(labels) == len(set(labels))
    for act in ACTS.values():
        assert act.label[0].isupper()
        assert act.told[0].islower()
        assert act.told.count("{}") <= 1
        assert not act.told.endswith(".")


@pytest.mark.parametrize("what", [*GROUPS, *ACTS])
def test_every_choice_of_the_filter_asks_for_words(what: str) -> None:
    assert set(words_of(what)) <= set(ACTS)
    assert words_of(what)


def test_no_filter_is_no_condition_and_an_unknown_one_is_refused() -> None:
    assert words_of("") == ()
    with pytest.raises(KeyError):
        words_of(Right.READ_AUDIT)


def test_a_sentence_tells_before_and_after_where_the_entry_holds_both() -> None:
    told = sentence_of("member.role_changed", {"role": "viewer"}, {"role": "support"})
    assert told == ("changed the role of ", "", " from viewer to support", True, {"role"})
    assert sentence_of("member.role_changed", {}, {"role": "support"}) == ("changed the role of ", "", "", True, set())


def test_a_word_that_nobody_knows_any_more_is_told_as_it_is() -> None:
    head, *_ = sentence_of("view.shared", {}, {})
    assert "view.shared" in head


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("days", None, "as the whole server does"),
        ("days", 0, "for ever"),
        ("days", 90, "90"),
        ("name", "", "–"),
        ("accounts", ["A", "B"], "A, B"),
        ("paused", True, "yes"),
        ("odd", {"a": 1}, '{"a": 1}'),
    ],
)
def test_values_are_told_in_words(field: str, value: object, words: str) -> None:
    assert shown(field, value) == words
