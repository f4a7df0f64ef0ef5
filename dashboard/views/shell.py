"""What every page shows around its content: the teams, the person, the theme."""

from types import SimpleNamespace
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from dashboard.models.listed_groups import pressing_in
from dashboard.models.rights import Right, may
from dashboard.models.seen import SeenTeam, teams_of

THEMES = ("system", "light", "dark")
YEAR = 365 * 24 * 3600
SECTIONS = {
    "accounts": "accounts",
    "account": "accounts",
    "account-new": "accounts",
    "account-key": "accounts",
    "account-delete": "accounts",
    "board": "tasks",
    "failures": "failures",
    "failure": "failures",
    "failure-shared": "failures",
    "failure-resolve": "failures",
    "failure-ignore": "failures",
    "failure-reopen": "failures",
    "failure-assign": "failures",
    "failure-merge": "failures",
    "failure-unmerge": "failures",
    "failure-notes": "failures",
    "task": "tasks",
    "task-branch": "tasks",
    "task-find": "tasks",
    "task-compare": "tasks",
    "retries": "tasks",
    "retry-new": "tasks",
    "retry-batch": "tasks",
    "numbers": "numbers",
    "views": "tasks",
    "view-rename": "tasks",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor. The teams are read only if the template shows them."""
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "system",
        "shell": SimpleLazyObject(lambda: _shell(request)),
    }


def _shell(request: HttpRequest) -> SimpleNamespace | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    chosen = _chosen_team(request)
    teams = [_team(team, chosen) for team in teams_of(user.pk)]
    current = next((team for team in teams if team.current), teams[0] if len(teams) == 1 else None)
    match = request.resolver_match
    return SimpleNamespace(
        teams=teams,
        current_team=current.name if current else "All teams",
        team_query=f"?team={current.id}" if current else "",
        reads_audit=any(may(team.role, Right.READ_AUDIT) for team in ([current] if current else teams)),
        all_url=reverse("board"),
        pressing=SimpleLazyObject(lambda: pressing_in([team.id for team in teams])),
        nav=SECTIONS.get(match.url_name or "", "") if match else "",
        email=user.email,
        has_shortcuts=user.has_shortcuts,
        initials=initials_of(user.email),
    )


def _chosen_team(request: HttpRequest) -> str:
    try:
        return str(request.GET.get("team", ""))
    except TooManyFieldsSent:  # the page that says so has a header too
        return ""


def _team(team: SeenTeam, chosen: str) -> SimpleNamespace:
    return SimpleNamespace(
        id=team.id,
        name=team.name,
        role=team.role,
        current=str(team.id) == chosen,
        url=f"{reverse('board')}?team={team.id}",
    )


def initials_of(email: str) -> str:
    """`AM` of alice.moreau@…, `A` of alice@…"""
    words = [word for word in email.partition("@")[0].replace("_", ".").replace("-", ".").split(".") if word]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def favicon(request: HttpRequest) -> HttpResponse:
    """Pages name their icon; a browser that shows our JSON asks for this one."""
    return HttpResponseRedirect(static("favicon.svg"))


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the chosen theme in a cookie, so that the server draws it right from the first byte."""
    chosen = request.POST.get("theme", "")
    back = request.POST.get("next") or request.headers.get("Referer", "")
    if not back.startswith(("/", "http")) or not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("board")
    response = HttpResponseRedirect(back)
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
