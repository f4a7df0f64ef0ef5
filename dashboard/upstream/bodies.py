"""The bytes of an answer: decompressed while they arrive, counted, and never more than the limit."""

from __future__ import annotations

import zlib

from .errors import BadAnswer, TooLarge

LARGEST_BODY = 32 * 1024 * 1024
_GZIP_OR_ZLIB = 47
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")


class Body:
    """Collects one body. `encoding`: the Content-Encoding header. Feed it raw chunks, then ask for all()."""

    def __init__(self, encoding: str = "", largest: int = LARGEST_BODY) -> None:
        encoding = encoding.strip().lower()
        if encoding not in _ENCODINGS:
            raise BadAnswer("The answer is compressed in a way that was not asked for.")
        self._unzip = zlib.decompressobj(_GZIP_OR_ZLIB) if encoding not in _ENCODINGS[:2] else None
        self._bytes = bytearray()
        self._largest = largest

    def feed(self, chunk: bytes) -> None:
        """Adds a raw chunk. TooLarge above the limit, BadAnswer for what cannot be decompressed."""
        self._bytes += chunk if self._unzip is None else self._unzipped(chunk)
        if len(self._bytes) > self._largest:
            raise TooLarge(f"The answer is larger than {self._largest >> 20} MB.")

    def _unzipped(self, chunk: bytes) -> bytes:
        """At most one byte over the limit: a few kB can hold gigabytes."""
        assert self._unzip is not None
        try:
            return self._unzip.decompress(chunk, self._largest + 1 - len(self._bytes))
        except zlib.error:
            raise BadAnswer("The answer is compressed, but damaged.") from None

    def all(self) -> bytes:
        """The whole body. BadAnswer when a compressed one was cut off."""
        if self._unzip is not None and not self._unzip.eof and self._bytes:
            raise BadAnswer("The answer was cut off.")
        return bytes(self._bytes)
