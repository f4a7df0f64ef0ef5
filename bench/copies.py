"""Many tasks from few, by the database itself. Each copy has ids, CIDs and file names of its own, as real tasks have: a
search for one finds one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, QuerySet

from dashboard.clock import DAY
from dashboard.folding import fold
from dashboard.models import Account, Haystack, Name, Tally, Task

MARK = "\x01"
"""Stands for the 8 hex digits in which a copy differs."""
OWN = ("id", "prefix", "asset", "playback", "cid", "source")
DIGITS = {
    "sqlite": "printf('%08x', ({pk} * 2654435761) & 4294967295)",
    "postgresql": "lpad(to_hex(({pk})::bigint * 2654435761 & 4294967295), 8, '0')",
}
SERIES = "WITH RECURSIVE series(n) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM series WHERE n < {times}) "
APART, WITHIN = 60 * DAY, 20 * 365 * DAY
TABLES = ("dashboard_task", "dashboard_haystack", "dashboard_name")
CARELESS = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -500000")
CAREFUL = ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -16000")
HASH_BYTES = (64 * 1024 * 1024, 1024 * 1024)


def copy_tasks(account: Account, until: int, others: Sequence[Account] = ()) -> None:
    """Copies of the account's tasks but for the huge ones, each generation older than the last, with what a search
    knows of them, until there are about so many. With `others`, whose ids follow one another, the copies are theirs."""
    held = Task.objects.filter(account=account)
    times = (until - held.count()) // copied(account).count()
    if times > 0:
        with _carelessly():
            _copy(account, times, others)
        for one in others or (account,):
            _count(one)


def copied(account: Account) -> QuerySet[Task]:
    return Task.objects.filter(account=account).exclude(upstream_id__startswith="heavy-")


def _count(account: Account) -> None:
    kinds = Task.objects.filter(account=account, deleted_at=None).values_list("phase", "type", "overlay")
    for phase, task_type, overlay, number in kinds.annotate(number=Count("pk")):
        kind = {"phase": phase, "type": task_type, "overlay": overlay}
        Tally.objects.update_or_create(account=account, **kind, defaults={"number": number})


def _copy(account: Account, times: int, others: Sequence[Account]) -> None:
    last = Task.objects.order_by("-id").values_list("id", flat=True)[0]
    pk = f"(bench_words.id + series.n * {last})"
    digits = DIGITS[connection.vendor].format(pk=pk)
    owner = f"{others[0].pk} + series.n % {len(others)}" if others else str(account.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        _lay_out(cursor, account)
        with _without_indexes(cursor), _large_hash(cursor):
            for statement in (_tasks(pk, digits, times, owner), _texts(pk, digits), _names(pk, digits)):
                cursor.execute(SERIES.format(times=times) + statement)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence('dashboard_task', 'id'), max(id)) FROM dashboard_task")


def database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def _lay_out(cursor: CursorWrapper, account: Account) -> None:
    """What differs between copies, with marks, in tables that end with the connection."""
    columns = "upstream_id, output_asset_id, input_asset_id, title, title_key, text"
    cursor.execute(f"CREATE TEMPORARY TABLE bench_words (id bigint, {columns.replace(',', ' text,')} text)")
    cursor.execute("CREATE TEMPORARY TABLE bench_names (id bigint, kind text, value text)")
    # In the order in which they were stored, or pages that are split stay half empty.
    tasks = {task.pk: task for task in copied(account).order_by("pk").defer("document", "facts")}
    names = list(Name.objects.filter(task__in=tasks).order_by("pk").values_list("task_id", "kind", "value"))
    marked = {pk: _marks_of(task, [(k, v) for owner, k, v in names if owner == pk]) for pk, task in tasks.items()}
    texts = dict(Haystack.objects.filter(task__in=tasks).values_list("task_id", "text"))
    words = [(pk, *_marked_words(task, texts[pk], marked[pk])) for pk, task in tasks.items()]
    cursor.executemany("INSERT INTO bench_words VALUES (%s, %s, %s, %s, %s, %s, %s)", words)
    rows = [(pk, kind, marked[pk].get(value, value)) for pk, kind, value in names]
    cursor.executemany("INSERT INTO bench_names VALUES (%s, %s, %s)", rows)


def _marks_of(task: Task, names: list[tuple[str, str]]) -> dict[str, str]:
    """By value of the task's own what stands for it in a copy."""
    own = {value: MARK + value[8:] for kind, value in names if kind in OWN}
    return own | {value: f"{MARK}-{value}" for kind, value in names if kind in ("file", "title")}


def _marked_words(task: Task, text: str, marks: dict[str, str]) -> list[str]:
    columns = [fold(each) for each in (task.upstream_id, task.output_asset_id, task.input_asset_id)]
    title = marks.get(fold(task.title)) or task.title.replace(task.upstream_id[:8], MARK)
    for value in sorted(marks, key=len, reverse=True):
        text = text.replace(value, marks[value])
    return [*(marks.get(each, each) for each in columns), title, _fold_marked(title), text]


def _fold_marked(title: str) -> str:
    return MARK.join(fold(part) for part in title.split(MARK))


def _tasks(pk: str, digits: str, times: int, owner: str) -> str:
    own = ("upstream_id", "output_asset_id", "input_asset_id", "title", "title_key")
    columns = [field.column for field in Task._meta.concrete_fields]
    chosen = {name: f"substr(replace(bench_words.{name}, chr(1), {digits}), 1, 200)" for name in own}
    older = f"- series.n * {min(APART, WITHIN // times)}"
    chosen |= {
        "id": pk,
        "account_id": owner,
        **{column: f"{column} {older}" for column in ("created_at", "scheduled_at", "updated_at")},
    }
    values = ", ".join(_local(chosen.get(column, f"dashboard_task.{column}")) for column in columns)
    return (
        f"INSERT INTO dashboard_task ({', '.join(columns)}) SELECT {values} FROM series CROSS JOIN bench_words "  # noqa: S608
        f"JOIN dashboard_task ON dashboard_task.id = bench_words.id"
    )


def _texts(pk: str, digits: str) -> str:
    text = _local(f"replace(bench_words.text, chr(1), {digits})")
    return f"INSERT INTO dashboard_haystack (task_id, text) SELECT {pk}, {text} FROM series CROSS JOIN bench_words"  # noqa: S608


def _names(pk: str, digits: str) -> str:
    value = _local(f"replace(bench_names.value, chr(1), {digits})").replace("bench_words.", "bench_names.")
    chosen = f"{pk.replace('bench_words.', 'bench_names.')}, kind, substr({value}, 1, 200)"
    return f"INSERT INTO dashboard_name (task_id, kind, value) SELECT {chosen} FROM series CROSS JOIN bench_names"  # noqa: S608


def _local(expression: str) -> str:
    return expression.replace("chr(1)", "char(1)") if connection.vendor == "sqlite" else expression


@contextmanager
def _carelessly() -> Iterator[None]:
    """SQLite writes each page once, and needs not be able to go back."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for pragma in CARELESS if is_sqlite else ():
            cursor.execute(f"PRAGMA {pragma}")
        yield
        for pragma in CAREFUL if is_sqlite else ():
            cursor.execute(f"PRAGMA {pragma}")


@contextmanager
def _without_indexes(cursor: CursorWrapper) -> Iterator[None]:
    """They are made again at the end, which takes a fraction of the time."""
    tables = ", ".join(f"'{table}'" for table in TABLES)
    if connection.vendor == "postgresql":
        kept = "SELECT conname FROM pg_constraint"
        asked = (
            f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({tables}) AND indexname NOT IN ({kept})"  # noqa: S608
        )
    else:
        asked = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({tables}) AND sql <> ''"  # noqa: S608
    cursor.execute(asked)
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # it makes no index while some are still to be checked
    for _, statement in indexes:
        cursor.execute(statement)


@contextmanager
def _large_hash(cursor: CursorWrapper) -> Iterator[None]:
    """Trigrams are sorted in memory, in SQLite, and written when there are many: an import writes those of a batch."""
    for size in HASH_BYTES[:1] if connection.vendor == "sqlite" else ():
        cursor.execute(f"INSERT INTO dashboard_trigrams(dashboard_trigrams, rank) VALUES ('hashsize', {size})")  # noqa: S608
    yield
    for size in HASH_BYTES[1:] if connection.vendor == "sqlite" else ():
        cursor.execute(f"INSERT INTO dashboard_trigrams(dashboard_trigrams, rank) VALUES ('hashsize', {size})")  # noqa: S608
