"""Deleting an account: what goes with it, its name typed, and the choice what becomes of its history."""

from types import SimpleNamespace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dashboard import units
from dashboard.forms.accounts import DeletingForm
from dashboard.models.account import Account
from dashboard.models.note import Note
from dashboard.models.rights import Right
from dashboard.models.task import Task
from dashboard.sync.resting import archive, remove
from dashboard.views.account import account_or_404, check_right
from dashboard.views.account_refusals import status_of
from dashboard.views.actor import actor_of
from dashboard.views.confirmed import confirm_lately
from dashboard.views.polling import SignedIn, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn, pk: int) -> HttpResponse:
    held = account_or_404(request, pk)
    check_right(request, held, Right.MANAGE_ACCOUNTS)
    form = DeletingForm(request.POST if request.method == "POST" else None, account=held)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "account": held, "goes": goes_with(held)}
        return render(request, "accounts/delete.html", context, status=status_of(form))
    confirm_lately(request)
    return (_keep if form.cleaned_data["history"] == "keep" else _remove)(request, held)


def _keep(request: SignedIn, held: Account) -> HttpResponse:
    if archive(held, actor_of(request)):
        messages.success(request, f"{held.name} is archived: its keys are deleted, its tasks can still be looked at.")
    else:
        account_or_404(request, held.pk)
        messages.warning(request, f"{held.name} was archived already.")
    return redirect("account", held.pk)


def _remove(request: SignedIn, held: Account) -> HttpResponse:
    if remove(held, actor_of(request)):
        messages.success(request, f"{held.name} is removed. Its tasks are being deleted; nobody sees them any more.")
    else:
        messages.warning(request, f"{held.name} was removed already.")
    return redirect("accounts")


def goes_with(held: Account) -> SimpleNamespace:
    """What is deleted with the account, counted now."""
    keys = [str(key) for key in (getattr(held, "api_key", None), getattr(held, "previous_key", None)) if key]
    tasks = Task.objects.filter(account=held).count()
    notes = Note.objects.filter(task__account=held).count()
    scripts = held.tokens.filter(revoked_at=None).count()
    return SimpleNamespace(
        keys=keys,
        history=f"{_number(tasks, 'task')} and {_number(notes, 'note')}" if tasks else "",
        scripts=_number(scripts, "token") if scripts else "",
    )


def _number(number: int, noun: str) -> str:
    return f"{units.count(number) if number else 'no'} {noun}{'' if number == 1 else 's'}"
