from django.db import migrations, models

from dashboard.clock import now_ms


def leave_one(apps, schema_editor):
    """Of a task that stands in line several times only what is being asked, else what came first, stays there."""
    items = apps.get_model("dashboard", "RetryItem").objects
    kept = {}
    open_items = items.filter(state__in=("waiting", "asking")).order_by("task_id", "state", "id")
    for pk, task_id, batch_id in list(open_items.values_list("pk", "task_id", "batch_id")):
        if task_id not in kept:
            kept[task_id] = batch_id
            continue
        sentence = f"It is in line already, in batch {kept[task_id]}."
        items.filter(pk=pk).update(state="skipped", sentence=sentence, at=now_ms())


class Migration(migrations.Migration):

    dependencies = [
        ('dashboard', '0014_regrouping'),
    ]

    operations = [
        migrations.RunPython(leave_one, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='retryitem',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'asking'))), fields=('task',), name='one_open_item'),
        ),
    ]
