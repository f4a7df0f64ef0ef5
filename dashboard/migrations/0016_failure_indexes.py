from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dashboard', '0015_one_open_item'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='failure',
            name='failure_open',
        ),
        migrations.AddIndex(
            model_name='failure',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['group', 'at', 'id', 'task', 'is_open'], name='failure_open'),
        ),
        migrations.AddIndex(
            model_name='failure',
            index=models.Index(condition=models.Q(('is_open', False)), fields=['group', 'at', 'id'], name='failure_closed'),
        ),
        migrations.AddIndex(
            model_name='failure',
            index=models.Index(condition=models.Q(('recovered_at__isnull', False)), fields=['group', 'at', 'id'], name='failure_recovered'),
        ),
    ]
