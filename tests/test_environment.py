"""The environment: every variable, its default, and what is said when it is wrong."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from dashboard.environment import Environment, MissingSecret, WrongValue

HERE = Path(__file__).parent.parent
ONE, TWO = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """`read(DEBUG="1")` is an environment with nothing but that, and a directory of its own."""

    def environment(**variables: str) -> Environment:
        for name in Environment.model_fields:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": str(tmp_path / "data"), **variables}.items():
            monkeypatch.setenv(name, value)
        return Environment()

    return environment


def test_nothing_needs_to_be_given(read: Any, tmp_path: Path) -> None:
    found = read()
    assert found.embedded
    assert found.database_url == f"sqlite:///{tmp_path}/data/studio-tasks.sqlite3"
    assert found.TASK_API_URL == "https://livepeer.studio/api"
    assert found.hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert (found.origins, found.is_https, found.TRUSTED_PROXIES, found.KEEP_TASKS_DAYS) == ([], False, 0, 0)
    assert (found.DEBUG, found.ALLOW_PRIVATE_UPSTREAMS) == (False, False)


@pytest.mark.parametrize(
    ("variables", "name", "expected"),
    [
        ({"SECRET_KEY": "mine"}, "secret_key", "mine"),
        ({"VAULT_KEYS": f"{ONE}, {TWO},"}, "vault_keys", [ONE, TWO]),
        ({"DATABASE_URL": "postgres://x/y"}, "database_url", "postgres://x/y"),
        ({"DATABASE_URL": "postgres://x/y"}, "embedded", False),
        ({"DATABASE_URL": "sqlite:////x.sqlite3"}, "embedded", True),
        ({"DATABASE_URL": ""}, "embedded", True),
        ({"TASK_API_URL": "http://127.0.0.1:13004/api"}, "TASK_API_URL", "http://127.0.0.1:13004/api"),
        ({"BASE_URL": "https://tasks.example.test:8443"}, "hosts",
         ["localhost", "127.0.0.1", "[::1]", "tasks.example.test"]),
        ({"BASE_URL": "https://tasks.example.test:8443/x"}, "origins", ["https://tasks.example.test:8443"]),
        ({"BASE_URL": "https://tasks.example.test"}, "is_https", True),
        ({"ALLOWED_HOSTS": "a.test, b.test"}, "hosts", ["localhost", "127.0.0.1", "[::1]", "a.test", "b.test"]),
        ({"CSRF_TRUSTED_ORIGINS": "https://a.test,https://b.test"}, "origins", ["https://a.test", "https://b.test"]),
        ({"TRUSTED_PROXIES": "2"}, "TRUSTED_PROXIES", 2),
        ({"KEEP_TASKS_DAYS": "90"}, "KEEP_TASKS_DAYS", 90),
        ({"PLAYER_URL": "off"}, "PLAYER_URL", ""),
        ({"PLAYER_URL": "https://play.test/{playback_id}"}, "PLAYER_URL", "https://play.test/{playback_id}"),
        ({"DEBUG": "1"}, "DEBUG", True),
        ({"DEBUG": ""}, "DEBUG", False),
        ({"ALLOW_PRIVATE_UPSTREAMS": "true"}, "ALLOW_PRIVATE_UPSTREAMS", True),
    ],
)  # fmt: skip
def test_every_variable_is_read(variables: dict[str, str], name: str, expected: object, read: Any) -> None:
    assert getattr(read(**variables), name) == expected


@pytest.mark.parametrize(
    "variables",
    [
        {"TRUSTED_PROXIES": "many"}, {"TRUSTED_PROXIES": "-1"}, {"KEEP_TASKS_DAYS": "1.5"}, {"DEBUG": "perhaps"},
        {"VAULT_KEYS": "nonsense"}, {"VAULT_KEYS": f"{ONE},nonsense"}, {"TASK_API_URL": "livepeer.studio"},
        {"BASE_URL": "tasks.example.test"}, {"ALLOW_PRIVATE_UPSTREAMS": "2"},
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_sentence_that_names_the_variable(variables: dict[str, str], read: Any) -> None:
    with pytest.raises(WrongValue) as caught:
        read(**variables)
    sentence = str(caught.value.code)
    assert sentence.startswith(f"{next(iter(variables))}: ")
    assert "\n" not in sentence
    assert ONE not in sentence


def test_secrets_are_made_once_and_for_our_eyes_only(read: Any, tmp_path: Path) -> None:
    first = read()
    secrets = (first.secret_key, first.vault_keys)
    second = read()
    assert (second.secret_key, second.vault_keys) == secrets
    Fernet(secrets[1][0])
    kept = sorted((tmp_path / "data").iterdir())
    assert [path.name for path in kept] == ["secret_key", "vault_key"]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_beside_postgresql_secrets_have_to_be_given(read: Any, tmp_path: Path) -> None:
    found = read(DATABASE_URL="postgres://x/y")
    with pytest.raises(MissingSecret, match="With PostgreSQL SECRET_KEY must be given"):
        _ = found.secret_key
    with pytest.raises(MissingSecret, match="With PostgreSQL VAULT_KEYS must be given"):
        _ = found.vault_keys
    assert not (tmp_path / "data").exists()


READY = (
    "import django; django.setup(); from django.test import Client;"
    "print(Client(headers={'Host': 'localhost'}).get('/readyz').status_code)"
)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"DATABASE_URL": "postgres://x@127.0.0.1:1/x"}, "With PostgreSQL SECRET_KEY must be given"),
        ({"DATABASE_URL": "postgres://x@127.0.0.1:1/x", "SECRET_KEY": "x", "VAULT_KEYS": ONE}, "503\n"),
        ({}, "503\n"),
    ],
)  # fmt: skip
def test_a_process_that_cannot_serve_says_so(variables: dict[str, str], said: str, tmp_path: Path) -> None:
    """Without secrets; with a database that is not there; with one that was never migrated."""
    kept = {name: value for name, value in os.environ.items() if name not in Environment.model_fields}
    environment = {**kept, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dashboard.settings", **variables}
    done = subprocess.run(
        [sys.executable, "-c", READY],
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said in done.stdout + done.stderr
    assert (done.returncode == 0) == said.startswith("503")
