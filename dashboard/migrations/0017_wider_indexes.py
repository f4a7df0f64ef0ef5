from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dashboard', '0016_failure_indexes'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='task',
            name='task_newest',
        ),
        migrations.RemoveIndex(
            model_name='task',
            name='task_phase_newest',
        ),
        migrations.RemoveIndex(
            model_name='task',
            name='task_type_newest',
        ),
        migrations.RemoveIndex(
            model_name='task',
            name='task_both_newest',
        ),
        migrations.RemoveIndex(
            model_name='task',
            name='task_by_progress',
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['account', 'updated_at', 'id', 'created_at'], name='task_newest'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['account', 'phase', 'updated_at', 'id', 'created_at'], name='task_phase_newest'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['account', 'type', 'updated_at', 'id', 'created_at'], name='task_type_newest'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['account', 'phase', 'type', 'updated_at', 'id', 'created_at'], name='task_both_newest'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['account', 'progress', 'id', 'phase'], name='task_by_progress'),
        ),
    ]
