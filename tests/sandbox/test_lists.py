"""The task list: paging, order, filters, count, and what each of them gets wrong on purpose."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.sandbox import Sandbox
from tests.sandbox.asking import Asker
from tests.sandbox.conftest import Clock

Make = Callable[..., Asker]


@pytest.fixture
def three(empty: Sandbox, clock: Clock) -> list[str]:
    """Three tasks, a second apart, oldest first."""
    ids = []
    for _ in range(3):
        ids.append(empty.add_task())
        clock.turn(1)
    return ids


def test_a_page_holds_twenty_rows_unless_a_good_limit_is_given(full: Sandbox, asker: Make) -> None:
    caller = asker(full)
    for limit, rows in ((None, 20), ("5", 5), ("0", 20), ("-3", 20), ("many", 20), ("7x", 7), ("5000", 400)):
        query: dict[str, Any] = {} if limit is None else {"limit": limit}
        assert len(caller.get("/task", **query).json) == rows, limit


def test_a_limit_above_a_thousand_is_cut_without_a_word(asker: Make, clock: Clock) -> None:
    with Sandbox(tasks=1200, clock=clock, pace=0) as sandbox:
        reply = asker(sandbox).get("/task", limit="4000")
    assert len(reply.json) == 1000
    assert reply.cursor == "skip1000"


def test_a_repeated_limit_is_joined_and_its_beginning_counts(full: Sandbox, asker: Make) -> None:
    assert len(asker(full).get("/task?limit=3&limit=9").json) == 3


def test_the_link_is_plain_http_and_repeats_the_host_and_the_query(full: Sandbox, asker: Make) -> None:
    reply = asker(full).get("/task", {"Host": "studio.example.test"}, limit="5", count="1")
    expected = '<http://studio.example.test/api/task?limit=5&count=1&cursor=skip5>; rel="next"'
    assert reply.headers["link"] == expected


def test_walking_by_cursor_meets_every_task_once(full: Sandbox, asker: Make) -> None:
    caller, seen = asker(full), []
    query: dict[str, Any] = {"limit": "150", "order": "createdAt-true"}
    while (reply := caller.get("/task", **query)).json:
        seen += [task["id"] for task in reply.json]
        query["cursor"] = str(reply.cursor)
    assert len(seen) == len(set(seen)) == 400
    assert query["cursor"] == "undefined"


def test_the_last_page_links_to_undefined_which_is_empty_and_has_no_link(
    empty: Sandbox, three: list[str], asker: Make
) -> None:
    caller = asker(empty)
    assert caller.get("/task", limit="5").cursor == "undefined"
    after = caller.get("/task", limit="5", cursor="undefined")
    assert (after.json, after.cursor) == ([], None)


def test_a_full_last_page_promises_one_more_that_is_empty(empty: Sandbox, three: list[str], asker: Make) -> None:
    caller = asker(empty)
    assert caller.get("/task", limit="3").cursor == "skip3"
    assert caller.get("/task", limit="3", cursor="skip3").json == []


def test_a_skip_past_the_end_is_an_empty_list_without_link_or_count(full: Sandbox, asker: Make) -> None:
    reply = asker(full).get("/task", cursor="skip9000", count="1")
    assert reply.status == 200
    assert reply.body == b"[]"
    assert "link" not in reply.headers
    assert "x-total-count" not in reply.headers


@pytest.mark.parametrize("cursor", ["skipabc", "skip", "skip-1", "skip1.5"])
def test_a_skip_that_is_no_number_breaks_the_server(full: Sandbox, asker: Make, cursor: str) -> None:
    reply = asker(full).get("/task", cursor=cursor)
    assert (reply.status, reply.json) == (500, {"errors": ["Internal server error: error"]})


def test_an_old_cursor_is_an_id_to_begin_after(empty: Sandbox, three: list[str], asker: Make) -> None:
    first, *others = sorted(three)
    reply = asker(empty).get("/task", cursor=first, order="id-false")
    assert [task["id"] for task in reply.json] == others


def test_the_cursor_is_an_offset_so_a_change_meanwhile_repeats_a_row(
    empty: Sandbox, three: list[str], clock: Clock, asker: Make
) -> None:
    caller = asker(empty)
    first = caller.get("/task", limit="2")
    assert [task["id"] for task in first.json] == [three[2], three[1]]
    empty.change(three[0], {"phase": "running", "retries": 0, "progress": 0.2})
    second = caller.get("/task", limit="2", cursor=str(first.cursor))
    assert [task["id"] for task in second.json] == [three[1]]


def test_the_default_order_is_the_newest_change_first(full: Sandbox, asker: Make) -> None:
    rows = asker(full).get("/task", limit="400").json
    keys = [(task["status"]["updatedAt"], task["createdAt"]) for task in rows]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize(("order", "descending"), [("createdAt-true", True), ("createdAt-false", False)])
def test_the_list_can_be_ordered_by_creation(full: Sandbox, asker: Make, order: str, descending: bool) -> None:
    times = [task["createdAt"] for task in asker(full).get("/task", limit="400", order=order).json]
    assert times == sorted(times, reverse=descending)


def test_several_fields_order_one_after_the_other(full: Sandbox, asker: Make) -> None:
    rows = asker(full).get("/task", limit="400", order="type-false,createdAt-true").json
    keys = [(task["type"], -task["createdAt"]) for task in rows]
    assert keys == sorted(keys)


def test_unknown_order_fields_are_dropped_and_the_id_is_left(full: Sandbox, asker: Make) -> None:
    for order in ("phase-true", "createdAt", "createdAt-true-false"):
        ids = [task["id"] for task in asker(full).get("/task", limit="400", order=order).json]
        assert ids == sorted(ids), order


def test_filters_are_anded(full: Sandbox, asker: Make) -> None:
    uploads = asker(full).get("/task", limit="1000", filters=[{"id": "type", "value": "upload"}]).json
    assert {task["type"] for task in uploads} == {"upload"}
    middle = sorted(task["createdAt"] for task in uploads)[len(uploads) // 2]
    both = [{"id": "type", "value": "upload"}, {"id": "createdAt", "value": {"gt": middle}}]
    newer = asker(full).get("/task", limit="1000", filters=both, count="1")
    assert newer.json == [task for task in uploads if task["createdAt"] > middle]
    assert newer.headers["x-total-count"] == str(len(newer.json))


@pytest.mark.parametrize(("comparison", "expected"), [("gt", (2,)), ("gte", (1, 2)), ("lt", (0,)), ("lte", (0, 1))])
def test_the_four_comparisons_work_on_the_time_of_change(
    empty: Sandbox, three: list[str], asker: Make, comparison: str, expected: tuple[int, ...]
) -> None:
    at = empty.document(three[1])["status"]["updatedAt"]  # type: ignore[index]
    filters = [{"id": "updatedAt", "value": {comparison: at}}]
    rows = asker(empty).get("/task", filters=filters, order="updatedAt-false").json
    assert [task["id"] for task in rows] == [three[number] for number in expected]


def test_a_window_of_time_takes_two_comparisons(empty: Sandbox, three: list[str], asker: Make) -> None:
    at = int(str(empty.document(three[1])["createdAt"]))
    filters = [{"id": "createdAt", "value": {"gte": at, "lt": at + 1}}]
    assert [task["id"] for task in asker(empty).get("/task", filters=filters).json] == [three[1]]
    plain = [{"id": "createdAt", "value": at}]
    assert [task["id"] for task in asker(empty).get("/task", filters=plain).json] == [three[1]]


@pytest.mark.parametrize(
    ("filters", "status", "text"),
    [
        ('[{"id":"phase","value":"failed"}]', 400, 'error parsing filters: Error: unknown field: "phase"'),
        ('[{"id":"createdAt","value":{"eq":5}}]', 400, 'error parsing filters: Error: unknown comparison: "eq"'),
        ('[{"id":"type"}]', 400, 'error parsing filters: Error: missing filter value for id "type"'),
        ('{"id":"type","value":"x"}', 400, "error parsing filters: Error: must be an array"),
        ("nope", 400, "error parsing filters: SyntaxError: Unexpected token 'o', \"nope\" is not valid JSON"),
        ("[", 400, "error parsing filters: SyntaxError: Unexpected end of JSON input"),
        ('[{"id":"name","value":"100%"}]', 400, "error parsing filters: URIError: URI malformed"),
        ('[{"id":"createdAt","value":"soon"}]', 500, "Internal server error: error"),
    ],
)
def test_a_bad_filter_is_refused_in_the_real_words(
    full: Sandbox, asker: Make, filters: str, status: int, text: str
) -> None:
    reply = asker(full).get("/task", filters=filters)
    assert (reply.status, reply.json) == (status, {"errors": [text]})


def test_a_percent_sign_in_a_filter_must_be_encoded_twice(empty: Sandbox, asker: Make) -> None:
    wanted = empty.add_task(name="100% of it")
    empty.add_task(name="another")
    rows = asker(empty).get("/task", filters='[{"id":"name","value":"100%25 OF"}]').json
    assert [task["id"] for task in rows] == [wanted]


def test_the_count_is_of_all_matching_rows(full: Sandbox, asker: Make) -> None:
    assert asker(full).get("/task", limit="3", count="true").headers["x-total-count"] == "400"
    assert "x-total-count" not in asker(full).get("/task", limit="3").headers


def test_tasks_are_found_by_their_assets(full: Sandbox, asker: Make) -> None:
    caller = asker(full)
    upload = caller.get("/task", filters=[{"id": "type", "value": "clip"}], limit="1").json[0]
    found = caller.get("/task", filters=[{"id": "outputAssetId", "value": upload["outputAssetId"]}]).json
    assert [task["id"] for task in found] == [upload["id"]]


def test_a_project_in_the_query_is_refused_with_a_key(full: Sandbox, asker: Make) -> None:
    reply = asker(full).get("/task", projectId=full.project_id())
    assert (reply.status, reply.json) == (400, {"errors": ["projectId as query param not supported"]})


def test_admin_switches_are_ignored_for_everybody_else(full: Sandbox, asker: Make) -> None:
    assert asker(full).get("/task", all="true", allUsers="true", count="1").headers["x-total-count"] == "400"


def test_a_deleted_task_leaves_the_list_but_not_the_server(empty: Sandbox, three: list[str], asker: Make) -> None:
    empty.soft_delete(three[1])
    caller = asker(empty)
    assert [task["id"] for task in caller.get("/task", all="true").json] == [three[2], three[0]]
    reply = caller.get(f"/task/{three[1]}")
    assert (reply.status, reply.json["deleted"]) == (200, True)
    empty.hard_delete(three[0])
    assert caller.get(f"/task/{three[0]}").status == 404
