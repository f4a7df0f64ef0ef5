"""docs/search.md keeps its word."""

import re
from pathlib import Path

import pytest

from dashboard import search
from dashboard.conditions import All, Is, Unclear, Words, leaves_of
from dashboard.qualifiers import FIELDS
from dashboard.search import read

NOW = 1_795_343_400_000  # 2026-11-22 10:30 UTC
HERE = Path(__file__).resolve().parent.parent
PAPER = (HERE / "docs/search.md").read_text()
MISTAKES = re.findall(r"^\| `(.+?)` \| ([A-Z“].+?) \|$", PAPER, re.M)
WRONG = {typed for typed, _ in MISTAKES}
TYPED = [typed for typed in re.findall(r"^\| `(.+?)` \|", PAPER, re.M) if typed not in WRONG]
ASIDE = re.findall(r"`([a-z]+:[^ `]+)`", PAPER)


@pytest.mark.parametrize("text", [*TYPED, *(text for text in ASIDE if text not in WRONG)])
def test_every_example_is_read(text: str) -> None:
    assert read(text, NOW) != All(())


@pytest.mark.parametrize(("text", "sentence"), MISTAKES)
def test_every_mistake_is_explained_as_it_says(text: str, sentence: str) -> None:
    with pytest.raises(Unclear) as caught:
        read(text, NOW)
    assert caught.value.sentence == sentence


def test_the_examples_are_really_there() -> None:
    assert len(TYPED) > 20
    assert len(ASIDE) > 30
    assert len(MISTAKES) == 8


def test_every_filter_stands_in_it_and_its_own_example_is_read_as_that_filter() -> None:
    for name, field in FIELDS.items():
        assert any(text.startswith(f"{name}:") for text in TYPED), name
        assert field.example.startswith(f"{name}:")
        assert not any(isinstance(leaf, Words) for leaf in leaves_of(read(field.example, NOW)))


def test_every_phase_that_it_names_can_be_asked_for() -> None:
    phases = re.search(r"one of these phases: `(.+?)`", PAPER)
    assert phases
    for phase in phases[1].split():
        assert isinstance(read(f"phase:{phase}", NOW), Is)


def test_its_limits_are_the_real_ones() -> None:
    assert f"at most {search.LONGEST} characters and {search.MOST_TERMS} words and filters" in PAPER
    assert f"up to {search.DEEPEST} deep" in PAPER


def test_its_grammar_is_that_of_the_code() -> None:
    grammar = re.search(r"(?:^    \w+ += .+\n)+", search.__doc__ or "", re.M)
    assert grammar
    assert grammar[0] in PAPER
