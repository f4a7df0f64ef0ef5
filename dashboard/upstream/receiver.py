"""One answer while it arrives: chunks in, an Answer out. No network here, both clients share it."""

from __future__ import annotations

from collections.abc import Mapping

from .answers import Answer
from .bodies import LARGEST_BODY, Body
from .errors import BadAnswer, TooLarge
from .refusals import LARGEST_REFUSAL


class Receiver:
    """Collects the body of one answer. `headers` with lower-case names.

    A refusal's status matters more than its body, so nothing that is wrong with the body is raised then.
    """

    def __init__(self, status: int, headers: Mapping[str, str]) -> None:
        self._status = status
        self._headers = headers
        self._refused = not 200 <= status < 300
        self._largest = LARGEST_REFUSAL if self._refused else LARGEST_BODY
        self.enough = False
        """Whether nothing that still comes can matter."""
        self._body: Body | None = None
        self._begin()

    def _begin(self) -> None:
        try:
            self._check_length()
            self._body = Body(self._headers.get("content-encoding", ""), self._largest)
        except BadAnswer:
            self._give_up()

    def _check_length(self) -> None:
        length = self._headers.get("content-length", "")
        if length.isdigit() and (len(length) > 12 or int(length) > self._largest):
            raise TooLarge(f"The answer is larger than {self._largest >> 20} MB.")

    def feed(self, chunk: bytes) -> None:
        """Adds a raw chunk. TooLarge and BadAnswer as in Body."""
        if self._body is None:
            return
        try:
            self._body.feed(chunk)
        except BadAnswer:
            self._give_up()

    def answer(self) -> Answer:
        """The whole answer. BadAnswer when its compressed body was cut off."""
        return Answer(self._status, self._headers, self._whole_body())

    def _whole_body(self) -> bytes:
        try:
            return b"" if self._body is None else self._body.all()
        except BadAnswer:
            self._give_up()
            return b""

    def _give_up(self) -> None:
        """Called while an error is handled: a refusal goes on without its body."""
        if not self._refused:
            raise
        self._body = None
        self.enough = True
