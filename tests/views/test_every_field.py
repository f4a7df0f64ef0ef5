"""Every field that Studio may send is on the page, under its path, with its own value or with a redaction mark."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Account
from dashboard.upstream.marks import marks_in
from tests.views.conftest import hold
from tests.views.fields import DOCUMENTED, UNDOCUMENTED
from tests.views.html import Page

SignIn = Callable[[str], Client]
Document = dict[str, Any]
# What they say decides how the task is read, so no value of ours can stand there.
FIXED = {"type": "upload", "status.phase": "failed", "deleted": False, "status.progress": 0.25}
SECRET = {
    "params.export.ipfs.pinata.jwt",
    "params.export.ipfs.pinata.apiSecret",
    "params.exportData.ipfs.pinata.jwt",
    "params.exportData.ipfs.pinata.apiSecret",
    "params.export.custom.headers.Authorization",
    "params.upload.encryption.key",
    "params.upload.encryption.encryptedKey",
}
FIELDS = [line.partition(" ")[::2] for line in (DOCUMENTED + UNDOCUMENTED).split("\n") if line]


def value_of(path: str, kind: str, number: int) -> Any:
    """Of the right kind, and no other field's."""
    if path in FIXED:
        return FIXED[path]
    return {
        "number": 1_790_000_000_000 + number,
        "flag": number % 2 == 0,
        "object": {f"mine-{number}": f"told-{number}"},
    }.get(kind, f"https://media.example.test/{number}" if path.lower().endswith("url") else f"value-{number}")


def put(document: Document, path: str, value: Any) -> bool:
    """Whether there was a place for it: a creator is a text in one task and an object in another."""
    keys: list[str | int] = []
    for name in path.split("."):
        key = name.removesuffix("[0]")
        keys += [key] if name == key else [key, 0]
    place: Any = document
    for key, after in zip(keys, [*keys[1:], None], strict=True):
        if after is None and (key in place if isinstance(place, dict) else len(place) > 0):
            return False
        if isinstance(place, list) and not place:
            place.append(value if after is None else [] if isinstance(after, int) else {})
        elif isinstance(place, dict) and key not in place:
            place[key] = value if after is None else [] if isinstance(after, int) else {}
        place = place[key]
        if after is not None and not isinstance(place, dict | list):
            return False
    return True


def documents() -> list[Document]:
    """As few as it takes."""
    made: list[Document] = []
    for number, (path, kind) in enumerate(FIELDS):
        value = value_of(path, kind, number)
        if not any(put(document, path, value) for document in made):
            made.append({})
            assert put(made[-1], path, value)
    return made


def test_the_list_is_complete() -> None:
    assert len(set(DOCUMENTED.split("\n")) - {""}) >= 144
    assert len({path for path, _ in FIELDS}) == len(FIELDS)


@pytest.fixture
def leaves(quiet: Account, sign_in: SignIn) -> dict[str, list[dict[str, str]]]:
    """All leaves of all pages by their paths."""
    client, found = sign_in("bob"), {}
    for number, document in enumerate(documents()):
        told = {"id": f"whole-{number}", "type": "upload", **document}
        told["status"] = {"phase": "failed", "updatedAt": 1_790_000_000_000 + number, **document.get("status", {})}
        if number:
            told["id"] = f"part-{number}"
        task = hold(quiet, **told)
        page = Page(client.get(f"/tasks/{task.upstream_id}/"))
        for leaf in page.all("data-path"):
            found.setdefault(leaf["data-path"], []).append(leaf)
    return found


def test_every_field_is_on_the_page_under_its_path(leaves: dict[str, list[dict[str, str]]]) -> None:
    lost = []
    for number, (path, kind) in enumerate(FIELDS):
        value = value_of(path, kind, number)
        if isinstance(value, dict):
            key = next(iter(value))
            value, path = value[key], f"{path}.{key}"
        raw = value if isinstance(value, str) else json.dumps(value)
        shown = leaves.get(path, [])
        kept = any(leaf["data-value"] == raw and "data-redacted" not in leaf for leaf in shown)
        hidden = any(leaf.get("data-redacted") and marks_in(leaf["data-value"]) for leaf in shown)
        if not (hidden if path in SECRET else kept or hidden):
            lost.append((path, raw, shown))
    assert not lost


def test_what_is_secret_by_its_place_is_on_no_page(leaves: dict[str, list[dict[str, str]]]) -> None:
    for path in SECRET:
        assert all(leaf.get("data-redacted") for leaf in leaves[path]), path
