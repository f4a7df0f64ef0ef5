"""The content security policy: every answer has the one of the settings, or what its view says."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from csp.decorators import csp_exempt, csp_update
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory

from dashboard.middleware import KnownPolicy
from dashboard.models import Account
from tests.views.conftest import hold
from tests.views.region import HTMX, regions

HEADER = "Content-Security-Policy"


def directives(policy: str) -> set[str]:
    return set(policy.split("; "))


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello")


def answered(view: Callable[[HttpRequest], HttpResponseBase]) -> HttpResponse:
    response = KnownPolicy(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    return response


def test_every_answer_has_the_policy_of_the_settings(
    quiet: Account, people: SimpleNamespace, sign_in: Callable[[str], Client]
) -> None:
    bob, task = sign_in("bob"), hold(quiet)
    answers = [bob.get(path) for path in ("/", "/nowhere/", "/profile/", "/auth/logout/")]
    answers += [bob.get(region.url, headers=HTMX) for region in regions(bob, task)]
    answers += [Client().get(path) for path in ("/auth/login/", "/", "/board/list/")]
    for response in answers:
        assert directives(response[HEADER]) == directives(build_policy())
    assert "default-src 'self'" in directives(build_policy())


def test_the_settings_have_one_policy_for_every_address() -> None:
    """What django-csp could do beside it, to exclude some and only to report, KnownPolicy leaves out."""
    assert set(settings.CONTENT_SECURITY_POLICY) == {"DIRECTIVES"}
    assert not hasattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY")


@pytest.mark.parametrize("times", [1, 2])
def test_a_view_that_says_more_is_heard_and_the_next_one_is_not_changed_by_it(times: int) -> None:
    wider = csp_update({"img-src": ["https://pictures.example.test"]})(hello)
    for _ in range(times):
        assert "img-src https://pictures.example.test" in answered(wider)[HEADER]
        assert directives(answered(hello)[HEADER]) == directives(build_policy())
    assert HEADER not in answered(csp_exempt()(hello))


def test_a_policy_that_is_there_already_stays() -> None:
    own = {HEADER: "default-src 'none'"}
    assert answered(lambda request: HttpResponse("Hello", headers=own))[HEADER] == "default-src 'none'"
