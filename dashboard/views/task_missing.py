"""The page of a task that we do not hold: the same for what nobody knows and for what is another team's."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dashboard.models.rights import Right, may
from dashboard.models.seen import Sight
from dashboard.views.polling import SignedIn
from dashboard.visible import visible


def missing(request: SignedIn, sight: Sight, upstream_id: str, answer: str = "") -> HttpResponse:
    """404, with what Studio answered if it was asked just now."""
    context = {
        "upstream_id": visible(upstream_id),
        "answer": answer,
        "can_ask": any(may(account.role, Right.ASK_STUDIO) for account in sight.accounts),
        "ask_url": reverse("task-ask", args=[upstream_id]),
    }
    return render(request, "task/missing.html", context, status=404)
