import django.db.models.deletion
from django.db import migrations, models

# Every day in which a task ended: the syncer counts them one after the other. An index has all that is asked for.
ALL_ARE_STALE = """
    INSERT INTO dashboard_staleday (account_id, at, marks)
    SELECT DISTINCT account_id, updated_at / 86400000 * 86400000, 1 FROM dashboard_task
    WHERE phase IN ('completed', 'failed', 'cancelled')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dashboard', '0011_failures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Day',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.BigIntegerField()),
                ('type', models.CharField(max_length=100)),
                ('ended', models.IntegerField(default=0)),
                ('completed', models.IntegerField(default=0)),
                ('failed', models.IntegerField(default=0)),
                ('cancelled', models.IntegerField(default=0)),
                ('saved', models.IntegerField(default=0)),
                ('waits', models.TextField(blank=True, default='')),
                ('runs', models.TextField(blank=True, default='')),
                ('counted_at', models.BigIntegerField(default=0)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='days', to='dashboard.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'at', 'type'), name='day_once')],
            },
        ),
        migrations.CreateModel(
            name='StaleDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.BigIntegerField()),
                ('marks', models.IntegerField(default=1)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='stale_days', to='dashboard.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'at'), name='stale_day_once')],
            },
        ),
        migrations.RunSQL(ALL_ARE_STALE, migrations.RunSQL.noop),
    ]
