"""What the page about views shows: a new one if a filter was brought along, and all that are there."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.clock import iso
from dashboard.forms.views import NameForm, ViewForm
from dashboard.models.rights import Right, may
from dashboard.models.saved_view import MOST
from dashboard.models.seen import SeenTeam
from dashboard.models.view_query import ViewQuery
from dashboard.views.polling import SignedIn
from dashboard.views.seen_views import SeenView, SeenViews, url_of
from dashboard.views.view_words import words_of


@dataclass(frozen=True)
class Renaming:
    """A new name that was refused, and for which view."""

    pk: int
    form: NameForm


def view_page(
    request: SignedIn,
    seen: SeenViews,
    form: ViewForm | None = None,
    query: ViewQuery | None = None,
    renaming: Renaming | None = None,
    status: int = 200,
) -> HttpResponse:
    """`query` is what the new view is to show; None: nothing that can be read."""
    sections = [
        _section("Yours", seen, request, seen.mine, seen.may_keep, renaming),
        *(_of_team(team, seen, request, renaming) for team in seen.teams),
        _section("For everybody", seen, request, seen.system(None), False, None),
    ]
    context = {
        "sections": sections,
        "most": MOST,
        "form": form,
        "is_new": bool(form and (form.is_bound or form["query"].value())),
        "query": "" if query is None else str(query),
        "words": _words(query, seen) if query else None,
        "back": url_of(query) if query else "",
        "teams": _offered(request, seen, query),
    }
    return render(request, "views/page.html", context, status=status)


def _of_team(team: SeenTeam, seen: SeenViews, request: SignedIn, renaming: Renaming | None) -> SimpleNamespace:
    can_change = may(team.role, Right.KEEP_TEAM_VIEWS)
    return _section(team.name, seen, request, seen.of_team(team.id), can_change, renaming, is_team=True)


def _section(
    name: str,
    seen: SeenViews,
    request: SignedIn,
    views: list[SeenView],
    can_change: bool,
    renaming: Renaming | None,
    is_team: bool = False,
) -> SimpleNamespace:
    rows = [_row(view, seen, request, renaming) for view in views]
    return SimpleNamespace(name=name, rows=rows, can_change=can_change, is_team=is_team)


def _row(view: SeenView, seen: SeenViews, request: SignedIn, renaming: Renaming | None) -> SimpleNamespace:
    saved, leads = view.saved, seen.leads(view.query)
    refused = renaming.form if renaming and saved and renaming.pk == saved.pk else None
    return SimpleNamespace(
        id=saved.pk if saved else None,
        name=view.name,
        url=view.url if leads else "",
        link=request.build_absolute_uri(view.url),
        words=_words(view.query, seen, bool(saved and saved.team_id)),
        by=saved.by_name if saved and saved.team_id else "",
        created_iso=iso(saved.created_at) if saved else "",
        query=str(view.query),
        refused=refused,
        error_id=f"name-{saved.pk}-error" if saved else "",
        shares=seen.teams_to_keep_for if saved and saved.user_id and leads else (),
    )


def _words(query: ViewQuery, seen: SeenViews, is_of_team: bool = False) -> SimpleNamespace:
    """Of the team nothing is said where its name stands above, or where there is but one."""
    accounts = seen.accounts if query.account else {}
    teams = {team.id: team.name for team in seen.teams}
    is_told = is_of_team or query.team == seen.only_team
    return words_of(replace(query, team=None) if is_told else query, accounts, teams)


def _offered(request: SignedIn, seen: SeenViews, query: ViewQuery | None) -> list[SimpleNamespace]:
    """The teams for which it may be saved; the one that is looked at first."""
    chosen = request.POST.get("for", "")
    teams = sorted(seen.teams_to_keep_for, key=lambda team: query is None or team.id != query.team)
    return [SimpleNamespace(id=team.id, name=team.name, is_chosen=str(team.id) == chosen) for team in teams]
