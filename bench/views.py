"""What the bench asks for beside the product's own pages."""

import random

from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse

from dashboard.clock import now_ms
from dashboard.models import Account, Task
from dashboard.views import board, failures, task
from dashboard.views.kept import forget_everything
from dashboard.views.polling import SignedIn, signed_in

CHANGED_ROWS = 10


def ok(request: HttpRequest) -> HttpResponse:
    """The reference: two bytes through the full middleware, for somebody whom the database knows."""
    return HttpResponse("ok" if request.user.is_authenticated else "no")


def cold_board(request: HttpRequest) -> HttpResponse:
    """The board as the first one after a start sees it."""
    forget_everything()
    return board.page(request)


def cold_failures(request: HttpRequest) -> HttpResponse:
    """The list of causes as the first one after a change sees it."""
    failures._pages.clear()
    return failures.page(request)


def first_look(request: HttpRequest, upstream_id: str) -> HttpResponse:
    """A task's page when nobody has looked at the task yet."""
    forget_everything()
    return task.page(request, upstream_id)


@signed_in
def change(request: SignedIn) -> HttpResponse:
    """As if the syncer had stored news of the newest tasks."""
    mine = Account.objects.visible_to(request.user)
    newest = (
        Task.objects.filter(account__in=mine).order_by("-updated_at", "-id").values_list("pk", flat=True)[:CHANGED_ROWS]
    )
    progress = random.random()  # noqa: S311  no secret
    Task.objects.filter(pk__in=list(newest)).update(progress=progress, updated_at=now_ms(), version=F("version") + 1)
    mine.bump()
    return HttpResponse("ok")


@signed_in
def account(request: SignedIn) -> HttpResponse:
    """How far the import of the user's account has come."""
    fields = ("imported", "import_done_at", "health", "error")
    return JsonResponse(Account.objects.visible_to(request.user).values(*fields).get())
