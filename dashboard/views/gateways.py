"""The IPFS gateways of a team: which there are, and for its admins a list to change."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dashboard.gateways import MOST, USUAL, Read, gateways_of, read
from dashboard.models.audit import AuditEntry
from dashboard.models.rights import Right, may
from dashboard.models.team import Membership, Team
from dashboard.upstream.errors import PrivateAddress
from dashboard.upstream.network import BadUrl, check_url
from dashboard.views.actor import actor_of
from dashboard.views.polling import SignedIn, signed_in

MOST_MISTAKES = 8


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn, pk: int) -> HttpResponse:
    membership = Membership.objects.filter(user=request.user, team__id=pk).select_related("team").first()
    if membership is None:
        raise Http404
    can_change = may(membership.role, Right.SET_GATEWAYS)
    if request.method != "POST":
        return _page(request, membership.team, can_change, membership.team.gateways)
    if not can_change:
        return render(request, "403.html", status=403)
    typed = "" if "usual" in request.POST else request.POST.get("gateways", "")
    told = read(typed, settings.ALLOW_PRIVATE_UPSTREAMS)
    mistakes = (*told.mistakes, *_private(told))
    if mistakes:
        return _page(request, membership.team, can_change, typed, mistakes)
    _save(request, membership.team, told)
    return redirect("gateways", pk)


def _private(told: Read) -> Iterator[str]:
    """A sentence for each gateway that is no public web address: the server would not ask it, and every visitor's
    browser may."""
    for gateway in told.gateways:
        try:
            check_url(gateway.base, settings.ALLOW_PRIVATE_UPSTREAMS)
        except (BadUrl, PrivateAddress):
            yield f"{gateway.host} is not a public address."


def _save(request: SignedIn, team: Team, told: Read) -> None:
    text = "\n".join(gateway.template for gateway in told.gateways)
    with transaction.atomic():
        earlier = Team.objects.select_for_update().get(pk=team.pk).gateways
        if text != earlier:
            Team.objects.filter(pk=team.pk).update(gateways=text)
            before, after = _hosts(earlier), _hosts(text)
            AuditEntry.note(actor_of(request), "gateways.set", team.pk, team.name, before, after)
    messages.success(request, "The gateways were saved." if text else "The usual gateways are used from now on.")


def _hosts(text: str) -> dict[str, object]:
    """For the audit: an address may hold a login, a host does not."""
    gateways = read(text, settings.ALLOW_PRIVATE_UPSTREAMS).gateways
    return {"gateways": ", ".join(gateway.host for gateway in gateways) or "the usual ones"}


def _page(request: SignedIn, team: Team, can_change: bool, typed: str, mistakes: tuple[str, ...] = ()) -> HttpResponse:
    context = {
        "team": team,
        "can_change": can_change,
        "gateways": gateways_of(team.gateways, settings.ALLOW_PRIVATE_UPSTREAMS),
        "are_usual": not team.gateways.strip(),
        "typed": typed,
        "mistakes": mistakes[:MOST_MISTAKES],
        "more": max(0, len(mistakes) - MOST_MISTAKES),
        "most": MOST,
        "usual": "\n".join(USUAL),
    }
    return render(request, "teams/gateways.html", context, status=422 if mistakes else 200)
