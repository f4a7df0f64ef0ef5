"""Secrets that one knows by their look inside a text: logins in URLs, `Bearer x`, JWTs, AWS keys, PEM, our own tokens.

Texts come with their marks as codes (see marks). Every function here is linear in the text's length.
"""

from __future__ import annotations

import re

from . import marks
from .opaque import is_opaque

_SLASHES = re.compile(r"//|\\/\\/")
_SCHEME_BEFORE = re.compile(r"([A-Za-z0-9+]{1,12}):$")
_AUTHORITY = re.compile(r"[^\s\"<>\\/?#]*+")
_BREAK = re.compile(r"[\s\"<>\\]")
_LONGEST_LOGIN = 512
_STORAGE = ("s3", "w3s", "gs", "az", "r2", "b2")

_SCHEME = re.compile(
    r"(bearer|basic|api[ _-]?key|token|jwt)((?:[\s:=+<(\"']|\\[\"'nrt]|\\(?=\\))++)([^\s\"'<>\\]{1,64}+)", re.I
)
_REST = re.compile(r"[^\s\"'<>\\]*+")
_SCHEME_KINDS = {
    "be": marks.TOKEN,
    "ba": marks.PASSWORD,
    "ap": marks.API_KEY,
    "to": marks.TOKEN,
    "jw": marks.JWT,
}
_NO_TOKENS = frozenset(
    [
        "a", "an", "and", "are", "as", "at", "auth", "authentication", "authorization", "by", "credential",
        "credentials", "error", "for", "format", "found", "from", "has", "header", "http", "in", "is", "it",
        "key", "missing", "must", "needed", "no", "not", "of", "on", "or", "realm", "required", "scheme",
        "string", "that", "the", "to", "token", "tokens", "type", "was", "were", "with",
    ]
)  # fmt: skip
_CODE_AND_MORE = re.compile("\x00[A-Z]\x00[A-Za-z0-9_\\-+/]")
_NO_TOKEN_FOUND = re.compile(r"(no token )([^\s\x00]{1,200}+)( found)", re.I)

_DOTTED = re.compile(r"(?<![A-Za-z0-9_\-])[A-Za-z0-9_\-]++(?:\.[A-Za-z0-9_\-=]*+)++")
_AWS_KEY = re.compile(r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}")
_OWN_TOKEN = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))ltd_[A-Za-z0-9_\-]{43}(?![A-Za-z0-9_\-])")
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----")


def hide_logins(text: str) -> str:
    """`user:password@` in URLs of any scheme, and the proof in `w3s://<proof>@`. Host and path stay."""
    pieces: list[str] = []
    done = 0
    for match in _SLASHES.finditer(text):
        start = match.end()
        if start < done:
            continue
        scheme = _scheme_before(text, match.start())
        end = _end_of_login(text, start, scheme)
        if end > start and not marks.is_codes(text[start:end]):
            pieces += text[done:start], marks.CODES[_kind_of_login(scheme)]
            done = end
    return "".join((*pieces, text[done:])) if done else text


def _scheme_before(text: str, end: int) -> str:
    match = _SCHEME_BEFORE.search(text[max(0, end - 13) : end])
    return match[1].lower() if match else ""


def _end_of_login(text: str, start: int, scheme: str) -> int:
    """Where the `@` stands, -1 without a login. Passwords with a bare slash (AWS makes such) are found."""
    authority = _AUTHORITY.match(text, start)
    assert authority is not None
    end = authority.end()
    at = text.rfind("@", start, end)
    if at >= 0:
        return at
    if scheme == "w3s":
        return _end_of_proof(text, start)
    _, colon, port = authority[0].partition(":")
    if not colon or port.isdigit() or not port or authority[0].startswith("["):
        return -1
    at = text.find("@", end, end + _LONGEST_LOGIN)
    return -1 if at < 0 or _BREAK.search(text, end, at) else at


def _end_of_proof(text: str, start: int) -> int:
    stop = _BREAK.search(text, start)
    end = stop.start() if stop else len(text)
    at = text.find("@", start, end)
    if at >= 0:
        return at
    return end if end - start >= 20 else -1


def _kind_of_login(scheme: str) -> str:
    return marks.STORAGE_CREDENTIALS if scheme.startswith(_STORAGE) else marks.PASSWORD


def hide_schemes(text: str) -> str:
    """What follows `Bearer`, `Basic`, `token`, `apiKey`, `JWT`; and the key in Studio's own 401.

    Observed on the real server: `no token <KEY> found`, and `no user found from authorization header:
    Bearer <KEY>`.
    """
    text = _NO_TOKEN_FOUND.sub(_hide_echoed_key, text)
    pieces: list[str] = []
    done = position = 0
    while match := _SCHEME.search(text, position):
        position = match.end(2)
        if _is_credential(match[1][:2].lower(), match[3]):
            pieces += text[done:position], marks.CODES[_SCHEME_KINDS[match[1][:2].lower()]]
            done = position = _REST.match(text, match.end()).end()  # type: ignore[union-attr]
    return "".join((*pieces, text[done:])) if done else text


def _hide_echoed_key(match: re.Match[str]) -> str:
    return match[1] + marks.CODES[marks.API_KEY] + match[3]


def _is_credential(scheme: str, value: str) -> bool:
    if value.startswith("\x00"):
        return _CODE_AND_MORE.match(value) is not None
    bare = value.rstrip(".,;:!?)]}")
    if scheme == "be":
        return bool(bare) and bare.lower() not in _NO_TOKENS
    return is_opaque(bare) or (scheme == "ba" and (bare.endswith("=") or not bare[1:].islower()) and len(bare) >= 4)


def hide_jwts(text: str) -> str:
    """JSON Web Tokens: base64 of `{"...` and at least one dotted part more."""
    return _DOTTED.sub(_hide_jwt, text)


def _hide_jwt(match: re.Match[str]) -> str:
    chain = match[0]
    start = chain.find("eyJ")
    if start < 0 or (chain.count(".", start) < 2 and ".eyJ" not in chain[start:]):
        return chain
    return chain[:start] + marks.CODES[marks.JWT]


def hide_aws_keys(text: str) -> str:
    return _AWS_KEY.sub(marks.CODES[marks.STORAGE_CREDENTIALS], text)


def hide_own_tokens(text: str) -> str:
    """What opens our own API: people paste it where they describe a trouble."""
    return _OWN_TOKEN.sub(marks.CODES[marks.TOKEN], text)


def hide_private_keys(text: str) -> str:
    """PEM private keys, to the end of the text where the end line is missing."""
    pieces: list[str] = []
    done = 0
    while match := _PEM.search(text, done):
        end = _PEM_END.search(text, match.end())
        pieces += text[done : match.start()], marks.CODES[marks.PRIVATE_KEY]
        done = end.end() if end else len(text)
    return "".join((*pieces, text[done:])) if done else text
