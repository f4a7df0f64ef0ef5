"""A person's own tokens: which there are, what they open, a new one, the end of one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.clock import iso, now_ms
from dashboard.forms.tokens import DAYS, TokenForm, offers_of
from dashboard.models.rights import Right, roles_with
from dashboard.models.team import Membership
from dashboard.models.token import Token
from dashboard.views.actor import actor_of
from dashboard.views.confirmed import confirm_lately
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.token_words import fresh_words, groups_of, roles_offered, rows_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn) -> HttpResponse:
    offers = offers_of(request.user)
    form = TokenForm(request.POST if request.method == "POST" else None, owner=request.user, offers=offers)
    if not form.is_bound or not form.is_valid():
        return _page(request, form, 422 if form.is_bound else 200)
    confirm_lately(request)
    told = form.cleaned_data
    accounts = [offer.account for offer in form.chosen]
    token, clear = Token.objects.make(
        request.user, told["name"], told["role"], accounts, told["expires_at"], actor_of(request)
    )
    return _page(request, TokenForm(owner=request.user, offers=offers), 201, token, clear)


@signed_in
@require_POST
def revoke(request: SignedIn, pk: int) -> HttpResponse:
    """The owner ends it for good; an admin closes their own teams' accounts to it."""
    token = Token.objects.filter(pk=pk).select_related("owner").first()
    mine = token is not None and token.owner_id == request.user.pk
    teams = Membership.objects.filter(user=request.user, role__in=roles_with(Right.MANAGE_MEMBERS)).values("team")
    if token is None or not (mine or token.accounts.filter(team__in=teams).exists()):
        raise Http404
    confirm_lately(request)
    actor, whose = actor_of(request), "" if mine else f" of {token.owner}"
    ended = token.revoke(actor) if mine else token.close(list(teams.values_list("team_id", flat=True)), actor)
    if ended:
        messages.success(request, f"{token.name}{whose} was revoked. Scripts that use it are refused from now on.")
    return redirect(_back(request))


def _back(request: SignedIn) -> str:
    """Where the button was."""
    back = request.POST.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else reverse("tokens")


def _page(request: SignedIn, form: TokenForm, status: int, token: Token | None = None, clear: str = "") -> HttpResponse:
    """With the new token, if there is one: this answer is the only one that ever holds it."""
    now = now_ms()
    context = {
        "rows": rows_of(request, now),
        "form": form,
        "groups": groups_of(form),
        "roles": roles_offered(form),
        "days": DAYS,
        "today": iso(now)[:10],
        "fresh": fresh_words(request, token, clear) if token else None,
    }
    response = render(request, "tokens/page.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
