"""Asset names as people give them: mostly file names, some titles, a few that test a page's patience."""

import random
from urllib.parse import quote

_SUBJECTS = (
    "keynote", "drone-harbour", "interview", "lecture", "goal-replay", "trailer", "unboxing", "wedding",
    "customer-import", "screen-recording", "podcast", "match-highlights", "town-hall", "onboarding", "b-roll",
    "product-demo", "timelapse", "reel", "concert", "webinar", "tutorial", "cctv", "stand-up", "press-call",
)  # fmt: skip
_QUALIFIERS = (
    "final",
    "v2",
    "4k",
    "raw",
    "b-cam",
    "edit",
    "social",
    "master",
    "1080p",
    "final-final",
    "en",
    "short",
)
_CAMERAS = ("IMG", "DSC", "VID", "MVI", "GX01")
_ENDINGS = ("mp4", "mp4", "mp4", "mov", "mov", "mkv", "webm", "avi", "m4v")
_TITLES = (
    "Season {n}, episode {m}", "Genesis drop {n:03d}", "Lecture {n}: thermodynamics", "All hands, week {n}",
    "Harbour Films showreel {n}", "Match day {n}, second half", "How we built it, part {m}",
    "Customer story: Acme Video", "Interview with the mayor ({n})", "Cooking with Ines #{n}",
)  # fmt: skip
_ODD = (
    "Übergröße – Café déjà vu {n}.mp4",
    "東京の夜 タイムラプス {n}.mov",
    "مقابلة مع المخرج {n}.mp4",
    "סרטון הדרכה {n}.mp4",
    "🎬🔥 drop {n} 🚀.mp4",
    "<b>bold</b> & \"quoted\" 'take' {n}.mp4",
    "<script>alert('{n}')</script>.mp4",
    "=HYPERLINK(\"https://example.test\";\"{n}\").mp4",
    "100% of 50%25 done {n}.mp4",
    "  spaces   everywhere  {n} .mp4",
    "a" * 140 + "-{n}.mp4",
    "the-very-long-name-of-a-recording-that-somebody-exported-from-a-conference-tool-with-every-speaker-"
    "in-it-anna-ben-carla-dmitri-elif-farid-2026-10-{n}-gallery-view-transcoded.mp4",
)  # fmt: skip


def asset_name(rng: random.Random) -> str:
    """One name; never empty."""
    throw = rng.random()
    if throw < 0.70:
        return _file_name(rng)
    if throw < 0.80:
        return f"{rng.choice(_CAMERAS)}_{rng.randrange(1000, 9999)}.{rng.choice(_ENDINGS)}"
    if throw < 0.95:
        return rng.choice(_TITLES).format(n=rng.randrange(1, 60), m=rng.randrange(1, 12))
    return odd_name(rng)


def odd_name(rng: random.Random, which: int | None = None) -> str:
    """A name with unicode, right-to-left letters, markup, a formula, spaces, or 150 characters."""
    pattern = rng.choice(_ODD) if which is None else _ODD[which % len(_ODD)]
    return pattern.format(n=rng.randrange(1, 99))


def _file_name(rng: random.Random) -> str:
    parts = [rng.choice(_SUBJECTS)]
    if rng.random() < 0.6:
        parts.append(rng.choice(_QUALIFIERS))
    parts.append(rng.choice((f"{rng.randrange(1, 420):03d}", f"2026-{rng.randrange(1, 12):02d}", "2026")))
    return f"{'-'.join(parts)}.{rng.choice(_ENDINGS)}"


def file_in_url(name: str) -> str:
    """The name as the last part of a URL's path, percent-encoded, always with an ending."""
    name = name.strip() or "video"
    if "." not in name[-6:]:
        name += ".mp4"
    return quote(name, safe="")
