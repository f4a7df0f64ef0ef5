"""Views: a menu of them on the board, and a page on which they are saved, renamed, shared and deleted.

`query` is the part of the board's URL after the question mark; ids in it that are not the person's are not there.
"""

from dataclasses import replace
from types import SimpleNamespace

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.forms.views import NameForm, ViewForm, read_query
from dashboard.models.account import Account
from dashboard.models.order import Sort
from dashboard.models.rights import Right
from dashboard.models.roster import Refused
from dashboard.models.saved_view import SavedView
from dashboard.models.team import Team
from dashboard.models.user import User
from dashboard.models.view_query import Unreadable, ViewQuery
from dashboard.views.actor import actor_of
from dashboard.views.membership import LONGEST_ID, in_team
from dashboard.views.polling import SignedIn, link, signed_in
from dashboard.views.seen_views import SeenView, SeenViews, url_of
from dashboard.views.view_page import Renaming, view_page

ME = "me"


def menu_of(request: SignedIn) -> SimpleNamespace:
    """What `board/_views.html` shows on the board, whose URL is the request's."""
    seen = SeenViews(request.user)
    present = _present(request)
    told = present.ordered(request.user.board_sort)  # whoever opens the link has a usual order of their own
    sections = [
        _section("For everybody", seen.system(present.team), seen, present),
        _section("Yours", seen.mine, seen, present),
        *(_section(team.name, seen.of_team(team.id), seen, present) for team in seen.teams),
    ]
    sections = [section for section in sections if section.views]
    views = [view for section in sections for view in section.views]
    current = next((view for view in views if view.is_current), None)
    is_changed = present.is_filtered and any(view.is_reordered for view in views)
    can_save = seen.may_keep and current is None and not present.is_empty
    return SimpleNamespace(
        sections=sections,
        current=current,
        is_unsaved=current is None and bool(present.q or is_changed),  # a look through the strip is no work to lose
        save_url=link(reverse("views"), {"query": str(told)}) if can_save else "",
        link=request.build_absolute_uri(url_of(told)),
    )


def _present(request: SignedIn) -> ViewQuery:
    try:
        return ViewQuery.read(request.META["QUERY_STRING"])
    except Unreadable:  # the board says what is wrong with it
        return ViewQuery()


def _section(name: str, views: list[SeenView], seen: SeenViews, present: ViewQuery) -> SimpleNamespace:
    shown = [view for view in views if seen.leads(view.query)]
    usual = seen.only_team, seen.user.board_sort or Sort.UPDATED
    here = present.settled(*usual)
    return SimpleNamespace(
        name=name,
        views=[_entry(view.name, view.url, view.query.settled(*usual), here) for view in shown],
    )


def _entry(name: str, url: str, query: ViewQuery, here: ViewQuery) -> SimpleNamespace:
    """`is_reordered`: here stands what the view finds, in another order."""
    is_reordered = query != here and replace(query, sort=here.sort) == here
    return SimpleNamespace(name=name, url=url, is_current=query == here, is_reordered=is_reordered)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn) -> HttpResponse:
    seen = SeenViews(request.user)
    if request.method != "POST":
        told = request.GET.get("query", "")
        return view_page(request, seen, ViewForm(initial={"query": told}), _read(told, seen))
    owner, instead = _owner(request), _instead(request)
    query, form = _read(request.POST.get("query", ""), seen), ViewForm(request.POST)
    if form.is_valid():
        try:
            return _keep(request, form, owner, instead)
        except Refused as refused:
            form.add_error("name", refused.sentence)
    return view_page(request, seen, form, query, status=422)


def _read(text: str, seen: SeenViews) -> ViewQuery | None:
    """None for what is no filter; the form says so. What a strange id names is not found."""
    try:
        query = read_query(text)
    except ValidationError:
        return None
    if not seen.leads(query):
        raise Http404
    return query


def _owner(request: SignedIn) -> User | Team:
    """Whose the view is to be."""
    told = request.POST.get("for") or ME
    return request.user if told == ME else in_team(request.user, told, Right.KEEP_TEAM_VIEWS).team


def _instead(request: SignedIn) -> SavedView | None:
    """One's own view that becomes the team's."""
    told = request.POST.get("instead", "")
    if not told:
        return None
    if not (told.isascii() and told.isdecimal() and len(told) < LONGEST_ID):
        raise Http404
    return get_object_or_404(SavedView, pk=told, user=request.user)


def _keep(request: SignedIn, form: ViewForm, owner: User | Team, instead: SavedView | None) -> HttpResponse:
    """Raises Refused."""
    name, query, actor = form.cleaned_data["name"], form.cleaned_data["query"], actor_of(request)
    if isinstance(owner, Team):
        _stays_within(query, owner)
        query = replace(query, team=None)
    SavedView.objects.keep(name, str(query), owner, actor, instead)
    if instead:
        messages.success(request, f"{name} is there for everybody in {owner} now.")
        return redirect("views")
    return redirect(url_of(query.of_team(owner.pk if isinstance(owner, Team) else None)))


def _stays_within(query: ViewQuery, team: Team) -> None:
    """Whoever is in one team only could not open another team's account."""
    if query.account and not Account.objects.filter(pk=query.account, team=team).exists():
        raise Refused(f"Its account is not one of {team}.")


@signed_in
@require_POST
def rename(request: SignedIn, pk: int) -> HttpResponse:
    view = _visible(request, pk)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            view.rename(form.cleaned_data["name"], actor_of(request))
        except Refused as refused:
            form.add_error("name", refused.sentence)
    else:
        view.demand(actor_of(request))
    if form.errors:
        return view_page(request, SeenViews(request.user), renaming=Renaming(pk, form), status=422)
    return redirect("views")


@signed_in
@require_POST
def delete(request: SignedIn, pk: int) -> HttpResponse:
    view = _visible(request, pk)
    view.forget(actor_of(request))
    messages.success(request, f"{view.name} was deleted.")
    return redirect("views")


def _visible(request: SignedIn, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user).select_related("user", "team"), pk=pk)
