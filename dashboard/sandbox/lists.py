"""The two lists, tasks and assets: query, page, Link and count, each with its own trap."""

from urllib.parse import urlencode

from dashboard.sandbox.answers import Answer, render, stumble
from dashboard.sandbox.assets import Asset
from dashboard.sandbox.documents import Author
from dashboard.sandbox.index import Placed
from dashboard.sandbox.project import Project
from dashboard.sandbox.queries import Query, Refused, read_query
from dashboard.sandbox.rows import Json, Row
from dashboard.sandbox.selection import select
from dashboard.sandbox.switches import Switches

Pairs = list[tuple[str, str]]

TASK_FIELDS = frozenset(
    ("id", "createdAt", "updatedAt", "userId", "type", "inputAssetId", "outputAssetId", "projectId")
)
TASK_LIKE_FIELDS = frozenset(("name", "user.email"))
ASSET_FIELDS = frozenset(
    ("id", "createdAt", "updatedAt", "userId", "creatorId", "playbackId", "projectId", "phase", "cid",
     "sourceUrl", "sourceType", "sourceSessionId", "sourceAssetId", "objectStoreId")
)  # fmt: skip
ASSET_LIKE_FIELDS = frozenset(("name", "user.email"))
BROKEN = "Cannot read properties of undefined (reading 'upload')"
_NO_TASKS: tuple[object, ...] = (
    "not a task",
    None,
    {"type": "upload", "status": {}},
    42,
    [],
    {"id": ""},
    {"id": None},
)
_TEXTS_KEPT = 4_000


def list_tasks(
    project: Project, said: dict[str, str], pairs: Pairs, address: str, switches: Switches, now: int
) -> Answer:
    """GET /task. `address` is the URL that the caller used, without query, always http."""
    query = _documented(said, switches) or read_query(said, TASK_FIELDS, TASK_LIKE_FIELDS)
    skip, limit = query.skip, query.limit
    with project.lock:
        project.advance(now)
        odd = _odd_rows(query, switches.unreadable_rows)
        found, total = select(project.index, query, read_task)
        rows = [row for row in found if isinstance(row, Row)]
        texts = odd + [task_text(project, row, switches.fat_row_bytes) for row in rows]
    total += switches.unreadable_rows
    headers: Pairs = []
    if texts and not _ignoring(switches):
        headers = _count(query, total) + _link(address, pairs, _next_cursor(skip, limit, len(texts)))
    if any(row.id in switches.broken_rows for row in rows):
        return stumble(BROKEN, headers)
    return Answer(200, f"[{','.join(texts)}]".encode("utf-8", "replace"), headers)


def list_assets(
    project: Project, said: dict[str, str], pairs: Pairs, address: str, switches: Switches, now: int
) -> Answer:
    """GET /asset: like tasks, but the last page is honest and has no Link."""
    query = _documented(said, switches) or read_query(said, ASSET_FIELDS, ASSET_LIKE_FIELDS)
    if not _ignoring(switches):
        query.equals += [(name, said[name]) for name in ("playbackId", "sourceUrl", "phase", "cid") if said.get(name)]
    with project.lock:
        project.advance(now)
        found, total = select(project.asset_index, query, read_asset)
        documents = [asset.document(bool(said.get("details"))) for asset in found if isinstance(asset, Asset)]
    headers: Pairs = []
    if documents and not _ignoring(switches):
        cursor = _next_cursor(query.skip, query.limit, len(documents))
        headers = _count(query, total) + (_link(address, pairs, cursor) if cursor != "undefined" else [])
    return Answer(200, render(documents), headers)


def task_text(project: Project, row: Row, padding: int = 0) -> str:
    """The row as JSON text, kept until the row changes."""
    kept = project.texts.get(row.id)
    if kept is None or kept[0] != row.version:
        if len(project.texts) >= _TEXTS_KEPT:
            project.texts.clear()
        kept = (row.version, render(row.document()).decode("utf-8", "replace"))
        project.texts[row.id] = kept
    if padding and kept[1].endswith("}"):
        return f'{kept[1][:-1]},"padding":"{"x" * padding}"}}'
    return kept[1]


def read_task(row: Placed, name: str) -> object:
    """A field of a task by its filter name."""
    if name in ("id", "createdAt", "updatedAt"):
        return {"id": row.id, "createdAt": row.created_at, "updatedAt": row.updated_at}[name]
    assert isinstance(row, Row)
    if name == "type":
        return row.task_type
    if name in row.fields:
        return row.fields[name]
    if isinstance(row.write, Author):
        return row.write.field(name)
    return row.document().get(name)


def read_asset(asset: Placed, name: str) -> object:
    """A field of an asset by its filter name."""
    if name in ("id", "createdAt", "updatedAt"):
        return {"id": asset.id, "createdAt": asset.created_at, "updatedAt": asset.updated_at}[name]
    assert isinstance(asset, Asset)
    if name in ("name", "phase"):
        return asset.name if name == "name" else asset.phase
    document = asset.document()
    source, ipfs = _inner(document, "source"), _inner(_inner(document, "storage"), "ipfs")
    deep = {"sourceUrl": source.get("url"), "sourceType": source.get("type"), "cid": ipfs.get("cid")}
    deep |= {"sourceSessionId": source.get("sessionId"), "sourceAssetId": source.get("assetId")}
    deep["creatorId"] = _inner(document, "creatorId").get("value")
    return deep[name] if name in deep else document.get(name)


def _inner(document: Json, key: str) -> Json:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _documented(said: dict[str, str], switches: Switches) -> Query | None:
    """The query of a server that knows the published documentation only; None if that is off."""
    if switches.documented_only == "refuse" and ("filters" in said or "order" in said):
        raise Refused(400, "unsupported query parameter")
    return Query(order=[("createdAt", True)]) if _ignoring(switches) else None


def _ignoring(switches: Switches) -> bool:
    return switches.documented_only == "ignore"


def _odd_rows(query: Query, number: int) -> list[str]:
    """Things that are no tasks stand before all rows; `query` then means the rows after them."""
    odd = [render(_NO_TASKS[at % len(_NO_TASKS)]).decode() for at in range(number)]
    page = odd[query.skip : query.skip + query.limit]
    query.skip, query.limit = max(query.skip - number, 0), query.limit - len(page)
    return page


def _next_cursor(skip: int, limit: int, length: int) -> str:
    """ "undefined" when the page is not full: the real server forgets to leave the link out."""
    return f"skip{skip + limit}" if length == limit else "undefined"


def _count(query: Query, total: int) -> Pairs:
    return [("X-Total-Count", str(total))] if query.count else []


def _link(address: str, pairs: Pairs, cursor: str) -> Pairs:
    """The whole query again with the new cursor, as a URL of the scheme http."""
    following = [(name, cursor if name == "cursor" else value) for name, value in pairs]
    if all(name != "cursor" for name, _ in pairs):
        following.append(("cursor", cursor))
    text = urlencode(following, safe="*").replace("~", "%7E")
    return [("Link", f'<{address}?{text}>; rel="next"')]
