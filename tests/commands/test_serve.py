"""`serve`: one command migrates, starts web and syncer, and lets the first admin in."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from dashboard.environment import Environment
from dashboard.management.preparing import _static_files_are_old

HERE = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def base() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def serving(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    kept = {name: value for name, value in os.environ.items() if name not in Environment.model_fields}
    data = tmp_path_factory.mktemp("data")
    environment = {**kept, "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    command = [sys.executable, "manage.py", "serve", "--bind", base.removeprefix("http://")]
    process = subprocess.Popen(command, cwd=HERE, env=environment, stdout=subprocess.PIPE, text=True)
    yield process
    process.terminate()
    process.wait(PATIENCE_SECONDS)


def get(url: str, host: str = "") -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def wait_until_it_answers(url: str) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        try:
            get(url)
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the web server did not start")


def test_a_first_start_prints_a_link_for_the_first_admin_and_serves(base: str, serving: subprocess.Popen[str]) -> None:
    assert serving.stdout
    line = serving.stdout.readline()
    assert line.startswith("Nobody is here yet.")
    link = line.split()[-1]
    assert link.startswith(f"{base}/setup/")
    wait_until_it_answers(base + "/healthz")
    assert get(base + "/healthz", host="anything.example.test") == (200, "ok")
    assert get(base + "/readyz")[0] == 200
    assert get(base + "/readyz", host="anything.example.test")[0] == 400
    status, page = get(link)
    assert status == 200
    assert "Be the first admin" in page
    style = page.partition('href="/static/css/tokens')[2].partition('"')[0]
    assert get(f"{base}/static/css/tokens{style}")[0] == 200


def test_a_signal_ends_all_of_it(base: str, serving: subprocess.Popen[str]) -> None:
    wait_until_it_answers(base + "/healthz")
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(PATIENCE_SECONDS) == 0
    with pytest.raises(OSError, match=r"refused|reset"):
        urllib.request.urlopen(base + "/healthz", timeout=5)


@pytest.mark.parametrize("bind", ["8000", "localhost", ":8000", "localhost:http", ""])
def test_an_address_that_is_none_is_one_sentence(bind: str) -> None:
    with pytest.raises(CommandError, match="--bind wants HOST:PORT"):
        call_command("serve", bind=bind)


def test_static_files_are_collected_again_after_an_upgrade(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path
    assert _static_files_are_old()
    manifest = tmp_path / "staticfiles.json"
    manifest.write_text("{}")
    assert not _static_files_are_old()
    os.utime(manifest, (0, 0))
    assert _static_files_are_old()
