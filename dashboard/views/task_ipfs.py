"""What a person asks of IPFS gateways: how they answer for a CID of a task, and what its NFT metadata says."""

from collections.abc import Callable, Sequence

from csp.constants import SELF
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from dashboard.cids import Cid
from dashboard.gateways import Gateway
from dashboard.models.audit import Actor
from dashboard.models.rights import Right
from dashboard.models.seen import SeenAccount
from dashboard.models.task import Task
from dashboard.sync import probing
from dashboard.sync.buttons import Busy
from dashboard.views.actor import actor_of
from dashboard.views.errors import busy
from dashboard.views.held import Held
from dashboard.views.ipfs_words import cids_named, team_gateways
from dashboard.views.polling import SignedIn, signed_in

BUSY = "This server is asking for others right now."
Ask = Callable[[Task, Cid, Sequence[Gateway], Actor], str]


@signed_in
@require_POST
def probe(request: SignedIn, upstream_id: str) -> HttpResponse:
    """Try all gateways for one of the task's CIDs."""
    return _ask(request, upstream_id, probing.probe)


@signed_in
@require_POST
def metadata(request: SignedIn, upstream_id: str) -> HttpResponse:
    """Read the text behind one of the task's CIDs."""
    return _ask(request, upstream_id, probing.read_metadata)


def _ask(request: SignedIn, upstream_id: str, ask: Ask) -> HttpResponse:
    held = Held.or_404(request, upstream_id)
    held.demand(Right.ASK_STUDIO)
    cid = _own_cids(held.task).get(request.POST.get("cid", ""))
    try:
        gateways, actor = team_gateways(held.account), actor_of(request)
        trouble = ask(held.task, cid, gateways, actor) if cid else "This task names no such CID."
    except Busy as why:
        return busy(request, held.url, Busy(BUSY, why.seconds))
    if trouble:
        messages.warning(request, trouble)
    return HttpResponseRedirect(f"{held.url}#ipfs")


def _own_cids(task: Task) -> dict[str, Cid]:
    """Whoever may press the button chooses among these: it is no way to make this server ask for anything else."""
    return cids_named(task.opened(), task.naming_asset())


def with_gateways(response: HttpResponse, account: SeenAccount) -> HttpResponse:
    """The page may ask the team's gateways from the visitor's browser, when its button is pressed."""
    sources = [gateway.source for gateway in team_gateways(account)]
    update: dict[str, list[str]] = {"connect-src": [SELF, *sources]}
    setattr(response, "_csp_update", update)  # noqa: B010  where django-csp looks for it; HttpResponse knows it not
    return response
