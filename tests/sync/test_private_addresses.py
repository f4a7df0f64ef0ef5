"""An account's URL that leads to the inside: refused with a sentence, nothing changed, and noted as what it is."""

import httpx
import pytest
from asgiref.sync import async_to_sync
from pytest_django import Settings

from dashboard.models import Account, ApiKey, AuditEntry, Health, Team
from dashboard.sandbox import Sandbox
from dashboard.sync import buttons
from dashboard.sync.accounts import change, connect, test_again
from dashboard.sync.round import sync_account
from dashboard.sync.storing import Storing
from dashboard.sync.testing import Outcome
from dashboard.upstream.client import AsyncStudio, Studio
from dashboard.upstream.network import AsyncGuard, Guard
from tests.conftest import connect_account
from tests.sync.conftest import ALICE, Clock, entries

test_again.__test__ = False  # type: ignore[attr-defined]
KEY = "0c6e2b1a-7c1e-4d0f-9c55-1f2e3d4c5b6a"
PUBLIC = "https://studio.example.test/api"


@pytest.fixture
def outside(settings: Settings) -> None:
    """As in production."""
    settings.ALLOW_PRIVATE_UPSTREAMS = False


@pytest.fixture
def acme(db: None) -> Team:
    return Team.objects.create(name="Acme")


def ask_with(monkeypatch: pytest.MonkeyPatch, transport: httpx.BaseTransport) -> None:
    monkeypatch.setattr(buttons, "_studio", lambda allow_private: Studio(transport=transport))


def names_lead_to(*addresses: str) -> Guard:
    """A network whose every name has these addresses."""
    return Guard(resolve=lambda host, port: list(addresses))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://127.0.0.1/api", "127.0.0.1"),
        ("https://localhost/api", "localhost"),
        ("https://studio.localhost./api", "studio.localhost."),
        ("https://10.1.2.3/api", "10.1.2.3"),
        ("https://192.168.0.10:8443/api", "192.168.0.10"),
        ("https://169.254.169.254/latest/meta-data", "169.254.169.254"),
        ("https://metadata.google.internal/computeMetadata", "metadata.google.internal"),
        ("https://2130706433/api", "2130706433"),
        ("https://0x7f000001/api", "0x7f000001"),
        ("https://0177.0.0.1/api", "0177.0.0.1"),
        ("https://127.1/api", "127.1"),
        ("https://0/api", "0"),
        ("https://[::1]/api", "::1"),
        ("https://[::ffff:169.254.169.254]/api", "::ffff:169.254.169.254"),
        ("https://[fd00:ec2::254]/api", "fd00:ec2::254"),
        ("http://169.254.169.254/latest", "169.254.169.254"),
        ("http://studio.example.test/api", "studio.example.test"),
    ],
)
def test_an_address_that_gives_itself_away_is_refused_and_noted(acme: Team, outside: None, url: str, host: str) -> None:
    done = connect(acme, "Inside", url, KEY, ALICE)
    assert (done.account, done.verdict.outcome) == (None, Outcome.REFUSED)
    assert not Account.objects.exists()
    assert entries("account.url_refused") == [({}, {"url": host})]
    assert AuditEntry.objects.get().subject == "Inside"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fd00:ec2::254"])
def test_a_name_that_leads_inside_is_refused_when_connecting(
    acme: Team, outside: None, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    ask_with(monkeypatch, names_lead_to(address))
    done = connect(acme, "Inside", PUBLIC, KEY, ALICE)
    assert done.account is None
    assert "private or local" in done.verdict.sentence
    assert entries("account.url_refused") == [({}, {"url": "studio.example.test"})]


class LeadsElsewhereTheSecondTime(httpx.BaseTransport):
    """The name's first answer is a public server, the next one this machine."""

    def __init__(self) -> None:
        self.asked = 0
        self.inside = names_lead_to("127.0.0.1")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.asked == 1:
            return httpx.Response(200, json={"id": "u", "email": "ann@example.test"})
        return self.inside.handle_request(request)


def test_a_name_that_leads_elsewhere_the_second_time_is_refused(
    acme: Team, outside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_with(monkeypatch, LeadsElsewhereTheSecondTime())
    done = connect(acme, "Inside", PUBLIC, KEY, ALICE)
    assert (done.account, done.verdict.outcome) == (None, Outcome.REFUSED)
    assert entries("account.url_refused") == [({}, {"url": "studio.example.test"})]
    assert not Account.objects.exists()


def test_a_redirect_is_refused_not_followed_and_noted(acme: Team, sandbox: Sandbox) -> None:
    sandbox.switches.change({"redirect_to": "http://169.254.169.254/latest/meta-data"})
    done = connect(acme, "Inside", sandbox.url, sandbox.key, ALICE)
    assert done.account is None
    assert "redirect" in done.verdict.sentence
    assert entries("account.url_refused") == [({}, {"url": "127.0.0.1"})]


def test_an_account_keeps_its_address_when_the_new_one_leads_inside(
    acme: Team, outside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = connect_account(acme, "Production", PUBLIC, KEY)
    assert change(account, "Renamed", "https://10.0.0.5/api", KEY, ALICE).account is None
    assert change(account, "Renamed", "https://169.254.169.254/api", "", ALICE).account is None
    account.refresh_from_db()
    assert (account.name, account.url) == ("Production", PUBLIC)
    assert ApiKey.objects.get().open() == KEY
    assert [after["url"] for _, after in entries("account.url_refused")] == ["10.0.0.5", "169.254.169.254"]


def test_a_login_in_the_address_is_refused_and_written_nowhere(acme: Team, outside: None) -> None:
    done = connect(acme, "Inside", "https://ann:hunter2@127.0.0.1/api", KEY, ALICE)
    assert done.account is None
    assert not AuditEntry.objects.exists()


def test_a_stored_address_that_leads_inside_later_is_not_asked_and_noted_once(
    acme: Team, outside: None, clock: Clock
) -> None:
    account = connect_account(acme, "Production", PUBLIC, KEY)
    for _ in range(3):
        one_round(account, AsyncGuard(resolve=lambda host, port: ["10.0.0.5"]))
        clock.turn(minutes=6)
    account.refresh_from_db()
    assert (account.health, "private or local" in account.error) == (Health.FAILING, True)
    assert entries("account.url_refused") == [({}, {"url": "studio.example.test"})]
    assert AuditEntry.objects.get().who == "Studio Tasks"


def one_round(account: Account, network: AsyncGuard) -> None:
    async def run() -> None:
        studio = AsyncStudio(transport=network)
        await sync_account(account, "test", studio, Storing())
        await studio.aclose()

    assert account.claim("test", 2**62, 60_000)
    async_to_sync(run)()
    Account.objects.update(claimed_until=0)
