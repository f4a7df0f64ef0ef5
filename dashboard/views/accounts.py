"""Accounts: which Studio projects are watched, how their keys fare, and connecting one more."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.clock import now_ms
from dashboard.forms.accounts import NAME_TAKEN, AccountForm
from dashboard.models.account import Account
from dashboard.models.rights import Right, roles_with
from dashboard.models.seen import Sight
from dashboard.models.team import Team
from dashboard.sync.accounts import Connected, connect
from dashboard.sync.buttons import Busy
from dashboard.views.account_list import AccountList
from dashboard.views.account_refusals import busy_form, note_astray, status_of, tell, why_not
from dashboard.views.actor import actor_of
from dashboard.views.confirmed import ask_to_confirm, is_confirmed
from dashboard.views.errors import later
from dashboard.views.kept import Kept
from dashboard.views.polling import SignedIn, signed_in, tell_time, unchanged
from dashboard.views.squeezing import squeezed

_regions: Kept[str, SafeString] = Kept(2)


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    sight = Sight.of(request.user.pk, now_ms())
    answer = render(request, "accounts/page.html", {"region": _region(AccountList(sight))})
    return squeezed(request, tell_time(answer, sight))


@signed_in
@require_safe
def list_region(request: SignedIn) -> HttpResponse:
    sight = Sight.of(request.user.pk, now_ms())
    accounts = AccountList(sight)
    if accounts.token == request.GET.get("seen"):
        return unchanged(sight)
    return squeezed(request, tell_time(HttpResponse(_region(accounts)), sight))


def _region(accounts: AccountList) -> SafeString:
    """Who see the same share one rendering, until something in it moves."""
    return _regions.get(accounts.token, lambda: render_to_string("accounts/_list.html", {"accounts": accounts}))


@signed_in
@sensitive_post_parameters("key", "url", "name")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Add an account; for admins of a team."""
    teams = Team.objects.filter(
        memberships__user=request.user, memberships__role__in=roles_with(Right.MANAGE_ACCOUNTS)
    ).order_by("name")
    if not teams:
        raise PermissionDenied
    if not is_confirmed(request):
        return ask_to_confirm(request, reverse("account-new"))
    form = AccountForm(request.POST if request.method == "POST" else None, teams=teams)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        team = form.cleaned_data.get("team") or teams[0]
        note_astray(request, Account(team=team, name=form.cleaned_data.get("name", "")), form.data.get("url", ""))
        return _form_page(request, form)
    try:
        connected = _connect(request, form)
    except Busy as why:
        busy_form(form, why)
        return later(_form_page(request, form, 503), why)
    except IntegrityError:  # the same form, sent twice
        form.add_error("name", NAME_TAKEN)
        return _form_page(request, form)
    if connected.account:
        tell(request, connected.verdict)
        return redirect("board")
    form.add_error(None, why_not(connected))
    return _form_page(request, form)


@sensitive_variables()
def _connect(request: SignedIn, form: AccountForm) -> Connected:
    told = form.cleaned_data
    return connect(told["team"], told["name"], told["url"], told["key"], actor_of(request))


def _form_page(request: SignedIn, form: AccountForm, status: int | None = None) -> HttpResponse:
    """The form as it was filled in, but for its key, with what is wrong."""
    return render(request, "accounts/new.html", {"form": form}, status=status or status_of(form))
