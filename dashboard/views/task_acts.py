"""What a person does about a task: ask Studio now, retry it, write a note."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from dashboard.clock import now_ms
from dashboard.forms.notes import NoteForm
from dashboard.models.account import Account
from dashboard.models.note import Note
from dashboard.models.retry import Outcome, Retry
from dashboard.models.rights import Right
from dashboard.models.seen import Sight
from dashboard.models.task import Task
from dashboard.sync.asking import ask_now
from dashboard.sync.buttons import Busy
from dashboard.sync.retrying import CannotRetry, retry_now
from dashboard.views.actor import actor_of
from dashboard.views.errors import busy
from dashboard.views.held import Held
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.task_missing import missing
from dashboard.visible import visible


@signed_in
@require_POST
def ask(request: SignedIn, upstream_id: str) -> HttpResponse:
    """Ask Studio now: through the account that holds the task, else through each that the user may use so."""
    sight = Sight.of(request.user.pk, now_ms())
    if not sight.accounts or "\0" in upstream_id:
        raise Http404
    held = Held.find(sight, upstream_id, request.GET.get("account", ""))
    usable = Account.objects.visible_to(request.user, Right.ASK_STUDIO).select_related("api_key")
    if held is not None:
        usable = usable.filter(pk=held.account.id)
    accounts = list(usable)
    if not accounts:
        raise PermissionDenied
    try:
        answer = ask_now(upstream_id, accounts, actor_of(request))
    except Busy as why:
        return busy(request, held.url if held else reverse("task", args=[upstream_id]), why)
    if held is None and not answer.found:
        return missing(request, sight, upstream_id, " ".join(answer.sentences))
    if not answer.found:
        messages.warning(request, " ".join(answer.sentences))
    elif held is not None:
        version = Task.objects.filter(pk=held.task.pk).values_list("version", flat=True).first()
        news = "there is news below" if version != held.task.version else "nothing has changed"
        messages.success(request, f"Studio was asked just now: {news}.")
    return HttpResponseRedirect(held.url if held else reverse("task", args=[upstream_id]))


@signed_in
@require_POST
def retry(request: SignedIn, upstream_id: str) -> HttpResponse:
    """Ask Studio to start the task again, and follow the new attempt."""
    held = Held.or_404(request, upstream_id)
    held.demand(Right.RETRY)
    account = Account.objects.select_related("api_key").filter(pk=held.account.id).first()
    if account is None:
        raise Http404
    try:
        _tell(request, retry_now(held.task, account, actor_of(request)))
    except Busy as why:
        return busy(request, held.url, why)
    except CannotRetry as why:
        messages.warning(request, f"{why} Nothing was changed.")
    return HttpResponseRedirect(held.url)


def _tell(request: SignedIn, asked: Retry) -> None:
    match asked.outcome:
        case Outcome.STARTED:
            messages.success(request, "Studio took the retry. The new attempt is followed below.")
        case Outcome.REFUSED:
            messages.error(request, f"Studio refused the retry. {asked.sentence}")
        case _:
            messages.warning(
                request,
                f"{asked.sentence} Whether Studio took the retry is not known yet; if it did, the next sync shows it.",
            )


@signed_in
@require_POST
def notes(request: SignedIn, upstream_id: str) -> HttpResponse:
    """Write a note for everybody who sees the task."""
    held = Held.or_404(request, upstream_id)
    held.demand(Right.WRITE_NOTES)
    form = NoteForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "title": visible(held.task.title), "task_url": held.url}
        return render(request, "task/note.html", context, status=422)
    Note.write(held.task, actor_of(request), form.cleaned_data["text"], now_ms())
    return HttpResponseRedirect(f"{held.url}#notes")
