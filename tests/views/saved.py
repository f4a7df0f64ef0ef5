"""Views as tests save them and look at them."""

from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.test import Client, RequestFactory

from dashboard.models import SavedView, User
from dashboard.views.saved_views import menu_of
from tests.views.html import Page


def save(client: Client, name: str = "Uploads that failed", query: str = "phase=failed", **told: object) -> Any:
    return client.post("/views/", {"name": name, "query": query, **told})


def menu(user: User, query: str = "") -> SimpleNamespace:
    request: Any = RequestFactory().get(f"/?{query}")
    request.user = User.objects.get(pk=user.pk)
    return menu_of(request)


def names_in(told: SimpleNamespace) -> dict[str, list[str]]:
    return {section.name: [view.name for view in section.views] for section in told.sections}


def link_in(told: SimpleNamespace, name: str) -> str:
    return next(view.url for section in told.sections for view in section.views if view.name == name)


def refusal(response: HttpResponse) -> str:
    """What the page says is wrong, to a screen reader too."""
    assert response.status_code == 422
    page = Page(response)
    assert "alert" in [element["role"] for element in page.all("role")]
    return page.text


def kept() -> list[tuple[str, str]]:
    return list(SavedView.objects.order_by("pk").values_list("name", "query"))
