import json
import sys

from django.db import migrations, transaction

from dashboard.folding import fold
from dashboard.haystack import Searchable

BATCH = 200
TOLD_EVERY = 10_000
TITLE_KEY = 200
ENDED = ("completed", "failed")


FIELDS = ("account", "upstream_id", "input_asset_id", "output_asset_id", "title", "phase", "error", "document")
TIMES = ("created_at", "scheduled_at", "updated_at")


def fill(apps, schema_editor):
    """Batch by batch, each in a transaction of its own, the tasks that have no haystack: after an interruption the rest
    is filled, and what a syncer wrote meanwhile stays."""
    Task, Haystack = apps.get_model("dashboard", "Task"), apps.get_model("dashboard", "Haystack")
    last = done = 0
    while True:
        with transaction.atomic():
            tasks = list(Task.objects.filter(pk__gt=last).order_by("pk").only(*FIELDS, *TIMES)[:BATCH])
            if not tasks:
                return
            last = tasks[-1].pk
            held = set(Haystack.objects.filter(task__in=tasks).values_list("task_id", flat=True))
            _fill(apps, schema_editor, [task for task in tasks if task.pk not in held])
        done += len(tasks)
        if done % TOLD_EVERY == 0:
            sys.stderr.write(f"Making {done:,} tasks searchable …\n")


def _fill(apps, schema_editor, tasks):
    Haystack = apps.get_model("dashboard", "Haystack")
    playback_ids = _playback_ids(apps, tasks)
    found = {task.pk: _searchable(task, playback_ids) for task in tasks}
    keys = [(fold(task.title)[:TITLE_KEY], _took(task), task.pk) for task in tasks]
    names = [(pk, kind, value) for pk, each in found.items() for kind, value in sorted(each.names)]
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany("UPDATE dashboard_task SET title_key = %s, took = %s WHERE id = %s", keys)
        cursor.executemany("INSERT INTO dashboard_name (task_id, kind, value) VALUES (%s, %s, %s)", names)
    Haystack.objects.bulk_create([Haystack(task_id=pk, text=each.text) for pk, each in found.items()])


def index(apps, schema_editor):
    """After the fill: an index that is made at once is smaller and sooner there than one that grows."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX IF NOT EXISTS haystack_trigrams ON dashboard_haystack USING gin (text gin_trgm_ops)"
        )


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS haystack_trigrams")


def _playback_ids(apps, tasks):
    """By account and asset: of those whose names the tasks bear."""
    ids = {task.output_asset_id or task.input_asset_id for task in tasks} - {""}
    assets = apps.get_model("dashboard", "Asset").objects.filter(
        upstream_id__in=ids, account__in={task.account_id for task in tasks}
    )
    return {(account, asset): told for account, asset, told in assets.values_list("account", "upstream_id", "playback_id")}


def _searchable(task, playback_ids):
    playback_id = playback_ids.get((task.account_id, task.output_asset_id or task.input_asset_id), "")
    document = json.loads(task.document)
    return Searchable(
        task.title, task.upstream_id, task.input_asset_id, task.output_asset_id, playback_id, task.error, document
    )


def _took(task):
    start = task.scheduled_at or task.created_at
    return task.updated_at - start if task.phase in ENDED and start <= task.updated_at else -1


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("dashboard", "0008_trigrams")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index, drop_index),
    ]
