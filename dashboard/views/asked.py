"""What stands in the URL of a list: words, ids that may be none, and the accounts that they mean."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from dashboard.clock import now_ms
from dashboard.models.listing import UnreadableCursor
from dashboard.models.seen import Sight
from dashboard.models.team import Membership
from dashboard.views.polling import SignedIn

LONGEST_ID = 18  # digits; what is longer no database holds


def word(text: str, longest: int = 100) -> str:
    return text.replace("\0", "")[:longest].strip()


def id_or_404(text: str) -> int | None:
    """None for nothing; what is no id is not found."""
    if not text:
        return None
    if not _is_id(text):
        raise Http404
    return int(text)


def ids(text: str, most: int) -> tuple[int, ...]:
    """The first of `1.2.3`. Raises UnreadableCursor."""
    parts = text.split(".")[:most] if text else []
    if not all(map(_is_id, parts)):
        raise UnreadableCursor(text)
    return tuple(map(int, parts))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID


def sight_or_404(request: SignedIn, team: int | None, account: int | None) -> Sight:
    """The accounts in view; a team or an account that is not the user's is not there."""
    return narrowed_or_404(Sight.of(request.user.pk, now_ms(), team), team, account)


def narrowed_or_404(sight: Sight, team: int | None, account: int | None) -> Sight:
    """The same, of all that the user sees."""
    if team is not None:
        sight = sight.of_team(team)
    if account is not None and account not in sight.ids:
        raise Http404
    if team is not None and not sight.accounts:
        get_object_or_404(Membership, user_id=sight.user_id, team_id=team)
    return sight
