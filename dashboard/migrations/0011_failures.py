import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dashboard', '0010_overlay_tallies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=32)),
                ('version', models.IntegerField()),
                ('title', models.CharField(max_length=400)),
                ('family', models.CharField(max_length=40)),
                ('first_at', models.BigIntegerField(default=0)),
                ('last_at', models.BigIntegerField(default=0)),
                ('open_tasks', models.IntegerField(default=0)),
                ('triage', models.CharField(choices=[('open', 'Open'), ('ignored', 'Ignored'), ('resolved', 'Resolved'), ('regressed', 'Regressed')], default='open', max_length=10)),
                ('state', models.CharField(choices=[('open', 'Open'), ('owned', 'Owned'), ('regressed', 'Regressed'), ('ignored', 'Ignored'), ('resolved', 'Resolved'), ('recovered', 'Recovered'), ('merged', 'Merged')], default='open', max_length=10)),
                ('owner_name', models.CharField(blank=True, default='', max_length=320)),
                ('triaged_at', models.BigIntegerField(default=0)),
                ('ignored_until', models.BigIntegerField(blank=True, null=True)),
                ('ignored_more', models.IntegerField(blank=True, null=True)),
                ('ignored_hours', models.IntegerField(blank=True, null=True)),
                ('turn', models.IntegerField(default=0)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='dashboard.group')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='groups', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='dashboard.team')),
            ],
        ),
        migrations.CreateModel(
            name='Failure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=100)),
                ('first_at', models.BigIntegerField()),
                ('at', models.BigIntegerField()),
                ('times', models.IntegerField(default=1)),
                ('is_final', models.BooleanField(default=False)),
                ('retried', models.IntegerField(default=0)),
                ('worked', models.IntegerField(default=0)),
                ('recovered_at', models.BigIntegerField(null=True)),
                ('recovered_by', models.CharField(blank=True, default='', max_length=200)),
                ('is_open', models.BooleanField(default=True)),
                ('message', models.CharField(blank=True, default='', max_length=1000)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='failed_tasks', to='dashboard.account')),
                ('task', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='failures', to='dashboard.task')),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='failures', to='dashboard.group')),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.BigIntegerField()),
                ('by_name', models.CharField(max_length=320)),
                ('what', models.CharField(max_length=20)),
                ('said', models.TextField(default='{}')),
                ('text', models.TextField(blank=True, default='')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='dashboard.group')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Bucket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=100)),
                ('hours', models.SmallIntegerField()),
                ('at', models.BigIntegerField()),
                ('tasks', models.IntegerField(default=0)),
                ('retried', models.IntegerField(default=0)),
                ('worked', models.IntegerField(default=0)),
                ('recovered', models.IntegerField(default=0)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='buckets', to='dashboard.account')),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='buckets', to='dashboard.group')),
            ],
        ),
        migrations.AddIndex(
            model_name='group',
            index=models.Index(fields=['team', 'state', 'last_at', 'id'], name='group_of_state'),
        ),
        migrations.AddIndex(
            model_name='group',
            index=models.Index(condition=models.Q(('merged_into', None)), fields=['team', 'last_at', 'id'], name='group_newest'),
        ),
        migrations.AddIndex(
            model_name='group',
            index=models.Index(condition=models.Q(('triage', 'ignored')), fields=['ignored_until'], name='group_to_wake'),
        ),
        migrations.AddIndex(
            model_name='group',
            index=models.Index(fields=['version'], name='group_of_version'),
        ),
        migrations.AddConstraint(
            model_name='group',
            constraint=models.UniqueConstraint(fields=('team', 'fingerprint'), name='group_once_per_team'),
        ),
        migrations.AddIndex(
            model_name='failure',
            index=models.Index(fields=['group', 'at', 'id'], name='failure_newest'),
        ),
        migrations.AddIndex(
            model_name='failure',
            index=models.Index(fields=['account', 'at'], name='failure_of_account'),
        ),
        migrations.AddIndex(
            model_name='failure',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['group', 'at', 'task'], name='failure_open'),
        ),
        migrations.AddConstraint(
            model_name='failure',
            constraint=models.UniqueConstraint(fields=('task', 'group'), name='failure_once'),
        ),
        migrations.AddIndex(
            model_name='bucket',
            index=models.Index(fields=['hours', 'at'], name='bucket_oldest'),
        ),
        migrations.AddConstraint(
            model_name='bucket',
            constraint=models.UniqueConstraint(fields=('group', 'hours', 'at', 'account', 'type'), name='bucket_once'),
        ),
    ]
