"""Tasks that were held before scripts could ask by name and user get both from their documents."""

import importlib
from types import SimpleNamespace

from django.apps import apps
from django.db import connection

from dashboard.models import Account, Task
from tests.views.conftest import hold


def test_an_older_installation_learns_names_and_users(account: Account) -> None:
    named = hold(account, name="Été", userId="user-1")
    plain = hold(account, name=None, userId=7)
    broken = hold(account, name="Lost")
    Task.objects.update(name=None, studio_user_id=None)
    Task.objects.filter(pk=broken.pk).update(document="{")
    editor = SimpleNamespace(connection=connection)
    importlib.import_module("dashboard.migrations.0006_names_and_sessions").fill(apps, editor)
    told = {task.pk: (task.name, task.studio_user_id) for task in Task.objects.all()}
    assert told == {named.pk: ("Été", "user-1"), plain.pk: (None, None), broken.pk: (None, None)}
