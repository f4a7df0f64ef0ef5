"""Rows that every history holds once, however small the dice: the strange, the stuck and the old.

Their number is fixed, so a history of 100,000 tasks has no more unfinished ones than a history of 400.
"""

from dataclasses import dataclass

from dashboard.sandbox.lives import Life, Moment
from dashboard.sandbox.messages import EXPORT_MESSAGES, MESSAGES, Message

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class Exhibit:
    """`age_seconds` before the epoch; `ends`: how it stands then (see `stand`); `odd_name`: which one. One that takes
    so many seconds may end after the epoch; one that `remakes` another makes the asset of that one."""

    word: str
    task_type: str
    age_seconds: int
    ends: str
    flavour: str
    message: Message | None = None
    odd_name: int | None = None
    name: str = ""
    old: bool = False
    takes_seconds: int = 0
    remakes: str = ""


def _failed() -> list[Exhibit]:
    media = [
        Exhibit(f"media error {number}", "upload", 3 * _HOUR + number * 5_000, "failed", "presigned", message)
        for number, message in enumerate(MESSAGES)
    ]
    exports = [
        Exhibit(
            f"export error {number}",
            "export",
            5 * _HOUR + number * 7_000,
            "failed",
            "pinata jwt" if message.text == "401" else "custom",
            message,
        )
        for number, message in enumerate(EXPORT_MESSAGES)
    ]
    return media + exports


EXHIBITS: tuple[Exhibit, ...] = (
    Exhibit("stalled upload", "upload", 14 * _MINUTE, "stalled", "presigned"),
    Exhibit("old waiting", "upload", 9 * _HOUR, "waiting", "plain"),
    Exhibit("abandoned", "upload", 26 * _HOUR, "pending", "direct"),
    Exhibit("legacy import", "import", 57 * _DAY, "completed", "plain", old=True),
    Exhibit("legacy transcode", "transcode", 56 * _DAY, "completed", "s3", old=True),
    Exhibit("no url", "upload", 2 * _DAY, "completed", "no url"),
    Exhibit("own key", "export-data", 7 * _HOUR, "completed", "own key"),
    Exhibit("unknown type", "thumbnails", 8 * _HOUR, "completed", "plain"),
    Exhibit("unknown phase", "upload", 12 * _HOUR, "queued", "plain"),
    Exhibit("cancelled", "transcode-file", 20 * _HOUR, "cancelled", "w3s"),
    Exhibit("encrypted", "upload", 30 * _HOUR, "completed", "encrypted"),
    Exhibit("signed content", "upload", 31 * _HOUR, "completed", "c2pa"),
    Exhibit("proof", "transcode-file", 32 * _HOUR, "completed", "w3s"),
    Exhibit("big data", "export-data", 33 * _HOUR, "completed", "big"),
    Exhibit("attestation", "export-data", 34 * _HOUR, "completed", "attestation"),
    Exhibit("player", "export", 35 * _HOUR, "completed", "player"),
    Exhibit("pinata pair", "export", 36 * _HOUR, "completed", "pinata pair"),
    Exhibit("custom export", "export", 37 * _HOUR, "completed", "custom"),
    Exhibit("password", "upload", 38 * _HOUR, "completed", "password"),
    Exhibit("clip by a viewer", "clip", 39 * _HOUR, "completed", "requester"),
    Exhibit("named by an admin", "upload", 40 * _HOUR, "completed", "plain", name="Re-run of the harbour job"),
    *(
        Exhibit(f"odd name {number}", "upload", 6 * _HOUR + number * 4_000, "completed", "ladder", odd_name=number)
        for number in range(12)
    ),
    *_failed(),
    Exhibit("stalled transcode", "transcode-file", 3 * _HOUR, "stalled", "s3"),
    Exhibit("stalled at nine tenths", "upload", 2 * _DAY, "stalled", "ladder"),
    Exhibit("waiting for days", "export", 40 * _HOUR, "waiting", "ipfs"),
    Exhibit("abandoned last week", "upload", 6 * _DAY, "pending", "direct"),
    Exhibit("abandoned long ago", "upload", 41 * _DAY, "pending", "direct"),
    Exhibit("legacy import, new shape", "import", 55 * _DAY, "completed", "presigned"),
    Exhibit("legacy failed import", "import", 54 * _DAY, "failed", "plain", MESSAGES[0]),
    Exhibit("cancelled clip", "clip", 50 * _DAY, "cancelled", "plain"),
)


def stand(exhibit: Exhibit, created_at: int, error: str) -> Life:
    """The life of an exhibit, all of it before the epoch: nothing about it changes any more. But for those that take
    their time."""
    scheduled_at = created_at + 40
    if exhibit.takes_seconds:
        return _at_length(exhibit, scheduled_at, error)
    at = created_at + min(exhibit.age_seconds * 400, 95_000)
    if exhibit.ends == "pending":
        return Life((Moment(created_at, "pending"),), None)
    if exhibit.ends == "waiting":
        return Life((Moment(scheduled_at, "waiting", 0),), scheduled_at)
    if exhibit.ends == "stalled":
        progress = 0.9 if "nine" in exhibit.word else 0.36
        return Life((Moment(at, "running", 0, progress),), scheduled_at)
    if exhibit.ends == "failed":
        hopeless = exhibit.message is not None and exhibit.message.hopeless
        return Life((Moment(at, "failed", 0 if hopeless else 2, error=error),), scheduled_at)
    if exhibit.ends == "queued":
        return Life((Moment(scheduled_at, "queued"),), scheduled_at)
    return Life((Moment(at, exhibit.ends),), scheduled_at)


def _at_length(exhibit: Exhibit, scheduled_at: int, error: str) -> Life:
    """It fails at its end; if it is saved, the try after that one works."""
    failed_at = scheduled_at + exhibit.takes_seconds * 1000
    moments = [Moment(scheduled_at, "waiting", 0), Moment(failed_at - 20_000, "running", 0, 0.4)]
    if exhibit.ends != "saved":
        return Life((*moments, Moment(failed_at, "failed", 0, error=error)), scheduled_at)
    moments += [Moment(failed_at, "waiting", 1, error=error), Moment(failed_at + 31_000, "running", 1, 0)]
    return Life((*moments, Moment(failed_at + 65_000, "completed")), scheduled_at)
