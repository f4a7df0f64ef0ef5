"""The search box of the board: what it finds, what it says when it cannot be read, and what stays meanwhile."""

from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, Role, Task, Team
from tests.views.conftest import Connect, hold
from tests.views.searched import alice, note, search

__all__ = ["alice"]  # fixtures


CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
CID_AS_0 = "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR"


def failed(message: str) -> dict[str, object]:
    return {"phase": "failed", "errorMessage": message, "updatedAt": now_ms()}


def test_a_search_shows_what_matches_and_counts_it_by_phase(quiet: Account, alice: Client) -> None:
    keynote = hold(quiet, name="Keynote.mp4", status=failed("timed out"))
    other = hold(quiet, name="keynote, second take")
    hold(quiet, name="Interview")
    page = search(alice, "KEYNOTE")
    assert page.ids == [other.upstream_id, keynote.upstream_id]
    counts = {link["data-phase"]: link["data-count"] for link in page.all("data-count")}
    assert {phase: counts[phase] for phase in ("", "running", "failed", "completed")} == {
        "": "2",
        "running": "1",
        "failed": "1",
        "completed": "0",
    }
    assert search(alice, "keynote", "&phase=failed").ids == [keynote.upstream_id]
    assert search(alice, 'error:"timed out"').ids == [keynote.upstream_id]
    assert page.one("id", "q")["value"] == "KEYNOTE"
    assert page.one("id", "board")["data-total"] == "2"


def test_every_link_of_the_board_keeps_the_search(quiet: Account, alice: Client) -> None:
    hold(quiet, name="Keynote")
    page = search(alice, "keynote phase:running")
    told = "q=keynote+phase%3Arunning"
    assert all(told in link["href"] for link in page.all("data-count"))
    assert told in page.poll_url
    assert [e["value"] for e in page.all("name") if e["name"] == "last"] == ["keynote phase:running"]


@pytest.mark.parametrize(
    "text",
    [
        '"never closed',
        "(never closed",
        "closed)",
        "colour:blue",
        "created:2026-13-45",
        "retries:many",
        "x" * 513,
        "a " * 21,
        "OR",
        "-(",
        "age:5",
    ],
)
def test_what_cannot_be_read_is_explained_and_the_last_results_stay(text: str, quiet: Account, alice: Client) -> None:
    keynote = hold(quiet, name="Keynote")
    hold(quiet, name="Interview")
    page = search(alice, text, "&last=keynote")
    assert page.ids == [keynote.upstream_id]
    assert note(page)["role"] == "alert"
    assert "data-unclear" in note(page)
    assert " at character " in page.text
    assert "Shown is still “keynote”." in page.text
    assert [e["tag"] for e in page.elements].count("mark") == 1
    assert page.one("id", "q")["value"] == text.strip()
    assert len(search(alice, text).ids) == 2
    assert "Shown is still" not in search(alice, text, "&last=(").text


@pytest.mark.parametrize(
    "text",
    [
        "' OR 1=1 --",
        "%' ; DROP TABLE dashboard_task; --",
        "^.*$ [a-z]+ \\d",
        "\u200b\u202e\u2066",
        "‮moc.evil",
        "%00",
        "🎥 видео 動画",
        "<script>alert(1)</script>",
        "a\tb\nc",
        "*",
        "_%",
        "\\",
    ],
)
def test_odd_characters_are_only_text(text: str, quiet: Account, alice: Client) -> None:
    hold(quiet)
    page = search(alice, text)
    assert "alert(1)</script>" not in page.source
    assert alice.get("/", {"q": text}).status_code == 200
    region = alice.get("/board/list/", {"q": text})
    assert region.status_code == 200


def test_a_region_whose_text_cannot_be_read_shows_all(quiet: Account, alice: Client) -> None:
    hold(quiet)
    assert alice.get("/board/list/", {"q": "("}).status_code == 200


@pytest.mark.parametrize("text", ["ab", "v ke", "名"])
def test_short_words_are_said_to_look_into_titles_and_ids_only(text: str, quiet: Account, alice: Client) -> None:
    hold(quiet, name="Interview with 名")
    page = search(alice, text)
    assert "titles and ids only" in page.text
    assert note(page)["role"] == "status"
    assert "data-unclear" not in note(page)
    assert "titles and ids only" not in search(alice, "interview").text


@pytest.mark.parametrize("said", ["id", "asset", "cid", "padded", "upper"])
def test_the_name_of_one_task_leads_to_it(said: str, quiet: Account, alice: Client) -> None:
    task = hold(quiet, type="export", outputAssetId="9f1c2d3e-0000-4000-8000-00000000000a",
                output={"export": {"ipfs": {"videoFileCid": CID}}},
                status={"phase": "completed", "updatedAt": now_ms()})  # fmt: skip
    hold(quiet)
    texts = {
        "id": task.upstream_id,
        "asset": task.output_asset_id,
        "cid": CID,
        "padded": f"  {task.upstream_id}\u200b ",
        "upper": task.upstream_id.upper(),
    }
    for filters in ("", "&phase=pending"):
        response = alice.get(f"/?q={quote(texts[said])}{filters}")
        assert (response.status_code, response["Location"]) == (302, f"/tasks/{task.upstream_id}/")
    assert alice.get("/board/list/", {"q": texts[said]}).status_code == 200


def made(account: Account, cid: str) -> Task:
    return hold(account, type="export", output={"export": {"ipfs": {"videoFileCid": cid}}},
                status={"phase": "completed", "updatedAt": now_ms()})  # fmt: skip


@pytest.mark.parametrize(("made_as", "pasted"), [(CID, CID_AS_0), (CID_AS_0, CID)])
def test_a_cid_finds_what_studio_wrote_in_its_other_form(
    made_as: str, pasted: str, quiet: Account, alice: Client
) -> None:
    task = made(quiet, made_as)
    hold(quiet)
    assert alice.get("/", {"q": pasted})["Location"] == f"/tasks/{task.upstream_id}/"
    for text in (f"cid:{pasted}", f"cid:ipfs://{pasted}", f"{pasted} phase:completed"):
        assert search(alice, text).ids == [task.upstream_id]
    assert search(alice, f'"{pasted}"').ids == []
    other = made(quiet, pasted)
    assert set(search(alice, pasted).ids) == {task.upstream_id, other.upstream_id}


def test_a_name_of_several_tasks_and_a_beginning_of_one_are_searched_for(quiet: Account, alice: Client) -> None:
    asset = "9f1c2d3e-0000-4000-8000-00000000000a"
    tasks = [hold(quiet, outputAssetId=asset), hold(quiet, type="export", inputAssetId=asset)]
    assert set(search(alice, asset).ids) == {task.upstream_id for task in tasks}
    assert search(alice, tasks[0].upstream_id[:8]).ids == [tasks[0].upstream_id]
    assert search(alice, f"id:{tasks[0].upstream_id}").ids == [tasks[0].upstream_id]


def test_what_two_accounts_hold_is_one_task(quiet: Account, connect_quiet: Connect, alice: Client) -> None:
    for account in (quiet, connect_quiet("Other")):
        hold(account, id="0a0a0a0a-both")
    assert alice.get("/?q=0a0a0a0a-both")["Location"] == "/tasks/0a0a0a0a-both/"


def test_nobody_finds_what_is_another_teams(
    people: SimpleNamespace, quiet: Account, connect_quiet: Connect, alice: Client
) -> None:
    theirs = hold(connect_quiet("Theirs", team=people.other), name="Secret plan")
    hold(quiet)
    for text in ("secret", theirs.upstream_id, theirs.upstream_id[:8], "account:theirs", f"id:{theirs.upstream_id}"):
        page = search(alice, text)
        assert page.ids == []
        assert theirs.title not in page.source
    assert "None of your accounts is called “theirs”" in search(alice, "account:Theirs").text


def test_an_account_is_found_by_its_name_or_a_part_of_it(connect_quiet: Connect, alice: Client) -> None:
    live, stage = hold(connect_quiet("Acme Live")), hold(connect_quiet("Acme Live Stage"))
    assert search(alice, 'account:"acme live"').ids == [live.upstream_id]
    assert search(alice, "account:stage").ids == [stage.upstream_id]
    assert set(search(alice, "account:acme").ids) == {live.upstream_id, stage.upstream_id}
    assert search(alice, '-account:"acme live"').ids == [stage.upstream_id]


def test_no_match_names_the_search_and_offers_every_way_out(
    people: SimpleNamespace, quiet: Account, alice: Client
) -> None:
    Team.objects.create(name="Second").add(people.alice, Role.VIEWER)
    hold(quiet)
    page = search(alice, "zebra", f"&phase=failed&type=upload&team={people.team.pk}")
    assert "No failed upload task matches “zebra”" in page.text
    ways = {e["href"] for e in page.all("href") if e.get("class") == "btn"}
    team = f"team={people.team.pk}"
    assert {
        f"/?{team}&phase=failed&type=upload",
        f"/?{team}&type=upload&q=zebra",
        f"/?{team}&phase=failed&q=zebra",
        "/?phase=failed&type=upload&q=zebra",
    } <= ways
    for words in ("Clear the search", "Search all phases", "Search all types", "Search all teams"):
        assert words in page.text
