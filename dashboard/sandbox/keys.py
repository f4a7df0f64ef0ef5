"""API keys and what each may do, with the very words in which the real one refuses (observed)."""

import base64
import binascii
import re
from dataclasses import dataclass

from dashboard.sandbox.queries import Refused

_RESTRICTED = "access forbidden for CORS-enabled API key with restricted access"
_OPEN_TO_CORS = re.compile(r"(/task/[^/]+|/asset/[^/]+)")


@dataclass(frozen=True)
class User:
    """An owner of projects. `number` of the default project in the sandbox."""

    id: str
    email: str
    first_name: str
    default_project: int
    suspended: bool = False


@dataclass(frozen=True)
class Key:
    """`access`: "full", "cors" (no lists) or "rules" (nothing). A key without a user is an orphan."""

    text: str
    user: User | None
    project: int
    access: str = "full"


class KeyRing:
    """All keys of the sandbox by their text."""

    def __init__(self, keys: list[Key]) -> None:
        self._keys = {key.text: key for key in keys}

    def forget(self, text: str) -> None:
        """The key was deleted at Studio: 401 from now on."""
        self._keys.pop(text, None)

    def add(self, key: Key) -> None:
        self._keys[key.text] = key

    def open(self, header: str, query: dict[str, str]) -> Key | None:
        """The key of an Authorization header, None without one. Raises `Refused`, with Studio's echo."""
        match = re.match(r"\s*(\w+)\s+(.+)$", header)
        if not match:
            return None
        scheme, token = match[1], match[2].strip()
        if scheme.lower() == "jwt":
            raise Refused(401, "jwt malformed")
        if scheme.lower() not in ("bearer", "basic"):
            raise Refused(401, f"unsupported authorization header scheme: {scheme}")
        key = self._find(token, scheme.lower() == "basic")
        if query.get("projectId"):
            raise Refused(400, "projectId as query param not supported")
        if key.user is None:
            raise Refused(401, f"no user found from authorization header: {header}")
        if key.user.suspended:
            raise Refused(403, "user is suspended")
        return key

    def _find(self, token: str, is_basic: bool) -> Key:
        user_id, text = _basic(token) if is_basic else ("", token)
        if is_basic and not text:
            raise Refused(401, "no authorization token provided")
        key = self._keys.get(text)
        if key is None or (is_basic and (key.user is None or key.user.id != user_id)):
            raise Refused(401, f"no token {text} found")
        return key


def authorize(key: Key | None, method: str, path: str, origin: str) -> Key:
    """The key if it may make this call (path without /api). Raises `Refused`."""
    if key is None:
        raise Refused(401, "request is not authenticated")
    if origin:
        raise Refused(403, f"credential disallows CORS access from origin {origin}")
    if key.access == "rules":
        raise Refused(403, "credential has insufficent privileges")
    if key.access == "cors" and not (method in ("GET", "HEAD") and _OPEN_TO_CORS.fullmatch(path)):
        raise Refused(403, _RESTRICTED)
    return key


def _basic(token: str) -> tuple[str, str]:
    try:
        user_id, _, text = base64.b64decode(token).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return user_id, text
