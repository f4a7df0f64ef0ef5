"""What a search looks into: one folded text for each task, and the words by which people know it exactly."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat, StrIndex, Substr

from dashboard.folding import fold
from dashboard.haystack import HEAD_END, Searchable, is_file_name, named
from dashboard.models.task import Task
from dashboard.models.upsert import execute_many


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


def store_words(searchables: Mapping[int, Searchable], known: Iterable[int]) -> None:
    """Keep what a search knows of these tasks, by their keys, in the caller's transaction. `known`: those that may
    have words already; what did not change is not written."""
    known = [pk for pk in known if pk in searchables]
    held = dict(Haystack.objects.filter(task__in=known).values_list("task_id", "text")) if known else {}
    fresh = [Haystack(task_id=pk, text=each.text) for pk, each in searchables.items() if held.get(pk) != each.text]
    # In one statement: between statements SQLite would end a segment of trigrams, and merging those is what costs.
    Haystack.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["task"], update_fields=["text"])
    _store_names(searchables, _names_held(known))


def _names_held(known: Sequence[int]) -> Mapping[int, dict[tuple[str, str], int]]:
    """By task the names that it has, each with its key."""
    held: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    if known:
        for pk, task, kind, value in Name.objects.filter(task__in=known).values_list("pk", "task_id", "kind", "value"):
            held[task][kind, value] = pk
    return held


def _store_names(searchables: Mapping[int, Searchable], held: Mapping[int, dict[tuple[str, str], int]]) -> None:
    gone = [pk for task, names in held.items() for name, pk in names.items() if name not in searchables[task].names]
    if gone:
        Name.objects.filter(pk__in=gone).delete()
    rows = [
        (task, *name) for task, each in searchables.items() for name in sorted(each.names - held.get(task, {}).keys())
    ]
    execute_many("INSERT INTO dashboard_name (task_id, kind, value) VALUES (%s, %s, %s)", rows)


def rename(bearers: models.QuerySet[Task], name: str, playback_id: str, old_playback_id: str) -> None:
    """Those tasks bear the name of an asset and are found by its playback id: however many there are, by a few
    statements, in the caller's transaction. Without a name they keep their titles."""
    told = Value(f"{fold(name)}\n") if name else Substr("text", 1, StrIndex("text", Value("\n")))
    text = Concat(told, Value(fold(playback_id)), Substr("text", StrIndex("text", Value(HEAD_END))))
    Haystack.objects.filter(task__in=bearers).exclude(text=text).update(text=text)
    if name:
        _replace_names(bearers, "title", name if is_file_name(name) else "")
    if old_playback_id != playback_id:
        _replace_names(bearers, "playback", playback_id, old_playback_id)


def _replace_names(bearers: models.QuerySet[Task], kind: str, value: str, old: str | None = None) -> None:
    """Without `old`, whatever they had of the kind goes."""
    new = named(value)
    gone = Name.objects.filter(task__in=bearers, kind=kind).exclude(value=new)
    (gone if old is None else gone.filter(value=named(old))).delete()
    if new:
        held = Name.objects.filter(task=OuterRef("pk"), kind=kind, value=new)
        kind_and_value = [Value(text, models.CharField()) for text in (kind, new)]
        missing = bearers.exclude(Exists(held)).values_list("pk", *kind_and_value)
        chosen, values = missing.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO dashboard_name (task_id, kind, value) {chosen}", values)
