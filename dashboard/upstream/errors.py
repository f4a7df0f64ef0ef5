"""Everything that can go wrong between us and Studio, as a few named errors.

    UpstreamError             .sentence, .status, .retry_after_seconds
    ├── Unreachable           no answer: name, connection, TLS or protocol
    │   ├── TimedOut          no answer, or no whole one, in time; that may pass by itself
    │   └── PrivateAddress    we refused to connect: not a public address, or not https
    ├── KeyRejected           401: the key is unknown or revoked
    ├── KeyLimited            403: the key is good, but may not ask this
    ├── NotFound              404: no such thing, or not under this address
    ├── RateLimited           429: too many calls, .retry_after_seconds when Studio says so
    ├── BadRequest            400 and every other 4xx
    ├── ServerError           5xx, .broken_row when one malformed task breaks a whole list
    └── BadAnswer             not JSON, another shape than agreed, cut off or undecodable
        ├── Redirected        a redirect, which is never followed: it could lead anywhere
        └── TooLarge          more than the limit of bytes, counted after decompression

`sentence` is written for people: what happened and what it means. It never holds a key; words of
Studio's that it quotes were redacted first. `status` is the HTTP status, None when there was none.
"""

from __future__ import annotations


class UpstreamError(Exception):
    """Studio could not be asked, or did not answer as agreed. `retry_after_seconds`: Studio's own wish."""

    def __init__(self, sentence: str, status: int | None = None, retry_after_seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.retry_after_seconds = retry_after_seconds


class Unreachable(UpstreamError):
    """No answer came."""


class TimedOut(Unreachable):
    """No answer came in time."""


class PrivateAddress(Unreachable):
    """We refused to connect, because the address is not public or not https."""


class KeyRejected(UpstreamError):
    """401. Observed on the real server: the same for unknown, revoked and malformed keys."""


class KeyLimited(UpstreamError):
    """403. Observed on the real server: keys limited by rules or by origin, suspended users."""


class NotFound(UpstreamError):
    """404."""


class RateLimited(UpstreamError):
    """429."""


class BadRequest(UpstreamError):
    """400 and every 4xx that has no name of its own."""


class ServerError(UpstreamError):
    """5xx.

    `broken_row`: observed on the real server, one malformed task makes every list that contains it
    answer 500 with `{"message": ...}` instead of `{"errors": [...]}`. Smaller pages walk around it.
    """

    def __init__(
        self,
        sentence: str,
        status: int | None = None,
        retry_after_seconds: float | None = None,
        broken_row: bool = False,
    ) -> None:
        super().__init__(sentence, status, retry_after_seconds)
        self.broken_row = broken_row


class BadAnswer(UpstreamError):
    """An answer came that is not what a Task API says."""


class Redirected(BadAnswer):
    """The address sends us elsewhere. Nobody follows, least of all with a key."""


class TooLarge(BadAnswer):
    """The answer is larger than we read. Ask for a smaller page."""
