from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the new columns: while PostgreSQL builds the index, readers of the largest table go on."""

    dependencies = [("dashboard", "0004_keys")]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["account", "created_at", "id", "deleted_at"], name="task_oldest"),
        ),
    ]
