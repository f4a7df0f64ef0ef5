"""The same tasks in the simulated Studio and in our copy, asked the same over real HTTP: the same answers."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.servers.basehttp import WSGIRequestHandler

from dashboard.models import Account, Task
from dashboard.upstream.client import Connection, Studio
from dashboard.upstream.errors import KeyRejected, NotFound
from tests.api.conftest import Give, Still
from tests.conftest import connect_account
from tests.sandbox.asking import Asker, Reply

QUERIES = 300  # as many as one token may ask in a minute
FIELDS = ("id", "name", "createdAt", "updatedAt", "userId", "type", "inputAssetId", "outputAssetId", "projectId")


@dataclass
class Both:
    studio: Asker
    ours: Asker
    documents: list[dict[str, Any]]


@pytest.fixture
def account(people: SimpleNamespace, still: Still) -> Account:
    account = connect_account(people.team, "Production", still.sandbox.url, still.sandbox.key)
    still.hold_all(account)
    return account


@pytest.fixture
def both(
    live_server: Any, still: Still, account: Account, give: Give, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Both]:
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)  # 40 ms of waiting in each answer
    studio = Asker(still.sandbox.url, still.sandbox.key)
    ours = Asker(f"{live_server.url}/api/{account.pk}", give())
    documents = [still.sandbox.document(identifier) for identifier in still.ids]
    yield Both(studio, ours, documents)
    studio.close()
    ours.close()


def test_hundreds_of_queries_are_answered_as_studio_does(both: Both) -> None:
    chance = random.Random(20_261_122)
    refused = 0
    for _ in range(QUERIES):
        query = any_query(chance, both.documents)
        theirs, mine = both.studio.get("/task", **query), both.ours.get("/task", **query)
        said = json.dumps(query)
        assert mine.status == (400 if theirs.status == 500 else theirs.status), said
        refused += mine.status != 200
        if theirs.status == 400:
            assert mine.json == theirs.json, said
        if theirs.status == 200:
            assert [one["id"] for one in mine.json] == [one["id"] for one in theirs.json], said
            assert mine.headers.get("x-total-count") == theirs.headers.get("x-total-count"), said
            assert mine.cursor == next_cursor(both.studio, query, theirs), said
    assert QUERIES / 20 < refused < QUERIES / 2


def next_cursor(studio: Asker, query: dict[str, object], page: Reply) -> str | None:
    """Studio links to a next page from the last one too; what counts is whether there is something on it."""
    if page.cursor in (None, "undefined"):
        return None
    return page.cursor if studio.get("/task", **query | {"cursor": page.cursor}).json else None


def any_query(chance: random.Random, documents: list[dict[str, Any]]) -> dict[str, object]:
    query: dict[str, object] = {}
    if chance.random() < 0.7:
        query["limit"] = chance.choice([1, 3, 7, 20, 50, 1000, 5000, 0, -3, "", "x", "4abc", "1e2", " 5", "007"])
    if chance.random() < 0.4:
        query["cursor"] = chance.choice(
            ["skip0", "skip3", "skip120", "skip99999", "skip", "skipx", "skip-1", "skip 4", "undefined", "8", "", "+"]
        )
    if chance.random() < 0.5:
        query["order"] = any_order(chance)
    if chance.random() < 0.6:
        query["filters"] = any_filters(chance, documents)
    if chance.random() < 0.5:
        query["count"] = chance.choice(["true", "1", "false", ""])
    return query


def any_order(chance: random.Random) -> str:
    names = [*FIELDS, "phase", "", "status", "created_at"]
    parts = [f"{chance.choice(names)}-{chance.choice(['true', 'false', 'x', ''])}" for _ in range(chance.randint(1, 3))]
    return ",".join([*parts, *chance.choices(["", "createdAt", "id-true-false"], k=chance.randint(0, 1))])


def any_filters(chance: random.Random, documents: list[dict[str, Any]]) -> str:
    if chance.random() < 0.1:
        return chance.choice(["nope", "{}", "[1]", "[", "null", "%", "%zz", "%ff", '[{"id":"id"}]', "NaN"])
    filters = [any_filter(chance, chance.choice(documents)) for _ in range(chance.randint(0, 2))]
    return json.dumps(filters, separators=(",", ":")).replace("%", "%25")


def any_filter(chance: random.Random, document: dict[str, Any]) -> dict[str, object]:
    field = chance.choice([*FIELDS, *FIELDS, "phase", "status", "deleted"])
    if field in ("createdAt", "updatedAt"):
        at = document["status"]["updatedAt"] if field == "updatedAt" else document["createdAt"]
        if chance.random() < 0.15:
            return {"id": field, "value": chance.choice([at, str(at), "soon", None, {"eq": at}, {"ne": 1}, [at], {}])}
        comparisons = chance.sample(["gt", "gte", "lt", "lte"], chance.randint(1, 2))
        return {"id": field, "value": {one: at + chance.choice([-1, 0, 1, 10**7, 10**25]) for one in comparisons}}
    if field == "name":
        return {"id": "name", "value": chance.choice(["a", "HOLIDAY", "é", "%", "_", "\\", "'", "no such name"])}
    value = document.get(field) or chance.choice(["", "x", "' OR 1=1 --", 5, True, ["a"]])
    return {"id": field, "value": value}


def test_a_task_and_what_is_none_are_answered_as_studio_does(both: Both, still: Still) -> None:
    for identifier in [still.deleted[0], still.ids[50], "00000000-0000-4000-8000-000000000000", "x"]:
        theirs, mine = both.studio.get(f"/task/{identifier}"), both.ours.get(f"/task/{identifier}")
        assert mine.status == theirs.status
        assert mine.headers["content-type"] == theirs.headers["content-type"]
        assert mine.json.get("id") == theirs.json.get("id")
        assert mine.json.get("errors") == theirs.json.get("errors")
        assert mine.json.get("deleted") == theirs.json.get("deleted")


@pytest.mark.parametrize("path", ["/task", "/task?limit=3", "/task/{}"])
def test_the_same_etag_is_answered_with_nothing_new(both: Both, still: Still, path: str) -> None:
    path = path.format(still.ids[40])
    for one in (both.studio, both.ours):
        etag = one.get(path).headers["etag"]
        assert etag.startswith('W/"')
        again = one.get(path, headers={"If-None-Match": etag})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
        assert one.get(path, headers={"If-None-Match": 'W/"other"'}).status == 200


def test_head_tells_what_get_tells_without_the_body(both: Both) -> None:
    for one in (both.studio, both.ours):
        got, head = one.get("/task", limit=2), one.ask("HEAD", "/task", limit=2)
        assert (head.status, head.body) == (200, b"")
        assert head.headers["etag"] == got.headers["etag"]
        assert "link" in head.headers


def test_who_brings_no_good_key_is_refused_in_the_same_words(both: Both) -> None:
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer "}, {"Authorization": "Token abc"}):
        for path in ("/task", "/task/x"):
            theirs, mine = both.studio.get(path, headers=headers), both.ours.get(path, headers=headers)
            assert (mine.status, mine.json) == (theirs.status, theirs.json) == (401, theirs.json)


def test_a_project_is_refused_in_the_same_words(both: Both) -> None:
    theirs, mine = both.studio.get("/task", projectId="x"), both.ours.get("/task", projectId="x")
    assert (mine.status, mine.json) == (theirs.status, theirs.json)
    assert mine.status == 400


@pytest.fixture
def studio() -> Iterator[Studio]:
    client = Studio(allow_private=True)
    yield client
    client.close()


def test_our_own_client_for_studio_works_with_another_address_and_key(
    studio: Studio, both: Both, live_server: Any, account: Account, still: Still
) -> None:
    theirs = Connection(still.sandbox.url, still.sandbox.key)
    ours = Connection(f"{live_server.url}/api/{account.pk}", both.ours.key or "")
    assert walk(studio, ours) == walk(studio, theirs)
    page = studio.list_tasks(ours, limit=5, count=True, filters=[{"id": "type", "value": "export"}])
    expected = studio.list_tasks(theirs, limit=5, count=True, filters=[{"id": "type", "value": "export"}])
    assert (page.total, page.cursor) == (expected.total, expected.cursor)
    one = expected.snapshots[0].upstream_id
    assert studio.get_task(ours, one) == studio.get_task(theirs, one)
    with pytest.raises(NotFound):
        studio.get_task(ours, "nothing")
    with pytest.raises(KeyRejected):
        studio.list_tasks(Connection(ours.url, "ltd_wrong"), limit=1)


def walk(studio: Studio, connection: Connection) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = studio.list_tasks(connection, limit=17, cursor=cursor, order="createdAt-true")
        found += [snapshot.upstream_id for snapshot in page.snapshots]
        cursor = page.cursor
        if cursor is None:
            return found


def test_no_planted_secret_is_in_any_answer(both: Both, still: Still) -> None:
    told = both.ours.get("/task", limit=1000).body.decode()
    for upstream_id in Task.objects.values_list("upstream_id", flat=True):
        told += both.ours.get(f"/task/{upstream_id}").body.decode()
    assert not [secret for secret in still.sandbox.secrets if secret and secret in told]
