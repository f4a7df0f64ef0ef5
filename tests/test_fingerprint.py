"""A fingerprint is blind to values, sees causes, and never fails."""

import importlib
import pkgutil
import random
from collections import Counter
from types import ModuleType

import pytest

import tests.failures
from dashboard.families import SILENT, UNKNOWN, family_named, family_of
from dashboard.fingerprint import NO_MESSAGE, NO_WORDS, UNREADABLE, fingerprint_of
from tests.failures import Message, disagreements, rendered, score
from tests.failures.messages_ours import MESSAGES
from tests.failures.shapes import FRAMES, messages_of

WORST = {"ours": 0.005, "blind": 0.03, "generated": 0.005}  # docs/failures.md tells what the blind half scored
GENERATED = 10_000  # of each module
TYPES = ("upload", "export", "export-data", "clip", "transcode-file", "import", "")
# Our own half may be tuned on. The modules named …_blind were written by somebody who had not seen the function; they
# are scored apart, and what disagrees in them is never shown.
HALVES = ("ours", "blind")


def value_of(message: str, task_type: str = "") -> str:
    return fingerprint_of(message, task_type).value


def title_of(message: str) -> str:
    return fingerprint_of(message).title


def modules_of(half: str, what: str) -> list[ModuleType]:
    names = [found.name for found in pkgutil.iter_modules(tests.failures.__path__) if found.name.startswith(what)]
    of_half = [name for name in names if name.endswith("_blind") is (half == "blind")]
    return [importlib.import_module(f"tests.failures.{name}") for name in of_half]


def complain(half: str, messages: list[Message], worst: float) -> None:
    """Tells the scores, and fails when they are bad. Examples are shown of our own half only."""
    found = score(messages, value_of)
    print(f"{half}: {found}")
    if max(found.wrongly_joined, found.wrongly_split) > worst:
        examples = disagreements(messages, value_of)[:10] if half == "ours" else []
        pytest.fail("\n".join([f"{half}: {found}", *examples]), pytrace=False)


@pytest.mark.parametrize("half", HALVES)
def test_the_table_of_messages_is_grouped_as_people_would(half: str) -> None:
    modules = modules_of(half, "messages_")
    assert modules
    for module in modules:
        complain(half, list(module.MESSAGES), WORST[half])


@pytest.mark.parametrize("half", HALVES)
def test_ten_thousand_generated_messages_are_grouped_by_their_template(half: str) -> None:
    modules = modules_of(half, "templates_")
    assert modules
    for module in modules:
        complain(half, rendered(module.TEMPLATES, GENERATED), WORST["generated"])


def test_the_tables_are_large_enough_to_say_something() -> None:
    tables = [module.MESSAGES for half in HALVES for module in modules_of(half, "messages_")]
    templates = [module.TEMPLATES for half in HALVES for module in modules_of(half, "templates_")]
    assert sum(map(len, tables)) >= 120
    assert sum(map(len, templates)) >= 60
    assert len({message.group for message in MESSAGES}) >= 25


ALL_FRAMES = [(kind, frame) for kind, (_, frames) in FRAMES.items() for frame in frames]


@pytest.mark.parametrize(("kind", "frame"), ALL_FRAMES)
def test_a_value_may_have_any_shape(kind: str, frame: str) -> None:
    made = messages_of(kind, frame, 6, random.Random(frame))
    told = Counter(value_of(message) for shape in made.values() for message in shape)
    [(usual, _)] = told.most_common(1)
    others = [message for shape in made.values() for message in shape if value_of(message) != usual]
    assert len(others) <= told.total() / 50, (
        f"unlike {title_of(made['uuid'][0]) if 'uuid' in made else usual}: {others}"
    )


def test_no_two_causes_are_joined_by_their_values() -> None:
    seen: dict[str, str] = {}
    for kind, frame in ALL_FRAMES:
        for shape in messages_of(kind, frame, 3, random.Random(frame)).values():
            for message in shape:
                assert seen.setdefault(value_of(message), frame) == frame, message


def test_a_score_counts_pairs() -> None:
    messages = [Message("a", "", "1"), Message("b", "", "1"), Message("c", "", "2"), Message("d", "", "2")]
    found = score(messages, lambda text, _: "x" if text in "abc" else text)
    assert (found.joined, found.together, found.different) == (3, 2, 4)
    assert (found.wrongly_joined, found.wrongly_split) == (2 / 3, 1 / 2)


NEAR_MISSES = [
    ("http status 403 Forbidden", "http status 404 Not Found"),
    ("bad status code from import request: 403 403 Forbidden", "bad status code from import request: 410 410 Gone"),
    ("error probing: server returned 403", "error probing: server returned 500"),
    ("AccessDenied: no\n\tstatus code: 403, request id: 44", "AccessDenied: no\n\tstatus code: 400, request id: 44"),
    ("the host returned 404 for a.mp4", "the host returned 503 for a.mp4"),
    ("unexpected HTTP response code 404 while reading", "unexpected HTTP response code 500 while reading"),
    ("unsupported codec h264", "unsupported codec h265"),
    ("error checking for video: vp8 is not supported", "error checking for video: vp9 is not supported"),
    ("no 'video' tracks found", "no 'audio' tracks found"),
    ("dial tcp 1.2.3.4:443: i/o timeout", "dial tcp 1.2.3.4:443: connect: connection refused"),
    ("unexpected content type video/mp4", "unexpected content type text/html"),
    ("pixel format yuv422p10le", "pixel format yuv444p"),
    ("execution timeout", "execution timeout: gave up on purpose"),
    ("error 3450: cannot open", "error 1040: cannot open"),
    ("context canceled", "context deadline exceeded"),
    ('input error on catalyst request: http status 400 Bad Request: "no video track"',
     'input error on catalyst request: http status 400 Bad Request: "url is not allowed"'),
    ('error on export request: http status 403 Forbidden: "x"', 'http status 403 Forbidden: "x"'),
    ("Не удалось открыть файл", "Не удалось сохранить файл"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), NEAR_MISSES)
def test_different_causes_stay_apart(one: str, other: str) -> None:
    assert value_of(one) != value_of(other)


@pytest.mark.parametrize("message", [message.text for message in MESSAGES])
def test_one_message_is_one_group_in_every_type(message: str) -> None:
    assert len({value_of(message, task_type) for task_type in TYPES}) == 1


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.group)
def test_the_family_is_the_one_that_the_page_of_the_task_tells(message: Message) -> None:
    found = fingerprint_of(message.text, message.type)
    if found.title != NO_MESSAGE:
        assert found.family == family_of(message.text, message.type)
    assert found.family == fingerprint_of(found.title, message.type).family


def test_the_title_shows_the_words_with_marks_for_the_values() -> None:
    secret = (
        'Put "https://u:[redacted: password]@a.example/b?c=[redacted: query value]": dial tcp 10.0.0.1:443: i/o timeout'
    )
    assert title_of(f"error on export request: {secret}") == (
        "error on export request: Put ⟨url⟩: dial tcp ⟨host⟩: i/o timeout"
    )
    assert title_of("key [redacted: api key] was refused after 3 tries in 4m2s") == (
        "key ⟨secret⟩ was refused after ⟨number⟩ tries in ⟨duration⟩"
    )


def test_a_redacted_id_is_the_same_as_an_id() -> None:
    assert value_of("no asset 09f8b46c-61a0-4254-9875-f71f4c605bc7") == value_of("no asset [redacted: token]")


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("", NO_MESSAGE), (None, NO_MESSAGE), ("\n \u200b", NO_MESSAGE), ("null", NO_MESSAGE), ("\0", NO_MESSAGE),
        ("?!", NO_WORDS), ("=" * 1_000_000, NO_WORDS), ("🎬🎬", NO_WORDS),
        ("\x01\x02\x03\x04\x05abc", UNREADABLE), ("\ufffd" * 9, UNREADABLE),
        ("execution timeout\0\0\0\0\0\0\0\0\0", "execution timeout"),
        ("execution\u202e timeout", "execution timeout"),
        ("403", "403"), ("12345", "⟨number⟩"),
    ],
)  # fmt: skip
def test_messages_that_say_little_have_fixed_groups(message: str | None, title: str) -> None:
    assert fingerprint_of(message).title == title


def test_no_message_is_the_silent_family() -> None:
    assert fingerprint_of(None).family == family_of("")


def test_a_family_is_known_by_its_name() -> None:
    for message in MESSAGES:
        family = fingerprint_of(message.text, message.type).family
        assert family_named(family.name) == family
    assert family_named("silent") == SILENT
    assert family_named("of another version") == UNKNOWN


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("failed to parse header: \x89PNG\x1a\x00\x00\x00\rIHDR\x00\x08\x02", "failed to parse header: ⟨binary⟩"),
        ('failed to parse header: "\\x89PNG\\x1a\\x00\\x00\\x00"', "failed to parse header: ⟨binary⟩"),
        ("任务4567失败：文件https://a.example/x无法打开", "任务⟨number⟩失败：文件⟨url⟩无法打开"),
        ("nothing but " + "a" * 5_000, "nothing but ⟨text⟩"),
    ],
)
def test_what_nobody_can_read_is_a_value(message: str, title: str) -> None:
    assert fingerprint_of(message).title == title


def test_a_long_message_keeps_the_cause_at_its_end() -> None:
    long = "while the one thing was tried after the other thing " * 20
    assert value_of(f"{long}: no space left") != value_of(f"{long}: permission denied")
