"""A team: who is in it and as what, a new one, its name, and how long its tasks are kept."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.forms.teams import NewTeamForm, TeamForm
from dashboard.models.rights import Right
from dashboard.models.roster import keep_tasks, rename, start_team
from dashboard.models.team import Membership
from dashboard.views.actor import actor_of
from dashboard.views.confirmed import confirm_lately
from dashboard.views.membership import acting_in, allowed, in_team
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.team_page import team_page, team_url


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    named = request.GET.get("team")
    if not named and not Membership.objects.filter(user=request.user).exists():
        return render(request, "team/none.html")
    return team_page(request, in_team(request.user, named or None, Right.SEE))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Anybody may start a team; they are its first admin."""
    form = NewTeamForm(request.POST if request.method == "POST" else None, user=request.user)
    if not form.is_bound or not form.is_valid():
        return render(request, "team/new.html", {"form": form}, status=422 if form.is_bound else 200)
    team = start_team(form.cleaned_data["name"], request.user, actor_of(request))
    messages.success(request, f"{team.name} is there, and you are its admin. Invite the others here.")
    return redirect(team_url(team))


@signed_in
@require_POST
def change(request: SignedIn) -> HttpResponse:
    """The name and how long ended tasks are kept."""
    own = acting_in(request.user, request.POST.get("team"), Right.MANAGE_MEMBERS)
    allowed(own, Right.SET_RETENTION)
    confirm_lately(request)
    form = TeamForm(request.POST)
    if not form.is_valid():
        return team_page(request, own, settings_form=form, status=422)
    actor = actor_of(request)
    with transaction.atomic():
        rename(own.team_id, form.cleaned_data["name"], actor)
        keep_tasks(own.team_id, form.cleaned_data["keep_tasks_days"], actor)
    messages.success(request, "The team’s settings were saved.")
    return redirect(team_url(own.team))
