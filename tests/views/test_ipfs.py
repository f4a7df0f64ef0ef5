"""The IPFS card: every CID with its links, what is none as text, and how gateways answered in words."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, Asset, Probe, Task, Team
from tests.views.conftest import hold
from tests.views.html import Page

SignIn = Callable[[str], Client]
VIDEO = "bafybeiamvmojmf2aj6xswjhcehqytssziwat4fgt65tdiwyjzij3xyup7q"
META = "bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"
OLD = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"
OLD_AS_V1 = "bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf6d2ho34"
STUDIOS = f"https://ipfs.livepeer.studio/ipfs/{VIDEO}"
EXPORT: dict[str, Any] = {
    "type": "export",
    "status": {"phase": "completed", "updatedAt": now_ms()},
    "output": {
        "export": {"ipfs": {"videoFileCid": VIDEO, "videoFileGatewayUrl": STUDIOS, "nftMetadataCid": META}},
    },
}


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def page_of(client: Client, task: Task) -> Page:
    return Page(client.get(f"/tasks/{task.upstream_id}/"))


def with_cid(cid: Any, **beside: Any) -> dict[str, Any]:
    return EXPORT | {"output": {"export": {"ipfs": {"videoFileCid": cid, **beside}}}}


def links(page: Page) -> set[str]:
    """Where the page's links lead that lead out of the site."""
    return {element["href"] for element in page.all("href") if element["tag"] == "a" and ":" in element["href"]}


def copied(page: Page) -> set[str]:
    return {element["data-copy-text"] for element in page.all("data-copy-text")}


def card_of(page: Page) -> str:
    return page.source.partition('id="ipfs"')[2].partition("</section>\n")[0]


def test_the_card_has_every_form_and_link_of_each_cid(quiet: Account, bob: Client) -> None:
    page = page_of(bob, hold(quiet, **EXPORT))
    assert {VIDEO, META, f"ipfs://{VIDEO}", f"ipfs://{META}"} <= copied(page)
    for cid in (VIDEO, META):
        in_paths = {
            f"https://{host}/ipfs/{cid}" for host in ("ipfs.livepeer.studio", "dweb.link", "w3s.link", "ipfs.io")
        }
        expected = in_paths | {f"https://{cid}.ipfs.{host}" for host in ("dweb.link", "w3s.link")}
        assert expected <= links(page)
        assert expected <= copied(page)
    assert "CIDv1, base32, dag-pb, sha2-256" in page.text
    assert "CIDv1, base32, raw, sha2-256" in page.text
    assert "Public gateways are best effort." in page.text


def test_links_that_lead_out_say_so_and_take_nothing_along(quiet: Account, bob: Client) -> None:
    page = page_of(bob, hold(quiet, **EXPORT))
    out = [element for element in page.all("href") if element["href"].startswith("https://")]
    assert out
    for element in out:
        assert (element["rel"], element["target"]) == ("noopener noreferrer nofollow", "_blank")
    card = card_of(page)
    assert card.count(", new tab</span>") == card.count('target="_blank"') > 2


def test_nothing_remote_is_loaded_by_the_page(quiet: Account, bob: Client) -> None:
    page = page_of(bob, hold(quiet, **EXPORT))
    assert not [element for element in page.all("src") if element["src"].startswith(("http", "//"))]
    assert not {"img", "video", "audio", "iframe", "object", "embed"} & {element["tag"] for element in page.elements}


def test_an_old_cid_has_its_new_form_for_host_names(quiet: Account, bob: Client) -> None:
    page = page_of(bob, hold(quiet, **with_cid(OLD)))
    assert {OLD, OLD_AS_V1} <= copied(page)
    assert {f"https://ipfs.io/ipfs/{OLD}", f"https://{OLD_AS_V1}.ipfs.dweb.link"} <= links(page)
    assert "CIDv0, base58btc, dag-pb, sha2-256" in page.text


def test_data_and_storage_of_the_asset_are_on_the_card_and_each_cid_once(quiet: Account, bob: Client) -> None:
    storage = {"ipfs": {"cid": VIDEO, "nftMetadata": {"cid": META}}}
    output = {"exportData": {"ipfs": {"cid": OLD}}, "upload": {"assetSpec": {"storage": storage}}}
    task = hold(quiet, outputAssetId="asset-1", output=output)
    again = {"storage": {"ipfs": {"cid": OLD_AS_V1, "nftMetadata": {"cid": VIDEO}}}}
    Asset.objects.create(account=quiet, upstream_id="asset-1", document=json.dumps(again))
    page = page_of(bob, task)
    card = card_of(page)
    assert [card.count(f"<h3>{label}</h3>") for label in ("Data", "Asset", "NFT metadata of the asset")] == [1, 1, 1]
    assert card.count('class="cid"') == 3


def test_the_storage_that_only_the_asset_knows_of_is_shown(quiet: Account, bob: Client) -> None:
    task = hold(quiet, outputAssetId="asset-1")
    Asset.objects.create(
        account=quiet, upstream_id="asset-1", document=json.dumps({"storage": {"ipfs": {"cid": VIDEO}}})
    )
    assert f"ipfs://{VIDEO}" in copied(page_of(bob, task))


@pytest.mark.parametrize(
    "cid",
    [
        "bafyVideo",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        '"><script>alert(1)</script>',
        f"{VIDEO}/../../x",
        f" {VIDEO}",
        "\u202eabc\x1b[31m",
        "x" * 5000,
        "🚀" * 30,
    ],
)
def test_what_is_no_cid_is_shown_as_text_without_a_link(cid: str, quiet: Account, bob: Client) -> None:
    page = page_of(bob, hold(quiet, **with_cid(cid)))
    card = card_of(page)
    assert "This is no CID." in card
    assert "<a " not in card
    assert "data-copy-text" not in card
    assert "<script>alert" not in page.source
    assert "\x1b" not in card
    assert "\u202e" not in card


@pytest.mark.parametrize("cid", ["", None, 7, [], {"a": 1}, False])
def test_where_no_cid_is_there_is_no_card(cid: Any, quiet: Account, bob: Client) -> None:
    assert 'id="ipfs"' not in page_of(bob, hold(quiet, **with_cid(cid))).source


def test_hundreds_of_cids_are_no_more_than_twelve_cards(quiet: Account, bob: Client) -> None:
    output = {f"part{number}": {"ipfs": {"cid": f"bafy{number}"}} for number in range(300)}
    assert page_of(bob, hold(quiet, output=output)).source.count('class="cid"') == 12


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example.test",
        "http://x",
        "https://",
        "https://user@evil.example.test/",
        "https://evil.example.test\\@x",
        "https://a b",
        "https://x\u202e.test",
        "https://" + "x" * 600,
    ],
)
def test_studios_own_gateway_link_is_taken_only_as_a_plain_https_address(url: str, quiet: Account, bob: Client) -> None:
    page = page_of(bob, hold(quiet, **with_cid(VIDEO, videoFileGatewayUrl=url)))
    assert f'href="{url}"' not in card_of(page)


def test_the_first_button_opens_studios_link_unless_the_team_has_set_gateways(quiet: Account, bob: Client) -> None:
    told = f"https://studios.example.test/ipfs/{VIDEO}"
    task = hold(quiet, **with_cid(VIDEO, videoFileGatewayUrl=told))
    opened = 'href="{}" rel="noopener noreferrer nofollow" target="_blank" title="{}"><svg'
    assert opened.format(told, told) in card_of(page_of(bob, task))
    Team.objects.filter(pk=quiet.team_id).update(gateways="https://{cid}.gate.test\nhttps://b.test")
    page = page_of(bob, task)
    first = f"https://{VIDEO}.gate.test"
    assert opened.format(first, first) in card_of(page)
    assert {first, f"https://b.test/ipfs/{VIDEO}", told} <= links(page)
    assert f"https://ipfs.io/ipfs/{VIDEO}" not in links(page)


def test_buttons_that_ask_are_for_support_and_the_list_is_for_admins(quiet: Account, sign_in: SignIn) -> None:
    task = hold(quiet, **EXPORT)
    for person, may_ask, may_set in (("bob", False, False), ("sam", True, False), ("alice", True, True)):
        source = page_of(sign_in(person), task).source
        assert ("Test from this server" in source) is may_ask
        assert ("Read the metadata" in source) is may_ask
        assert (f"/teams/{quiet.team_id}/gateways/" in source) is may_set


def answered(task: Task, gateway: str, **told: Any) -> None:
    Probe.objects.create(account=task.account, cid=VIDEO, gateway=gateway, **{"asked_at": now_ms(), **told})


DWEB, W3S, IO = "https://{cid}.ipfs.dweb.link", "https://{cid}.ipfs.w3s.link", "https://ipfs.io/ipfs/{cid}"
OURS = "https://ipfs.livepeer.studio/ipfs/{cid}"


def test_how_gateways_answered_is_told_in_words(quiet: Account, bob: Client) -> None:
    task = hold(quiet, **EXPORT)
    answered(task, OURS, ms=240, status=206, content_type="video/mp4", ranges=True, length=84_900_000)
    answered(task, DWEB, ms=1900, status=200, content_type="application/octet-stream")
    answered(task, W3S, ms=10_000, status=504)
    answered(task, IO, sentence="It did not answer <b>in time</b>.")
    card = card_of(page_of(bob, task)).replace("\u00a0", " ")
    for words in ("240 ms", "1.9 s", "plays, seeks, 84.9 MB", "answers, does not seek", "504, gave up"):
        assert words in card
    assert "It did not answer &lt;b&gt;in time&lt;/b&gt;." in card
    assert card.count("#completed") == 2
    assert card.count("#failed") == 2
    assert 'data-ago="ago"' in card


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"status": 404}, "404, does not have it"),
        ({"status": 429}, "429, too many requests from this server"),
        ({"status": 451}, "451, refuses to serve it"),
        ({"status": 416}, "416, did not serve it"),
        ({"status": 200, "content_type": "text/html; charset=utf-8"}, "answers with a web page"),
        ({"status": 200, "content_type": '"><script>x'}, "answers, &quot;&gt;&lt;script&gt;x"),
        ({"status": 206, "ranges": True}, "answers, type not told"),
    ],
)
def test_other_answers_are_told_as_they_are(told: dict[str, Any], words: str, quiet: Account, bob: Client) -> None:
    task = hold(quiet, **EXPORT)
    answered(task, OURS, ms=5, **told)
    assert words in card_of(page_of(bob, task))


def test_answers_for_another_teams_account_are_not_shown(quiet: Account, connect_quiet: Any, bob: Client) -> None:
    task, other = hold(quiet, **EXPORT), hold(connect_quiet("Other"), **EXPORT)
    answered(other, OURS, ms=240, status=206)
    assert "240" not in card_of(page_of(bob, task))


def test_only_the_task_page_may_ask_the_teams_gateways_from_a_browser(quiet: Account, bob: Client) -> None:
    task = hold(quiet, **EXPORT)
    Team.objects.filter(pk=quiet.team_id).update(
        gateways="https://{cid}.ipfs.dweb.link\nhttps://b.test:8443\nhttps://x y"
    )
    policy = bob.get(f"/tasks/{task.upstream_id}/")["Content-Security-Policy"]
    parts = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert parts["connect-src"] == ["'self'", "https://*.ipfs.dweb.link", "https://b.test:8443"]
    assert parts["default-src"] == ["'self'"]
    for path in (
        "/",
        "/accounts/",
        f"/teams/{quiet.team_id}/gateways/",
        f"/tasks/{task.upstream_id}.json",
        "/nothing/",
    ):
        assert "connect-src" not in bob.get(path)["Content-Security-Policy"]
