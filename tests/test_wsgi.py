"""What a request brings with it holds nothing of the server's environment."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import RequestFactory

from dashboard.wsgi import without_environment


def test_the_environment_of_the_process_is_not_part_of_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_KEYS", "a planted key")
    monkeypatch.setenv("SERVER_NAME", "the machine")
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ)
        return []

    request = RequestFactory().get("/path/?q=1", headers={"X-One": "1"}).environ | {"VAULT_KEYS": "a planted key"}
    expected = {name: value for name, value in request.items() if name != "VAULT_KEYS"}
    without_environment(application)(request, None)
    assert seen == expected


@pytest.mark.parametrize(("path", "comes_through"), [("/team/", False), ("/api/1/task", True), ("/apis/", False)])
def test_a_login_meant_for_a_proxy_reaches_nothing_but_our_api(path: str, comes_through: bool) -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ)
        return []

    headers = {"Authorization": "Basic c2VjcmV0", "Proxy-Authorization": "Basic c2VjcmV0"}
    without_environment(application)(RequestFactory().get(path, headers=headers).environ, None)
    assert ("HTTP_AUTHORIZATION" in seen) == comes_through
    assert ("HTTP_PROXY_AUTHORIZATION" in seen) == comes_through
