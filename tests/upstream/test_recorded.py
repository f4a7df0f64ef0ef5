"""Recorded answers of the real server, in our own data: each is served as it stands and read by both clients."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.upstream.errors import BadRequest, KeyLimited, KeyRejected, NotFound, ServerError
from dashboard.upstream.redact import marks_in

from .asking import Asker
from .servers import Handler, serving

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.http"))
REFUSALS = {
    "tasks-broken-row": ServerError,
    "tasks-unknown-filter": BadRequest,
    "tasks-limited-key": KeyLimited,
    "tasks-unknown-key": KeyRejected,
    "tasks-orphaned-key": KeyRejected,
    "task-missing": NotFound,
    "task-of-another-user": KeyLimited,
    "user-limited-key": KeyLimited,
    "asset-missing": NotFound,
    "retry-too-early": BadRequest,
}
PAGES = {
    "tasks-first-page": (3, "skip3", 12),
    "tasks-middle-page": (3, "skip6", 12),
    "tasks-last-page": (2, None, 12),
    "tasks-past-the-end": (0, None, None),
}
TASKS = {
    "task-pending": ("upload", "pending", None, 0),
    "task-completed": ("upload", "completed", 1.0, 0),
    "task-retrying": ("upload", "waiting", None, 1),
    "task-failed-export": ("export", "failed", None, 0),
    "task-pinata-jwt": ("export", "waiting", None, 0),
    "task-pinata-key": ("export", "completed", 1.0, 0),
    "task-transcode": ("transcode-file", "waiting", None, 0),
    "task-transcode-s3": ("transcode-file", "completed", 1.0, 0),
    "task-encrypted": ("upload", "waiting", None, 0),
    "task-legacy-import": ("import", "completed", 1.0, 0),
    "task-clip": ("clip", "cancelled", None, 0),
    "task-deleted": ("transcode-file", "waiting", None, 0),
}
MARKS = {
    "task-retrying": {"query value"},
    "task-failed-export": {"query value", "header"},
    "task-pinata-jwt": {"jwt"},
    "task-pinata-key": {"api key", "secret"},
    "task-transcode": {"password", "query value", "storage credentials"},
    "task-transcode-s3": {"storage credentials"},
    "task-encrypted": {"query value", "encryption key"},
}
READABLE = {
    "task-pinata-key": "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
    "task-completed": "5d41402abc4b2a76b9719d911017c592",
    "task-transcode-s3": "@store.example.test/out",
    "task-failed-export": "https://films.example.test/in/harbour%20at%20dawn.mp4?X-Amz-Credential=",
    "task-clip": "ab" * 32,
    "asset": "ana's key",
}


def question_for(name: str) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    kind = name.partition("-")[0]
    if kind in ("tasks", "assets"):
        return f"list_{kind}", (), {"limit": 3}
    if kind == "user":
        return "me", (), {}
    return {"task": "get_task", "asset": "get_asset", "retry": "retry_task"}[kind], ("x",), {}


def replay(path: Path) -> Any:
    head, _, body = path.read_bytes().rstrip(b"\n").partition(b"\n\n")

    def behave(handler: Handler) -> None:
        length = f"\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        handler.wfile.write(head.replace(b"\n", b"\r\n") + length + body)

    return behave


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_every_recorded_answer_is_understood(ask: Asker, path: Path) -> None:
    name = path.stem
    question, arguments, options = question_for(name)
    with serving(replay(path)) as server:
        if name in REFUSALS:
            error = ask.error(server.url, question, *arguments, **options)
            assert type(error) is REFUSALS[name]
            assert getattr(error, "broken_row", False) == (name == "tasks-broken-row")
            return
        found = ask(server.url, question, *arguments, **options)
    shown = repr(found)
    assert "planted" not in shown.lower()
    assert READABLE.get(name, "") in shown
    assert MARKS.get(name, set()) <= set(marks_in(shown))
    if name in PAGES:
        assert (found.rows, found.cursor, found.total) == PAGES[name]
        assert found.unreadable == 0
    if name in TASKS:
        assert (found.type, found.phase, found.progress, found.retries) == TASKS[name]
        assert found.deleted == (name == "task-deleted")
        assert found.updated_at > 1_790_000_000_000


def test_nothing_recorded_is_forgotten() -> None:
    known = {*REFUSALS, *PAGES, *TASKS, "user", "asset", "assets", "retry"}
    assert {path.stem for path in RECORDED} == known
