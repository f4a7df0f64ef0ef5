"""What is sent, and what is understood."""

import gzip
import json
import zlib
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from dashboard.upstream.client import Connection
from dashboard.upstream.errors import BadAnswer, KeyRejected, NotFound, PrivateAddress, TooLarge

from .asking import Asker
from .secrets_and_ids import KEY
from .servers import always, serving

TASK = {"id": "t1", "type": "upload", "status": {"phase": "running", "progress": 0.36, "updatedAt": 1795323747277}}
ONE_PAGE = json.dumps([TASK])


def test_a_page_of_tasks_is_asked_for_and_read(ask: Asker) -> None:
    link = '<http://127.0.0.1/api/task?limit=1&cursor=skip1>; rel="next"'
    with serving(always(200, ONE_PAGE, X_Total_Count="42", Link=link)) as server:
        page = ask(server.url, "list_tasks", limit=1, order="createdAt-true", cursor="skip7", count=True)
    assert [snapshot.upstream_id for snapshot in page.snapshots] == ["t1"]
    assert (page.rows, page.unreadable, page.total, page.cursor) == (1, 0, 42, "skip1")
    [seen] = server.seen
    assert seen.method == "GET"
    assert urlsplit(seen.path).path == "/api/task"
    query = parse_qs(urlsplit(seen.path).query)
    assert query == {"limit": ["1"], "order": ["createdAt-true"], "cursor": ["skip7"], "count": ["true"]}


def test_the_key_goes_into_one_header_and_nothing_says_where_we_come_from(ask: Asker) -> None:
    with serving(always(200, ONE_PAGE)) as server:
        ask(server.url, "list_tasks", limit=5)
    headers = server.seen[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert not {"origin", "referer", "cookie"} & set(headers)
    assert KEY not in server.seen[0].path


def test_filters_survive_being_decoded_twice(ask: Asker) -> None:
    filters = [{"id": "name", "value": '50% "ü" + &=#'}, {"id": "updatedAt", "value": {"gte": 5}}]
    with serving(always(200, "[]")) as server:
        ask(server.url, "list_tasks", limit=5, filters=filters)
    [value] = parse_qs(urlsplit(server.seen[0].path).query)["filters"]
    assert json.loads(unquote(value)) == filters


@pytest.mark.parametrize("upstream_id", ["t1", "a/b", "../user/me", "a?b=c#d", "ü %41", "%2e%2e"])
def test_an_id_is_one_piece_of_the_path(ask: Asker, upstream_id: str) -> None:
    with serving(always(200, json.dumps(TASK))) as server:
        assert ask(server.url, "get_task", upstream_id).upstream_id == "t1"
    path = server.seen[0].path
    assert path.startswith("/api/task/")
    assert unquote(path.removeprefix("/api/task/")) == upstream_id
    assert path.count("/") == 3


@pytest.mark.parametrize("upstream_id", ["", " ", ".", "..", "x" * 201])
def test_what_cannot_be_an_id_is_not_even_asked_for(ask: Asker, upstream_id: str) -> None:
    with serving(always(200, "[]")) as server:
        assert isinstance(ask.error(server.url, "get_task", upstream_id), NotFound)
    assert server.seen == []


def test_every_question_has_its_own_path(ask: Asker) -> None:
    asset = {"id": "a1", "name": "a film.mp4", "playbackId": "p1", "status": {"phase": "ready"}}
    with serving(always(200, json.dumps(asset))) as server:
        assert ask(server.url, "get_asset", "a1").name == "a film.mp4"
        assert ask(server.url, "retry_task", "t1") == "a1"
        assert server.seen[1].method == "POST"
    with serving(always(200, '{"id": "u1", "email": "ana@example.test", "defaultProjectId": "p"}')) as users:
        assert ask(users.url, "me").email == "ana@example.test"
    with serving(always(200, json.dumps([asset]))) as assets:
        assert ask(assets.url, "list_assets", limit=20, order="updatedAt-true").cards[0].upstream_id == "a1"
    paths = [seen.path for seen in server.seen + users.seen + assets.seen]
    assert paths == ["/api/asset/a1", "/api/task/t1/retry", "/api/user/me", "/api/asset?limit=20&order=updatedAt-true"]


@pytest.mark.parametrize("content_type", ["text/html", "", "application/octet-stream"])
def test_json_is_json_whatever_the_content_type_claims(ask: Asker, content_type: str) -> None:
    with serving(always(200, ONE_PAGE, Content_Type=content_type)) as server:
        assert ask(server.url, "list_tasks", limit=1).rows == 1


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes), ("GZIP", gzip.compress)],
)
def test_compressed_answers_are_read(ask: Asker, encoding: str, pack: object) -> None:
    body = pack(ONE_PAGE.encode())  # type: ignore[operator]
    with serving(always(200, body, Content_Encoding=encoding)) as server:
        assert ask(server.url, "list_tasks", limit=1).rows == 1


def test_a_large_page_is_read_beside_the_event_loop(ask: Asker) -> None:
    rows = [{"id": f"t{number}", "params": {"x": "y" * 200}} for number in range(1000)]
    with serving(always(200, json.dumps(rows))) as server:
        assert len(ask(server.url, "list_tasks", limit=1000).snapshots) == 1000


@pytest.mark.parametrize(
    ("link", "cursor"),
    [
        (None, None),
        ("", None),
        ('<http://elsewhere.test/api/task?cursor=skip20>; rel="next"', "skip20"),
        ("<http://h.test/?cursor=skip20&limit=1>; rel=next", "skip20"),
        ('<http://h.test/?cursor=undefined>; rel="next"', None),
        ('<http://h.test/?cursor=>; rel="next"', None),
        ('<http://h.test/>; rel="next"', None),
        ('<http://h.test/?cursor=skip0>; rel="prev"', None),
        ('<http://h.test/?cursor=a>; rel="prev", <http://h.test/?cursor=b>; rel="next"', "b"),
        ('<http://h.test/?cursor=a%0d%0aHost:x>; rel="next"', None),
        ("<http://h.test/?cursor=" + "x" * 300 + '>; rel="next"', None),
        ('<http://[bad/?cursor=a>; rel="next"', None),
        ("cursor=a; rel=next", None),
        ('<http://h.test/?cursor=skip7>; rel="next"', None),
    ],
)
def test_only_the_cursor_is_taken_from_a_link(ask: Asker, link: str | None, cursor: str | None) -> None:
    headers = {} if link is None else {"Link": link}
    with serving(always(200, ONE_PAGE, **headers)) as server:
        assert ask(server.url, "list_tasks", limit=1, cursor="skip7").cursor == cursor
    assert len(server.seen) == 1


def test_a_short_page_ends_the_walk_whatever_its_link_says(ask: Asker) -> None:
    with serving(always(200, ONE_PAGE, Link='<http://h.test/?cursor=skip20>; rel="next"')) as server:
        assert ask(server.url, "list_tasks", limit=2).cursor is None


@pytest.mark.parametrize("count", ["", "x", "-1", "1e3", "９", "9" * 40])
def test_a_strange_total_is_no_total(ask: Asker, count: str) -> None:
    with serving(always(200, "[]", X_Total_Count=count.encode().decode("latin-1"))) as server:
        assert ask(server.url, "list_tasks", limit=2).total is None


def test_one_unreadable_row_costs_that_row(ask: Asker) -> None:
    huge = "7" * 5000
    body = f'[{ONE_PAGE[1:-1]}, null, "x", {{"no": "id"}}, {{"id": "odd", "createdAt": {huge}, "n": NaN}}]'
    with serving(always(200, body)) as server:
        page = ask(server.url, "list_tasks", limit=5)
    assert [snapshot.upstream_id for snapshot in page.snapshots] == ["t1", "odd"]
    assert (page.rows, page.unreadable) == (5, 3)


def test_a_row_that_is_nested_too_deeply_costs_that_row(ask: Asker) -> None:
    deep = '{"id": "deep", "x": ' + "[" * 100_000 + "]" * 100_000 + "}"
    with serving(always(200, f'[{ONE_PAGE[1:-1]}, {deep}, {{"id": "t3", "x": "a, ] \\" }} b"}}]')) as server:
        page = ask(server.url, "list_tasks", limit=5)
    assert [snapshot.upstream_id for snapshot in page.snapshots] == ["t1", "t3"]
    assert (page.rows, page.unreadable) == (3, 1)


def test_damaged_letters_do_not_cost_the_page(ask: Asker) -> None:
    with serving(always(200, b'[{"id": "t1", "name": "a \xff b", "n": ' + b"7" * 5000 + b"}]")) as server:
        [snapshot] = ask(server.url, "list_tasks", limit=5).snapshots
    assert snapshot.name == "a \ufffd b"


@pytest.mark.parametrize("key", ["", " ", "a b", "a\r\nHost: x", "ключ", "a\x00", "x" * 8 + "\n"])
def test_a_key_that_no_header_can_hold_is_refused_without_asking(ask: Asker, key: str) -> None:
    with serving(always(200, "[]")) as server:
        assert isinstance(ask.error(server.url, "list_tasks", limit=1, key=key), KeyRejected)
    assert server.seen == []


def test_a_key_is_never_sent_in_clear_text(ask: Asker) -> None:
    with serving(always(200, "[]")) as server:
        error = ask.error(server.url, "me", options={"allow_private": False})
    assert isinstance(error, PrivateAddress)
    assert server.seen == []


def test_a_connection_does_not_show_its_key() -> None:
    assert KEY not in repr(Connection("https://h.test/api", KEY))


def test_secrets_in_answers_are_redacted_before_anybody_sees_them(ask: Asker) -> None:
    body = json.dumps([{"id": "t1", "params": {"jwt": "S3CR3T"}, "note": f"x {KEY} y"}])
    with serving(always(200, body)) as server:
        shown = repr(ask(server.url, "list_tasks", limit=1))
    assert "S3CR3T" not in shown
    assert KEY not in shown


@pytest.mark.parametrize(
    "body",
    [
        "",
        "  ",
        "<html>hello</html>",
        "nope",
        '{"errors":',
        "[1, 2",
        "\xff\xfe",
        "null",
        "7",
        '"x"',
        "true",
        "[" * 100_000,
    ],
)
@pytest.mark.parametrize("question", ["list_tasks", "list_assets", "me"])
def test_what_is_not_the_agreed_json_is_a_bad_answer(ask: Asker, question: str, body: str) -> None:
    arguments = {} if question == "me" else {"limit": 5}
    with serving(always(200, body.encode("latin-1"))) as server:
        error = ask.error(server.url, question, **arguments)
    assert type(error) is BadAnswer
    assert error.status == 200


def test_a_list_is_no_task_and_a_task_no_list(ask: Asker) -> None:
    with serving(always(200, ONE_PAGE)) as server:
        assert type(ask.error(server.url, "get_task", "t1")) is BadAnswer
    with serving(always(200, json.dumps(TASK))) as server:
        assert type(ask.error(server.url, "list_tasks", limit=1)) is BadAnswer
    with serving(always(200, '{"phase": "without id"}')) as server:
        for question in ("get_task", "get_asset"):
            assert type(ask.error(server.url, question, "t1")) is BadAnswer
        assert type(ask.error(server.url, "me")) is BadAnswer
        assert ask(server.url, "retry_task", "t1") == "t1"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(ONE_PAGE.encode())[:-12], "gzip"),
        (b"not gzip at all", "gzip"),
        (ONE_PAGE.encode(), "br"),
        (gzip.compress(gzip.compress(ONE_PAGE.encode())), "gzip, gzip"),
    ],
    ids=["cut off", "not gzip", "not brotli", "twice"],
)
def test_a_body_that_cannot_be_decompressed_is_a_bad_answer(ask: Asker, body: bytes, encoding: str) -> None:
    with serving(always(200, body, Content_Encoding=encoding)) as server:
        assert type(ask.error(server.url, "list_tasks", limit=1)) is BadAnswer


def test_an_answer_of_50_mb_is_too_large(ask: Asker) -> None:
    with serving(always(200, b"[" + b" " * 50_000_000 + b"]")) as server:
        assert isinstance(ask.error(server.url, "list_tasks", limit=1), TooLarge)


def test_size_is_counted_after_decompression(ask: Asker) -> None:
    bomb = gzip.compress(b" " * 60_000_000, 1)
    with serving(always(200, bomb, Content_Encoding="gzip")) as server:
        assert isinstance(ask.error(server.url, "list_tasks", limit=1), TooLarge)
