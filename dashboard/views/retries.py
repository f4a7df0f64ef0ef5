"""Retrying many tasks: what it would be, starting it, how far it has come, stopping it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard import units
from dashboard.clock import now_ms
from dashboard.conditions import Unclear
from dashboard.models.deadline import TooBroad
from dashboard.models.listing import UnreadableCursor
from dashboard.models.retry_batch import NothingToRetry, RetryBatch
from dashboard.models.retry_draft import Draft
from dashboard.models.rights import Right, may
from dashboard.models.seen import Sight, teams_of
from dashboard.views.actor import actor_of
from dashboard.views.batch_list import BatchList
from dashboard.views.batch_page import BatchPage
from dashboard.views.board_search import TOO_BROAD
from dashboard.views.chosen import MOST, Chosen, NoChoice
from dashboard.views.chosen_batch import ChosenBatch
from dashboard.views.chosen_group import ChosenGroup
from dashboard.views.polling import SignedIn, signed_in, tell_time, unchanged
from dashboard.views.retries_words import Choice, Proposal

REFUSALS = (NoChoice, Unclear, UnreadableCursor, TooBroad)


@signed_in
@require_safe
def new(request: SignedIn) -> HttpResponse:
    """What would be retried and what not, before anything is."""
    try:
        return _propose(request, _proposal(request, _chosen(request, request.GET)))
    except REFUSALS as unclear:
        return _refuse(request, unclear)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn) -> HttpResponse:
    """The batches of one's teams; a POST starts one."""
    if request.method != "POST":
        before = request.GET.get("before", "")
        batches = BatchList(Sight.of(request.user.pk, now_ms()), before)
        return render(request, "retries/list.html", {"batches": batches})
    try:
        proposal = _proposal(request, _chosen(request, request.POST))
    except REFUSALS as unclear:
        return _refuse(request, unclear)
    if why_not := proposal.refusal(request.POST):
        return _propose(request, proposal, why_not)
    try:
        batch = RetryBatch.start(proposal.draft, actor_of(request), proposal.chosen.words)
    except NothingToRetry:
        return _propose(request, proposal, "None of these tasks can be retried.")
    except IntegrityError:
        return _propose(request, proposal, "Some of these tasks were deleted in this moment. Nothing was retried.")
    response = redirect("retry-batch", batch.pk)
    response.status_code = 303
    return response


def _chosen(request: SignedIn, form: QueryDict) -> Choice:
    if form.get("batch"):
        return ChosenBatch.read(request, form)
    return ChosenGroup.read(request, form) if form.get("group") else Chosen.read(request, form)


def _proposal(request: SignedIn, chosen: Choice) -> Proposal:
    """Raises PermissionDenied if there is no account in view in which the person may retry."""
    accounts = chosen.seen.accounts
    may_retry = chosen.allowing(Right.RETRY)
    roles = [account.role for account in accounts] or [team.role for team in teams_of(request.user.pk)]
    if not any(may(role, Right.RETRY) for role in roles):
        raise PermissionDenied
    with chosen.in_time():
        ids = [] if chosen.is_open else chosen.ids([account.id for account in accounts], MOST + 1)
    if len(ids) > MOST:  # which of them could be asked for does not matter
        return Proposal(chosen, Draft(()), is_cut=True)
    draft = Draft.of(ids, accounts, may_retry, request.user.email, chosen.hopeless)
    return Proposal(chosen, draft, is_cut=False)


def _propose(request: SignedIn, proposal: Proposal, why_not: str = "") -> HttpResponse:
    context = {"proposal": proposal, "why_not": why_not, "typed": request.POST.get("number", "")}
    return render(request, "retries/new.html", context, status=422 if why_not else 200)


def _refuse(request: HttpRequest, why: Exception) -> HttpResponse:
    told = {TooBroad: f"{TOO_BROAD}.", UnreadableCursor: "This address cannot be read."}
    sentence = why.sentence if isinstance(why, NoChoice | Unclear) else told[type(why)]
    return render(request, "400.html", {"message": f"{sentence} Nothing was retried."}, status=400)


@signed_in
@require_safe
def batch(request: SignedIn, pk: int) -> HttpResponse:
    about = _about(request, pk)
    return tell_time(render(request, "retries/page.html", {"batch": about}), about.sight)


@signed_in
@require_safe
def live_region(request: SignedIn, pk: int) -> HttpResponse:
    """How far it has come, again."""
    about = _about(request, pk)
    if about.token == request.GET.get("seen"):
        return unchanged(about.sight)
    return tell_time(render(request, "retries/_batch.html", {"batch": about}), about.sight)


def _about(request: SignedIn, pk: int) -> BatchPage:
    """Raises Http404 for a batch in none of whose accounts the person sees anything."""
    held = RetryBatch.objects.filter(pk=pk).first() if pk < 2**63 else None
    sight = Sight.of(request.user.pk, now_ms())
    about = BatchPage.of(held, sight, request.GET) if held else None
    if about is None:
        raise Http404
    return about


@signed_in
@require_POST
def stop(request: SignedIn, pk: int) -> HttpResponse:
    """What waits in accounts in which the person may retry is not asked for any more."""
    about = _about(request, pk)
    mine = [account.id for account in about.sight.accounts if may(account.role, Right.RETRY)]
    if not mine:
        raise PermissionDenied
    number = about.batch.stop(actor_of(request), mine)
    if number:
        messages.success(request, f"Stopped: {units.count(number)} of its tasks will not be asked for.")
    else:
        messages.warning(request, "Nothing was left to stop.")
    return redirect(reverse("retry-batch", args=[pk]))
