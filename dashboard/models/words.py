"""What a search looks into: one folded text for each task, and the words by which people know it exactly."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.db.models.functions import Length

from dashboard.folding import fold
from dashboard.haystack import HEAD_END, Searchable, is_file_name, named
from dashboard.models.task import Task
from dashboard.models.upsert import execute_many

RENAMED_AT_ONCE = 400
LONGEST_DOCUMENT = 200_000
_Pair = tuple[str, str]
"""A Name's kind and its folded value."""


class Haystack(models.Model):
    """Everything in a task that free text finds, folded, the title as its first line. Trigrams of it stand in
    `dashboard_trigrams` on SQLite, kept true by triggers, and in an index of pg_trgm on PostgreSQL."""

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="haystack")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:40]


class Name(models.Model):
    """A word that leads straight to a task, folded: its id, the first 8 characters of that, its assets, playback id,
    CIDs and file names."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="names")
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["value", "kind", "task"], name="name_leads_to_task")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


def searchable_of(task: Task, document: dict[str, Any], playback_id: str) -> Searchable:
    """The task as a search sees it; `playback_id` is that of its naming asset."""
    return Searchable(
        task.title, task.upstream_id, task.input_asset_id, task.output_asset_id, playback_id, task.error, document
    )


def searchables_of(pks: Iterable[int]) -> dict[int, Searchable]:
    """The tasks with these keys as a search sees them, but for their playback ids; without those whose documents are so
    long, in characters, that reading them would keep people waiting."""
    tasks = Task.objects.filter(pk__in=pks).annotate(length=Length("document")).filter(length__lte=LONGEST_DOCUMENT)
    return {task.pk: searchable_of(task, task.opened(), "") for task in tasks}


def store_words(searchables: Mapping[int, Searchable], known: Iterable[int]) -> None:
    """Keep what a search knows of these tasks, by their keys, in the caller's transaction. `known`: those that may
    have words already; what did not change is not written."""
    known = [pk for pk in known if pk in searchables]
    held = dict(Haystack.objects.filter(task__in=known).values_list("task_id", "text")) if known else {}
    fresh = [Haystack(task_id=pk, text=each.text) for pk, each in searchables.items() if held.get(pk) != each.text]
    # In one statement: between statements SQLite would end a segment of trigrams, and merging those is what costs.
    Haystack.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["task"], update_fields=["text"])
    _store_names(searchables, _names_held(known))


def _names_held(pks: Sequence[int]) -> Mapping[int, dict[_Pair, int]]:
    """By task the names that it has, each with its key."""
    held: dict[int, dict[_Pair, int]] = defaultdict(dict)
    if pks:
        for pk, task, kind, value in Name.objects.filter(task__in=pks).values_list("pk", "task_id", "kind", "value"):
            held[task][kind, value] = pk
    return held


def _store_names(searchables: Mapping[int, Searchable], held: Mapping[int, dict[_Pair, int]]) -> None:
    gone = [pk for task, names in held.items() for name, pk in names.items() if name not in searchables[task].names]
    missing = [
        (task, *name) for task, each in searchables.items() for name in sorted(each.names - held.get(task, {}).keys())
    ]
    _change_names(gone, missing)


def _change_names(gone: Sequence[int], missing: Sequence[tuple[int, str, str]]) -> None:
    if gone:
        Name.objects.filter(pk__in=gone).delete()
    execute_many("INSERT INTO dashboard_name (task_id, kind, value) VALUES (%s, %s, %s)", missing)


class CardNames(NamedTuple):
    """What a task's card tells by which the task is known: a name, maybe empty, and playback ids."""

    name: str
    playback_id: str
    old_playback_id: str


def rename(tasks: Mapping[int, CardNames]) -> None:
    """These tasks, by their keys, bear the names of their assets and are found by their playback ids, in the caller's
    transaction. Without a name they keep their titles."""
    pks = list(tasks)
    for start in range(0, len(pks), RENAMED_AT_ONCE):
        _rename({pk: tasks[pk] for pk in pks[start : start + RENAMED_AT_ONCE]})


def _rename(tasks: Mapping[int, CardNames]) -> None:
    held = Haystack.objects.filter(task__in=tasks).values_list("task_id", "text")
    renamed = [(pk, text, _with_head(text, tasks[pk])) for pk, text in held]
    fresh = [Haystack(task_id=pk, text=new) for pk, old, new in renamed if new != old]
    Haystack.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["task"], update_fields=["text"])
    gone, missing = list[int](), list[tuple[int, str, str]]()
    names = _names_held(list(tasks))
    for pk, card in tasks.items():
        of_task = names.get(pk, {})
        wanted, unwanted = _names_of(card, of_task.keys())
        gone += [of_task[name] for name in unwanted]
        missing += [(pk, *name) for name in sorted(wanted - of_task.keys())]
    _change_names(gone, missing)


def _with_head(text: str, card: CardNames) -> str:
    title = fold(card.name) if card.name else text[: text.index("\n")]
    return f"{title}\n{fold(card.playback_id)}{text[text.index(HEAD_END) :]}"


def _names_of(card: CardNames, held: Set[_Pair]) -> tuple[set[_Pair], set[_Pair]]:
    """Of a task that has these names: those that it has by its card from now on, and those that it loses. Its document
    may name other playback ids, and those stay."""
    told, untold = set[_Pair](), set[_Pair]()
    if card.name:
        told |= {("title", named(card.name))} if is_file_name(card.name) else set()
        untold |= {name for name in held if name[0] == "title"}
    if card.old_playback_id != card.playback_id:
        told |= {("playback", named(card.playback_id))}
        untold |= {("playback", named(card.old_playback_id))} & held
    told = {name for name in told if name[1]}
    return told, untold - told
