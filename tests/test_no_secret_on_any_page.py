"""After a sync of the sandbox's whole data set no planted secret is on any page that a browser can reach."""

from collections.abc import Callable
from types import SimpleNamespace

from django.test import Client

from dashboard.models import Account, Task
from dashboard.sandbox import Sandbox
from tests.conftest import connect_account


def test_no_page_shows_a_planted_secret_or_the_key(
    people: SimpleNamespace, sync: Callable[..., Account], sign_in: Callable[[str], Client]
) -> None:
    with Sandbox(tasks=160, pace=0) as sandbox:
        account = sync(connect_account(people.team, "Production", sandbox.url, sandbox.key), rounds=3)
    browser = sign_in("alice")
    pages = [
        "/",
        "/accounts/",
        "/tokens/",
        f"/accounts/{account.pk}/",
        f"/accounts/{account.pk}/delete/",
        "/?size=100",
        "/?phase=failed&size=100",
    ]
    pages += ["/views/", "/profile/", "/auth/sessions/", "/team/", "/team/new/", "/team/invitations/"]
    for upstream_id in Task.objects.values_list("upstream_id", flat=True):
        task = f"/tasks/{upstream_id}"
        pages += [f"{task}/", f"{task}.json", f"{task}/bundle.md", f"{task}/compare/", f"{task}/find/?q=redacted"]
    pages.append("/audit/?what=tasks")  # where taking the tasks along was noted
    secrets = [secret for secret in sandbox.secrets if secret]
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode()
        assert not [secret for secret in secrets if secret in text], page


def test_no_log_line_holds_a_planted_secret(
    people: SimpleNamespace, sync: Callable[..., Account], sign_in: Callable[[str], Client], caplog: object
) -> None:
    with Sandbox(tasks=40, pace=0) as sandbox:
        account = connect_account(people.team, "Production", sandbox.url, sandbox.key)
        sync(account)
        sandbox.revoke(sandbox.key)
        sync(account)
    sign_in("alice").get("/")
    told = "\n".join(record.getMessage() for record in caplog.records)  # type: ignore[attr-defined]
    assert not [secret for secret in sandbox.secrets if secret and secret in told]
