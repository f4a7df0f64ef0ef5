"""What a search looks into follows the tasks, in the same transactions."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dashboard.clock import DAY
from dashboard.models import Account, Asset, Haystack, Name, Task, cards, words
from dashboard.models.cards import mark_asset_gone, remember_cards
from dashboard.models.memory import mark_gone, remember
from dashboard.sync import removing
from dashboard.sync.housekeeping import _forget_tasks
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import AssetCard
from tests.models.documents import BORN_AT, snapshot

NOW = BORN_AT + 400_000
MADE = {"outputAssetId": "asset-1"}
REDACTOR = Redactor("00000000-0000-4000-8000-000000000000")


def card(name: str, at: int = 1, asset_id: str = "asset-1", **fields: object) -> AssetCard:
    return AssetCard.read(
        {"id": asset_id, "name": name, "status": {"phase": "ready", "updatedAt": at}, **fields}, REDACTOR
    )


def found(text: str) -> set[str]:
    """The tasks that the database finds by a text of 3 characters or more, by its own index of trigrams."""
    if connection.vendor == "postgresql":
        return set(Task.objects.filter(haystack__text__contains=text).values_list("upstream_id", flat=True))
    asked = " ".join(f'"{text[at : at + 3]}"' for at in range(len(text) - 2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid FROM dashboard_trigrams WHERE dashboard_trigrams MATCH %s", [asked])
        ids = {pk for (pk,) in cursor.fetchall()}
    held = dict(Task.objects.values_list("pk", "upstream_id"))
    return {held.get(pk, f"{pk}, which is gone") for pk in ids}


def called(value: str, kind: str) -> set[str]:
    return set(Task.objects.filter(names__value=value, names__kind=kind).values_list("upstream_id", flat=True))


def assert_nothing_is_left() -> None:
    assert not Haystack.objects.exists()
    assert not Name.objects.exists()
    if connection.vendor == "sqlite":
        assert trigrams_held() == 0


def trigrams_held() -> int:
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.held USING fts5vocab(main, dashboard_trigrams, row)")
        cursor.execute("SELECT count(*) FROM temp.held")
        return int(cursor.fetchone()[0])


def texts_written(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in queries if "haystack" in query["sql"] and not query["sql"].startswith("SELECT")]


def test_a_new_task_is_found_by_every_part_of_it(account: Account) -> None:
    remember(account, [snapshot("failed", errorMessage="Codec  ÄÖÜ"), snapshot(upstream_id="task-2", **MADE)], NOW)
    assert found("codec äöü") == {"task-1"}
    assert found("media.example.test") == {"task-1", "task-2"}
    assert called("task-2", "id") == {"task-2"}
    assert called("asset-1", "asset") == {"task-2"}
    assert called("holiday.mp4", "file") == {"task-1", "task-2"}


def test_words_that_are_gone_find_the_task_no_longer(account: Account) -> None:
    remember(account, [snapshot("waiting", 1, retries=1, errorMessage="execution timeout", **MADE)], NOW)
    remember(account, [snapshot("running", 2, retries=1, outputAssetId="asset-2", output={"cid": "bafy"})], NOW)
    assert found("timeout") == found("asset-1") == called("asset-1", "asset") == set()
    assert found("asset-2") == called("asset-2", "asset") == called("bafy", "cid") == {"task-1"}
    assert Name.objects.filter(kind="id").count() == 1


def test_a_text_that_did_not_change_is_not_written_again(account: Account) -> None:
    remember(account, [snapshot("running", 1, progress=0.1)], NOW)
    names = list(Name.objects.order_by("pk").values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        remember(account, [snapshot("running", 2, progress=0.2)], NOW)
    assert texts_written(queries) == []
    assert list(Name.objects.order_by("pk").values_list("pk", flat=True)) == names


def test_what_is_rolled_back_is_not_found(account: Account) -> None:
    with transaction.atomic():
        remember(account, [snapshot()], NOW)
        transaction.set_rollback(True)
    assert_nothing_is_left()


def test_a_task_of_an_asset_that_is_known_is_found_by_its_name_and_playback_id(account: Account) -> None:
    Asset.objects.create(account=account, upstream_id="asset-1", name="Lisbon.mov", playback_id="Abcd1234efgh")
    remember(account, [snapshot(**MADE)], NOW)
    assert found("lisbon") == found("abcd1234") == called("abcd1234efgh", "playback") == {"task-1"}
    assert called("lisbon.mov", "title") == {"task-1"}


def test_an_asset_that_gets_a_name_gives_it_to_all_its_tasks_by_few_statements(account: Account) -> None:
    exports = [snapshot(upstream_id=f"export-{number}", inputAssetId="asset-1") for number in range(60)]
    remember(account, [snapshot(**MADE), *exports, snapshot(upstream_id="other", outputAssetId="asset-2")], NOW)
    with CaptureQueriesContext(connection) as queries:
        remember_cards(account, [card("Lisbon.mov", playbackId="Abcd1234efgh")], NOW)
    assert len(queries) < 30
    bearers = {"task-1", *(each.upstream_id for each in exports)}
    assert found("lisbon.mov") == found("abcd1234efgh") == bearers
    assert called("lisbon.mov", "title") == called("abcd1234efgh", "playback") == bearers
    assert set(Task.objects.values_list("title", "title_key")) == {
        ("Lisbon.mov", "lisbon.mov"),
        ("holiday.mp4", "holiday.mp4"),
    }


def test_many_assets_that_get_names_at_once_need_few_statements(account: Account) -> None:
    assets = [f"asset-{number}" for number in range(20)]
    makers = [snapshot(upstream_id=f"made-{each}", outputAssetId=each) for each in assets]
    users = [snapshot(upstream_id=f"used-{each}", inputAssetId=each) for each in assets]
    remember(account, [*makers, *users], NOW)
    with CaptureQueriesContext(connection) as queries:
        remember_cards(account, [card(f"{each}.mov", asset_id=each, playbackId=f"of-{each}") for each in assets], NOW)
    assert len(queries) < 30
    for each in assets:
        assert called(f"{each}.mov", "title") == called(f"of-{each}", "playback") == {f"made-{each}", f"used-{each}"}
    assert found("asset-7.mov") == found("of-asset-7") == {"made-asset-7", "used-asset-7"}


def test_no_task_is_forgotten_when_an_asset_has_more_of_them_than_are_renamed_at_once(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "RENAMED_AT_ONCE", 4)
    remember(account, [snapshot(upstream_id=f"export-{number}", inputAssetId="asset-1") for number in range(9)], NOW)
    remember_cards(account, [card("Lisbon.mov", playbackId="p-id")], NOW)
    assert len(found("lisbon.mov")) == len(called("lisbon.mov", "title")) == len(called("p-id", "playback")) == 9


def test_a_new_name_takes_the_place_of_the_old_one_and_of_nothing_else(account: Account) -> None:
    remember(account, [snapshot("failed", errorMessage="no codec", **MADE)], NOW)
    remember_cards(account, [card("Lisbon.mov", 1, playbackId="first-id")], NOW)
    before = Haystack.objects.get().text
    remember_cards(account, [card("Zürich\nTrip", 2, playbackId="second-id")], NOW)
    assert (
        found("lisbon") == found("first-id") == called("first-id", "playback") == called("lisbon.mov", "title") == set()
    )
    assert Haystack.objects.get().text == before.replace("lisbon.mov\nfirst-id", "zürich trip\nsecond-id")
    assert found("zürich trip") == called("second-id", "playback") == called("holiday.mp4", "file") == {"task-1"}
    remember_cards(account, [card("", 3, playbackId="third-id")], NOW)
    assert Haystack.objects.get().text == before.replace("lisbon.mov\nfirst-id", "zürich trip\nthird-id")


def test_a_card_that_another_writer_overtook_changes_nothing(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(account, [snapshot("running", 1, **MADE)], NOW)
    remember_cards(account, [card("Lisbon.mov", 1)], NOW)
    lock = cards._lock

    def overtaken(account: Account) -> bool:
        monkeypatch.setattr(cards, "_lock", lock)
        remember_cards(account, [card("Porto.mov", 5, playbackId="newer-id")], NOW)
        return lock(account)

    monkeypatch.setattr(cards, "_lock", overtaken)
    remember_cards(account, [card("Faro.mov", 3, playbackId="older-id")], NOW)
    assert Asset.objects.get().name == Task.objects.get().title == "Porto.mov"
    assert (called("newer-id", "playback"), called("older-id", "playback")) == ({"task-1"}, set())


def test_a_rename_leaves_what_a_later_word_of_the_task_would_write(account: Account) -> None:
    remember(account, [snapshot("running", 1, **MADE)], NOW)
    remember_cards(account, [card("Lisbon.mov", playbackId="p-id")], NOW)
    with CaptureQueriesContext(connection) as queries:
        remember(account, [snapshot("running", 2, progress=0.5, **MADE)], NOW)
    assert texts_written(queries) == []


def test_an_asset_that_only_changed_its_state_writes_no_text(account: Account) -> None:
    remember(account, [snapshot(**MADE)], NOW)
    remember_cards(account, [card("Lisbon.mov", 1)], NOW)
    with CaptureQueriesContext(connection) as queries:
        remember_cards(account, [card("Lisbon.mov", 2, size=77)], NOW)
        mark_asset_gone(account, "asset-1", NOW)
    assert texts_written(queries) == []


def test_a_task_that_is_gone_at_studio_is_still_found(account: Account) -> None:
    remember(account, [snapshot()], NOW)
    mark_gone(Task.objects.get(), NOW)
    assert found("holiday") == called("task-1", "id") == {"task-1"}


def test_a_task_that_is_deleted_or_forgotten_leaves_nothing_to_be_found(account: Account) -> None:
    remember(account, [snapshot("completed", upstream_id=f"task-{n}", **MADE) for n in range(5)], NOW)
    Task.objects.get(upstream_id="task-0").delete()
    assert found("task-0") == set()
    assert len(found("holiday")) == 4
    _forget_tasks(account, NOW + DAY)
    assert_nothing_is_left()


def test_a_removed_account_leaves_nothing_to_be_found(account: Account, people: SimpleNamespace) -> None:
    other = Account.objects.create(team=people.other, name="Theirs", url="https://studio.example.test/api")
    remember(account, [snapshot()], NOW)
    remember(other, [snapshot(upstream_id="theirs")], NOW)
    Account.objects.filter(pk=account.pk).update(removed_at=NOW)
    while removing.remove_some():
        continue
    assert found("holiday") == {"theirs"}
    other.delete()
    assert_nothing_is_left()


@pytest.mark.parametrize(
    ("phase", "times", "took"),
    [
        ("completed", {"scheduledAt": BORN_AT + 10_000}, 20_000),
        ("failed", {"scheduledAt": None}, 30_000),
        ("failed", {"scheduledAt": BORN_AT + 99_000}, -1),
        ("cancelled", {}, -1),
        ("running", {}, -1),
    ],
)
def test_a_task_took_the_time_from_its_start_to_its_end(
    account: Account, phase: str, times: dict[str, int], took: int
) -> None:
    remember(account, [snapshot(phase, 30, **times)], NOW)
    assert Task.objects.get().took == took


def test_titles_are_sorted_by_their_folded_beginning(account: Account) -> None:
    remember(account, [snapshot(name="ÉTÉ  " + "x" * 400)], NOW)
    assert Task.objects.get().title_key == "été " + "x" * 196
