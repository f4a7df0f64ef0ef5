"""Ids, hashes and CIDs that come out the same for the same seed. Pure; nothing is stored."""

import base64
import hashlib
import random

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def dice(*words: object) -> random.Random:
    """A random source of its own for these words: the same words give the same throws for ever."""
    return random.Random("/".join(map(str, words)))


def digest(*words: object) -> bytes:
    return hashlib.sha256("/".join(map(str, words)).encode()).digest()


def hex_of(length: int, *words: object) -> str:
    """`length` hexadecimal characters."""
    text = ""
    while len(text) < length:
        text += digest(*words, len(text)).hex()
    return text[:length]


def uuid_of(*words: object) -> str:
    """A UUID of version 4, like every id and every key of Studio."""
    return _dashed(digest(*words).hex()[:32])


def _dashed(text: str) -> str:
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


def task_id(seed: int, project: int, word: object) -> str:
    """A task's id, whose last four digits tell `project_of` where the task lives, though no eye sees it."""
    head = uuid_of(seed, "task", project, word)[:-4]
    return f"{head}{(project ^ _mask(head)) & 0xFFFF:04x}"


def project_of(identifier: str) -> int:
    """The number of the project that made this id; nonsense for an id that `task_id` did not make."""
    try:
        return int(identifier[-4:], 16) ^ _mask(identifier[:-4])
    except ValueError:
        return -1


def _mask(head: str) -> int:
    return int.from_bytes(hashlib.blake2b(head.encode(), digest_size=2).digest(), "big")


def playback_id_of(asset_id: str) -> str:
    """Sixteen characters that begin with the asset id's first four, as Studio builds them."""
    number = int.from_bytes(digest("playback", asset_id)[:10], "big")
    text = ""
    while len(text) < 12:
        number, rest = divmod(number, 36)
        text += _BASE36[rest]
    return asset_id[:4] + text


def cid_v1(*words: object) -> str:
    """A CID of version 1: base32, codec raw, sha2-256 (`bafkrei...`)."""
    raw = b"\x01\x55\x12\x20" + digest("cid", *words)
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


def cid_v1_dag(*words: object) -> str:
    """A CID of version 1 of a whole folder or large file: codec dag-pb (`bafybei...`)."""
    raw = b"\x01\x70\x12\x20" + digest("cid", *words)
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


def cid_v0(*words: object) -> str:
    """A CID of version 0: base58 of a bare sha2-256 multihash (`Qm...`)."""
    number = int.from_bytes(b"\x12\x20" + digest("cid", *words), "big")
    text = ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return text


def base64_of(size: int, *words: object) -> str:
    """`size` characters of base64url without padding."""
    raw = b"".join(digest(*words, part) for part in range(size // 40 + 1))
    return base64.urlsafe_b64encode(raw).decode()[:size]
