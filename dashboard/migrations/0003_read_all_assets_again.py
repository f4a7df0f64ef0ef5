from django.db import migrations


def read_all_assets_again(apps, schema_editor):
    """Assets that are held lack their state: the walk over all of them begins anew."""
    accounts = apps.get_model('dashboard', 'Account').objects.exclude(names_done_at=None)
    accounts.update(names_done_at=None, names_cursor='', names_next_at=0)


class Migration(migrations.Migration):
    """Apart from the changes of tables: PostgreSQL does not like both in one transaction."""

    dependencies = [
        ('dashboard', '0002_task_page'),
    ]

    operations = [
        migrations.RunPython(read_all_assets_again, migrations.RunPython.noop),
    ]
