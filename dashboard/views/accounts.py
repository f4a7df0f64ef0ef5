"""Accounts: which Studio projects are watched, how their keys fare, and connecting one more."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.clock import now_ms
from dashboard.forms import NAME_TAKEN, AccountForm
from dashboard.models.account import Account
from dashboard.models.rights import Right, roles_with
from dashboard.models.seen import Sight
from dashboard.models.team import Team
from dashboard.sync.accounts import change, connect, test_again
from dashboard.sync.buttons import Busy
from dashboard.sync.testing import Outcome, Verdict
from dashboard.views.account_rows import AccountList, row_of, task_counts
from dashboard.views.errors import busy, later
from dashboard.views.polling import SignedIn, signed_in, tell_time, unchanged


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    sight = Sight.of(request.user.pk, now_ms())
    return tell_time(render(request, "accounts/page.html", {"accounts": AccountList(sight)}), sight)


@signed_in
@require_safe
def list_region(request: SignedIn) -> HttpResponse:
    sight = Sight.of(request.user.pk, now_ms())
    accounts = AccountList(sight)
    if accounts.token == request.GET.get("seen"):
        return unchanged(sight)
    return tell_time(render(request, "accounts/_list.html", {"accounts": accounts}), sight)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Add an account; for admins of a team."""
    teams = Team.objects.filter(
        memberships__user=request.user, memberships__role__in=roles_with(Right.MANAGE_ACCOUNTS)
    ).order_by("name")
    if not teams:
        return render(request, "403.html", status=403)
    form = AccountForm(_told(request), teams=teams)
    busy_why = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            connected = connect(told["team"], told["name"], told["url"], told["key"])
        except Busy as why:
            busy_why = why
        except IntegrityError:  # the same form, sent twice
            form.add_error("name", NAME_TAKEN)
        else:
            if connected.account:
                _tell(request, connected.verdict)
                return redirect("board")
            form.add_error(None, connected.verdict.sentence)
    return _form_page(request, "accounts/new.html", {"form": form}, form, busy_why)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedIn, pk: int) -> HttpResponse:
    """One account; its admins may change it."""
    held = _account_or_404(request, pk)
    can_change = _is_admin(request, held)
    if request.method == "POST" and not can_change:
        return render(request, "403.html", status=403)
    form = AccountForm(_told(request), teams=Team.objects.none(), account=held)
    busy_why = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            connected = change(held, told["name"], told["url"], told["key"])
        except Busy as why:
            busy_why = why
        except IntegrityError:
            form.add_error("name", NAME_TAKEN)
        else:
            if connected.account:
                _tell(request, connected.verdict)
                return redirect("account", pk)
            form.add_error(None, connected.verdict.sentence)
        held.refresh_from_db()
    seen = next(a for a in Sight.of(request.user.pk, now_ms()).accounts if a.id == pk)
    context = {
        "form": form,
        "can_change": can_change,
        "account": row_of(seen, held, task_counts([pk]).get(pk, 0)),
    }
    return _form_page(request, "accounts/account.html", context, form, busy_why)


@signed_in
@require_POST
def test(request: SignedIn, pk: int) -> HttpResponse:
    """Try the stored key now."""
    held = _account_or_404(request, pk)
    if not _is_admin(request, held):
        return render(request, "403.html", status=403)
    try:
        verdict = test_again(held)
    except Busy as why:
        return busy(request, reverse("account", args=[pk]), why)
    _tell(request, verdict)
    return redirect("account", pk)


def _told(request: SignedIn) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _account_or_404(request: SignedIn, pk: int) -> Account:
    found: Account | None = (
        Account.objects.visible_to(request.user).filter(pk=pk).select_related("api_key", "team").first()
    )
    if found is None:
        raise Http404
    return found


def _is_admin(request: SignedIn, held: Account) -> bool:
    return bool(Account.objects.visible_to(request.user, Right.MANAGE_ACCOUNTS).filter(pk=held.pk).exists())


def _form_page(
    request: SignedIn, template: str, context: dict[str, object], form: AccountForm, busy_why: Busy | None
) -> HttpResponse:
    """The form as it was filled in, but for its key, with what is wrong: 422, or 503 if it only came too early."""
    if busy_why is None:
        return render(request, template, context, status=422 if form.is_bound and form.errors else 200)
    form.add_error(None, f"Busy, try again. {busy_why.sentence} Nothing was changed; the key has to be pasted again.")
    return later(render(request, template, context, status=503), busy_why)


def _tell(request: SignedIn, verdict: Verdict) -> None:
    tell = messages.success if verdict.outcome is Outcome.WORKS else messages.warning
    tell(request, verdict.sentence)
