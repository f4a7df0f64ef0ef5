"""What Studio's error messages mean for people: the cause, whether a retry can help, and what to do.

Studio knows some thirty messages, and raw ones that pass through with URLs and remote answers inside (read in the
source of its task runner, its server and its transcoder; many observed on the real server). A retry sends the same
parameters again, so it cannot mend a wrong file, a wrong address or wrong credentials.
"""

import re
from dataclasses import dataclass
from typing import Literal

Action = Literal["retry", "fix-file", "check-url", "check-destination", "report"]
LONGEST = 8_000  # characters that are looked at: what a remote server answered comes last and may be long


@dataclass(frozen=True)
class Family:
    """Messages of one cause. `cause` is the sentence for a headline, `meaning` the one below it; `action` is the one
    thing that helps, `steps` say how. `known` is False for messages that are in no table."""

    name: str
    cause: str
    meaning: str
    retry_helps: bool
    action: Action
    steps: tuple[str, ...]
    known: bool = True

    @property
    def advice(self) -> str:
        """One sentence about retrying."""
        if not self.known:
            return "Retrying may help: this reason is not known here."
        return "Retrying can help." if self.retry_helps else _UNLIKELY.get(self.action, "Retrying is unlikely to help.")


def family_of(message: str, task_type: str = "") -> Family:
    """The family of a message, whatever its case and blanks and whatever stands before it. `task_type` decides
    whose refusal a bare `http status 401` is."""
    text = " ".join(message[:LONGEST].lower().split())
    if not text:
        return SILENT
    found = next((family for family, pattern in _PATTERNS if pattern.search(text)), UNKNOWN)
    if found.name == "pinning-refused" and not task_type.startswith("export"):
        return next(family for family, _ in _PATTERNS if family.name == "outside-refused")
    return found


def family_named(name: str) -> Family:
    """The family of that name, as it is kept with a group; UNKNOWN for a name that is no longer in use."""
    return _BY_NAME.get(name, UNKNOWN)


_UNLIKELY = {
    "fix-file": "Retrying is unlikely to help: the file itself is the problem.",
    "check-url": "Retrying is unlikely to help: the URL is the problem.",
    "check-destination": "Retrying is unlikely to help before the destination is changed.",
}

_CONVERT = "Convert it to an MP4 with H.264 video and AAC audio."
_UPLOAD_AGAIN = "Upload the new file; a retry would take the old one."
_PLAY = "Play the file from beginning to end on your own computer."
_RETRY = "Retry: such errors often pass."
_TELL = "Fails the same way again? Tell Livepeer and send the support bundle."
_TELL_NOW = "Tell Livepeer and send the support bundle."
_READ = "Read Studio's words: they may name what it did not like."
_REACHED = "Check that the address can be reached from the internet."
_THEN = "Then retry."
_OPEN_URL = "Open the source URL in a private window."
_RIGHTS = "Check that the key or header given to Studio may still write there."
_SIGNED = "A signed URL? It may have run out: make a new one."
_EXPORT_AGAIN = "Export again with what you changed; a retry uses the old values."

_TRY_AGAIN = (_RETRY, _TELL)
_TRY_AND_LOOK = (_RETRY, "Fails again? " + _PLAY, _TELL)
_FIX_FILE = (_PLAY, _CONVERT, _UPLOAD_AGAIN)
_SOURCE = (
    _OPEN_URL,
    "If that says 403 or 404, make a new link: signed ones run out.",
    "Host busy? A retry in a few minutes can work.",
)

_EXPORT = "error on export request: "
_STATUS = "(?:http|bad) status (?:code:? )?"
_BUSY = r"(?:5\d\d|408|429)"
_BROKEN = "(?:dial tcp|no such host|connection re|timeout|deadline|eof|tls)"
_INSIDE = "Something went wrong inside Studio, not with your file."

# Name, what is searched for (in lower case, blanks made single), whether a retry helps, action, cause, meaning, steps.
# The first that matches is meant. A quoted remote answer may hold any words, so what stands before one comes first.
_TABLE: tuple[tuple[str, str, bool, Action, str, str, tuple[str, ...]], ...] = (
    ("destination-refused", f"{_EXPORT}{_STATUS}40[13]", False, "check-destination",
     "Your storage refused the file.", "It did not accept the credentials that Studio showed.",
     (_RIGHTS, _SIGNED, _EXPORT_AGAIN)),
    ("destination-failing", f"{_EXPORT}{_STATUS}{_BUSY}", True, "check-destination",
     "Your storage had an error of its own.", "It was reached, but it could not take the file at that time.",
     ("See whether your storage works and has room.", _THEN, _TELL)),
    ("destination-wrong", f"{_EXPORT}{_STATUS}", False, "check-destination",
     "Your storage did not take the file.", "It was reached, but it did not like the address or the way it was asked.",
     ("Check the URL and the method (PUT or POST) of the export.", _SIGNED, _EXPORT_AGAIN)),
    ("destination-unknown", f"{_EXPORT}.*no such host", False, "check-destination",
     "Your storage has an address that nobody knows.", "Its host name leads nowhere.",
     ("Check the host name of the export's URL.", _EXPORT_AGAIN)),
    ("destination-unreachable", _EXPORT, True, "check-destination",
     "Your storage could not be reached.", "The connection to it did not come about, or it broke.",
     (_REACHED, _THEN, _TELL)),
    ("destination-missing", "missing `?ipfs`? or `?custom`? export", False, "check-destination",
     "The export names no destination.", "It was asked for without IPFS and without a storage of your own.",
     ("Export again and give either `ipfs` or `custom`.",)),
    ("request-refused", "input error on catalyst request", False, "report",
     "Studio's own transcoder refused the request.", "Something that was asked for is not possible.",
     (_READ, "Ask again with that changed: the URL, profiles or encryption.", _TELL_NOW)),
    ("account-suspended", "user is suspended", False, "report",
     "The Studio account is suspended.", "Studio starts none of its tasks.",
     ("Ask Livepeer why.", "Retry when the account works again.")),
    ("held-back", "task execution forbidden|can only schedule sub-steps of tasks", True, "retry",
     "Studio held the task back.", "The account may have had too many tasks at once.",
     ("Wait until other tasks of the account are done.", _THEN, _TELL)),
    ("transcoder-unreachable", "failed to call catalyst", True, "retry",
     "Studio did not reach its own transcoder.", _INSIDE, _TRY_AGAIN),
    ("clip-failed", "error clipping", True, "retry",
     "Studio could not cut the clip.", "The recording may not hold the whole range that was asked for.",
     ("Check that the range lies within the recording.", "Still live? Wait a minute, then retry.", _TELL)),
    ("source-unreachable", "could not be imported from url|error copying input to storage|download error import",
     True, "check-url", "Studio could not download the source.", "The URL did not answer with a file.", _SOURCE),
    ("transcoder-failed", "external transcoder error", True, "retry",
     "Studio's transcoder gave up.", "Something went wrong while the video was converted.", _TRY_AND_LOOK),
    ("asset-file-missing", "unable to find download filename", False, "report",
     "Studio found no file of the asset to export.", "The asset has no version that can be downloaded.",
     ("Check that the asset is ready and plays.", "Then export it again.", _TELL_NOW)),
    ("asset-unplayable", "cannot create player nft", True, "retry",
     "The asset has no playback URL yet.", "NFT metadata with a player needs one.",
     ("Wait until the asset is ready.", "Then retry, or export with the template `file`.")),
    ("asset-deleted", "asset has been deleted", False, "report",
     "The asset was deleted before the task was done.", "Studio drops the tasks of an asset that is gone.",
     ("Deleted by mistake? Restore the asset at Studio, then retry.", "Otherwise there is nothing to do.")),
    ("output-incomplete", "bad task output", True, "retry",
     "Studio's result was incomplete.", "Its transcoder ended without saying what it made.", _TRY_AGAIN),
    ("internal-defect", "unknown task type|invalid video outputs|error building file url", False, "report",
     "Studio made a mistake of its own.", "It did not understand its own data.",
     (_TELL_NOW, "A retry may be tried, once.")),
    ("internal-step", "error processing catalyst callback|error building task context|error getting asset output"
     "|source copy from catalyst not found|failed to enqueue task|task lost|already been started before", True, "retry",
     "Studio lost track of the task.", _INSIDE, _TRY_AGAIN),
    ("pinning-refused", f"{_STATUS}40[13]", False, "check-destination",
     "Pinata refused the file.", "It did not accept the credentials that Studio showed.",
     ("Check the Pinata key or JWT: it may be revoked, or may not pin files.", _EXPORT_AGAIN)),
    ("outside-failing", f"{_STATUS}{_BUSY}", True, "retry",
     "A server that Studio asked had an error of its own.", "It could not answer at that time.", _TRY_AGAIN),
    ("outside-refused", rf"{_STATUS}4\d\d", False, "check-destination",
     "A server that Studio asked refused.", "Its answer stands in Studio's words.",
     (_READ, "Change what it names and ask again; a retry uses the old values.")),
    ("outside-unreachable", rf"\b(?:get|put|post|head) \W?(?:http|url⟩).{{0,2000}}{_BROKEN}", True, "check-destination",
     "A server that Studio asked could not be reached.", "The connection did not come about, or it broke.",
     (_REACHED, _THEN, _TELL)),
    ("source-unreachable", r"giving up after|(?:code|error|mediaconvert)\W{0,3}3450|access ?denied|404 not found"
     "|504 gateway", True, "check-url",
     "Studio could not download the source.", "The URL did not answer with a file.", _SOURCE),
    ("pixel-format", "pixel format", False, "fix-file",
     "The file has colours that Studio cannot read.",
     "Its pixel format must be yuv420p or yuvj420p; 10 bit and 4:2:2 are not taken.",
     ("Convert it with the pixel format yuv420p (ffmpeg: `-pix_fmt yuv420p`).", _UPLOAD_AGAIN)),
    ("file-empty", "zero bytes|file is empty", False, "fix-file",
     "The file is empty.", "Studio received a file without content.",
     ("Look at the size of the source.", _UPLOAD_AGAIN)),
    ("too-long", "input too long", False, "fix-file",
     "The video is too long for Studio's transcoder.", "It takes videos up to a certain length only.",
     ("Cut the video into parts.", "Upload the parts.")),
    ("too-large-picture", "max(?:imum)? resolution|resolution too", False, "fix-file",
     "The picture is too large for Studio.", "Its resolution is above what Studio takes.",
     ("Scale it down, to 3840 × 2160 or less.", _UPLOAD_AGAIN)),
    ("not-mp4", "must be a valid mp4", False, "fix-file",
     "The file is not a valid MP4.", "For this task Studio takes MP4 only.",
     (_PLAY, "Convert it to MP4.", _UPLOAD_AGAIN)),
    ("unreadable-file", "failed to probe or open|error probing|probe failed", False, "fix-file",
     "Studio could not open the file.", "It may be damaged, cut off, or no video at all.", _FIX_FILE),
    ("unsupported-file", "invalid video file codec or container|vp9 in an mp4|no video or audio stream|no video track"
     "|unsupported (?:video |audio )?codec|invalid frame ?rate|non-media manifest|no valid segments"
     "|error checking for video", False, "fix-file",
     "Studio cannot read this kind of video.", "Its codec or its container is not supported.", _FIX_FILE),
    ("download-broken", "file download failed|unexpected eof", True, "check-url",
     "The download of the source broke off.", "The source's server ended it before the file was complete.",
     (_OPEN_URL, "Does the download come to its end there?", _THEN)),
    ("storage-failed", "error saving file to storage|multipart upload failed", True, "retry",
     "Studio could not save the result.", "The storage did not take the file.",
     ("A transcode into your own storage? Check its credentials and its room.", _RETRY, _TELL)),
    ("timeout", "execution timeout|context deadline|context cancell?ed|job took too long", True, "retry",
     "Studio took too long and gave up.", "One of its steps ran into a time limit.",
     (_RETRY, "A very long or large video? Try a shorter part of it.", _TELL)),
    ("internal", "internal error", True, "retry",
     "Something went wrong inside Studio.", "Studio gives no reason. Your file may be fine.", _TRY_AND_LOOK),
)  # fmt: skip
_PATTERNS = tuple(
    (Family(name, cause, meaning, helps, action, steps), re.compile(pattern))
    for name, pattern, helps, action, cause, meaning, steps in _TABLE
)

UNKNOWN = Family(
    "unknown",
    "Studio failed for a reason that is not known here.",
    "Its own words may say more.",
    retry_helps=True,
    action="retry",
    steps=(_READ, "Retry once.", _TELL),
    known=False,
)
SILENT = Family(
    "silent",
    "Studio gave no reason.",
    "The task failed without a message.",
    retry_helps=True,
    action="retry",
    steps=("Retry once.", _TELL),
    known=False,
)

_BY_NAME = {family.name: family for family in (*(family for family, _ in _PATTERNS), UNKNOWN, SILENT)}
