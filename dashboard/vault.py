"""Seals secrets with the first of several Fernet keys; any of them opens.

What is sealed is a small JSON object, so that the owner of the secret is sealed in with it: text copied
onto another row opens, but does not fit. Nothing here ever falls back on returning the sealed text.
"""

import json
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unopenable(Exception):
    """The sealed text cannot be opened with the keys at hand, or does not belong where it was found."""


def seal(contents: dict[str, str], keys: Sequence[str]) -> str:
    """The contents as sealed text, by the first key."""
    return _box(tuple(keys)).encrypt(json.dumps(contents).encode()).decode()


def unseal(sealed: str, keys: Sequence[str]) -> dict[str, str]:
    """What was sealed; raises Unopenable."""
    try:
        contents = json.loads(_box(tuple(keys)).decrypt(sealed.encode()))
    except (InvalidToken, ValueError, RecursionError):
        problem = "The stored key cannot be opened with the vault keys at hand."
    else:
        if isinstance(contents, dict):
            return contents
        problem = "The stored key is not in a known form."
    raise Unopenable(problem)  # out here, because the caught error holds what was opened


def is_sealed_by(sealed: str, key: str) -> bool:
    """Whether this one key opens the text."""
    try:
        _box((key,)).decrypt(sealed.encode())
    except (InvalidToken, ValueError):
        return False
    return True


def reseal(sealed: str, keys: Sequence[str]) -> str:
    """The same contents sealed anew by the first key; raises Unopenable."""
    try:
        return _box(tuple(keys)).rotate(sealed.encode()).decode()
    except (InvalidToken, ValueError):
        raise Unopenable("The stored value cannot be opened with the vault keys at hand.") from None


@lru_cache(maxsize=32)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
