"""Profiles, tracks and video specifications of the simulated files."""

import random

from dashboard.sandbox.identity import hex_of

Json = dict[str, object]

_LADDER = (
    ("1080p", 1920, 1080, 6_000_000),
    ("720p", 1280, 720, 3_000_000),
    ("480p", 854, 480, 1_600_000),
    ("360p", 640, 360, 800_000),
    ("240p", 426, 240, 250_000),
)
_SIZES = ((1920, 1080), (1920, 1080), (1280, 720), (3840, 2160), (1080, 1920), (640, 480))


def profiles(rng: random.Random) -> list[Json]:
    """A ladder of one to five renditions. `gop` is a text or a number: both occur in the documentation."""
    first = rng.randrange(0, 3)
    return [_profile(rng, rung) for rung in _LADDER[first : first + rng.randrange(1, 6)]]


def _profile(rng: random.Random, rung: tuple[str, int, int, int]) -> Json:
    name, width, height, bitrate = rung
    profile: Json = {"fps": rng.choice((0, 24, 25, 30, 60)), "name": name, "width": width, "height": height}
    profile["bitrate"] = bitrate
    if rng.random() < 0.7:
        profile["gop"] = rng.choice(("2.0", "2", "intra", 2, 1.5))
    if rng.random() < 0.4:
        profile["profile"] = rng.choice(("H264High", "H264Main", "H264Baseline", "H264ConstrainedHigh"))
    if rng.random() < 0.3:
        profile["encoder"] = rng.choice(("H.264", "HEVC", "VP9"))
    if rng.random() < 0.2:
        profile["quality"] = rng.randrange(18, 40)
    return profile


def asset_spec(rng: random.Random, key: str, name: str) -> Json:
    """What Studio learnt about a processed file. It has neither id nor source."""
    duration = round(rng.lognormvariate(5, 1.2), 4)
    bitrate = rng.randrange(600_000, 9_000_000)
    spec: Json = {
        "hash": file_hashes(rng, key),
        "name": name,
        "size": int(duration * bitrate / 8),
        "type": "video",
        "storage": {},
        "videoSpec": video_spec(rng, duration, bitrate),
    }
    return spec


def file_hashes(rng: random.Random, key: str) -> list[Json] | None:
    """None now and then: Studio allows it."""
    if rng.random() < 0.06:
        return None
    return [
        {"hash": hex_of(32, "md5", key), "algorithm": "md5"},
        {"hash": hex_of(64, "sha256", key), "algorithm": "sha256"},
    ]


def video_spec(rng: random.Random, duration: float, bitrate: int) -> Json:
    width, height = rng.choice(_SIZES)
    video = {
        "fps": rng.choice((23.976, 24, 25, 29.97, 30, 60)),
        "type": "video",
        "codec": rng.choice(("h264", "h264", "hevc", "vp9", "prores")),
        "width": width,
        "height": height,
        "bitrate": int(bitrate * 0.95),
        "duration": duration,
        "pixelFormat": "yuv420p",
    }
    audio = {
        "type": "audio",
        "codec": rng.choice(("aac", "aac", "opus")),
        "bitrate": rng.choice((96_000, 127_999, 192_000)),
        "channels": rng.choice((1, 2, 2, 6)),
        "duration": duration,
        "sampleRate": rng.choice((44_100, 48_000)),
    }
    tracks = [video] if rng.random() < 0.1 else [video, audio]
    return {
        "format": rng.choice(("mp4", "mp4", "mov", "webm")),
        "tracks": tracks,
        "bitrate": bitrate,
        "duration": duration,
    }
