"""Database, cache table and static files as this version of the code wants them."""

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare() -> None:
    """Everything that serving needs."""
    prepare_database()
    if _static_files_are_old():
        call_command("collectstatic", interactive=False, verbosity=0)


def prepare_database() -> None:
    """So that a command on a new machine needs no other before it."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)


def _static_files_are_old() -> bool:
    """Whether one of ours is newer than what was collected, as after an upgrade."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.exists():
        return True
    ours = (file for folder in settings.STATICFILES_DIRS for file in folder.rglob("*"))
    return max(file.stat().st_mtime for file in ours) > manifest.stat().st_mtime
