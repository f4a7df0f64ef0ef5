"""How tasks fared: failures, waits and processing times by day, type and account."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.clock import now_ms
from dashboard.models.seen import Sight, teams_of
from dashboard.views.numbers_page import NumbersPage
from dashboard.views.numbers_query import NumbersQuery
from dashboard.views.polling import SignedIn, signed_in


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    """Of the accounts that the person sees, of one team or of one account."""
    query, teams = NumbersQuery.read(request.GET), teams_of(request.user.pk)
    if query.team is not None and query.team not in {team.id for team in teams}:
        raise Http404
    sight = Sight.of(request.user.pk, now_ms(), query.team)
    if query.account is not None and query.account not in sight.ids:
        raise Http404
    return render(request, "numbers/page.html", {"numbers": NumbersPage(query, sight, teams)})
