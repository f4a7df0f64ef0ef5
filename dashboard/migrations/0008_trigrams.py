from django.db import migrations

# Triggers, so that no way of writing a haystack can forget its trigrams, cascades and mass deletes included. A contentless
# table has to be told the old text to forget it. `detail=none` stores which tasks hold a trigram but not where: a
# quarter of the size, and the text itself tells whether they stand side by side.
SQLITE = [
    "CREATE VIRTUAL TABLE dashboard_trigrams USING fts5("
    "text, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')",
    "CREATE TRIGGER haystack_new AFTER INSERT ON dashboard_haystack BEGIN "
    "INSERT INTO dashboard_trigrams(rowid, text) VALUES (new.task_id, new.text); END",
    "CREATE TRIGGER haystack_gone AFTER DELETE ON dashboard_haystack BEGIN "
    "INSERT INTO dashboard_trigrams(dashboard_trigrams, rowid, text) VALUES ('delete', old.task_id, old.text); END",
    "CREATE TRIGGER haystack_changed AFTER UPDATE OF text ON dashboard_haystack WHEN old.text IS NOT new.text BEGIN "
    "INSERT INTO dashboard_trigrams(dashboard_trigrams, rowid, text) VALUES ('delete', old.task_id, old.text); "
    "INSERT INTO dashboard_trigrams(rowid, text) VALUES (new.task_id, new.text); END",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    # Both databases order texts by their characters' numbers, whatever language PostgreSQL was set up for.
    'ALTER TABLE dashboard_task ALTER COLUMN title_key TYPE varchar(200) COLLATE "C"',
    'ALTER TABLE dashboard_name ALTER COLUMN value TYPE varchar(200) COLLATE "C"',
]
BACK = {
    "sqlite": ["DROP TABLE dashboard_trigrams"],
    "postgresql": [],
}


def make(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for name in ("new", "gone", "changed") if schema_editor.connection.vendor == "sqlite" else ():
        schema_editor.execute(f"DROP TRIGGER haystack_{name}")
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0007_board")]

    operations = [migrations.RunPython(make, drop)]
