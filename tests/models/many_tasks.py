"""Thousands of random tasks of several accounts, stored with all that a search knows of them, and a search in plain
Python that reads the same conditions one task after the other."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from dashboard import conditions as c
from dashboard.folding import fold
from dashboard.haystack import Searchable
from dashboard.models import Account, Failure, Group, Haystack, Name, Tally, Task, Team
from dashboard.models.finding import Filters
from dashboard.models.order import Order, Place
from dashboard.models.task import title_key_of

NOW = 1_790_000_000_000
SPAN = 40 * 86_400_000
PHASES = ("pending", "waiting", "running", "failed", "completed", "completed", "completed", "cancelled", "paused!")
TYPES = ("upload", "export", "transcode", "import", "clip")
WORDS = (
    "Straße",
    "Łódź",
    "cat",
    "Katze",
    "holiday",
    "İstanbul",
    "naïve",
    "50%",
    "a_b",
    "ﬁlm",
    "日本語",
    "zebra",
    "'--",
    "x",
)
ERRORS = ("Unsupported codec: h265", "File not found", "timed out after 30s", "PANIC 100%", "Straße gesperrt")
GROUPS = 12
CIDS = tuple("Qm" + letter * 44 for letter in "abcdefgh")


@dataclass(frozen=True)
class Known:
    """A task and what a search sees of it. `groups`: for whose cause it failed."""

    task: Task
    searchable: Searchable
    groups: Sequence[Group] = ()

    @cached_property
    def lines(self) -> list[str]:
        return self.searchable.text.split("\n")

    def place(self, order: Order) -> Place:
        return Place(getattr(self.task, order.sort.column), self.task.pk)

    def holds(self, condition: c.Condition) -> bool:
        task, names = self.task, self.searchable.names
        match condition:
            case c.All(parts):
                return all(self.holds(part) for part in parts)
            case c.Any(parts):
                return any(self.holds(part) for part in parts)
            case c.Not(part):
                return not self.holds(part)
            case c.Words(text):
                return text in ("\n".join(self.lines[:2]) if condition.is_short else self.searchable.text)
            case c.Titled(text):
                return text in self.lines[0]
            case c.Failing(text):
                return text in self.lines[2]
            case c.Is(field, values):
                return fold(getattr(task, field)) in values
            case c.Compare(field, op, value):
                mine = getattr(task, field)
                return {"=": mine == value, "<": mine < value, "<=": mine <= value, ">": mine > value,
                        ">=": mine >= value}[op]  # fmt: skip
            case c.Named(kinds, text, is_prefix):
                return any(k in kinds and (v.startswith(text) if is_prefix else v == text) for k, v in names)
            case c.Lacks(kind):
                return not any(k == kind for k, _ in names)
            case c.To(value):
                return ("to", value) in names
            case c.InAccounts(ids):
                return task.account_id in ids
            case c.InGroup(group_id):
                return any(group_id in (failed.id, failed.merged_into_id) for failed in self.groups)
            case c.InProject(text):
                return fold(task.project_id).startswith(text)
        raise AssertionError(condition)

    def is_in(self, filters: Filters) -> bool:
        task = self.task
        return (
            task.account_id in filters.account_ids
            and _is_of_phase(task, filters.phase)
            and filters.type in ("", task.type)
            and self.holds(filters.condition)
        )


def _is_of_phase(task: Task, phase: str) -> bool:
    if phase in ("retrying", "stalled"):
        return task.overlay == phase
    return phase in ("", task.phase) and not (phase == "waiting" and task.overlay == "retrying")


def two_teams() -> list[Account]:
    """Three accounts of one team, two of another."""
    teams = [Team.objects.create(name=name) for name in ("Acme", "Elsewhere")]
    return [
        Account.objects.create(team=teams[number > 2], name=f"Account {number}", url="https://studio.example.test/api")
        for number in range(5)
    ]


def store_many(accounts: list[Account], number: int, chance: random.Random) -> list[Known]:
    tasks, documents = list[Task](), list[dict[str, object]]()
    for _ in range(number):
        documents.append(_document(chance))
        tasks.append(_task(chance.choice(accounts), documents[-1], chance))
    Task.objects.bulk_create(tasks)
    failed = _fail(tasks, chance)
    known = [
        Known(task, _searchable(task, document, chance), failed.get(task.pk, ()))
        for task, document in zip(tasks, documents, strict=True)
    ]
    Haystack.objects.bulk_create(Haystack(task=each.task, text=each.searchable.text) for each in known)
    Name.objects.bulk_create(
        Name(task=each.task, kind=kind, value=value) for each in known for kind, value in sorted(each.searchable.names)
    )
    for account in accounts:
        mine = [t for t in tasks if t.account_id == account.pk and t.deleted_at is None]
        kinds = Counter((t.phase, t.type, t.overlay) for t in mine)
        for (phase, task_type, overlay), count in kinds.items():
            row, _ = Tally.objects.get_or_create(account=account, phase=phase, type=task_type, overlay=overlay)
            Tally.objects.filter(pk=row.pk).update(number=row.number + count)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # As it does by itself.
            cursor.execute("ANALYZE dashboard_task, dashboard_haystack, dashboard_name, dashboard_failure")
    return known


def _fail(tasks: Sequence[Task], chance: random.Random) -> dict[int, list[Group]]:
    """Some of the tasks failed, for causes of their own team: by task, the groups. Some groups are merged."""
    groups = _groups_of(sorted({task.account.team_id for task in tasks}))
    failed = dict[int, list[Group]]()
    for task in tasks:
        if chance.random() < 0.3:
            failed[task.pk] = chance.sample(groups[task.account.team_id], chance.randint(1, 2))
    by_id = {task.pk: task for task in tasks}
    Failure.objects.bulk_create(
        Failure(task_id=pk, group=group, account=by_id[pk].account, type=by_id[pk].type, first_at=NOW, at=NOW)
        for pk, some in failed.items()
        for group in some
    )
    return failed


def _groups_of(team_ids: Sequence[int]) -> dict[int, list[Group]]:
    groups = dict[int, list[Group]]()
    for team_id in team_ids:
        values, rest = [str(number) for number in range(GROUPS // len(team_ids))], {"version": 1, "family": "unknown"}
        some = [Group.objects.get_or_create(rest, team_id=team_id, fingerprint=value)[0] for value in values]
        for merged in some[:2]:
            merged.merged_into = some[-1]
            merged.save()
        groups[team_id] = some
    return groups


def some_words(chance: random.Random, most: int = 4) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, most)))


def _document(chance: random.Random) -> dict[str, object]:
    params: dict[str, object] = {
        "note": some_words(chance),
        "url": f"https://files.example.test/{chance.randrange(300)}.mp4",
    }
    output: dict[str, object] = {}
    if chance.random() < 0.3:
        params["export"] = {"ipfs": {}} if chance.random() < 0.5 else {"custom": {"url": "https://x.example.test"}}
    if chance.random() < 0.3:
        output["export"] = {"ipfs": {"videoFileCid": chance.choice(CIDS)}}
    return {"params": params, "output": output}


def _task(account: Account, document: dict[str, object], chance: random.Random) -> Task:
    phase = chance.choice(PHASES)
    overlay = chance.choice(("retrying", "")) if phase == "waiting" else ""
    overlay = chance.choice((*[overlay] * 5, "stalled")) if phase in ("pending", "waiting", "running") else overlay
    is_deleted = chance.random() < 0.02
    title = chance.choice((some_words(chance), some_words(chance), f"{chance.randrange(300)}.mp4", "same title"))
    created_at = NOW - chance.randrange(SPAN)
    return Task(
        account=account,
        upstream_id=f"{chance.getrandbits(128):032x}",
        type=chance.choice(TYPES),
        phase=phase,
        overlay="deleted" if is_deleted else overlay,
        progress=chance.choice((0.0, 1.0, chance.random(), 0.25)),
        retries=chance.choice((0, 0, 0, 1, 2, 3)),
        error=chance.choice(ERRORS) if phase == "failed" else "",
        title=title,
        title_key=title_key_of(title),
        input_asset_id=f"{chance.randrange(400):08x}-in",
        output_asset_id=f"{chance.randrange(400):08x}-out" if chance.random() < 0.5 else "",
        project_id=chance.choice(("", "Proj-1", "proj-22")),
        created_at=created_at,
        updated_at=created_at + chance.choice((0, 1000, chance.randrange(86_400_000))),
        took=chance.choice((-1, chance.randrange(100_000), 5000)),
        first_seen_at=NOW,
        heard_at=NOW,
        deleted_at=NOW if is_deleted else None,
        document=json.dumps(document),
    )


def _searchable(task: Task, document: dict[str, object], chance: random.Random) -> Searchable:
    playback_id = f"{chance.randrange(400):04x}play"
    return Searchable(
        task.title, task.upstream_id, task.input_asset_id, task.output_asset_id, playback_id, task.error, document
    )
