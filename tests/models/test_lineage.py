"""The family of a task: what made its asset, what works on it, and what was cut from it."""

from collections.abc import Callable
from itertools import count
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import Account, Asset, Task
from dashboard.models.lineage import Lineage, lineage_of

_born = count(1_790_000_000_000, 1000)


def make(account: Account, name: str, kind: str = "upload", *, takes: str = "", makes: str = "") -> Task:
    at = next(_born)
    task: Task = Task.objects.create(
        account=account, upstream_id=name, title=name, type=kind, phase="completed", created_at=at, updated_at=at,
        first_seen_at=at, heard_at=at, input_asset_id=takes, output_asset_id=makes, document="x" * 100,
    )  # fmt: skip
    return task


def cut(account: Account, asset_id: str, source_id: str) -> None:
    Asset.objects.create(account=account, upstream_id=asset_id, source_id=source_id)


def told(found: Lineage) -> list[str]:
    return ["  " * kin.depth + kin.task.title + ("*" if kin.is_this else "") for kin in found]


def lineage(task: Task) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        found = lineage_of(Task.objects.defer("document").get(pk=task.pk))
        tree = told(found)
    assert len(queries) - 1 <= 8
    assert sum(kin.is_this for kin in found) == bool(found)
    return tree


def test_an_upload_and_its_exports_from_either_side(account: Account) -> None:
    upload = make(account, "upload", makes="a")
    first, second = (make(account, name, "export", takes="a") for name in ("first", "second"))
    make(account, "another", makes="b")
    assert lineage(upload) == ["upload*", "  first", "  second"]
    assert lineage(second) == ["upload", "  first", "  second*"]
    assert lineage(first) == ["upload", "  first*", "  second"]


def test_a_clip_hangs_below_what_made_the_asset_that_it_was_cut_from(account: Account) -> None:
    upload = make(account, "upload", makes="a")
    clip = make(account, "clip", "clip", makes="b")
    export = make(account, "export of the clip", "export", takes="b")
    make(account, "export", "export", takes="a")
    cut(account, "b", "a")
    tree = ["upload", "  export", "  clip", "    export of the clip"]
    for task in (upload, clip, export):
        assert [line.rstrip("*") for line in lineage(task)] == tree


def test_a_task_that_makes_one_asset_of_another_hangs_below_it(account: Account) -> None:
    make(account, "import", makes="a")
    make(account, "transcode", "transcode", takes="a", makes="b")
    export = make(account, "export", "export", takes="b")
    assert lineage(export) == ["import", "  transcode", "    export*"]


def test_exports_of_an_asset_whose_upload_we_do_not_hold_are_siblings(account: Account) -> None:
    first = make(account, "first", "export", takes="a")
    make(account, "second", "export", takes="a")
    assert lineage(first) == ["first*", "second"]


def test_clips_of_one_stream_are_siblings(account: Account) -> None:
    first = make(account, "first", "clip", makes="a")
    make(account, "second", "clip", makes="b")
    cut(account, "a", "stream")
    cut(account, "b", "stream")
    assert lineage(first) == ["first*", "second"]


def test_two_tasks_that_made_the_same_asset_stand_side_by_side(account: Account) -> None:
    make(account, "once", makes="a")
    again = make(account, "again", makes="a")
    make(account, "export", "export", takes="a")
    assert lineage(again) == ["once", "again*", "  export"]


def test_a_task_alone_and_one_without_assets_have_no_family(account: Account) -> None:
    alone, without = make(account, "alone", makes="a"), make(account, "without", "transcode-file")
    make(account, "also without", "transcode-file")
    cut(account, "a", "")
    assert lineage(alone) == lineage(without) == []
    with CaptureQueriesContext(connection) as queries:
        lineage_of(without)
    assert len(queries) == 0


@pytest.mark.parametrize("length", [1, 2, 3])
def test_circles_are_survived(account: Account, length: int) -> None:
    names = [f"a{number}" for number in range(length)]
    for number, name in enumerate(names):
        make(account, f"makes {name}", "clip", makes=name)
        cut(account, name, names[(number + 1) % length])
    export = make(account, "export", "export", takes="a0")
    assert sorted(line.strip() for line in lineage(export)) == sorted(["export*", *(f"makes {name}" for name in names)])


def test_a_task_that_takes_what_it_makes_is_survived(account: Account) -> None:
    task = make(account, "odd", takes="a", makes="a")
    assert lineage(task) == []
    make(account, "export", "export", takes="a")
    assert lineage(task) == ["odd*", "  export"]


def test_a_long_chain_is_followed_six_levels_up(account: Account) -> None:
    for number in range(12):
        make(account, f"t{number}", "clip", makes=f"a{number}")
        cut(account, f"a{number}", f"a{number - 1}" if number else "")
    last = Task.objects.get(title="t11")
    assert [line.strip() for line in lineage(last)] == ["t5", "t6", "t7", "t8", "t9", "t10", "t11*"]
    first = lineage(Task.objects.get(title="t0"))
    assert first[:3] == ["t0*", "  t1", "    t2"]


def test_of_a_thousand_exports_a_page_tells_forty_and_how_many_more(account: Account) -> None:
    upload = make(account, "upload", makes="a")
    at = next(_born)
    Task.objects.bulk_create(
        Task(
            account=account, upstream_id=f"e{number}", title=f"e{number}", type="export", phase="completed",
            created_at=at + number, updated_at=at, first_seen_at=at, heard_at=at, input_asset_id="a",
        )
        for number in range(1000)
    )  # fmt: skip
    for task in (upload, Task.objects.get(title="e3")):
        assert len(lineage(task)) == 40
        found = lineage_of(task)
        assert found.more == 961
        assert found[0].task == upload


def test_of_many_clips_as_many_are_told_and_the_rest_is_counted(account: Account) -> None:
    upload = make(account, "upload", makes="a")
    for number in range(60):
        make(account, f"clip {number}", "clip", makes=f"c{number}")
        cut(account, f"c{number}", "a")
    assert len(lineage(upload)) == 40
    assert lineage_of(upload).more == 21


def test_other_accounts_never_appear(account: Account, people: SimpleNamespace) -> None:
    other = Account.objects.create(team=people.other, name="Theirs", url="https://studio.example.test/api")
    for owner in (account, other):
        make(owner, f"upload of {owner.name}", makes="a")
        make(owner, f"export of {owner.name}", "export", takes="a")
    make(other, "their clip", "clip", makes="b")
    cut(other, "b", "a")
    upload = Task.objects.get(title="upload of Production")
    assert lineage(upload) == ["upload of Production*", "  export of Production"]


def test_drawing_the_tree_loads_nothing_more(
    account: Account, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    upload = make(account, "upload", makes="a")
    make(account, "export", "export", takes="a")
    found = lineage_of(upload)
    with django_assert_num_queries(0):
        assert [(k.task.upstream_id, k.task.phase, k.task.overlay, k.task.progress, k.task.updated_at) for k in found]
