"""One account: how its key fares, its name and address, and for its admins the key itself to replace."""

from types import SimpleNamespace

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.clock import HOUR, now_ms
from dashboard.forms.accounts import NAME_TAKEN, KeyForm, SettingsForm
from dashboard.models.account import Account
from dashboard.models.keyring import rings_of
from dashboard.models.rights import Right
from dashboard.models.seen import Sight
from dashboard.sync.accounts import Connected, change
from dashboard.sync.buttons import Busy
from dashboard.views.account_refusals import busy_form, note_astray, status_of, tell, why_not
from dashboard.views.account_rows import facts_of, task_counts
from dashboard.views.actor import actor_of
from dashboard.views.confirmed import ask_to_confirm, is_confirmed
from dashboard.views.errors import later
from dashboard.views.polling import SignedIn, poll_url, signed_in, tell_time, token_of, unchanged
from dashboard.views.sparkline import bars

INTERVAL, INTERVAL_OF_AN_IMPORT = 15, 3
FINE = 40  # levels of the day's chart


@signed_in
@sensitive_post_parameters("key", "url", "name")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn, pk: int) -> HttpResponse:
    """One account; its admins may rename it and move it to another address."""
    held = account_or_404(request, pk)
    if request.method != "POST":
        return account_page(request, held)
    check_right(request, held, Right.MANAGE_ACCOUNTS)
    form = SettingsForm(request.POST, account=held)
    if form.touches_the_key and not is_confirmed(request):
        return ask_to_confirm(request, reverse("account", args=[pk]))
    if not form.is_valid():
        note_astray(request, held, request.POST.get("url", ""))
        return account_page(request, held, settings_form=form)
    try:
        connected = _change(request, held, form)
    except Busy as why:
        busy_form(form, why)
        return later(account_page(request, held, settings_form=form, status=503), why)
    except IntegrityError:
        form.add_error("name", NAME_TAKEN)
        return account_page(request, held, settings_form=form)
    if connected.account:
        tell(request, connected.verdict)
        return redirect("account", pk)
    form.add_error(None, why_not(connected))
    return account_page(request, held, settings_form=form)


@sensitive_variables()
def _change(request: SignedIn, held: Account, form: SettingsForm) -> Connected:
    told = form.cleaned_data
    return change(held, told["name"], told["url"], told["key"], actor_of(request))


@signed_in
@require_safe
def live_region(request: SignedIn, pk: int) -> HttpResponse:
    """How the key fares, again."""
    sight, about = _about(request, pk)
    if about.token == request.GET.get("seen"):
        return unchanged(sight)
    return tell_time(render(request, "accounts/_account.html", {"account": about}), sight)


def account_page(
    request: SignedIn,
    held: Account,
    settings_form: SettingsForm | None = None,
    key_form: KeyForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    """The page, with a form as it was filled in, but for its key, and what is wrong with it."""
    sight, about = _about(request, held.pk)
    try:
        held.refresh_from_db()
    except Account.DoesNotExist:  # the syncer was faster
        raise Http404 from None
    bound: Form | None = settings_form or key_form
    key_form = key_form or KeyForm()
    key_form.tell_what_goes(about.hint, about.previous_hint)
    context = {
        "account": about,
        "settings_form": settings_form or SettingsForm(account=held),
        "key_form": key_form,
        "asks_for_key": is_confirmed(request),
        "is_archived": about.state == "archived",
        "stored_at": getattr(getattr(held, "api_key", None), "stored_at", None),
    }
    answer = render(request, "accounts/account.html", context, status=status or (status_of(bound) if bound else 200))
    return tell_time(answer, sight)


def _about(request: SignedIn, pk: int) -> tuple[Sight, SimpleNamespace]:
    """What the live region shows, from what the user may see."""
    sight = Sight.of(request.user.pk, now_ms()).only(pk)
    ring = rings_of(sight.ids).get(pk)
    if ring is None:
        raise Http404
    seen = sight.accounts[0]
    about = facts_of(seen, ring, task_counts([pk]).get(pk, 0), sight.now)
    about.chart = bars(about.day.by_hour, FINE)
    times = seen.last_success_at, seen.next_sync_at, sight.now // HOUR
    about.token = token_of(sight.signs(), ring, times, about.state, about.tasks)
    about.poll_url = poll_url(reverse("account-live", args=[pk]), about.token, {})
    about.interval = INTERVAL_OF_AN_IMPORT if about.total or about.state == "new" else INTERVAL
    return sight, about


def account_or_404(request: SignedIn, pk: int) -> Account:
    found: Account | None = (
        Account.objects.visible_to(request.user).filter(pk=pk).select_related("api_key", "previous_key", "team").first()
    )
    if found is None:
        raise Http404
    return found


def check_right(request: SignedIn, held: Account, right: Right) -> None:
    """Raises PermissionDenied for who sees the account but may not do this."""
    if not Account.objects.visible_to(request.user, right).filter(pk=held.pk).exists():
        raise PermissionDenied
