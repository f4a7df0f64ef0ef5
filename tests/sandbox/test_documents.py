"""What stands in the documents: every type and phase, planted secrets, valid CIDs, names, assets."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.sandbox import Sandbox
from dashboard.sandbox.messages import EXPORT_MESSAGES, MESSAGES
from tests.sandbox.asking import Asker

Make = Callable[..., Asker]
Json = dict[str, Any]


@pytest.fixture(scope="module")
def tasks(full: Sandbox) -> list[Json]:
    return list(Asker(full.url, full.key).get("/task", limit="1000").json)


@pytest.fixture(scope="module")
def assets(full: Sandbox) -> list[Json]:
    return list(Asker(full.url, full.key).get("/asset", limit="1000").json)


def of_type(tasks: list[Json], task_type: str) -> list[Json]:
    return [task for task in tasks if task["type"] == task_type]


def test_every_type_is_there_the_old_and_the_unknown_included(tasks: list[Json]) -> None:
    known = {"upload", "export", "export-data", "transcode-file", "clip", "import", "transcode"}
    assert known < {task["type"] for task in tasks}
    assert {task["type"] for task in tasks} - known == {"thumbnails"}


def test_every_phase_is_there_and_one_that_nobody_knows(tasks: list[Json]) -> None:
    phases = {task["status"]["phase"] for task in tasks}
    assert phases == {"pending", "waiting", "running", "completed", "failed", "cancelled", "queued"}


def test_a_status_has_the_fields_of_its_phase_and_no_others(tasks: list[Json]) -> None:
    fields = {
        "pending": [{"phase", "updatedAt"}],
        "waiting": [{"phase", "updatedAt", "retries"}, {"phase", "updatedAt", "retries", "errorMessage"}],
        "running": [{"phase", "updatedAt", "retries", "progress"}],
        "completed": [{"phase", "updatedAt"}],
        "failed": [{"phase", "updatedAt", "retries", "errorMessage"}],
    }
    for task in tasks:
        expected = fields.get(task["status"]["phase"])
        assert expected is None or set(task["status"]) in expected, task["status"]


def test_every_error_message_of_the_real_one_occurs(tasks: list[Json]) -> None:
    said = [task["status"].get("errorMessage", "") for task in tasks]
    for message in MESSAGES:
        assert any(text.startswith(message.text.split("{")[0]) for text in said), message.text
    assert any("http status 403 Forbidden" in text for text in said)
    assert any("http status 401 Unauthorized" in text for text in said)
    assert any("X-Amz-Signature=" in text for text in said)
    assert len(EXPORT_MESSAGES) > 3


def test_only_uploads_and_clips_make_assets_and_transcodes_have_none(tasks: list[Json]) -> None:
    for task in of_type(tasks, "upload") + of_type(tasks, "clip"):
        assert "outputAssetId" in task
        assert "inputAssetId" not in task
    for task in of_type(tasks, "export"):
        assert "inputAssetId" in task
        assert "outputAssetId" not in task
    for task in of_type(tasks, "transcode-file") + of_type(tasks, "export-data"):
        assert "inputAssetId" not in task
        assert "outputAssetId" not in task


def test_output_comes_with_completion_under_its_own_key(tasks: list[Json]) -> None:
    keys = {"transcode-file": "transcodeFile", "export-data": "exportData", "transcode": "transcodeFile"}
    for task in tasks:
        if task["status"]["phase"] == "completed":
            assert set(task["output"]) == {keys.get(task["type"], task["type"])}
        else:
            assert "output" not in task


def test_the_old_guides_shape_and_missing_urls_occur(tasks: list[Json]) -> None:
    old = [task for task in of_type(tasks, "import") if "videoFilePath" in task.get("output", {}).get("import", {})]
    assert old
    assert "projectId" not in old[0]
    assert any("url" not in task["params"]["upload"] for task in of_type(tasks, "upload"))


def test_gop_is_a_text_here_and_a_number_there(tasks: list[Json]) -> None:
    profiles = [
        profile for task in tasks for params in task["params"].values() for profile in params.get("profiles", ())
    ]
    kinds = {type(profile["gop"]) for profile in profiles if "gop" in profile}
    assert str in kinds
    assert kinds & {int, float}


def test_every_cid_is_a_valid_one(tasks: list[Json]) -> None:
    cids = {
        value
        for task in tasks
        for made in task.get("output", {}).values()
        for key, value in made.get("ipfs", {}).items()
        if key.lower().endswith("cid") and value
    }
    assert {cid[:2] for cid in cids} == {"Qm", "ba"}
    for cid in cids:
        assert len(decoded(cid)) in (34, 36), cid


def decoded(cid: str) -> bytes:
    """The bytes of a CID; ValueError if it is none."""
    if cid.startswith("b"):
        raw = base64.b32decode(cid[1:].upper() + "=" * (-len(cid[1:]) % 8))
        assert raw[0] == 1
        assert raw[1] in (0x55, 0x70)
        assert raw[2:4] == b"\x12\x20"
        return raw
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number = 0
    for letter in cid:
        number = number * 58 + alphabet.index(letter)
    raw = number.to_bytes(34, "big")
    assert raw[:2] == b"\x12\x20"
    return raw


def test_secrets_stand_where_the_real_one_leaves_them(full: Sandbox, tasks: list[Json]) -> None:
    text = json.dumps(tasks)
    found = [secret for secret in full.secrets if secret in text]
    assert len(found) >= 25
    assert full.key in found
    for mark in ('"pinata": {"jwt"', '"apiSecret"', '"headers"', "w3s://E", "https://ingest:", "X-Amz-Credential="):
        assert mark in text, mark


def test_the_real_one_masks_only_s3_urls_and_encryption_keys(tasks: list[Json]) -> None:
    assert "s3+https://***:***@" in json.dumps(tasks)
    encrypted = [task for task in of_type(tasks, "upload") if "encryption" in task["params"]["upload"]]
    assert {task["params"]["upload"]["encryption"]["key"] for task in encrypted} == {"***"}


def test_secrets_are_long_enough_not_to_be_met_by_chance(full: Sandbox) -> None:
    assert len(set(full.secrets)) == len(full.secrets)
    assert min(len(secret) for secret in full.secrets) >= 16


def test_stuck_tasks_are_few_and_of_every_kind(full: Sandbox, tasks: list[Json]) -> None:
    now, hour = full.world.now(), 3_600_000
    ages = [(task["status"]["phase"], now - task["status"]["updatedAt"]) for task in tasks]
    assert sum(phase == "running" and age > 600_000 for phase, age in ages) >= 2
    assert sum(phase == "waiting" and age > 6 * hour for phase, age in ages) >= 2
    assert sum(phase == "pending" and age > 24 * hour for phase, age in ages) >= 3


def test_assets_have_the_names_that_tasks_lack(tasks: list[Json], assets: list[Json]) -> None:
    assert sum("name" in task for task in tasks) == 1
    names = [asset["name"] for asset in assets]
    assert all(names)
    assert any("<script>" in name for name in names)
    assert any("مقابلة" in name for name in names)
    assert any("🎬" in name for name in names)
    assert any(len(name) > 140 for name in names)
    assert sum(name.isascii() for name in names) > len(names) * 0.8


def test_an_asset_follows_the_task_that_makes_it(full: Sandbox, tasks: list[Json], asker: Make) -> None:
    caller = asker(full)
    phases = {"completed": "ready", "failed": "failed", "running": "processing", "pending": "uploading"}
    seen = set()
    for task in of_type(tasks, "upload"):
        phase = task["status"]["phase"]
        if phase in phases and phase not in seen:
            asset = caller.get(f"/asset/{task['outputAssetId']}").json
            if "errors" not in asset:
                seen.add(phase)
                assert asset["status"]["phase"] == phases[phase]
    assert seen == set(phases)


def test_exports_take_assets_that_the_list_knows(tasks: list[Json], assets: list[Json]) -> None:
    known = {asset["id"] for asset in assets}
    exports = of_type(tasks, "export")
    assert all(task["inputAssetId"] in known for task in exports)
    made = {task["outputAssetId"] for task in of_type(tasks, "upload")}
    assert sum(task["inputAssetId"] in made for task in exports) > len(exports) / 3


def test_an_assets_storage_tells_the_cid_of_its_export(full: Sandbox, assets: list[Json]) -> None:
    stored = [asset for asset in assets if asset.get("storage", {}).get("ipfs", {}).get("cid")]
    assert stored
    last = stored[0]["storage"]["status"]["tasks"]["last"]
    output: Any = full.document(last)["output"]
    assert output["export"]["ipfs"]["videoFileCid"] == stored[0]["storage"]["ipfs"]["cid"]


def test_the_asset_list_pages_honestly(full: Sandbox, assets: list[Json], asker: Make) -> None:
    caller = asker(full)
    total = len(assets)
    last = caller.get("/asset", limit="50", cursor=f"skip{total - 3}", count="1")
    assert len(last.json) == 3
    assert "link" not in last.headers
    assert last.headers["x-total-count"] == str(total)
    assert caller.get("/asset", limit="5").cursor == "skip5"


def test_assets_can_be_filtered_by_phase_and_playback_id(assets: list[Json], full: Sandbox, asker: Make) -> None:
    caller = asker(full)
    failed = caller.get("/asset", phase="failed", limit="1000").json
    assert failed
    assert {asset["status"]["phase"] for asset in failed} == {"failed"}
    one = assets[5]
    assert [asset["id"] for asset in caller.get("/asset", playbackId=one["playbackId"]).json] == [one["id"]]


def test_tracks_come_with_details_only(assets: list[Json], full: Sandbox, asker: Make) -> None:
    ready = next(asset for asset in assets if "videoSpec" in asset)
    caller = asker(full)
    assert "tracks" not in ready["videoSpec"]
    assert caller.get(f"/asset/{ready['id']}", details="1").json["videoSpec"]["tracks"]


def test_a_ready_asset_can_be_played_by_anybody(assets: list[Json], full: Sandbox, asker: Make) -> None:
    ready = next(asset for asset in assets if asset["status"]["phase"] == "ready")
    info = asker(full, None).get(f"/playback/{ready['playbackId']}").json
    assert info["type"] == "vod"
    assert info["meta"]["source"][0]["url"] == ready["playbackUrl"]


def test_a_missing_asset_and_a_missing_task_are_told_apart_by_words(full: Sandbox, asker: Make) -> None:
    caller = asker(full)
    assert caller.get("/asset/nope").json == {"errors": ["Asset not found"]}
    for identifier in ("nope", "00000000-0000-4000-8000-000000000000", "a%2Fb"):
        reply = caller.get(f"/task/{identifier}")
        assert (reply.status, reply.json) == (404, {"errors": ["not found"]})


def test_the_asset_of_a_cancelled_task_was_deleted(tasks: list[Json], full: Sandbox, asker: Make) -> None:
    text = "task cancelled, asset has been deleted"
    cancelled = [task for task in tasks if task["status"].get("errorMessage") == text]
    assert cancelled
    for task in cancelled:
        assert asker(full).get(f"/asset/{task['outputAssetId']}").status == 404


def test_the_keys_of_a_document_stand_in_the_databases_order(tasks: list[Json]) -> None:
    for task in tasks:
        assert [*task] == sorted(task, key=lambda key: (len(key), key))
        assert [*task["status"]] == sorted(task["status"], key=lambda key: (len(key), key))
