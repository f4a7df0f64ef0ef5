"""Who may ask what, and the words in which the rest is refused."""

import base64
from collections.abc import Callable

import pytest

from dashboard.sandbox import Sandbox
from tests.sandbox.asking import Asker

Make = Callable[..., Asker]


def test_without_a_key_nobody_is_authenticated(full: Sandbox, asker: Make) -> None:
    for headers in ({}, {"Authorization": "Bearer "}):
        reply = asker(full, None).get("/task", headers)
        assert (reply.status, reply.json) == (401, {"errors": ["request is not authenticated"]})


def test_a_wrong_key_is_repeated_to_the_whole_world(full: Sandbox, asker: Make) -> None:
    reply = asker(full, "6b9a1c5e-0000-4000-8000-00000000cafe").get("/task")
    assert reply.status == 401
    assert reply.json == {"errors": ["no token 6b9a1c5e-0000-4000-8000-00000000cafe found"]}


def test_an_orphaned_key_is_repeated_with_its_whole_header(full: Sandbox, asker: Make) -> None:
    reply = asker(full, full.orphan_key).get("/user/me")
    text = f"no user found from authorization header: Bearer {full.orphan_key}"
    assert (reply.status, reply.json) == (401, {"errors": [text]})


def test_other_schemes_are_not_supported(full: Sandbox, asker: Make) -> None:
    reply = asker(full, None).get("/task", {"Authorization": f"Token {full.key}"})
    assert reply.json == {"errors": ["unsupported authorization header scheme: Token"]}


def test_the_scheme_may_be_written_in_any_case(full: Sandbox, asker: Make) -> None:
    assert asker(full, None).get("/task", {"Authorization": f"bEARER {full.key}"}).status == 200


def test_basic_takes_the_user_and_the_key(full: Sandbox, asker: Make) -> None:
    good = base64.b64encode(f"{full.user_id}:{full.key}".encode()).decode()
    assert asker(full, None).get("/task", {"Authorization": f"Basic {good}"}).status == 200
    bad = base64.b64encode(f"somebody:{full.key}".encode()).decode()
    reply = asker(full, None).get("/task", {"Authorization": f"Basic {bad}"})
    assert (reply.status, reply.json) == (401, {"errors": [f"no token {full.key} found"]})


@pytest.mark.parametrize("path", ["/task", "/asset", "/user/me", "/project"])
def test_a_restricted_key_may_list_nothing(full: Sandbox, asker: Make, path: str) -> None:
    reply = asker(full, full.limited_key).get(path)
    text = "access forbidden for CORS-enabled API key with restricted access"
    assert (reply.status, reply.json) == (403, {"errors": [text]})


def test_a_restricted_key_may_get_what_it_can_name(full: Sandbox, asker: Make) -> None:
    caller = asker(full, full.limited_key)
    assert caller.get(f"/task/{full.ids()[-1]}").status == 200
    assert caller.get(f"/asset/{full.asset_ids()[-1]}").status == 200


def test_a_key_with_rules_may_do_nothing_here(full: Sandbox, asker: Make) -> None:
    for path in ("/task", "/user/me", f"/task/{full.ids()[0]}"):
        reply = asker(full, full.rules_key).get(path)
        assert (reply.status, reply.json) == (403, {"errors": ["credential has insufficent privileges"]})


def test_a_suspended_user_is_told_so(full: Sandbox, asker: Make) -> None:
    reply = asker(full, full.suspended_key).get("/task")
    assert (reply.status, reply.json) == (403, {"errors": ["user is suspended"]})


def test_a_call_with_an_origin_is_refused(full: Sandbox, asker: Make) -> None:
    reply = asker(full).get("/task", {"Origin": "https://app.example.test"})
    text = "credential disallows CORS access from origin https://app.example.test"
    assert (reply.status, reply.json) == (403, {"errors": [text]})


def test_a_sister_project_lists_its_own_tasks_but_may_get_ours(full: Sandbox, asker: Make) -> None:
    sister = asker(full, full.sister_key)
    listed = sister.get("/task", limit="1000").json
    assert len(listed) == 12
    assert {task["projectId"] for task in listed} <= {full.project_id(1)}
    ours = full.ids()[0]
    assert ours not in {task["id"] for task in listed}
    assert sister.get(f"/task/{ours}").json["projectId"] == full.project_id(0)


def test_a_strangers_key_learns_that_our_task_exists_and_no_more(full: Sandbox, asker: Make) -> None:
    stranger = asker(full, full.stranger_key)
    reply = stranger.get(f"/task/{full.ids()[0]}")
    text = "user can only request information on their own tasks"
    assert (reply.status, reply.json) == (403, {"errors": [text]})
    reply = stranger.get(f"/asset/{full.asset_ids()[0]}")
    assert (reply.status, reply.json) == (404, {"errors": ["not found"]})


def test_a_revoked_key_is_unknown(empty: Sandbox, asker: Make) -> None:
    assert asker(empty).get("/task").status == 200
    empty.revoke(empty.key)
    assert asker(empty).get("/task").status == 401


def test_the_verbs_of_admins_are_refused(full: Sandbox, asker: Make) -> None:
    caller, task = asker(full), full.ids()[0]
    for method, path in (("POST", "/task"), ("DELETE", f"/task/{task}"), ("POST", f"/task/{task}/status")):
        reply = caller.ask(method, path)
        assert (reply.status, reply.json) == (403, {"errors": ["user does not have admin priviledges"]})


def test_a_key_names_its_user_and_projects(full: Sandbox, asker: Make) -> None:
    me = asker(full).get("/user/me").json
    assert me["id"] == full.user_id
    assert me["defaultProjectId"] == full.project_id()
    assert me["admin"] is False
    projects = asker(full, full.sister_key).get("/project").json
    assert [project["id"] for project in projects] == [full.project_id(1), full.project_id(0)]


def test_each_of_several_projects_has_a_key_and_tasks_of_its_own(asker: Make) -> None:
    with Sandbox(tasks=10, projects=3, pace=0) as sandbox:
        ids = [{task["id"] for task in asker(sandbox, key).get("/task").json} for key in sandbox.keys]
    assert [len(found) for found in ids] == [10, 10, 10]
    assert len(set.union(*ids)) == 30


def test_some_doors_need_no_key(full: Sandbox, asker: Make) -> None:
    caller = asker(full, None)
    assert set(caller.get("/version").json) == {"tag", "commit"}
    reply = caller.get("/playback/nope")
    assert (reply.status, reply.json) == (404, {"errors": ["No playback URL found for nope"]})
    assert Asker(full.url.removesuffix("/api"), None).get("/healthz").status == 200


def test_a_wrong_base_path_is_answered_by_a_web_page(full: Sandbox) -> None:
    reply = Asker(full.url.removesuffix("/api"), full.key).get("/user/me")
    assert reply.status == 404
    assert reply.headers["content-type"].startswith("text/html")
    assert Asker(full.url, full.key).get("/nothing/here").json == {"errors": ["not found"]}
