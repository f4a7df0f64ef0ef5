"""`add_account`: the same test of the key as on the page, told by one sentence and the exit code."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, ManagementUtility, call_command
from pytest_django import Settings

from dashboard.models import Account, Health, Team
from dashboard.sandbox import Sandbox


@pytest.fixture(autouse=True)
def team(db: None) -> Team:
    return Team.objects.create(name="Acme")


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(url: str, key: str, team: str = "Acme", name: str = "Live") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(key + "\n"))
        out = io.StringIO()
        call_command("add_account", team=team, name=name, url=url, stdout=out)
        return out.getvalue()

    return run


def test_a_good_key_is_kept(add: Any, sandbox: Sandbox) -> None:
    assert add(sandbox.url, sandbox.key).startswith("The key works")
    assert Account.objects.get().api_key.open() == sandbox.key


def test_a_limited_key_is_kept_with_a_warning(add: Any, sandbox: Sandbox) -> None:
    assert add(sandbox.url, sandbox.limited_key).startswith("Saved with a warning.")
    assert Account.objects.get().health == Health.LIMITED


@pytest.mark.parametrize("trouble", [{"rate_limited": True}, {"failing": 503}])
def test_when_studio_cannot_say_the_key_is_kept_with_a_warning(
    trouble: dict[str, Any], add: Any, sandbox: Sandbox
) -> None:
    sandbox.switches.change(trouble)
    assert add(sandbox.url, sandbox.key).startswith("Saved with a warning.")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"key": "11111111-2222-4333-8444-555555555555"}, "Studio does not know this key"),
        ({"key": ""}, "No API key came on standard input"),
        ({"key": "ключ"}, "no spaces or special characters"),
        ({"team": "Nobody"}, "There is no team named Nobody"),
        ({"name": ""}, "required"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"url": "nonsense"}, "must begin with https"),
        ({"path": ""}, "There is no Task API at this URL"),
    ],
)
def test_a_refusal_is_one_sentence_and_stores_nothing(
    change: dict[str, str], sentence: str, add: Any, sandbox: Sandbox
) -> None:
    url = sandbox.url.removesuffix("/api") if "path" in change else sandbox.url
    told = {"url": url, "key": sandbox.key, **{name: text for name, text in change.items() if name != "path"}}
    with pytest.raises(CommandError, match=sentence) as caught:
        add(**told)
    assert "\n" not in str(caught.value)
    assert not told["key"] or told["key"] not in str(caught.value)
    assert not Account.objects.exists()


def test_of_teams_with_equal_names_one_is_told_by_its_number(add: Any, sandbox: Sandbox) -> None:
    second = Team.objects.create(name="Acme")
    with pytest.raises(CommandError, match=f"several teams named Acme.*#{second.pk}"):
        add(sandbox.url, sandbox.key)
    assert not Account.objects.exists()
    add(sandbox.url, sandbox.key, team=f"#{second.pk}")
    assert Account.objects.get().team == second


def test_a_private_address_is_refused(add: Any, settings: Settings) -> None:
    settings.ALLOW_PRIVATE_UPSTREAMS = False
    with pytest.raises(CommandError, match="private or local"):
        add("https://10.0.0.1/api", "a-key")


def test_a_name_stands_once_in_a_team(add: Any, sandbox: Sandbox) -> None:
    add(sandbox.url, sandbox.key)
    with pytest.raises(CommandError, match="an account of this name already"):
        add(sandbox.url, sandbox.key)


def test_a_refusal_ends_the_program_with_1_and_a_sentence_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["manage.py", "add_account", "--team", "Nobody", "--name", "Live"])
    with pytest.raises(SystemExit) as ended:
        ManagementUtility().execute()
    assert ended.value.code == 1
    assert capsys.readouterr() == ("", "CommandError: There is no team named Nobody.\n")
