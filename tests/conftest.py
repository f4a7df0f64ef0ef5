"""People, not factories: Alice (admin), Sam (support), Bob (viewer) share a team; Charlie is a stranger."""

import os
import socket
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from dashboard.clock import now_ms
from dashboard.models import Account, ApiKey, Role, Syncer, Team, User
from dashboard.sandbox import Sandbox
from dashboard.sync.round import sync_account
from dashboard.sync.storing import Storing
from dashboard.upstream.client import AsyncStudio
from dashboard.views.kept import forget_everything
from tests.confirm import confirm
from tests.together import at_once  # noqa: F401  a fixture
from tests.workers import pytest_xdist_make_scheduler  # noqa: F401  a hook

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    """No test reaches the network: connecting anywhere but to this machine fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"a test tried to reach {address}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """What processes keep in memory must not leak from one test into the next."""
    forget_everything()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the database run on PostgreSQL too."""
    for item in items:
        if {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker("database")


def skip_or_fail(what: str) -> None:
    """Something that the machine lacks: skipped loudly, a failure where everything must be there."""
    if os.environ.get("REQUIRE_ALL"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what.upper()} IS MISSING")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A simulated Studio without tasks of its own; tests add what they need."""
    with Sandbox(tasks=0, pace=0) as running:
        yield running


@pytest.fixture
def people(db: None) -> SimpleNamespace:
    return new_people()


def new_people() -> SimpleNamespace:
    team, other = Team.objects.create(name="Acme"), Team.objects.create(name="Elsewhere")
    names = {"alice": Role.ADMIN, "sam": Role.SUPPORT, "bob": Role.VIEWER}
    users = {name: User.objects.create_user(f"{name}@example.com", PASSWORD) for name in names}
    for name, role in names.items():
        team.add(users[name], role)
    charlie = User.objects.create_user("charlie@example.com", PASSWORD)
    other.add(charlie, Role.ADMIN)
    return SimpleNamespace(team=team, other=other, charlie=charlie, **users)


@pytest.fixture
def sign_in(people: SimpleNamespace) -> Callable[[str], Client]:
    """`sign_in("bob")` is a browser in which Bob is signed in."""

    def browser(name: str) -> Client:
        client = Client()
        client.force_login(getattr(people, name), "allauth.account.auth_backends.AuthenticationBackend")
        confirm(client)
        return client

    return browser


@pytest.fixture
def account(people: SimpleNamespace, sandbox: Sandbox) -> Account:
    """Acme's account, watched through the sandbox's key; a syncer is alive."""
    return connect_account(people.team, "Production", sandbox.url, sandbox.key)


def connect_account(team: Team, name: str, url: str, key: str) -> Account:
    account = Account.objects.create(team=team, name=name, url=url)
    ApiKey.objects.store(account, key)
    Syncer.beat("test", now_ms())
    return account


@pytest.fixture
def sync() -> Callable[..., Account]:
    """`sync(account)` makes it due and runs one round, as the syncer would."""

    def one_round(account: Account, rounds: int = 1) -> Account:
        for _ in range(rounds):
            now = now_ms()
            Account.objects.filter(pk=account.pk).update(next_sync_at=now, claimed_until=0)
            assert account.claim("test", now, 60_000)
            async_to_sync(_round)(account)
            account.refresh_from_db()
        return account

    async def _round(account: Account) -> None:
        studio = AsyncStudio(allow_private=True, seconds=5)
        try:
            await sync_account(account, "test", studio, Storing())
        finally:
            await studio.aclose()

    return one_round
