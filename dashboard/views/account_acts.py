"""What an admin does about an account: test its key, replace it, step back, pause, delete."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.forms.accounts import KeyForm
from dashboard.models.account import Account
from dashboard.models.rights import Right
from dashboard.sync.accounts import Connected, delete_old_key, replace_key, step_back, test_again
from dashboard.sync.buttons import Busy
from dashboard.sync.resting import pause, resume
from dashboard.views.account import account_or_404, account_page, check_right
from dashboard.views.account_refusals import busy_form, tell, why_not
from dashboard.views.actor import actor_of
from dashboard.views.confirmed import ask_to_confirm, confirm_lately, is_confirmed
from dashboard.views.errors import busy, later
from dashboard.views.polling import SignedIn, signed_in


@signed_in
@require_POST
def test(request: SignedIn, pk: int) -> HttpResponse:
    """Try the stored key now."""
    held = _held_for(request, pk, Right.MANAGE_KEYS)
    back = _back(request, held)
    try:
        verdict = test_again(held, actor_of(request))
    except Busy as why:
        return busy(request, back, why)
    tell(request, verdict, "" if back == _own(held) else held.name)
    return HttpResponseRedirect(back)


@signed_in
@sensitive_post_parameters("key")
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: SignedIn, pk: int) -> HttpResponse:
    """The account's page with the field for a new key; what is pasted is tested before it is used."""
    held = _held_for(request, pk, Right.MANAGE_KEYS)
    if not is_confirmed(request):
        return ask_to_confirm(request, reverse("account-key", args=[pk]))
    if request.method != "POST":
        return account_page(request, held, key_form=KeyForm(has_focus=True))
    form = KeyForm(request.POST)
    if not form.is_valid():
        return account_page(request, held, key_form=form)
    try:
        connected = _replace(request, held, form)
    except Busy as why:
        busy_form(form, why)
        return later(account_page(request, held, key_form=form, status=503), why)
    if connected.account is None:
        form.add_error(None, why_not(connected))
        return account_page(request, held, key_form=form)
    tell(request, connected.verdict)
    return redirect("account", pk)


@sensitive_variables()
def _replace(request: SignedIn, held: Account, form: KeyForm) -> Connected:
    return replace_key(held, form.cleaned_data["key"], actor_of(request))


@signed_in
@require_POST
def key_back(request: SignedIn, pk: int) -> HttpResponse:
    """Use the key again that was used before the present one."""
    held = _held_for(request, pk, Right.MANAGE_KEYS)
    confirm_lately(request)
    try:
        connected = step_back(held, actor_of(request))
    except Busy as why:
        return busy(request, _own(held), why)
    if connected.account:
        tell(request, connected.verdict)
    else:
        messages.error(request, connected.verdict.sentence)
    return HttpResponseRedirect(_own(held))


@signed_in
@require_POST
def key_forget(request: SignedIn, pk: int) -> HttpResponse:
    """Delete the key that was used before."""
    held = _held_for(request, pk, Right.MANAGE_KEYS)
    confirm_lately(request)
    hint = str(getattr(held, "previous_key", ""))
    if delete_old_key(held, actor_of(request)):
        told = f"The old key {hint} was deleted here. In Studio it lives on until it is deleted there."
        messages.success(request, told)
    else:
        messages.warning(request, "There is no old key any more.")
    return HttpResponseRedirect(_own(held))


@signed_in
@require_POST
def rest(request: SignedIn, pk: int) -> HttpResponse:
    """Pause or resume: what `paused` says, or the other of what is so."""
    held = _held_for(request, pk, Right.MANAGE_ACCOUNTS)
    told = request.POST.get("paused", "")
    paused = told == "1" if told in ("0", "1") else not held.paused
    if paused and pause(held, actor_of(request)):
        messages.success(request, f"{held.name} is paused. Its tasks do not update until somebody resumes it.")
    elif not paused and resume(held, actor_of(request)):
        messages.success(request, f"{held.name} goes on. It is asked now.")
    else:
        held = account_or_404(request, pk)
        messages.warning(request, _why_not_rest(held))
    return HttpResponseRedirect(_back(request, held))


def _why_not_rest(held: Account) -> str:
    """Somebody was faster, or the page was old."""
    if held.archived_at:
        return "An archived account is not asked anyway."
    return f"{held.name} is paused already." if held.paused else f"{held.name} is not paused."


def _held_for(request: SignedIn, pk: int, right: Right) -> Account:
    held = account_or_404(request, pk)
    check_right(request, held, right)
    return held


def _own(held: Account) -> str:
    return reverse("account", args=[held.pk])


def _back(request: SignedIn, held: Account) -> str:
    """Where the button was pressed, if that is a page of ours that one can ask for."""
    told = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(told, {request.get_host()}) and told.startswith("/")
    return told if is_ours and not told.startswith(f"{_own(held)}key") else _own(held)
