from django.db import migrations, models

AGAIN = """
    INSERT INTO dashboard_tally (account_id, phase, type, overlay, number)
    SELECT account_id, phase, type, overlay, COUNT(*) FROM dashboard_task WHERE deleted_at IS NULL
    GROUP BY account_id, phase, type, overlay
"""


def count_again(apps, schema_editor):
    apps.get_model("dashboard", "Tally").objects.all().delete()
    schema_editor.execute(AGAIN)


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0009_fill_haystacks")]

    operations = [
        migrations.RemoveConstraint(model_name="tally", name="tally_once"),
        migrations.AddField(
            model_name="tally", name="overlay", field=models.CharField(blank=True, default="", max_length=10)
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(fields=("account", "phase", "type", "overlay"), name="tally_once"),
        ),
        migrations.RunPython(count_again, migrations.RunPython.noop),
    ]
