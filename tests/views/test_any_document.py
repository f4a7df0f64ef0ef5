"""Any document at all, on its whole way: redacted, stored, shown. Nothing is executed, nothing is lost."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.clock import now_ms
from dashboard.models import Account, Task
from dashboard.models.memory import remember
from dashboard.paths import find
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import Snapshot
from tests.views.conftest import KEY
from tests.views.html import EMPTY, Page
from tests.views.test_tree import leaves_of, raw

NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "data:text/html,<b>",
        "\u202eevil\u2066", "\x1b[2J\x1b]0;x\x07", "{{ 7|add:1 }}", "{% load static %}", "&lt;b&gt;", "'; DROP TABLE x",
        "https://u:hunter2@x.test/?X-Amz-Signature=0011223344556677", "Bearer abcdefghijklmnop", "x" * 300, "é" * 250,
        "https://a.test/<b>", "]]>", "<!--", "\ufdd0as-of", "\U0001f468\u200d\U0001f469", "\r\n",
    ]
)  # fmt: skip
KEYS = st.one_of(
    st.text(max_size=8),
    NASTY,
    st.sampled_from(["", "items", "__class__", "a.b", "[0]", '"', "\\", "\n", "0", "url", "size", "createdAt", "jwt"]),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(), NASTY
)
JSON = st.recursive(
    SCALARS,
    lambda inside: st.one_of(
        st.lists(inside, max_size=4),
        st.dictionaries(KEYS, inside, max_size=4),
        st.integers(51, 60).map(lambda n: [n] * n),
    ),
    max_leaves=20,
)
VOCABULARY = {"details", "summary", "div", "b", "bdi", "span", "i", "button", "a", "svg", "use", "time"}
ATTRIBUTES = {
    "class", "open", "data-branch", "data-path", "data-value", "data-redacted", "aria-label", "aria-hidden", "href",
    "rel", "target", "title", "datetime", "data-clock", "hx-get", "hx-trigger", "hx-target",
}  # fmt: skip


class Trees(Page):
    """A page; `inside` is only what stands inside its trees."""

    def __init__(self, response: Any) -> None:
        self.depth, self.inside = 0, list[tuple[str, dict[str, str | None]]]()
        super().__init__(response)
        assert self.depth == 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attributes)
        if self.depth:
            self.inside.append((tag, dict(attributes)))
        if self.depth or dict(attributes).get("class") == "tree":
            self.depth += tag not in EMPTY

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attributes)
        if self.depth:
            self.inside.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= self.depth > 0 and tag not in EMPTY


def stored(account: Account, document: dict[str, Any]) -> Task:
    Task.objects.all().delete()
    remember(account, [Snapshot.read(document, Redactor(KEY))], now_ms())
    return Task.objects.get()


@pytest.fixture
def bob(people: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(people.bob, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@given(params=JSON, output=JSON, rest=st.dictionaries(KEYS, JSON, max_size=3), error=st.one_of(NASTY, st.text()))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_document_is_shown_and_nothing_in_it_is_more_than_text(
    params: Any, output: Any, rest: dict[str, Any], error: str, quiet: Account, bob: Client
) -> None:
    status = {"phase": "failed", "updatedAt": now_ms(), "errorMessage": error}
    document = {**rest, "id": "any", "type": "upload", "params": params, "output": output, "status": status}
    document.pop("deleted", None)
    task = stored(quiet, document)
    response = bob.get("/tasks/any/")
    assert response.status_code == 200
    page, kept = Trees(response), task.opened()
    for tag, attributes in page.inside:
        assert tag in VOCABULARY, tag
        assert set(attributes) <= ATTRIBUTES, attributes
        if tag == "a":
            assert str(attributes["href"]).startswith(("http://", "https://")), attributes
    assert not [element for element in page.elements if any(name.startswith("on") for name in element)]
    assert "hunter2" not in page.source
    for path, value in page.leaves.items():
        assert raw(find(kept, path)) == value
    assert set(page.leaves) == set(leaves_of(kept))
    assert json.loads(bob.get("/tasks/any.json").content) == kept
    for url in ("/tasks/any/find/?q=a", "/tasks/any/compare/?with=any", "/tasks/any/bundle.md"):
        assert bob.get(url).status_code == 200
