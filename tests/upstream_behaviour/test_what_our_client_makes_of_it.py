"""The same two servers through our own client: pages, snapshots, named errors, and no secret left."""

import json
from collections.abc import Iterator

import pytest

from dashboard.upstream.client import Connection, Studio
from dashboard.upstream.errors import BadRequest, KeyLimited, KeyRejected, NotFound, ServerError
from tests.upstream_behaviour.stages import Stage


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    client = Studio(allow_private=True)
    yield client
    client.close()


def connect(stage: Stage, key: str = "full") -> Connection:
    return Connection(stage.url, stage.keys[key])


def test_a_walk_ends_by_itself_and_misses_nothing(stage: Stage, studio: Studio) -> None:
    connection, seen, cursor, total = connect(stage), [], None, None
    for _ in range(9):
        page = studio.list_tasks(connection, limit=stage.limit, cursor=cursor, count=True)
        seen += [snapshot.upstream_id for snapshot in page.snapshots]
        cursor, total = page.cursor, page.total
        if cursor is None:
            break
    assert cursor is None
    assert len(seen) == len(set(seen)) == total


def test_news_are_asked_for_by_time(stage: Stage, studio: Studio) -> None:
    filters = [{"id": "updatedAt", "value": {"gte": stage.since}}]
    page = studio.list_tasks(connect(stage), limit=20, order="updatedAt-false", filters=filters)
    assert page.snapshots[0].updated_at == stage.since
    assert page.cursor is None


def test_each_part_is_read_for_what_it_is(stage: Stage, studio: Studio) -> None:
    read = {part: studio.get_task(connect(stage), stage.tasks[part]) for part in stage.tasks}
    assert (read["completed"].phase, read["completed"].progress) == ("completed", 1.0)
    assert 0 < (read["running"].progress or 0) < 1
    assert (read["retrying"].phase, read["retrying"].retries > 0) == ("waiting", True)
    assert read["retrying"].error
    assert read["failed"].error
    assert (read["pending"].scheduled_at, read["pending"].progress) == (None, None)
    assert read["deleted"].deleted
    assert not read["waiting"].deleted
    assert read["legacy"].type == "import"


def test_nothing_secret_survives_reading(stage: Stage, studio: Studio) -> None:
    for part, identifier in stage.tasks.items():
        document = studio.get_task(connect(stage), identifier).document
        text = json.dumps(document)
        assert not [secret for secret in stage.secrets if secret in text], part
        assert document["id"] == identifier


def test_nothing_secret_survives_a_walk_through_everything(stage: Stage, studio: Studio) -> None:
    cursor: str | None = None
    for _ in range(9):
        page = studio.list_tasks(connect(stage), limit=stage.limit, cursor=cursor, count=True)
        text = json.dumps([snapshot.document for snapshot in page.snapshots], ensure_ascii=False)
        assert not [secret for secret in stage.secrets if secret in text]
        if (cursor := page.cursor) is None:
            break
    cards = studio.list_assets(connect(stage), limit=20).cards
    assert not [secret for secret in stage.secrets if secret in json.dumps([card.document for card in cards])]


def test_every_refusal_has_its_name_and_no_sentence_has_the_key(stage: Stage, studio: Studio) -> None:
    cases = (("unknown", KeyRejected), ("limited", KeyLimited), ("rules", KeyLimited), ("suspended", KeyLimited))
    for key, error in cases:
        with pytest.raises(error) as caught:
            studio.list_tasks(connect(stage, key), limit=1)
        assert stage.keys[key] not in str(caught.value) + caught.value.sentence
    with pytest.raises(NotFound):
        studio.get_task(connect(stage), "00000000-0000-4000-8000-000000000000")
    with pytest.raises(KeyLimited):
        studio.get_task(connect(stage, "stranger"), stage.tasks["completed"])
    with pytest.raises(BadRequest):
        studio.retry_task(connect(stage), stage.tasks["completed"])


def test_a_list_broken_by_one_row_is_known_as_such(stage: Stage, studio: Studio) -> None:
    with pytest.raises(ServerError) as caught:
        studio.list_tasks(connect(stage, "broken"), limit=20)
    assert caught.value.broken_row


def test_names_come_from_assets(stage: Stage, studio: Studio) -> None:
    first = studio.list_assets(connect(stage), limit=1)
    assert first.cursor == "skip1"
    assert first.cards[0].name
    card = studio.get_asset(connect(stage), stage.assets["completed"])
    assert card.phase == "ready"
    with pytest.raises(NotFound):
        studio.get_asset(connect(stage), "nope")


def test_a_key_names_its_user_where_it_may(stage: Stage, studio: Studio) -> None:
    user = studio.me(connect(stage))
    assert "@" in user.email
    assert user.default_project_id == studio.get_task(connect(stage), stage.tasks["completed"]).project_id
    with pytest.raises(KeyLimited):
        studio.me(connect(stage, "limited"))
