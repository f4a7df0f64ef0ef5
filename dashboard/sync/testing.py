"""Trying a key before it is kept, on the page and in the command alike."""

from dataclasses import dataclass, replace
from enum import StrEnum

from dashboard.upstream.client import Connection, Studio
from dashboard.upstream.errors import (
    BadAnswer,
    BadRequest,
    KeyLimited,
    KeyRejected,
    NotFound,
    TimedOut,
    Unreachable,
    UpstreamError,
)

CALLS_OF_A_TEST = 2


class Outcome(StrEnum):
    WORKS = "works"
    LIMITED = "limited"  # valid, but may not list tasks
    UNSURE = "unsure"  # Studio could not be asked properly just now
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """What a test of a key found. A refused key is not kept; an unsure one is kept with a warning.
    `retry_after_seconds`: Studio wants to be left alone for so long."""

    outcome: Outcome
    sentence: str
    studio_user: str = ""
    default_project: str = ""
    project_id: str = ""
    retry_after_seconds: float = 0

    @property
    def may_be_kept(self) -> bool:
        return self.outcome is not Outcome.REFUSED


def try_key(studio: Studio, connection: Connection) -> Verdict:
    """Ask who the key is and for its newest task; never raises an upstream error."""
    email = default_project = ""
    try:
        me = studio.me(connection)
        email, default_project = me.email, me.default_project_id
    except (KeyLimited, NotFound, BadAnswer, BadRequest):
        pass  # a restricted key may not ask who it is, and other servers may not know this undocumented path
    except UpstreamError as error:
        return verdict_of(error)
    try:
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
            return Verdict(Outcome.REFUSED, f"Studio does not know this key. {error.sentence}")
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
                f"Studio could not confirm the key just now; it is tried again. {error.sentence}",
                retry_after_seconds=error.retry_after_seconds or 0,
            )
