"""`/readyz`: database reachable, migrations applied. (`/healthz` is answered before all else, in middleware.py.)"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("The database does not answer.", status=503, content_type="text/plain")
    if missing:
        return HttpResponse("Migrations are missing.", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")
