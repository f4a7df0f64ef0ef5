"""The IPFS gateways of a team: which there are, and for its admins a list to change."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dashboard.gateways import MOST, USUAL, Read, gateways_of, read
from dashboard.models.audit import AuditEntry
from dashboard.models.rights import Right, may
from dashboard.models.roster import held_by
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
        raise PermissionDenied
    typed = "" if "usual" in request.POST else request.POST.get("gateways", "")
    told = read(typed, settings.ALLOW_PRIVATE_UPSTREAMS)
    private = _private(told)
    if private:
        after: dict[str, object] = {"gateways": ", ".join(private)}
        AuditEntry.note(actor_of(request), "gateways.refused", pk, membership.team.name, after=after)
    mistakes = (*told.mistakes, *(f"{host} is not a public address." for host in private))
    if mistakes:
        return _page(request, membership.team, can_change, typed, mistakes)
    _save(request, pk, told)
    return redirect("gateways", pk)


def _private(told: Read) -> list[str]:
    """The hosts of gateways that are no public web address: the server would not ask them, and every visitor's browser
    may."""
    return [gateway.host for gateway in told.gateways if not _is_public(gateway.base)]


def _is_public(url: str) -> bool:
    try:
        check_url(url, settings.ALLOW_PRIVATE_UPSTREAMS)
    except (BadUrl, PrivateAddress):
        return False
    return True


def _save(request: SignedIn, pk: int, told: Read) -> None:
    text, actor = "\n".join(gateway.template for gateway in told.gateways), actor_of(request)
    with held_by(actor, pk, Right.SET_GATEWAYS) as team:
        if text != team.gateways:
            AuditEntry.note(actor, "gateways.set", pk, team.name, _hosts(team.gateways), _hosts(text))
            team.gateways = text
            team.save(update_fields=["gateways"])
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
