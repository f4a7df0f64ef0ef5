"""What a number in a task's document means, told by where it stands: milliseconds, bytes, bits a second, a ratio.

Only Studio's own paths count. What a stranger put into `exportData.content`, NFT metadata or headers has no unit
that we could know.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from dashboard import units
from dashboard.clock import iso

NBSP = units.NBSP
EPOCH_FROM, EPOCH_TO = 100_000_000_000, 4_000_000_000_000  # ms: 1973 to 2096
MOST = 1e18

Number = int | float


class Meaning(NamedTuple):
    """`text` is for people; `at` is set when the number is a moment: ISO 8601, UTC."""

    text: str
    at: str = ""


def meaning_of(key: str, path: str, value: Number) -> Meaning | None:
    """None if nothing is known about the number at `path`, whose last key is `key`."""
    places = _PLACES.get(key)
    if places is None or not 0 <= value < MOST:
        return None
    parent = path[: -len(key)].removesuffix(".")
    return next((say(value) for where, say in places if where.fullmatch(parent)), None)


def _moment(value: Number) -> Meaning | None:
    if not EPOCH_FROM <= value < EPOCH_TO:
        return None
    told = iso(int(value)) or ""
    return Meaning(told, told)


def _place(value: Number) -> Meaning | None:
    """Clips: a moment of a live stream, or ms from the start of a recording."""
    if value >= EPOCH_FROM:
        return _moment(value)
    return Meaning(units.place(value))


def _size(value: Number) -> Meaning | None:
    return Meaning(units.size(value)) if value >= 1000 else None


def _seconds(value: Number) -> Meaning:
    return Meaning(units.duration(value) if value >= 60 else f"{value:.3g}{NBSP}s")


def _bitrate(value: Number) -> Meaning | None:
    for size, unit in ((1e9, "Gbps"), (1e6, "Mbps"), (1e3, "kbps")):
        if value >= size:
            return Meaning(f"{units.three_digits(value / size)}{NBSP}{unit}")
    return None


def _kilohertz(value: Number) -> Meaning | None:
    return Meaning(f"{value / 1000:g}{NBSP}kHz") if value >= 1000 else None


def _percent(value: Number) -> Meaning | None:
    """100 % is said only of what is done."""
    return Meaning(units.percent(value if value == 1 else min(value, 0.99))) if value <= 1 else None


_PART = r"[\w-]+"
_ASSET = rf"output\.{_PART}\.assetSpec"
_VIDEO, _TRACK = rf"{_ASSET}\.videoSpec", rf"{_ASSET}\.videoSpec\.tracks\[\d+\]"
_PROFILE = rf"(?:params\.{_PART}|{_ASSET})\.profiles\[\d+\]"
_INPUT, _CLIP = rf"output\.{_PART}\.inputVideo", r"params\.clip\.clipStrategy"
_STATES = rf"status|{_ASSET}\.(?:status|storage\.status)"

_Say = Callable[[Number], Meaning | None]
_TABLE: dict[str, dict[str, _Say]] = {
    "createdAt": {rf"|{_ASSET}": _moment},
    "scheduledAt": {"": _moment},
    "sourceReadyAt": {"": _moment},
    "updatedAt": {rf"{_STATES}|{_ASSET}|{_ASSET}\.storage\.ipfs": _moment},
    "size": {_ASSET: _size},
    "sizeBytes": {_INPUT: _size},
    "bitrate": {rf"{_PROFILE}|{_VIDEO}|{_TRACK}": _bitrate},
    "duration": {rf"{_VIDEO}|{_TRACK}|{_INPUT}": _seconds},
    "startTime": {_TRACK: _seconds, _CLIP: _place},
    "endTime": {_TRACK: _seconds, _CLIP: _place},
    "targetSegmentSizeSecs": {rf"params\.{_PART}": _seconds},
    "refreshInterval": {rf"{_ASSET}\.playbackPolicy": _seconds},
    "sampleRate": {_TRACK: _kilohertz},
    "progress": {_STATES: _percent},
}
_PLACES = {key: tuple((re.compile(where), say) for where, say in places.items()) for key, places in _TABLE.items()}
