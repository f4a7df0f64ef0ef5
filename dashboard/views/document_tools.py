"""What can be done with a task's document: find, copy, download, compare, ask for it with curl."""

import shlex
from types import SimpleNamespace
from urllib.parse import quote

from dashboard.models.account import Account
from dashboard.views.held import Held


def tools_of(held: Held) -> SimpleNamespace:
    return SimpleNamespace(
        chosen=held.chosen,
        find_url=held.path("task-find"),
        params_url=held.path("task-raw", path="params"),
        output_url=held.path("task-raw", path="output"),
        download_url=held.path("task-raw", download=1),
        curl=curl_of(held),
    )


def curl_of(held: Held) -> str:
    """A command for a shell that has the key in its environment; the key itself is never in it."""
    url = Account.objects.filter(pk=held.task.account_id).values_list("url", flat=True).first() or ""
    address = f"{url.rstrip('/')}/task/{quote(held.task.upstream_id, safe='')}"
    return f'curl -sS -H "Authorization: Bearer $LIVEPEER_API_KEY" {shlex.quote(address)}'
