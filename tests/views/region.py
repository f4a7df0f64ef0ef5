"""A live region in a browser."""

from django.test import Client

from dashboard.models import Task
from tests.views.html import Page

HTMX = {"HX-Request": "true"}


class Region:
    """Asks where its last answer told it to."""

    def __init__(self, client: Client, path: str) -> None:
        self.client = client
        self.page = Page(client.get(path))
        self.url = self.page.poll_url

    def poll(self) -> int:
        """The status; the region becomes what was answered."""
        response = self.client.get(self.url, headers=HTMX)
        if response.status_code == 200:
            self.page = Page(response)
            polls = [e["hx-get"] for e in self.page.all("hx-get") if "every" in e.get("hx-trigger", "")]
            self.url = polls[0] if polls else ""
        return int(response.status_code)


def regions(client: Client, task: Task) -> list[Region]:
    return [Region(client, path) for path in ("/", f"/tasks/{task.upstream_id}/", "/accounts/")]
