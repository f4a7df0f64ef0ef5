"""Trying a key before it is kept, on the page and in the command alike."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey, key_of, previous_keys_of
from dashboard.sync.buttons import a_call, a_place, a_turn
from dashboard.upstream.client import Connection, Studio
from dashboard.upstream.errors import (
    BadAnswer,
    BadRequest,
    KeyLimited,
    KeyRejected,
    NotFound,
    PrivateAddress,
    RateLimited,
    Redirected,
    TimedOut,
    Unreachable,
    UpstreamError,
)
from dashboard.upstream.network import BadUrl, check_url, deadline

CALLS_OF_A_TEST = 2
TRIED_AGAIN = "; it is tried again."


class Outcome(StrEnum):
    WORKS = "works"
    LIMITED = "limited"  # valid, but may not list tasks
    UNSURE = "unsure"  # Studio could not be asked properly just now
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """What a test of a key found. A refused key is not kept; an unsure one is kept with a warning.
    `retry_after_seconds`: Studio wants to be left alone for so long. `rejects_key`: Studio does not know the key.
    `leads_astray`: the address is private, or sends us elsewhere, so nobody went there."""

    outcome: Outcome
    sentence: str
    studio_user: str = ""
    default_project: str = ""
    project_id: str = ""
    retry_after_seconds: float = 0
    rejects_key: bool = False
    leads_astray: bool = False

    @property
    def may_be_kept(self) -> bool:
        return self.outcome is not Outcome.REFUSED

    @property
    def own_project(self) -> str:
        """The project that the key opens, as `Account.own_project` knows it."""
        return self.project_id or (self.default_project if self.outcome is Outcome.LIMITED else "")


def refused(sentence: str) -> Verdict:
    return Verdict(Outcome.REFUSED, sentence)


def try_key(
    studio: Studio, connection: Connection, a_call: Callable[[], AbstractContextManager[None]] = nullcontext
) -> Verdict:
    """Ask who the key is and for its newest task; never raises an upstream error. `a_call` is around each call."""
    email = default_project = ""
    try:
        with a_call():
            me = studio.me(connection)
        email, default_project = me.email, me.default_project_id
    except (KeyLimited, NotFound, BadAnswer, BadRequest):
        pass  # a restricted key may not ask who it is, and other servers may not know this undocumented path
    except UpstreamError as error:
        return verdict_of(error)
    try:
        with a_call():
            page = studio.list_tasks(connection, limit=1)
    except UpstreamError as error:
        return replace(verdict_of(error), studio_user=email, default_project=default_project)
    project = next((snapshot.project_id for snapshot in page.snapshots), "")
    return Verdict(Outcome.WORKS, _works(email, project), email, default_project, project)


def _works(email: str, project: str) -> str:
    who = f"The key works: Studio user {email}" if email else "The key works"
    where = f"project {project}" if project else "its project will be known with the first task"
    return f"{who}, {where}."


def verdict_of(error: UpstreamError) -> Verdict:
    """What a failure says about the key and its address; only what may pass by itself leaves it open."""
    match error:
        case KeyRejected():
            return Verdict(
                Outcome.REFUSED, "Studio does not know this key. It is mistyped, or it was revoked.", rejects_key=True
            )
        case PrivateAddress() | Redirected():
            return Verdict(Outcome.REFUSED, error.sentence, leads_astray=True)
        case NotFound():
            return Verdict(Outcome.REFUSED, "There is no Task API at this URL: it answered 404. Check the URL.")
        case Unreachable() | BadAnswer() | BadRequest() if not isinstance(error, TimedOut):
            return Verdict(Outcome.REFUSED, error.sentence)
        case KeyLimited():
            return Verdict(
                Outcome.LIMITED,
                f"The key is valid but may not list tasks, so none will show up. {error.sentence}",
            )
        case _:
            return Verdict(
                Outcome.UNSURE,
                f"Studio could not confirm the key just now{TRIED_AGAIN} {error.sentence}",
                retry_after_seconds=error.retry_after_seconds or 0,
            )


@sensitive_variables()
def stored_key_for(account: Account, url: str) -> str:
    """The stored key, if this URL is on the server that it was given for; else raises Unopenable."""
    before, account.url = account.url, url
    try:
        return key_of(account)
    finally:
        account.url = before


def refusal_of(url: str) -> Verdict | None:
    """The refusal of a URL that is wrong by itself."""
    try:
        check_url(url, settings.ALLOW_PRIVATE_UPSTREAMS)
    except BadUrl as error:
        return refused(error.sentence)
    except PrivateAddress as error:
        return verdict_of(error)
    return None


@sensitive_variables("key", "connection", "headers")
def verdict_on(url: str, key: str, account: Account) -> Verdict:
    """What Studio says to this key at this URL; the account is asked by nobody else meanwhile. Raises Busy."""
    connection = Connection(url, key, _other_keys(account))
    with a_place() as (studio, patience):
        turn = a_turn(account, patience, CALLS_OF_A_TEST) if account.pk else nullcontext()
        try:
            with turn, deadline(patience.left):
                return try_key(studio, connection, partial(a_call, account))
        except RateLimited as error:  # before anything was asked
            return verdict_of(error)


@sensitive_variables()
def _other_keys(account: Account) -> tuple[str, ...]:
    """What else must not stand in an answer."""
    if account.pk is None:
        return ()
    key = ApiKey.objects.opened(account)
    return (*([key] if key else []), *previous_keys_of(account))
