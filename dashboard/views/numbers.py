"""How tasks fared: failures, waits and processing times by day, type and account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.models.seen import teams_of
from dashboard.views.asked import sight_or_404
from dashboard.views.numbers_page import NumbersPage
from dashboard.views.numbers_query import NumbersQuery
from dashboard.views.polling import SignedIn, signed_in


@signed_in
@require_safe
def page(request: SignedIn) -> HttpResponse:
    """Of the accounts that the person sees, of one team or of one account."""
    query = NumbersQuery.read(request.GET)
    sight = sight_or_404(request, query.team, query.account)
    numbers = NumbersPage(query, sight, teams_of(request.user.pk))
    return render(request, "numbers/page.html", {"numbers": numbers})
