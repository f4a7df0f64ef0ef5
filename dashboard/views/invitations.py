"""Invitations of a team: the pending ones, one more, one withdrawn; by mail too where mail is set up."""

import logging

from allauth.core.ratelimit import consume, respond_429
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.forms.teams import InvitationForm
from dashboard.models.invitation import LASTS_DAYS, Invitation
from dashboard.models.inviting import invite
from dashboard.models.inviting import revoke as withdraw
from dashboard.models.rights import Right
from dashboard.models.roster import Refused
from dashboard.models.team import Membership, Role
from dashboard.views.actor import actor_of
from dashboard.views.confirmed import confirm_lately
from dashboard.views.membership import acting_in, allowed, in_team
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.team_page import invitations, link_of, team_page, team_url
from dashboard.views.team_words import ROLE_MEANS, mailed

log = logging.getLogger(__name__)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn) -> HttpResponse:
    if request.method != "POST":
        return _page(request, in_team(request.user, request.GET.get("team") or None, Right.MANAGE_MEMBERS))
    own = acting_in(request.user, request.POST.get("team"), Right.MANAGE_MEMBERS)
    confirm_lately(request)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, own, form, 422)
    if settings.EMAIL_HOST and not consume(request, action="invite", key=form.cleaned_data["email"]):
        too_many: HttpResponse = respond_429(request)
        return too_many
    return _invite(request, own, form)


def _invite(request: SignedIn, own: Membership, form: InvitationForm) -> HttpResponse:
    try:
        invitation = invite(own.team_id, form.cleaned_data["email"], Role(form.cleaned_data["role"]), actor_of(request))
    except Refused as why:
        form.add_error("email", why.sentence)
        return _page(request, own, form, 409)
    went = _mail(request, invitation) if settings.EMAIL_HOST else None
    tell = messages.warning if went is False else messages.success
    tell(request, mailed(invitation.email, went))
    return redirect(team_url(own.team))


@signed_in
@require_POST
def revoke(request: SignedIn, pk: int) -> HttpResponse:
    invitation = Invitation.objects.filter(pk=pk, team__memberships__user=request.user).select_related("team").first()
    if invitation is None:
        raise Http404
    own = Membership.objects.select_related("team", "user").get(team=invitation.team_id, user=request.user)
    allowed(own, Right.MANAGE_MEMBERS)
    confirm_lately(request)
    try:
        withdraw(invitation, actor_of(request))
    except Refused as why:
        return team_page(request, own, why.sentence, status=409)
    messages.success(request, f"The invitation of {invitation.email} was withdrawn; its link works no more.")
    return redirect(team_url(own.team, "invitations"))


def _page(request: SignedIn, own: Membership, form: InvitationForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "team": own.team,
        "team_url": team_url(own.team),
        "roles": [(role.value, role.label, ROLE_MEANS[role]) for role in Role],
        **invitations(request, own.team, form),
    }
    return render(request, "team/invitations.html", context, status=status)


def _mail(request: SignedIn, invitation: Invitation) -> bool:
    """Whether it went out. A mail server that fails is no reason not to invite: the link is on the page."""
    told = {"invitation": invitation, "link": link_of(request, invitation), "days": LASTS_DAYS}
    text = render_to_string("team/invitation.txt", told)
    subject = f"{invitation.invited_by_name} invites you to {invitation.team.name}"
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [invitation.email])
    except (OSError, ValueError) as error:  # the mail server's errors are OSErrors; an address may not be encodable
        log.warning("An invitation could not be mailed: %s", type(error).__name__)
        return False
    return True
