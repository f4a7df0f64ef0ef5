"""The few facts of a task's document that a list row tells, taken out once when the snapshot is stored.

Raw values under short names; the page humanises them. Anything may stand anywhere in a document, so
whatever has not the expected type is left out.
"""

from typing import Any

Facts = dict[str, Any]


def facts_of(document: dict[str, Any]) -> Facts:
    """`width height duration size` of the result, `cid nft_cid` of an export, `profiles` asked for,
    `clip_from clip_to` in ms, `destination` host kind; only those that are known."""
    params, output = _dict(document.get("params")), _dict(document.get("output"))
    found = {**_asked(params), **_made(output)}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _asked(params: dict[str, Any]) -> Facts:
    facts: Facts = {}
    for part in map(_dict, params.values()):
        profiles = part.get("profiles")
        if isinstance(profiles, list) and profiles:
            facts["profiles"] = len(profiles)
    strategy = _dict(_dict(params.get("clip")).get("clipStrategy"))
    facts["clip_from"], facts["clip_to"] = (
        _number(strategy.get("startTime")),
        _number(strategy.get("endTime")),
    )
    facts["destination"] = destination_of(params)
    return facts


def destination_of(params: dict[str, Any]) -> str:
    """Where an export goes: `custom`, `ipfs`, or "" for what is none."""
    export = _dict(params.get("export"))
    if "custom" in export:
        return "custom"
    return "ipfs" if "ipfs" in export or "exportData" in params else ""


def _made(output: dict[str, Any]) -> Facts:
    facts: Facts = {}
    for part in map(_dict, output.values()):
        facts.update(_asset(_dict(part.get("assetSpec"))))
        facts.update(_ipfs(_dict(part.get("ipfs"))))
        facts.update(_transcode(part))
    return facts


def _asset(spec: dict[str, Any]) -> Facts:
    if not spec:
        return {}
    video = _dict(spec.get("videoSpec"))
    tracks = video.get("tracks")
    pictures = [t for t in map(_dict, tracks if isinstance(tracks, list) else []) if t.get("type") == "video"]
    track = pictures[0] if pictures else {}
    return {
        "size": _number(spec.get("size")),
        "duration": _number(video.get("duration")),
        "width": _number(track.get("width")),
        "height": _number(track.get("height")),
    }


def _ipfs(ipfs: dict[str, Any]) -> Facts:
    if not ipfs:
        return {}
    return {
        "cid": _text(ipfs.get("videoFileCid")) or _text(ipfs.get("cid")),
        "nft_cid": _text(ipfs.get("nftMetadataCid")),
    }


def _transcode(part: dict[str, Any]) -> Facts:
    video = _dict(part.get("inputVideo"))
    if not video:
        return {}
    return {"duration": _number(video.get("duration")), "size": _number(video.get("sizeBytes"))}


def _number(value: object) -> int | float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return value if plain and abs(value) < 1e18 else None  # type: ignore[arg-type,return-value,operator]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
