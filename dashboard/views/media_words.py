"""The parts of a task's document that matter most, composed: profiles, tracks, hashes, clip, outputs, playback."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from dashboard import units
from dashboard.models.asset import Asset
from dashboard.upstream.json_values import number, part, text
from dashboard.views import cells
from dashboard.views.cells import Cell, Column, cell
from dashboard.visible import visible

PROFILES: tuple[Column, ...] = (
    ("Profile", lambda row: cells.words(row.get("name")), False),
    ("Size", cells.resolution, True),
    ("Bitrate", lambda row: cells.bits(row.get("bitrate")), True),
    ("Frames", cells.frames, True),
    ("GOP", lambda row: cells.gop(row.get("gop")), True),
    ("Codec profile", lambda row: cells.words(row.get("profile")), False),
    ("Encoder", lambda row: cells.words(row.get("encoder")), False),
    ("Quality", lambda row: cells.plain(row.get("quality")), True),
)
TRACKS: tuple[Column, ...] = (
    ("Track", lambda row: cells.words(text(row.get("type")).capitalize()), False),
    ("Codec", lambda row: cells.words(row.get("codec")), False),
    ("Pixels", lambda row: cells.words(row.get("pixelFormat")), False),
    ("Size", cells.resolution, True),
    ("Bitrate", lambda row: cells.bits(row.get("bitrate")), True),
    ("Frames", cells.frames, True),
    ("Channels", lambda row: cells.plain(row.get("channels")), True),
    ("Sample rate", lambda row: cells.told(row.get("sampleRate"), _kilohertz, "Hz"), True),
    ("Bit depth", lambda row: cells.plain(row.get("bitDepth"), "bit"), True),
    ("Starts", lambda row: cells.seconds(row.get("startTime")), True),
    ("Duration", lambda row: cells.seconds(row.get("duration")), True),
)
HASHES: tuple[Column, ...] = (
    ("Algorithm", lambda row: cells.words(row.get("algorithm")), False),
    ("Value", lambda row: cells.words(row.get("hash"), copy=True), False),
)
OUTPUTS: tuple[Column, ...] = (
    ("Format", lambda row: cells.words(row["format"]), False),
    ("Path", lambda row: cells.words(row["path"], copy=not row["url"]), False),
    ("URL", lambda row: cells.link(row["url"]), False),
)
POLICIES = {
    "public": "Public: anybody may play it.",
    "jwt": "Signed: only with a JWT.",
    "webhook": "A webhook decides who may play it.",
}
SOURCES = {"url": "URL", "directUpload": "direct upload", "recording": "recording", "clip": "clip"}
BAR = 1000

Facts = list[tuple[str, Cell]]


def media_of(document: dict[str, Any], asset: Asset | None) -> SimpleNamespace:
    """`sections`, only those in which there is something: `id title note facts table bar`."""
    kept = asset.opened() if asset is not None else {}
    sections = (
        _clip(document),
        _profiles(document),
        _video(document),
        _outputs(document),
        _playback(kept),
        _details(document, kept),
        _hashes(document),
    )
    return SimpleNamespace(sections=[section for section in sections if section is not None])


def _section(
    id_: str,
    title: str,
    note: str = "",
    facts: Facts | None = None,
    table: SimpleNamespace | None = None,
    bar: Any = None,
) -> SimpleNamespace | None:
    known = [(label, shown) for label, shown in facts or [] if shown.is_known]
    if not known and table is None:
        return None
    return SimpleNamespace(id=id_, title=title, note=note, facts=known, table=table, bar=bar)


def _parts(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """What stands under each type's key of the params or of the output."""
    return [value for value in part(document, name).values() if isinstance(value, dict)]


def _specs(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [spec for made in _parts(document, "output") if (spec := part(made, "assetSpec"))]


def _profiles(document: dict[str, Any]) -> SimpleNamespace | None:
    asked = [asked.get("profiles") for asked in (*_parts(document, "params"), *_specs(document))]
    profiles = next((rows for rows in asked if cells.dicts(rows)), None)
    number_of = len(cells.dicts(profiles))
    note = f"{number_of} rendition{'' if number_of == 1 else 's'}"
    return _section("profiles", "Profiles", note, table=cells.table(PROFILES, profiles))


def _video(document: dict[str, Any]) -> SimpleNamespace | None:
    spec = next(iter(_specs(document)), {})
    video = part(spec, "videoSpec")
    read = next((read for made in _parts(document, "output") if (read := part(made, "inputVideo"))), {})
    facts = [
        ("Kind", cells.words(spec.get("type"))),
        ("Container", cells.words(video.get("format"))),
        ("Duration", cells.seconds(video.get("duration") if video else read.get("duration"))),
        ("Bitrate", cells.bits(video.get("bitrate"))),
        ("Size", cells.size(spec.get("size") if spec else read.get("sizeBytes"))),
    ]
    note = "" if spec else "of the source"
    return _section("video", "Video", note, facts, cells.table(TRACKS, video.get("tracks")))


def _hashes(document: dict[str, Any]) -> SimpleNamespace | None:
    found = next((spec.get("hash") for spec in _specs(document) if cells.dicts(spec.get("hash"))), None)
    return _section("hashes", "Hashes", table=cells.table(HASHES, found))


def _clip(document: dict[str, Any]) -> SimpleNamespace | None:
    clip = part(part(document, "params"), "clip")
    strategy = part(clip, "clipStrategy")
    start, end = number(strategy.get("startTime")), number(strategy.get("endTime"))
    length = (end - start) / 1000 if start is not None and end is not None and end >= start else None
    facts = [
        ("From", cells.place(strategy.get("startTime"))),
        ("To", cells.place(strategy.get("endTime"))),
        ("Length", cells.seconds(length)),
        ("Playback", cells.words(strategy.get("playbackId"), copy=True)),
        ("Cut from", cells.words(clip.get("inputId"), copy=True)),
        ("Session", cells.words(clip.get("sessionId"), copy=True)),
    ]
    return _section("clip", "Clip", facts=facts, bar=_bar(start, end))


def _bar(start: float | None, end: float | None) -> SimpleNamespace | None:
    """The range within the recording up to its end, in thousandths; none for moments of a live stream."""
    if start is None or end is None or not 0 <= start < end < 1e11:
        return None
    begin = min(BAR - 5, round(BAR * start / end))
    return SimpleNamespace(start=begin, width=BAR - begin)


def _outputs(document: dict[str, Any]) -> SimpleNamespace | None:
    asked = part(part(part(document, "params"), "transcode-file"), "outputs")
    made = part(part(document, "output"), "transcodeFile")
    base = text(made.get("baseUrl"))
    rows = [
        {"format": name, "path": path, "url": _joined(base, path)}
        for name in dict.fromkeys([*asked, *(name for name, value in made.items() if isinstance(value, (dict, list)))])
        for path in _paths(made.get(name)) or _paths(asked.get(name))
    ]
    storage = cells.host(part(part(part(document, "params"), "transcode-file"), "storage").get("url"))
    facts = [
        ("Storage", cell(storage)),
        ("Base", cells.link(base)),
        ("Request", cells.words(made.get("requestId"), copy=True)),
    ]
    return _section("outputs", "Transcode outputs", facts=facts, table=cells.table(OUTPUTS, rows))


def _paths(value: object) -> list[str]:
    found = [value] if isinstance(value, dict) else cells.dicts(value)
    return [path for one in found if (path := text(one.get("path")))]


def _joined(base: str, path: str) -> str:
    if "://" in path or not base:
        return path if "://" in path else ""
    return f"{base.rstrip('/')}/{path.lstrip('/')}"


def _playback(kept: dict[str, Any]) -> SimpleNamespace | None:
    policy = part(kept, "playbackPolicy")
    origins = policy.get("allowedOrigins")
    listed = ", ".join(visible(text(origin)) for origin in origins if text(origin)) if isinstance(origins, list) else ""
    facts = [
        ("HLS", cells.link(kept.get("playbackUrl"))),
        ("Download", cells.link(kept.get("downloadUrl"))),
        ("Policy", cell(POLICIES.get(text(policy.get("type")), visible(text(policy.get("type")))))),
        ("Webhook", cells.words(policy.get("webhookId"), copy=True)),
        ("Asked again", _each(policy.get("refreshInterval"))),
        ("Only from", cell(listed if len(listed) < 1000 else listed[:1000] + "…", copy=listed)),
    ]
    return _section("playback", "Playback", facts=facts)


def _each(value: object) -> Cell:
    found = cells.seconds(value)
    return cell(f"every {found.text}", found.title) if found.is_known else found


def _details(document: dict[str, Any], kept: dict[str, Any]) -> SimpleNamespace | None:
    source = _source(kept)
    asked = [(label, shown) for label, shown in _asked(document) if label != "File at" or shown.text not in source.text]
    return _section("details", "Details", facts=[("Source", source), *asked, ("Storage", _storage(kept))])


def _source(kept: dict[str, Any]) -> Cell:
    """Where the asset came from: the kind, and the host or the id."""
    source = part(kept, "source")
    kind = text(source.get("type"))
    where = cells.host(source.get("url")) or visible(text(source.get("sourceId") or source.get("sessionId"), 200))
    return cell(", ".join(filter(None, (SOURCES.get(kind, visible(kind)), where))))


def _storage(kept: dict[str, Any]) -> Cell:
    storage = part(kept, "storage")
    status = part(storage, "status")
    ipfs = "IPFS" if storage.get("ipfs") else ""
    error = visible(text(status.get("errorMessage"), 300))
    return cell(": ".join(filter(None, (ipfs, visible(text(status.get("phase"))), error))))


def _asked(document: dict[str, Any]) -> Iterator[tuple[str, Cell]]:
    for asked in _parts(document, "params"):
        custom, ipfs = part(asked, "custom"), part(asked, "ipfs")
        url = asked.get("url") or part(asked, "input").get("url")
        yield "File at", cell(cells.host(url), visible(text(url))[:1000])
        yield "Segments", cells.seconds(asked.get("targetSegmentSizeSecs"))
        yield "C2PA", cells.yes_or_no(asked.get("c2pa"))
        yield "Encryption", cell("yes" if asked.get("encryption") else "")
        yield "Thumbnails", cells.yes_or_no(asked.get("thumbnails"))
        yield "Pipeline", cells.words(asked.get("catalystPipelineStrategy"))
        yield "Recording", cells.words(asked.get("recordedSessionId"), copy=True)
        yield "Sent to", cell(" ".join(filter(None, (text(custom.get("method"), 20), cells.host(custom.get("url"))))))
        yield "Metadata", cells.words(ipfs.get("nftMetadataTemplate"))
        yield "Pinned by", cell("your Pinata account" if ipfs.get("pinata") else "")
        yield "Content", cells.words(asked.get("type"))


def _kilohertz(found: float) -> str:
    return f"{found / 1000:g}{units.NBSP}kHz" if found >= 1000 else f"{found:g}{units.NBSP}Hz"
