"""CIDs, the addresses of IPFS: whether a text is one, what it tells of itself, and its form for host names."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LONGEST = 200
SCHEME = "ipfs://"
_SHA2_256_BYTES = 32
_MAY_BE_ONE = re.compile(r"Qm[1-9A-HJ-NP-Za-km-z]{44}|[bBfFkKzZ][0-9A-Za-z]{46,}")


@dataclass(frozen=True)
class Cid:
    """A CID as it was given. `base32`: the same as version 1 in lower-case base32, as host names need it."""

    text: str
    version: int
    codec: str
    hash_name: str
    base: str
    base32: str

    @property
    def in_path(self) -> str:
        """The form for the path of a URL: as given, unless its base has letters that mean something there."""
        return self.text if self.text.isalnum() else self.base32

    @property
    def format_line(self) -> str:
        """`CIDv1, base32, dag-pb, sha2-256`."""
        return f"CIDv{self.version}, {self.base}, {self.codec}, {self.hash_name}"


@dataclass(frozen=True)
class NoCid:
    """`reason`: a sentence for people."""

    text: str
    reason: str


def check(text: str) -> Cid | NoCid:
    """What the text is; never raises. Strict: nothing before it, nothing after it, one spelling."""
    reason = _at_first_sight(text)
    return NoCid(text[:LONGEST], reason) if reason else _looked_into(text)


def bare(text: str) -> str:
    """A CID without `ipfs://` before it."""
    return text[len(SCHEME) :] if text[: len(SCHEME)].lower() == SCHEME else text


def forms_of(text: str) -> tuple[str, ...]:
    """The text, and in which other forms the same CID may have been written: `bafybei…` for `Qm…` and the other way
    round. For any text at all: the library is not loaded for what cannot be a CID."""
    cid = check(text) if _MAY_BE_ONE.fullmatch(text) else None
    if not isinstance(cid, Cid):
        return (text,)
    has_old_form = (cid.codec, cid.hash_name) == ("dag-pb", "sha2-256")
    old = (_old_form(cid.base32),) if has_old_form else ()
    return tuple(dict.fromkeys((text, cid.base32, *old)))


@lru_cache(maxsize=1024)
def _old_form(base32: str) -> str:
    return str(_library().decode(base32).set(version=0, base="base58btc").encode())


@lru_cache(maxsize=1024)
def _looked_into(text: str) -> Cid | NoCid:
    try:
        return _decoded(text)
    except Exception as error:  # the library raises whatever its bases, codecs and hashes raise
        return NoCid(text, _why(text, error))


def _at_first_sight(text: str) -> str:
    if not text:
        return "It is empty."
    if len(text) > LONGEST:
        return f"It is longer than {LONGEST} characters, and no CID is."
    if not text.isascii() or not text.isprintable() or " " in text:
        return "It holds characters that no CID has."
    return ""


def _decoded(text: str) -> Cid | NoCid:
    cid = _library().decode(text)
    if cid.encode() != text:
        return NoCid(text, "It is not written as a CID is: its letters are mixed or its end was changed.")
    if cid.hashfun.name == "sha2-256" and len(cid.raw_digest) != _SHA2_256_BYTES:
        return NoCid(text, "Its hash is cut off.")
    base32 = cid.set(version=1, base="base32").encode()
    return Cid(text, cid.version, cid.codec.name, cid.hashfun.name, cid.base.name, base32)


def _why(text: str, error: Exception) -> str:
    told = str(error)
    if "multibase code" in told or "raw encoding" in told:
        return "It does not begin as a CID does."
    if "Invalid character" in told:
        return "It holds characters that its encoding does not have."
    if "pad bits" in told.lower():
        return "It is cut off, or something was added to it."
    if "CIDv" in told or "CID version" in told:
        return "It names a version of CIDs that does not exist."
    return "It is no CID: what it says of itself does not fit."


@lru_cache(maxsize=1)
def _library() -> Any:
    """Loaded with the first CID: it takes 140 ms, and most processes and commands never see one."""
    from multiformats import CID

    return CID
