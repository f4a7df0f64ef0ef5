"""The support bundle: everything about a task in one Markdown text, whatever strangers wrote into it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.models import Account, Asset, Note, Probe, Retry, Task
from dashboard.models.memory import remember
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import Snapshot
from dashboard.views.task_bundle import bundle_of
from tests.views.conftest import KEY, hold, move
from tests.views.test_compare import held_by

SignIn = Callable[[str], Client]
CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
AT = 1_790_000_000_000


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def bundle(client: Client, task: Task, query: str = "") -> str:
    response = client.get(f"/tasks/{task.upstream_id}/bundle.md{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    return response.content.decode()


def test_it_tells_everything_that_is_known(quiet: Account, bob: Client) -> None:
    params = {"export": {"ipfs": {"pinata": {"jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"}}}}
    output = {"export": {"ipfs": {"videoFileCid": CID}}}
    times = {"createdAt": AT, "scheduledAt": AT, "status": {"phase": "running", "progress": 0.5, "updatedAt": AT}}
    task = hold(quiet, type="export", name="Town hall", projectId="p-1", inputAssetId="asset-1",
                params=params, output=output, **times)  # fmt: skip
    move(task, "waiting", retries=1, errorMessage="execution timeout")
    move(task, "failed", retries=1, errorMessage="file download failed")
    Asset.objects.create(
        account=quiet, upstream_id="asset-1", name="Town hall", phase="ready", heard_at=AT, size=84_934_509
    )
    Note.objects.create(task=task, author_name="sam@example.com", text="The bucket moved.\nAsk Ben.", created_at=AT)
    Retry.objects.create(task=task, by_name="sam@example.com", asked_at=AT, outcome="refused", sentence="Not now")
    Probe.objects.create(account=quiet, cid=CID, gateway="https://dweb.link", asked_at=AT, ms=240, status=200)
    text = bundle(bob, task)
    assert re.findall(r"^#+ (.*)$", text, re.M) == [
        "Town hall", "Error", "Attempts", "Timeline", "Asset", "Retries by hand", "Notes", "Gateways asked",
        "Params", "Output", "Redacted",
    ]  # fmt: skip
    for told in (
        "- Phase: Failed", f"- Task: `{task.upstream_id}`", "- Account: `Acme Live`", "- Project: `p-1`",
        "- Created: 2026-09-21 14:13:20 UTC", "file download failed", "execution timeout", "- Size: 84.9\u00a0MB",
        "The bucket moved.\nAsk Ben.", "Refused: `Not now`", "`https://dweb.link`", "240 ms", f'"videoFileCid": "{CID}',
        "- `params.export.ipfs.pinata.jwt`: jwt",
    ):  # fmt: skip
        assert told in text
    assert "c2lnbmF0dXJl" not in text


def test_it_is_a_page_or_a_file(quiet: Account, bob: Client) -> None:
    task = hold(quiet)
    url = f"/tasks/{task.upstream_id}/bundle.md"
    assert not bob.get(url).has_header("Content-Disposition")
    assert bob.get(f"{url}?download=1")["Content-Disposition"] == f'attachment; filename="task-{task.upstream_id}.md"'


def test_what_is_long_is_cut_and_says_so(quiet: Account, bob: Client) -> None:
    text = bundle(bob, hold(quiet, params={"list": ["x" * 100] * 2_000}))
    assert len(text) < 25_000
    assert "Cut: the first 20,000 characters" in text


def outline(text: str) -> list[str]:
    """The headings and table rows of a Markdown text, outside of its fences."""
    found, fence = [], ""
    for line in text.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.rstrip("json")
        elif line.startswith(("#", "|")):
            found.append(line if line.startswith("## ") else line[0])
    assert not fence
    return found


NASTY = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["```", "``````json", "\n# Evil\n", "| a | b |", "<img src=x onerror=1>", "\n---\n", "\u202e", "~~~"]
    ),
)


@pytest.mark.django_db
@given(title=NASTY, error=NASTY, key=NASTY, value=NASTY)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_of_a_stranger_changes_its_structure(
    title: str, error: str, key: str, value: str, quiet: Account
) -> None:
    def remembered(words: tuple[str, str, str, str]) -> list[str]:
        title, error, key, value = words
        document: dict[str, Any] = {
            "id": "nasty", "type": "upload", "name": title, "createdAt": AT, "projectId": value,
            "params": {key: value}, "status": {"phase": "failed", "updatedAt": AT, "errorMessage": f"E{error}"},
        }  # fmt: skip
        Task.objects.all().delete()
        remember(quiet, [Snapshot.read(document, Redactor(KEY))], AT)
        task = Task.objects.get()
        author, text = title.replace("\0", ""), value.replace("\0", "")  # the form refuses it, and PostgreSQL
        Note.objects.create(task=task, author_name=author, text=text, created_at=AT)
        return outline(bundle_of(held_by(task)))

    assert remembered((title, error, key, value)) == remembered(("plain", "plain", "plain", "plain"))
