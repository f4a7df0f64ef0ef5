"""Everything that can be done with keys, by real requests to a real installation: afterwards none is in the database,
in the log or on any page."""

import base64
import re
from collections.abc import Iterator

import httpx
import pytest

from dashboard.sandbox import Sandbox
from tests.browser.installation import Installation, until

SECOND = "2c0ffee0-5eed-4bad-9dea-20000000b2f2"
UNKNOWN = "3c0ffee0-5eed-4bad-9dea-30000000c3f3"
STRANGE = "4c0ffee0-5eed-4bad-9dea-40000000d4f4"
IN_AN_ADDRESS = "hunter2-in-an-address"
PASSWORD = "a long enough pass phrase"
SHOWN_TOKEN = re.compile(r"ltd_[A-Za-z0-9_-]{20,}")


class Person:
    """A browser without scripts: follows links, sends forms."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, follow_redirects=True, timeout=30)
        self.pages: list[str] = []

    def get(self, path: str) -> str:
        return self._read(self.http.get(path))

    def post(self, path: str, **fields: object) -> str:
        token = self.http.cookies.get("csrftoken", "")
        return self._read(self.http.post(path, data={**fields, "csrfmiddlewaretoken": token}))

    def _read(self, answer: httpx.Response) -> str:
        assert answer.status_code < 500 or answer.status_code == 503, answer.text
        self.pages.append(answer.text)
        return answer.text


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    running = Installation(tmp_path_factory.mktemp("keys"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def studio() -> Iterator[Sandbox]:
    with Sandbox(tasks=40, pace=0) as sandbox:
        sandbox.add_key(SECOND)
        yield sandbox


def test_no_key_is_found_anywhere_after_everything_that_can_be_done_with_keys(
    installation: Installation, studio: Sandbox
) -> None:
    alice = _first_admin(installation)
    _connect(alice, studio)
    until(lambda: "data-task=" in alice.get("/"), 20, lambda: "no task came")
    _replace(alice, studio)
    token = _make_token(alice)
    _ask_by_token(installation, token, studio.key)
    _look_everywhere(alice)
    shown = "\n".join(alice.pages)
    installation.stop()
    lying = b"".join(path.read_bytes() for path in installation.data_dir.glob("studio-tasks*"))
    log = installation.log.read_bytes()
    assert len(lying) > 100_000
    for secret in (SECOND, UNKNOWN, STRANGE, IN_AN_ADDRESS, PASSWORD, *studio.secrets):
        for form in {secret, secret.upper(), secret.replace("-", ""), base64.b64encode(secret.encode()).decode()}:
            assert form not in shown, f"{secret} is on a page"
            assert form.encode() not in lying, f"{secret} is in the database"
            assert form.encode() not in log, f"{secret} is in the log"
    assert sum(token in page for page in alice.pages) == 1, "a token is shown once"
    assert token.encode() not in lying + log


def _first_admin(installation: Installation) -> Person:
    alice = Person(installation.url)
    alice.get(installation.setup_link)
    page = alice.post(installation.setup_link, email="alice@example.com", password=PASSWORD, team_name="Acme")
    assert "Add an account" in page
    return alice


def _connect(alice: Person, studio: Sandbox) -> None:
    new = {"team": 1, "name": "Production", "url": studio.url}
    assert 'role="alert"' in alice.post("/accounts/new/", **new, key=UNKNOWN)
    assert 'role="alert"' in alice.post("/accounts/new/", **new, key=f"two words {STRANGE}")
    leaky = studio.url.replace("://", f"://alice:{IN_AN_ADDRESS}@")
    assert 'role="alert"' in alice.post("/accounts/new/", **{**new, "url": leaky}, key=studio.key)
    assert "Production" in alice.post("/accounts/new/", **new, key=studio.key)


def _replace(alice: Person, studio: Sandbox) -> None:
    assert 'role="alert"' in alice.post("/accounts/1/key/", key=UNKNOWN)
    assert 'role="alert"' in alice.post("/accounts/1/key/", key=studio.sister_key)
    assert f"…{SECOND[-4:]}" in alice.post("/accounts/1/key/", key=SECOND)
    alice.post("/accounts/1/test/")
    alice.post("/accounts/1/key/back/")
    assert f"…{studio.key[-4:]}" in alice.get("/accounts/1/")
    alice.post("/accounts/1/key/", key=SECOND)
    studio.revoke(SECOND)
    until(lambda: 'data-key-state="rejected"' in alice.get("/accounts/1/"), 30, lambda: "nobody noticed the dead key")
    alice.post("/accounts/1/test/")
    alice.post("/accounts/1/key/back/")
    alice.post("/accounts/1/key/forget/")
    assert 'role="alert"' in alice.post("/accounts/new/", team=1, name="Twin", url=studio.url, key=studio.key)


def _make_token(alice: Person) -> str:
    page = alice.post("/tokens/", name="nightly", role="viewer", accounts="1", expires="30")
    found = SHOWN_TOKEN.search(page)
    assert found, "the token was not shown"
    return found.group()


def _ask_by_token(installation: Installation, token: str, key: str) -> None:
    with httpx.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"}) as script:
        assert script.get("/api/1/task").json()
    for wrong in (key, token[:-1], f"ltd_{STRANGE}"):
        refused = httpx.get(f"{installation.url}/api/1/task", headers={"Authorization": f"Bearer {wrong}"})
        assert refused.status_code == 401
        assert wrong not in refused.text


def _look_everywhere(alice: Person) -> None:
    places = ["/", "/accounts/", "/accounts/1/", "/accounts/1/key/", "/accounts/1/delete/", "/team/", "/audit/"]
    places += ["/audit.csv", "/profile/", "/tokens/", "/auth/sessions/", "/auth/totp/", "/teams/1/gateways/"]
    for task in re.findall(r'data-task="([^"]+)"', alice.get("/")):
        places += [f"/tasks/{task}/", f"/tasks/{task}.json", f"/tasks/{task}/bundle.md"]
    for place in places:
        alice.get(place)
