import json

from django.db import migrations

BATCH = 500


def fill(apps, schema_editor):
    """What tasks that are held already say, from their documents, some at a time."""
    task = apps.get_model("dashboard", "Task")
    last = 0
    while rows := list(task.objects.filter(pk__gt=last).order_by("pk").only("pk", "document")[:BATCH]):
        for row in rows:
            try:
                document = json.loads(row.document)
            except (ValueError, RecursionError):
                document = {}
            row.name, row.studio_user_id = _text(document, "name", 500), _text(document, "userId", 200)
        told = [row for row in rows if row.name or row.studio_user_id]
        task.objects.bulk_update(told, ["name", "studio_user_id"])
        last = rows[-1].pk


def _text(document, key, longest):
    value = document.get(key)
    return value[:longest] if isinstance(value, str) and value else None


def sign_everybody_out(apps, schema_editor):
    """Sessions from before are on nobody's list, so nobody could end them."""
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    """Apart from the changes of tables: PostgreSQL does not like both in one transaction."""

    dependencies = [("dashboard", "0004_keys"), ("sessions", "0001_initial")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(sign_everybody_out, migrations.RunPython.noop),
    ]
