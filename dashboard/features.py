"""What may explain that a task failed: the traits that it shares with some tasks and not with others.

Read out of a redacted document and the kept parts of its asset. Anything may stand anywhere in both; what has not the
expected type is left out. Absence is told ("no creator") where a task could have had the thing: otherwise nobody
could say how common the thing is.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from dashboard.facts import facts_of
from dashboard.titles import last_segment
from dashboard.visible import visible

Json = dict[str, Any]

LONGEST = 200
LONGEST_URL = 4000
MOST = 1e18  # what is larger is no number that Studio means
MOST_PARTS = 5
MOST_PROFILES = 20
SIZES = (
    (10_000_000, "under 10 MB"),
    (100_000_000, "10 MB to 100 MB"),
    (1_000_000_000, "100 MB to 1 GB"),
    (10_000_000_000, "1 GB to 10 GB"),
    (float("inf"), "over 10 GB"),
)  # bytes
LENGTHS = (
    (3, "under 3 s"),
    (60, "3 s to 1 min"),
    (600, "1 min to 10 min"),
    (3600, "10 min to 1 h"),
    (3 * 3600, "1 h to 3 h"),
    (float("inf"), "over 3 h"),
)  # seconds

# The redaction leaves the names of a query's secrets; a text that was not redacted is read by the usual names.
_SIGNATURE = re.compile(
    r"[?&;](?:[^=&]*=\[redacted: |x-(?:amz|goog|oss)-signature=|signature=|sig=|token=|key-pair-id=)", re.I
)
_AUTHORITY = re.compile(r"[^/?#\\]*")
_PORT = re.compile(r":\d*\Z")
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,5})\Z")


class Feature(NamedTuple):
    """One trait of a task. Those of one `kind` stand beside each other; `words` name it for people."""

    kind: str
    value: str
    words: str


_PINATA = Feature("destination", "Pinata", "destination Pinata")
_STUDIO = Feature("destination", "IPFS", "destination Studio's IPFS")


def features_of(task_type: str, document: Json, asset: Json | None, account: tuple[int, str]) -> list[Feature]:
    """The traits of one task, each once. `asset`: the kept parts of the asset whose name the task bears, None if it
    was not read. `account`: its id here and its name."""
    asked = _dicts(_dict(document.get("params")).values())
    made = _dicts(_dict(document.get("output")).values())
    found = [_feature("type", task_type or "unknown"), _account(*account)]
    for part in asked:
        found += _source(part)
        found += _destination(part)
        found += _wishes(part)
    for part in made:
        found += _media(part)
    found += _measures(document, asset or {})
    found += _owners(document, asked, asset)
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1000)  # hundreds of tasks have the same few
def _feature(kind: str, value: str, words: str = "") -> Feature:
    """Told by its kind and value if there are no words for it."""
    return Feature(kind, value, visible(words or f"{kind} {value}"))


def _account(account_id: int, name: str) -> Feature:
    return _feature("account", str(account_id), f"account {name}")


def _source(part: Json) -> Iterator[Feature]:
    url = _url(part) or _url(_dict(part.get("input")))
    if not host_of(url):
        return
    yield _feature("host", host_of(url))
    yield from _access("access", url, "URL")
    ending = _ENDING.search(last_segment(url))
    yield _feature("file ending", f".{ending[1].lower()}") if ending else _no("file ending")
    cut_from = _text(part.get("inputId"))
    if cut_from:
        yield _feature("cut from", cut_from, f"cut from {cut_from[:8]}")


def host_of(url: str) -> str:
    """`media.example.com`, or `ipfs://` of an address without a host that means something; "" of no address. Taken
    apart by hand: a host with a redacted login before it is none to the standard library."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return ""
    authority = _AUTHORITY.match(rest)
    host = _PORT.sub("", authority[0].rpartition("@")[2] if authority else "").rstrip(".").lower()
    return (host if host and scheme.lower() not in ("ipfs", "ipns", "ar") else f"{scheme.lower()}://")[:LONGEST]


def _access(kind: str, url: str, noun: str) -> Iterator[Feature]:
    """How the address lets one in."""
    authority = _AUTHORITY.match(url.partition("://")[2])
    has_login, is_signed = authority is not None and "@" in authority[0], _SIGNATURE.search(url) is not None
    if is_signed:
        yield Feature(kind, "signed", f"signed {noun}")
    if has_login:
        yield Feature(kind, "login", f"{noun} with a login")
    if not is_signed and not has_login:
        yield Feature(kind, "", f"{noun} without a signature")


def _destination(part: Json) -> Iterator[Feature]:
    custom, storage = _dict(part.get("custom")), _dict(part.get("storage"))
    url = _url(custom) or _url(storage)
    if host_of(url):
        yield _feature("destination", host_of(url))
        yield from _access("destination access", url, "destination URL")
    if _text(custom.get("method")):
        yield _feature("method", _text(custom.get("method")).upper())
    ipfs = part.get("ipfs")
    if isinstance(ipfs, dict):
        yield _PINATA if ipfs.get("pinata") else _STUDIO
        template = _text(ipfs.get("nftMetadataTemplate"))
        yield _feature("NFT metadata", template) if template else _no("NFT metadata")


def _wishes(part: Json) -> Iterator[Feature]:
    """What else was asked for, of a part that names a source to work on."""
    if "url" not in part and "input" not in part:
        return
    yield from _profiles(part.get("profiles"))
    pipeline = _text(part.get("catalystPipelineStrategy"))
    yield _feature("pipeline", pipeline) if pipeline else _no("pipeline", "pipeline of its own")
    yield Feature("encryption", "yes", "encrypted") if part.get("encryption") else _no("encryption")
    yield Feature("C2PA", "yes", "signed with C2PA") if part.get("c2pa") else _no("C2PA")


def _profiles(profiles: object) -> Iterator[Feature]:
    rows = _dicts(profiles if isinstance(profiles, list) else [], MOST_PROFILES)
    for row in rows:
        size = f"{_text(row.get('width'))}×{_text(row.get('height'))}".strip("×")
        yield _feature("profile", " ".join(filter(None, (_text(row.get("name")), size))) or "without a name")
    if not rows:
        yield _no("profile", "profiles of its own")


def _no(kind: str, noun: str = "") -> Feature:
    return Feature(kind, "", f"no {noun or kind}")


def _media(part: Json) -> Iterator[Feature]:
    """What Studio read of the file; a failed task seldom has it."""
    video = _dict(_dict(part.get("assetSpec")).get("videoSpec"))
    if _text(video.get("format")):
        yield _feature("format", _text(video.get("format")))
    tracks = video.get("tracks")
    for track in _dicts(tracks if isinstance(tracks, list) else []):
        codec, pixels = _text(track.get("codec")), _text(track.get("pixelFormat"))
        if codec:
            yield _feature("codec", codec)
        if pixels:
            yield _feature("pixels", pixels)


def _measures(document: Json, asset: Json) -> Iterator[Feature]:
    facts = facts_of(document)
    yield from _class("size", facts.get("size", asset.get("size")), SIZES)
    start, end = facts.get("clip_from"), facts.get("clip_to")
    seconds = facts.get("duration") if start is None or end is None else (end - start) / 1000
    yield from _class("length", seconds, LENGTHS)


def _class(kind: str, value: object, classes: tuple[tuple[float, str], ...]) -> Iterator[Feature]:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < MOST:
        yield _feature(kind, next(words for most, words in classes if value < most))


def _owners(document: Json, asked: list[Json], asset: Json | None) -> Iterator[Feature]:
    """Whose it is. Transcodes name their creator themselves; everything else has it from its asset."""
    named = [_creator(part.get("creatorId")) for part in asked]
    creator = next(filter(None, named), "") or _creator((asset or {}).get("creatorId"))
    if creator:
        yield _feature("creator", creator)
    elif asset is not None or any("storage" in part for part in asked):
        yield _no("creator")
    works_on, makes = _text(document.get("inputAssetId")), _text(document.get("outputAssetId"))
    key = _text((asset or {}).get("createdByTokenName"))
    if key and makes:
        yield _feature("key", key)
    if works_on:
        yield _feature("asset", works_on, f"asset {works_on[:8]}")


def _creator(value: object) -> str:
    """A text, or an object with one under `value`."""
    return _text(_dict(value).get("value")) or _text(value)


def _url(part: Json) -> str:
    return _text(part.get("url"), LONGEST_URL)


def _text(value: object, longest: int = LONGEST) -> str:
    """A text without blanks around it, or a number's digits; cut, for a document may hold anything."""
    if isinstance(value, str):
        return value[:longest].strip()
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST
    return f"{value:g}" if is_number else ""


def _dict(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _dicts(values: Iterable[object], most: int = MOST_PARTS) -> list[Json]:
    return [value for value in values if isinstance(value, dict)][:most]
