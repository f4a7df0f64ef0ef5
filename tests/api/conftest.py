"""An account that holds the same tasks as the sandbox, asked over real HTTP with a token."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from dashboard.allowance import Allowance
from dashboard.clock import DAY, now_ms
from dashboard.models import Account, Role, Token, User
from dashboard.models.audit import Actor
from dashboard.models.memory import remember
from dashboard.sandbox import Sandbox
from dashboard.upstream.redact import Redactor
from dashboard.upstream.snapshots import Snapshot

ACTOR = Actor("a test")
NAMES = ("Holiday", "holiday in Évora", "50% off_season", "back\\slash", "ÉVORA")
Give = Callable[..., str]


@pytest.fixture(autouse=True)
def _nobody_called_yet() -> None:
    for allowance in Allowance.all:
        allowance.clear()


@pytest.fixture
def give(people: SimpleNamespace, account: Account) -> Give:
    """`give("bob", role="admin")` is the clear text of a new token of Bob's for Acme's account."""

    def token(name: str = "bob", role: str = Role.VIEWER, accounts: list[Account] | None = None, **told: Any) -> str:
        owner: User = getattr(people, name)
        expires_at = told.pop("expires_at", now_ms() + DAY)
        _, clear = Token.objects.make(owner, "script", role, accounts or [account], expires_at, ACTOR)
        return str(clear)

    return token


class Script:
    """A script with a token: the test client without cookies."""

    def __init__(self, account: Account, token: str) -> None:
        self.base, self.token, self.client = f"/api/{account.pk}/task", token, Client()

    def get(self, path: str = "", query: Any = None, **headers: str) -> Any:
        told = {"Authorization": f"Bearer {self.token}"} | {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.get(self.base + path, query or {}, headers=told)

    def ids(self, **query: object) -> list[str]:
        return [one["id"] for one in self.get(query=query).json()]


@pytest.fixture
def script(account: Account, give: Give) -> Script:
    return Script(account, give())


@dataclass
class Still:
    """A simulated Studio whose clock stands still, so that nothing moves in it. `ids` with the deleted ones."""

    sandbox: Sandbox
    ids: list[str]
    deleted: list[str]

    def hold_all(self, account: Account) -> None:
        """As if the syncer had read each task."""
        redactor = Redactor(self.sandbox.key)
        documents = [self.sandbox.document(identifier) for identifier in sorted(self.ids)]
        remember(account, [Snapshot.read(document, redactor) for document in documents], now_ms())


def _status_at(at: int) -> dict[str, object]:
    return {"phase": "failed", "errorMessage": "execution timeout", "retries": 2, "updatedAt": at}


def _forget_twins(sandbox: Sandbox) -> None:
    """In which order tasks of the same moment come is nobody's promise."""
    seen: set[object] = set()
    for identifier in sandbox.ids():
        document = sandbox.document(identifier)
        times = {("created", document["createdAt"]), ("updated", document["status"]["updatedAt"])}
        if times & seen:
            sandbox.hard_delete(identifier)
        seen |= times


@pytest.fixture(scope="module")
def still() -> Iterator[Still]:
    now = now_ms()
    with Sandbox(tasks=90, pace=0, clock=lambda: now) as running:
        for at, name in enumerate(NAMES, now - 3600_000):
            like = running.document(running.ids()[-at % 40])
            running.put(like | {"id": f"named-{at}", "name": name, "createdAt": at, "status": _status_at(at)})
        _forget_twins(running)
        ids = running.ids()
        for identifier in ids[:5]:
            running.soft_delete(identifier)
        yield Still(running, ids, ids[:5])
