"""What an admin does with a member: another role, out of the team, a link for a new password. And leaving."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.forms.teams import NO_ROLE, RoleForm
from dashboard.models.audit import AuditEntry
from dashboard.models.rights import Right
from dashboard.models.roster import Refused, give_role
from dashboard.models.roster import remove as take_out
from dashboard.models.team import Membership, Role
from dashboard.models.user import User
from dashboard.views.actor import actor_of
from dashboard.views.confirmed import confirm_lately
from dashboard.views.membership import allowed, over
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.team_page import can_reset, team_page, team_url
from dashboard.views.team_words import ASKS_BY_MAIL, NOT_RESETTABLE


@signed_in
@require_POST
def role(request: SignedIn, pk: int) -> HttpResponse:
    own, member = over(request.user, pk, Right.MANAGE_MEMBERS)
    allowed(own, Right.MANAGE_MEMBERS)
    confirm_lately(request)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return team_page(request, own, NO_ROLE, status=422)
    given = Role(form.cleaned_data["role"])
    try:
        give_role(member, given, actor_of(request))
    except Refused as why:
        return team_page(request, own, why.sentence, status=409)
    messages.success(request, f"{member.user.email} is {given.label.lower()} from now on.")
    return redirect(team_url(member.team))


@signed_in
@require_POST
def remove(request: SignedIn, pk: int) -> HttpResponse:
    """Of oneself: leave."""
    own, member = over(request.user, pk, Right.MANAGE_MEMBERS)
    confirm_lately(request)
    try:
        take_out(member, actor_of(request))
    except Refused as why:
        return team_page(request, own, why.sentence, status=409)
    if own.pk == member.pk:
        messages.success(request, f"You left {member.team.name}.")
        return redirect("board")
    messages.success(request, f"{member.user.email} is not in {member.team.name} any more.")
    return redirect(team_url(member.team))


@signed_in
@require_POST
def reset(request: SignedIn, pk: int) -> HttpResponse:
    """A link for a new password, for people who cannot get one by mail. It is shown once, in this answer."""
    own, member = over(request.user, pk, Right.MANAGE_MEMBERS)
    allowed(own, Right.MANAGE_MEMBERS)
    confirm_lately(request)
    if own.pk == member.pk:
        return team_page(request, own, "Your own password is changed on your profile.", status=409)
    if settings.EMAIL_HOST:
        return team_page(request, own, ASKS_BY_MAIL.format(email=member.user.email), status=403)
    if not can_reset(request.user, member.user):
        return team_page(request, own, NOT_RESETTABLE.format(email=member.user.email), status=403)
    with transaction.atomic():
        AuditEntry.note(actor_of(request), "member.reset_link", member.team_id, member.user.email)
    return _show_link(request, member)


def _show_link(request: SignedIn, member: Membership) -> HttpResponse:
    context = {
        "team": member.team,
        "team_url": team_url(member.team),
        "person": member.user.email,
        "link": _reset_link(member.user),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    return render(request, "team/reset.html", context)


def _reset_link(user: User) -> str:
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return str(get_adapter().get_reset_password_from_key_url(key))
