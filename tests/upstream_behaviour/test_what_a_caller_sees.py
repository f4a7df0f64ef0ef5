"""How the Task API behaves on the wire: shapes, headers, errors."""

from typing import Any

import pytest

from tests.sandbox.asking import Reply
from tests.upstream_behaviour.stages import Stage

STATUS_FIELDS = {
    "pending": {"phase", "updatedAt"},
    "waiting": {"phase", "updatedAt", "retries"},
    "running": {"phase", "updatedAt", "retries", "progress"},
    "retrying": {"phase", "updatedAt", "retries", "errorMessage"},
    "completed": {"phase", "updatedAt"},
    "failed": {"phase", "updatedAt", "retries", "errorMessage"},
}


def refused(reply: Reply, status: int, text: str) -> bool:
    return reply.status == status and reply.json == {"errors": [text]}


def task(stage: Stage, part: str) -> Any:
    reply = stage.as_key().get(f"/task/{stage.tasks[part]}")
    assert reply.status == 200
    return reply.json


def walk(stage: Stage) -> list[Reply]:
    """All pages of all tasks up to the one that links to nowhere."""
    caller, query = stage.as_key(), {"limit": str(stage.limit), "count": "true"}
    pages = [caller.get("/task", None, **query)]
    while pages[-1].cursor not in (None, "undefined"):
        pages.append(caller.get("/task", None, **query, cursor=pages[-1].cursor))
    return pages


def test_a_success_looks_like_express_and_promises_nothing_about_caches_or_limits(stage: Stage) -> None:
    headers = stage.as_key().get("/task", limit=str(stage.limit), count="true").headers
    assert headers["x-powered-by"] == "Express"
    assert headers["vary"] == "Authorization, Origin"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["etag"].startswith('W/"')
    assert not {"cache-control", "retry-after", "x-ratelimit-limit", "x-request-id"} & set(headers)


def test_each_page_links_to_the_next_over_plain_http(stage: Stage) -> None:
    link = walk(stage)[0].headers["link"]
    assert link.startswith("<http://")
    assert link.endswith(f'cursor=skip{stage.limit}>; rel="next"')


def test_the_last_page_links_to_undefined_which_is_empty(stage: Stage) -> None:
    pages = walk(stage)
    assert len(pages) > 1
    assert 0 < len(pages[-1].json) < stage.limit
    assert pages[-1].cursor == "undefined"
    after = stage.as_key().get("/task", limit=str(stage.limit), count="true", cursor="undefined")
    assert (after.status, after.json, after.cursor) == (200, [], None)


def test_the_count_is_the_length_of_the_walk(stage: Stage) -> None:
    pages = walk(stage)
    total = sum(len(page.json) for page in pages)
    assert {page.headers["x-total-count"] for page in pages} == {str(total)}


def test_past_the_end_there_is_no_link_and_no_count(stage: Stage) -> None:
    reply = stage.as_key().get("/task", limit=str(stage.limit), count="true", cursor="skip900")
    assert (reply.status, reply.body) == (200, b"[]")
    assert not {"link", "x-total-count"} & set(reply.headers)


def test_the_newest_change_comes_first(stage: Stage) -> None:
    times = [row["status"]["updatedAt"] for page in walk(stage) for row in page.json]
    assert times == sorted(times, reverse=True)


def test_the_oldest_can_come_first(stage: Stage) -> None:
    rows = stage.as_key().get("/task", limit="3", order="createdAt-false").json
    times = [row["createdAt"] for row in rows]
    assert len(times) == 3
    assert times == sorted(times)


def test_a_type_can_be_filtered_and_counted(stage: Stage) -> None:
    filters = [{"id": "type", "value": "export"}]
    reply = stage.as_key().get("/task", limit="20", count="true", filters=filters)
    assert {row["type"] for row in reply.json} == {"export"}
    assert int(reply.headers["x-total-count"]) >= len(reply.json) > 0


def test_changes_since_a_time_can_be_asked_for(stage: Stage) -> None:
    filters = [{"id": "updatedAt", "value": {"gte": stage.since}}]
    rows = stage.as_key().get("/task", limit="20", order="updatedAt-false", filters=filters).json
    times = [row["status"]["updatedAt"] for row in rows]
    assert times == sorted(times)
    assert times[0] == stage.since


def test_a_phase_cannot_be_filtered(stage: Stage) -> None:
    reply = stage.as_key().get("/task", filters=[{"id": "phase", "value": "failed"}])
    assert refused(reply, 400, 'error parsing filters: Error: unknown field: "phase"')


def test_filters_must_be_json(stage: Stage) -> None:
    text = "error parsing filters: SyntaxError: Unexpected token 'o', \"nope\" is not valid JSON"
    assert refused(stage.as_key().get("/task", filters="nope"), 400, text)


def test_a_cursor_that_is_no_number_is_a_server_error(stage: Stage) -> None:
    assert refused(stage.as_key().get("/task", cursor="skipabc"), 500, "Internal server error: error")


def test_one_bad_row_breaks_its_list_with_another_error_body(stage: Stage) -> None:
    reply = stage.as_key("broken").get("/task", limit="20")
    assert reply.status == 500
    assert reply.json == {"message": "Cannot read properties of undefined (reading 'upload')"}


def test_without_a_key_there_is_nothing(stage: Stage) -> None:
    assert refused(stage.as_key(None).get("/task", limit="1"), 401, "request is not authenticated")


def test_an_unknown_key_is_repeated_in_the_answer(stage: Stage) -> None:
    reply = stage.as_key("unknown").get("/task", limit="1")
    assert refused(reply, 401, f"no token {stage.keys['unknown']} found")


def test_only_known_schemes_are_taken(stage: Stage) -> None:
    reply = stage.as_key(None).get("/task", {"Authorization": f"Token {stage.keys['full']}"}, limit="1")
    assert refused(reply, 401, "unsupported authorization header scheme: Token")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("limited", "access forbidden for CORS-enabled API key with restricted access"),
        ("rules", "credential has insufficent privileges"),
        ("suspended", "user is suspended"),
    ],
)
def test_a_good_key_may_still_not_list(stage: Stage, key: str, text: str) -> None:
    assert refused(stage.as_key(key).get("/task", limit="1"), 403, text)


def test_a_key_that_may_not_list_may_get_by_id(stage: Stage) -> None:
    reply = stage.as_key("limited").get(f"/task/{stage.tasks['completed']}")
    assert reply.json["id"] == stage.tasks["completed"]


@pytest.mark.parametrize("part", STATUS_FIELDS)
def test_the_status_of_each_phase_has_its_own_fields(stage: Stage, part: str) -> None:
    assert set(task(stage, part)["status"]) == STATUS_FIELDS[part]


@pytest.mark.parametrize("part", ["waiting", "running", "completed", "failed", "pinata", "transcode", "clip"])
def test_a_task_names_its_owner_project_and_times_in_milliseconds(stage: Stage, part: str) -> None:
    found = task(stage, part)
    assert {"id", "type", "params", "status", "userId", "createdAt", "projectId", "scheduledAt"} <= set(found)
    assert found["createdAt"] <= found["scheduledAt"] <= found["status"]["updatedAt"]
    assert isinstance(found["createdAt"], int)


def test_a_pending_task_is_not_scheduled_and_a_list_shows_whole_documents(stage: Stage) -> None:
    assert "scheduledAt" not in task(stage, "pending")
    row = walk(stage)[0].json[0]
    assert stage.as_key().get(f"/task/{row['id']}").json == row


def test_what_a_task_made_stands_under_its_own_key_without_id_or_source(stage: Stage) -> None:
    for part in ("completed", "clip"):
        found = task(stage, part)
        spec = found["output"][found["type"]]["assetSpec"]
        assert not {"id", "source"} & set(spec)
        assert {"name", "size", "videoSpec"} <= set(spec)
    assert "requestId" in task(stage, "transcode")["output"]["transcodeFile"]


def test_an_export_to_ipfs_links_its_files(stage: Stage) -> None:
    files = task(stage, "pinata")["output"]["export"]["ipfs"]
    assert files["videoFileUrl"] == f"ipfs://{files['videoFileCid']}"
    assert files["videoFileGatewayUrl"] == f"https://ipfs.livepeer.studio/ipfs/{files['videoFileCid']}"


def test_secrets_of_exports_come_in_clear(stage: Stage) -> None:
    assert set(task(stage, "pinata")["params"]["export"]["ipfs"]["pinata"]) == {"apiKey", "apiSecret"}
    custom = task(stage, "custom")["params"]["export"]["custom"]
    assert custom["headers"]["Authorization"].startswith("Bearer ")
    assert "X-Amz-Signature=" in custom["url"]
    assert task(stage, "transcode")["params"]["transcode-file"]["storage"]["url"].startswith("w3s://E")


def test_only_s3_urls_and_encryption_keys_are_masked(stage: Stage) -> None:
    masked = task(stage, "masked")["params"]["transcode-file"]
    assert masked["input"]["url"].startswith("s3+https://***:***@")
    assert task(stage, "encrypted")["params"]["upload"]["encryption"] == {"key": "***"}


def test_old_imports_are_still_there(stage: Stage) -> None:
    found = task(stage, "legacy")
    assert "assetSpec" in found["output"]["import"]
    assert "url" in found["params"]["import"]
    assert not {"projectId", "scheduledAt"} & set(found)


def test_a_deleted_task_answers_by_id_and_is_in_no_list(stage: Stage) -> None:
    assert task(stage, "deleted")["deleted"] is True
    assert stage.tasks["deleted"] not in {row["id"] for page in walk(stage) for row in page.json}


def test_missing_and_foreign_tasks_are_told_apart(stage: Stage) -> None:
    assert refused(stage.as_key().get("/task/00000000-0000-4000-8000-000000000000"), 404, "not found")
    foreign = stage.as_key("stranger").get(f"/task/{stage.tasks['completed']}")
    assert refused(foreign, 403, "user can only request information on their own tasks")


def test_an_unchanged_task_costs_no_body(stage: Stage) -> None:
    caller, path = stage.as_key(), f"/task/{stage.tasks['completed']}"
    tag = caller.get(path).headers["etag"]
    again = caller.get(path, {"If-None-Match": tag})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)


def test_a_retry_answers_with_the_id_and_only_where_it_may(stage: Stage) -> None:
    early = stage.as_key().ask("POST", f"/task/{stage.tasks['completed']}/retry")
    assert refused(early, 400, "task is not in a retryable state")
    foreign = stage.as_key("stranger").ask("POST", f"/task/{stage.tasks['retriable']}/retry")
    assert refused(foreign, 403, "users may only retry their own tasks")
    done = stage.as_key().ask("POST", f"/task/{stage.tasks['retriable']}/retry")
    assert (done.status, done.json) == (200, {"id": stage.tasks["retriable"]})


def test_a_key_names_its_user(stage: Stage) -> None:
    me = stage.as_key().get("/user/me").json
    assert {"id", "email", "createdAt", "lastSeen", "emailValid", "defaultProjectId"} <= set(me)
    assert me["id"] == task(stage, "completed")["userId"]
    projects = stage.as_key().get("/project").json
    assert [project["id"] for project in projects if project["name"] == "Default Project"] == [me["defaultProjectId"]]
    for key, text in (
        ("limited", "access forbidden for CORS-enabled API key with restricted access"),
        ("rules", "credential has insufficent privileges"),
    ):
        assert refused(stage.as_key(key).get("/user/me"), 403, text)


def test_an_asset_has_the_name_and_the_error_of_its_task(stage: Stage) -> None:
    ready = stage.as_key().get(f"/asset/{stage.assets['completed']}").json
    assert ready["status"]["phase"] == "ready"
    assert ready["name"]
    failed = stage.as_key().get(f"/asset/{stage.assets['failed']}").json
    assert failed["status"]["phase"] == "failed"
    assert failed["status"]["errorMessage"] == task(stage, "failed")["status"]["errorMessage"]


def test_assets_page_honestly_and_hide_better_than_tasks(stage: Stage) -> None:
    assert stage.as_key().get("/asset", limit="1").cursor == "skip1"
    assert refused(stage.as_key().get("/asset/nope"), 404, "Asset not found")
    foreign = stage.as_key("stranger").get(f"/asset/{stage.assets['completed']}")
    assert refused(foreign, 404, "not found")
    assert stage.as_key("limited").get("/asset", limit="20").status == 403


def test_playback_needs_no_key(stage: Stage) -> None:
    ready = stage.as_key().get(f"/asset/{stage.assets['completed']}").json
    info = stage.as_key(None).get(f"/playback/{ready['playbackId']}").json
    assert info["meta"]["source"][0]["url"] == ready["playbackUrl"]
    assert refused(stage.as_key(None).get("/playback/nope"), 404, "No playback URL found for nope")
