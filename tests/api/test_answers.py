"""What stands in an answer, and how old it is."""

import gzip
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, override_settings

from dashboard.clock import now_ms
from dashboard.models import Account, Task
from dashboard.models import api_page as pages
from dashboard.models.memory import mark_gone
from tests.api.conftest import Script
from tests.models.documents import BORN_AT
from tests.views.conftest import hold, hold_many, move


def test_the_stored_text_is_the_answer_to_the_letter(script: Script, account: Account) -> None:
    task = hold(account, name="Évora 🎬", params={"upload": {"url": "https://x.test/?token=geheim"}})
    assert script.get(f"/{task.upstream_id}").content.decode() == task.document
    assert script.get().content.decode() == f"[{task.document}]"
    assert "geheim" not in task.document
    assert "Évora 🎬" in task.document


def test_a_list_has_no_link_on_its_last_page(script: Script, account: Account) -> None:
    hold_many(account, [BORN_AT + at for at in range(4)])
    assert 'cursor=skip2>; rel="next"' in script.get(query={"limit": 2})["Link"]
    for query in ({"limit": 2, "cursor": "skip2"}, {"limit": 4}, {"limit": 9}, {"cursor": "skip4"}):
        assert "Link" not in script.get(query=query).headers


def test_a_link_keeps_the_rest_of_the_query(script: Script, account: Account) -> None:
    hold_many(account, [BORN_AT + at for at in range(5)])
    filters = json.dumps([{"id": "type", "value": "upload"}])
    query = {"cursor": "skip1", "limit": 2, "filters": filters, "order": "createdAt-true", "phase": "completed"}
    response = script.get(query=query)
    url = response["Link"].split("<")[1].split(">")[0]
    assert url.startswith(f"http://testserver{script.base}?")
    following = Client().get(url, headers={"Authorization": f"Bearer {script.token}"})
    both = response.json() + following.json()
    assert len({one["id"] for one in both}) == 4
    assert "Link" not in following.headers


def test_behind_a_proxy_the_link_is_the_address_that_people_use(script: Script, account: Account) -> None:
    hold_many(account, [BORN_AT, BORN_AT + 1])
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        response = script.get(query={"limit": 1}, X_Forwarded_Proto="https", Host="testserver")
        assert response["Link"].startswith(f"<https://testserver{script.base}?")
    with override_settings(BASE_URL="https://tasks.example.test/"):
        response = script.get(query={"limit": 1})
        assert response["Link"].startswith(f"<https://tasks.example.test{script.base}?")


def test_another_host_is_not_linked_to(script: Script, account: Account) -> None:
    hold_many(account, [BORN_AT, BORN_AT + 1])
    assert script.get(query={"limit": 1}, Host="evil.test").status_code == 400


def test_the_count_is_told_only_when_asked_for_and_never_of_an_empty_page(script: Script, account: Account) -> None:
    hold_many(account, [BORN_AT, BORN_AT + 1])
    assert script.get(query={"count": "1", "limit": 1})["X-Total-Count"] == "2"
    assert "X-Total-Count" not in script.get().headers
    assert "X-Total-Count" not in script.get(query={"count": "1", "cursor": "skip2"}).headers


def test_the_age_of_the_copy_is_told_with_every_answer(script: Script, account: Account) -> None:
    task = hold(account)
    assert "X-As-Of" not in script.get().headers
    Account.objects.update(last_success_at=1_795_000_000_123)
    for path in ("", f"/{task.upstream_id}"):
        response = script.get(path)
        assert response["X-As-Of"] == "1795000000123"
        assert script.get(path, If_None_Match=response["ETag"])["X-As-Of"] == "1795000000123"


def test_an_etag_holds_until_something_changes(script: Script, account: Account) -> None:
    task, other = hold(account), hold(account)
    for path, query in (("", {"limit": 5}), (f"/{task.upstream_id}", {})):
        etag = script.get(path, query)["ETag"]
        for known in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
            assert script.get(path, query, If_None_Match=known).status_code == 304
        assert script.get(path, query | {"limit": 6}, If_None_Match=etag).status_code == (304 if path else 200)
    listed, one = script.get()["ETag"], script.get(f"/{task.upstream_id}")["ETag"]
    move(other, "completed")
    assert script.get(If_None_Match=listed).status_code == 200
    assert script.get(f"/{task.upstream_id}", If_None_Match=one).status_code == 304
    move(task, "completed")
    assert script.get(f"/{task.upstream_id}", If_None_Match=one).status_code == 200


def test_an_etag_of_one_account_is_not_that_of_another(
    script: Script, account: Account, people: SimpleNamespace, give: Any
) -> None:
    other = Account.objects.create(team=people.team, name="Staging", url=account.url)
    second = Script(other, give(accounts=[other]))
    assert script.get()["ETag"] != second.get()["ETag"]


def test_an_unknown_etag_header_is_no_error(script: Script) -> None:
    for strange in ("", "nonsense", 'W/"', ",,,", "W/W/"):
        assert script.get(If_None_Match=strange).status_code == 200


def test_a_deleted_task_is_hidden_from_lists_and_says_so_itself(script: Script, account: Account) -> None:
    told, gone = hold(account, deleted=True), hold(account)
    move(gone, "completed")
    mark_gone(gone, now_ms())
    assert script.ids() == []
    assert script.ids(count="1", phase="completed") == []
    for task in (told, gone):
        response = script.get(f"/{task.upstream_id}")
        assert response.status_code == 200
        assert response.json() == json.loads(task.document) | {"deleted": True}
        assert response.content.decode().count('"deleted"') == 1


def test_a_task_that_is_deleted_gets_another_etag(script: Script, account: Account) -> None:
    task = hold(account)
    etag = script.get(f"/{task.upstream_id}")["ETag"]
    mark_gone(task, now_ms())
    assert script.get(f"/{task.upstream_id}", If_None_Match=etag).status_code == 200


@pytest.mark.parametrize("upstream_id", ["%00", "%F0%9F%8E%AC", "a%25b", "..", "x" * 500, "'", "%ED%A0%80"])
def test_an_id_that_nobody_has_is_not_found(upstream_id: str, script: Script) -> None:
    assert script.get(f"/{upstream_id}").status_code == 404


@pytest.mark.parametrize("upstream_id", ["a%b", "name with spaces", "ü", "skip"])
def test_an_id_may_be_any_text(upstream_id: str, script: Script, account: Account) -> None:
    hold(account, id=upstream_id)
    from_list = script.get().json()[0]["id"]
    assert from_list == upstream_id
    response = script.get("/" + "".join(f"%{byte:02x}" for byte in upstream_id.encode()))
    assert response.json()["id"] == upstream_id


def test_a_large_answer_is_compressed_and_keeps_its_weak_etag(script: Script, account: Account) -> None:
    hold_many(account, [BORN_AT + at for at in range(30)])
    response = script.get(query={"limit": 30}, Accept_Encoding="gzip")
    assert response["Content-Encoding"] == "gzip"
    assert response["ETag"].startswith('W/"')
    assert len(json.loads(gzip.decompress(response.content))) == 30


def test_a_page_that_is_too_large_to_send_is_refused(
    script: Script, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LARGEST_PAGE_BYTES", 1000)
    hold_many(account, [BORN_AT + at for at in range(30)])
    response = script.get(query={"limit": 30})
    assert response.status_code == 400
    assert "smaller limit" in response.json()["errors"][0]
    assert script.get(query={"limit": 2}).status_code == 200


def test_every_page_of_a_deep_list_is_there_once(script: Script, account: Account) -> None:
    hold_many(account, [BORN_AT + at for at in range(450)])
    for order in ("", "createdAt-true", "createdAt-false", "id-false", "type-true", "updatedAt-false,id-true"):
        found: list[str] = []
        cursor = ""
        while cursor is not None:
            response = script.get(query={"limit": 100, "cursor": cursor, "order": order})
            found += [one["id"] for one in response.json()]
            link = response.headers.get("Link", "")
            cursor = link.split("cursor=")[1].split(">")[0].split("&")[0] if link else None
        assert len(found) == len(set(found)) == 450, order


def test_a_page_far_beyond_the_end_is_empty(script: Script, account: Account) -> None:
    hold(account)
    response = script.get(query={"cursor": "skip999999999999999999"})
    assert (response.status_code, response.json()) == (200, [])


def test_what_a_task_lacks_comes_last_in_both_directions(script: Script, account: Account) -> None:
    hold(account, id="none")
    hold(account, id="a", inputAssetId="a")
    hold(account, id="b", inputAssetId="b")
    assert script.ids(order="inputAssetId-false") == ["a", "b", "none"]
    assert script.ids(order="inputAssetId-true") == ["b", "a", "none"]
    for empty in ("", None):
        assert script.ids(filters=json.dumps([{"id": "inputAssetId", "value": empty}])) == []


def test_tasks_of_other_accounts_are_in_no_answer(
    script: Script, account: Account, people: SimpleNamespace, give: Any
) -> None:
    other = Account.objects.create(team=people.other, name="Elsewhere", url=account.url)
    theirs = hold(other)
    assert script.ids() == []
    assert script.get(f"/{theirs.upstream_id}").status_code == 404
    for query in ({"filters": json.dumps([{"id": "id", "value": theirs.upstream_id}])}, {"phase": "running"}):
        assert script.get(query=query).json() == []
    assert Task.objects.count() == 1
