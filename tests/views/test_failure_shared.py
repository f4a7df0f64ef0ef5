"""What failed tasks share and tasks that worked do not, as people read it."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.clock import MINUTE, now_ms
from dashboard.models import Account, Asset, Failure, Group, Task, Team
from dashboard.models.memory import remember
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import Snapshot
from dashboard.views import failure_shared
from tests.views.conftest import KEY, Connect
from tests.views.html import Page
from tests.views.region import HTMX

SignIn = Callable[[str], Client]
BAD, GOOD = "https://media.acme.example/in/{n}.mp4", "https://cdn.example.test/{n}.mp4"
MESSAGE = "file could not be imported from URL because it was not accessible"
_numbers = itertools.count(1)


@pytest.fixture
def bob(sign_in: SignIn) -> Client:
    return sign_in("bob")


def hear(account: Account, count: int, phase: str, url: str = GOOD, **fields: Any) -> list[Task]:
    """So many tasks of that phase, as if Studio had told of them at once."""
    now, documents = now_ms(), list[dict[str, Any]]()
    for n in itertools.islice(_numbers, count):
        status = {"phase": phase, "updatedAt": now - MINUTE + n % MINUTE}
        if phase == "failed":
            status |= {"errorMessage": fields.get("message", MESSAGE), "retries": 2}
        documents.append(
            {"id": f"{n:08x}-0000-4000-8000-000000000000", "type": "upload", "createdAt": now - 2 * MINUTE}
            | {"params": {"upload": {"url": url.format(n=n)}}, "status": status}
            | {name: value for name, value in fields.items() if name != "message"}
        )
    remember(account, [Snapshot.read(document, Redactor(KEY)) for document in documents], now)
    return list(Task.objects.filter(account=account, upstream_id__in=[document["id"] for document in documents]))


def region_of(client: Client, group: Group) -> Page:
    response = client.get(f"/failures/{group.pk}/shared/", headers=HTMX)
    assert response.status_code == 200
    return Page(response)


def rows_of(page: Page) -> list[str]:
    return [element["data-feature"] for element in page.all("data-feature")]


def test_the_host_that_only_the_failed_ones_have_is_first_with_its_numbers(quiet: Account, bob: Client) -> None:
    hear(quiet, 30, "completed")
    hear(quiet, 12, "failed", BAD)
    page = region_of(bob, Group.objects.get())
    assert rows_of(page) == ["host"]
    assert "What the 12 share, and how common it is elsewhere" in page.text
    assert "host media.acme.example" in page.text
    assert (page.source.count("100\u00a0%"), page.source.count(">0\u00a0%")) == (1, 1)
    assert "12 of 12" in page.text
    assert "0 of 30" in page.text
    assert "12 failures beside 30 tasks of the same accounts and types that worked, newest first." in page.text
    assert page.one("max", "100")["value"] == "100"
    assert "may be chance" not in page.text


def test_neither_nothing_nor_all_is_said_where_that_is_not_so(quiet: Account, bob: Client) -> None:
    hear(quiet, 299, "completed")
    hear(quiet, 1, "completed", BAD)
    hear(quiet, 1, "failed")
    hear(quiet, 299, "failed", BAD)
    page = region_of(bob, Group.objects.get())
    assert "over 99\u00a0%" in page.source
    assert "under 1\u00a0%" in page.source


def test_features_of_the_same_tasks_stand_in_one_row(quiet: Account, bob: Client) -> None:
    hear(quiet, 20, "completed")
    hear(quiet, 10, "completed", GOOD + "?sig=abcdefgh12345678")
    hear(quiet, 12, "failed", BAD + "?sig=abcdefgh12345678")
    page = region_of(bob, Group.objects.get())
    assert rows_of(page) == ["host"]
    assert "The same tasks: signed URL (33\u00a0% elsewhere)" in page.source.replace("<bdi>", "").replace("</bdi>", "")


def test_the_asset_of_a_task_tells_its_creator(quiet: Account, bob: Client) -> None:
    Asset.objects.create(account=quiet, upstream_id="a1", document='{"creatorId":{"value":"harbour"}}')
    Asset.objects.create(account=quiet, upstream_id="a2", document='{"createdByTokenName":"Archive"}')
    hear(quiet, 30, "completed", outputAssetId="a2")
    hear(quiet, 12, "failed", outputAssetId="a1")
    assert "creator harbour" in region_of(bob, Group.objects.get()).text


def test_small_samples_are_called_so(quiet: Account, bob: Client) -> None:
    hear(quiet, 30, "completed")
    hear(quiet, 4, "failed", BAD)
    page = region_of(bob, Group.objects.get())
    assert "Only 4 failures: what they share may be chance." in page.text
    assert rows_of(page) == ["host"]


def test_one_failure_shares_nothing(quiet: Account, bob: Client) -> None:
    hear(quiet, 30, "completed")
    hear(quiet, 1, "failed", BAD)
    page = region_of(bob, Group.objects.get())
    assert rows_of(page) == []
    assert "One failure alone cannot show what failures share." in page.text
    assert "1 failure beside 30 tasks" in page.text


def test_without_a_task_that_worked_there_is_nothing_to_compare_with(quiet: Account, bob: Client) -> None:
    hear(quiet, 12, "failed", BAD)
    page = region_of(bob, Group.objects.get())
    assert rows_of(page) == []
    assert "there is nothing to compare with" in page.text


def test_where_nothing_differs_that_is_said(quiet: Account, bob: Client) -> None:
    hear(quiet, 30, "completed")
    hear(quiet, 12, "failed")
    page = region_of(bob, Group.objects.get())
    assert rows_of(page) == []
    assert "Nothing that is known of them is more common than among tasks that worked." in page.text


def test_a_task_that_worked_after_such_a_failure_is_no_example_of_one_that_worked(quiet: Account, bob: Client) -> None:
    hear(quiet, 25, "completed")
    for task in hear(quiet, 12, "failed", BAD):
        document = task.opened() | {"status": {"phase": "completed", "updatedAt": now_ms() + 1}}
        remember(quiet, [Snapshot.read(document, Redactor(KEY))], now_ms())
    page = region_of(bob, Group.objects.get())
    assert "12 failures beside 25 tasks" in page.text
    assert rows_of(page) == ["host"]


def test_only_tasks_of_the_same_accounts_and_types_are_compared(
    quiet: Account, bob: Client, connect_quiet: Connect
) -> None:
    hear(connect_quiet("Other"), 40, "completed")
    hear(quiet, 40, "completed", type="clip")
    hear(quiet, 21, "completed")
    hear(quiet, 12, "failed", BAD)
    assert "12 failures beside 21 tasks" in region_of(bob, Group.objects.get()).text


def test_the_newest_three_hundred_of_each_are_compared(quiet: Account, bob: Client) -> None:
    hear(quiet, 310, "completed")
    hear(quiet, 301, "failed", BAD)
    page = region_of(bob, Group.objects.get())
    assert "The newest 300 failures beside 300 tasks" in page.text
    assert "300 of 300" in page.text


def test_merged_groups_count_together_and_lead_to_the_same_region(quiet: Account, bob: Client) -> None:
    hear(quiet, 30, "completed")
    hear(quiet, 7, "failed", BAD)
    hear(quiet, 6, "failed", BAD, message="execution timeout")
    root, other = Group.objects.order_by("pk")
    Group.objects.filter(pk=other.pk).update(merged_into=root)
    for group in (root, other):
        assert "13 failures beside 30 tasks" in region_of(bob, group).text


def test_without_scripts_it_is_a_page_that_leads_back(quiet: Account, bob: Client) -> None:
    hear(quiet, 12, "failed", BAD)
    group = Group.objects.get()
    page = Page(bob.get(f"/failures/{group.pk}/shared/"))
    assert page.one("id", "shared")
    assert [element for element in page.all("href") if element["href"] == f"/failures/{group.pk}/"]
    assert group.title in page.text
    assert "<html" not in region_of(bob, group).source


def test_only_who_sees_the_group_sees_what_it_shares(quiet: Account, sign_in: SignIn) -> None:
    hear(quiet, 12, "failed", BAD)
    path = f"/failures/{Group.objects.get().pk}/shared/"
    assert sign_in("charlie").get(path).status_code == 404
    assert Client().get(path, headers=HTMX).status_code == 401
    assert Client().get(path).status_code == 302
    assert sign_in("bob").post(path).status_code == 405
    assert sign_in("bob").get(f"/failures/{2**63}/shared/").status_code == 404


def test_what_is_kept_is_made_anew_after_another_failure(quiet: Account, bob: Client) -> None:
    hear(quiet, 30, "completed")
    hear(quiet, 12, "failed", BAD)
    group = Group.objects.get()
    region_of(bob, group)
    with CaptureQueriesContext(
        connection,
    ) as kept:
        region_of(bob, group)
    assert not [query for query in kept if "dashboard_task" in query["sql"]]
    hear(quiet, 1, "failed", BAD)
    assert "13 failures" in region_of(bob, group).text


def test_a_renamed_account_is_told_by_its_new_name(quiet: Account, bob: Client, connect_quiet: Connect) -> None:
    hear(connect_quiet("Other"), 30, "completed")
    hear(connect_quiet("Third"), 1, "failed")
    hear(quiet, 12, "failed")
    hear(Account.objects.get(name="Other"), 2, "failed")
    group = Group.objects.get()
    assert "account Acme Live" in region_of(bob, group).text
    Account.objects.filter(pk=quiet.pk).update(name="Acme Vod")
    assert "account Acme Vod" in region_of(bob, group).text


def test_of_a_huge_document_nothing_is_read(quiet: Account, bob: Client) -> None:
    hear(quiet, 30, "completed")
    hear(quiet, 12, "failed", BAD, name="x" * 40_000)
    page = region_of(bob, Group.objects.get())
    assert "12 failures beside 30 tasks" in page.text
    assert "media.acme.example" not in page.text


def test_nothing_of_a_document_becomes_markup(quiet: Account, bob: Client) -> None:
    hear(quiet, 30, "completed")
    hear(quiet, 12, "failed", "https://<script>alert(1)<", type="<b>\u202e")
    hear(quiet, 12, "failed", "https://<script>alert(1)<", message="\x1b[31m")
    hear(quiet, 30, "completed", type="<b>\u202e")
    for group in Group.objects.all():
        page = region_of(bob, group)
        assert "host <script>alert(1)<" in page.text
        assert not {"script", "b"} & {element["tag"] for element in page.elements}
        assert not page.all("style")
        assert "\u202e" not in page.source


def test_everything_is_read_by_an_index(quiet: Account, bob: Client) -> None:
    hear(quiet, 30, "completed")
    hear(quiet, 12, "failed", BAD, outputAssetId="a1")
    with CaptureQueriesContext(connection) as queries:
        region_of(bob, Group.objects.get())
    if connection.vendor != "sqlite":
        return
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = [row[3] for row in cursor.fetchall()]
        tables = ("dashboard_task", "dashboard_failure", "dashboard_asset")
        assert not [step for step in plan if step.startswith("SCAN") and any(table in step for table in tables)], query
    assert len(queries) < 15


def test_accounts_of_another_team_are_never_compared(
    quiet: Account, connect_quiet: Connect, bob: Client, people: Any
) -> None:
    hear(connect_quiet("Theirs", team=people.other), 30, "completed")
    hear(quiet, 12, "failed", BAD)
    group = Group.objects.get(team=Team.objects.get(name="Acme"))
    Failure.objects.update(account=Account.objects.get(name="Theirs"))  # even if a row were wrong
    names = {quiet.pk: "Acme Live"}
    assert failure_shared.compare(group, names)[:2] == (0, 0)
