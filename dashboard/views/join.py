"""The link of an invitation, opened by four kinds of visitors: with an account here or without, signed in as the
invited or as somebody else."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.clock import now_ms
from dashboard.forms.teams import PasswordForm
from dashboard.models.audit import AuditEntry
from dashboard.models.invitation import LASTS_DAYS, Invitation
from dashboard.models.inviting import Closed, Known, accept, join
from dashboard.models.team import Role
from dashboard.models.user import User
from dashboard.views.actor import actor_of
from dashboard.views.polling import link
from dashboard.views.team_words import CLOSED, JOINER_MAY, NOT_YOURS
from dashboard.views.welcome import welcome


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, signed: str) -> HttpResponse:
    invitation = Invitation.objects.signed(signed)
    if invitation is None:
        raise Http404
    response = _answer(request, invitation)
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    closed = invitation.closed_by(now_ms())
    if closed:
        return _closed(request, invitation, closed)
    try:
        return _for(request, invitation)
    except Closed as why:  # somebody was faster
        return _closed(request, invitation, why.why)


def _for(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        is_known = User.objects.filter(email=invitation.email).exists()
        return _sign_in_first(request, invitation) if is_known else _choose_password(request, invitation)
    if not invitation.is_for(user):
        return _not_yours(request, invitation, user)
    if request.method != "POST":
        return _page(request, invitation, "invited")
    member = accept(invitation, user, actor_of(request))
    return redirect(_to_board(request, invitation, member.role))


def _sign_in_first(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    invitation.refresh_from_db(fields=("accepted_at", "revoked_at"))  # they may be known by having joined just now
    if closed := invitation.closed_by(now_ms()):
        raise Closed(closed)
    return _page(request, invitation, "known")


def _choose_password(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None, email=invitation.email)
    if not form.is_bound or not form.is_valid():
        return _page(request, invitation, "new", form, 422 if form.is_bound else 200)
    user = User(email=invitation.email)
    user.set_password(form.cleaned_data["password"])  # slow on purpose, so before the database is held
    try:
        member = join(invitation, user, actor_of(request))
    except Known:
        return _sign_in_first(request, invitation)
    return welcome(request, user, _to_board(request, invitation, member.role))


def _not_yours(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    if request.method != "HEAD":
        with transaction.atomic():
            told: dict[str, object] = {"opened as": user.email}
            AuditEntry.note(actor_of(request), "invitation.refused", invitation.team_id, invitation.email, after=told)
    why = NOT_YOURS.format(invited=invitation.email, user=user.email)
    return _page(request, invitation, "other", status=403, why=why)


def _to_board(request: HttpRequest, invitation: Invitation, role: str) -> str:
    """Where to go, and a word of welcome on the page there."""
    messages.success(request, f"Welcome to {invitation.team.name}. You are {Role(role).label.lower()} here.")
    return link(reverse("board"), {"team": invitation.team_id})


def _closed(request: HttpRequest, invitation: Invitation, why: str) -> HttpResponse:
    title, text = CLOSED[why]
    told = {"title": title, "text": text.format(by=invitation.invited_by_name, days=LASTS_DAYS)}
    return render(request, "team/gone.html", told, status=410)


def _page(
    request: HttpRequest,
    invitation: Invitation,
    who: str,
    form: PasswordForm | None = None,
    status: int = 200,
    why: str = "",
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "role": Role(invitation.role).label.lower(),
        "may": JOINER_MAY[Role(invitation.role)],
        "who": who,
        "form": form,
        "why": why,
        "sign_in_url": link(reverse("account_login"), {"next": request.path}),
    }
    return render(request, "team/join.html", context, status=status)
