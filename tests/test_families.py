"""Every message that Studio is known to send leads to a cause in plain words and to one thing that helps."""

import time

import pytest

from dashboard.families import _TABLE, LONGEST, Family, family_of
from dashboard.sandbox.messages import MESSAGES as MESSAGES_OF_THE_SANDBOX

SUPPORT = "check your input file against the input codec and container support matrix"
FORBIDDEN = 'error on export request: http status 403 Forbidden: "<Error>internal error, execution timeout</Error>"'
DIAL = (
    'error on export request: Put "https://bucket.example/a?X-Amz-Signature=[redacted: query value]": dial tcp: timeout'
)

MESSAGES = [
    ("file could not be imported from URL because it was not accessible", "source-unreachable", "check-url", True),
    (f"invalid video file codec or container, {SUPPORT}", "unsupported-file", "fix-file", False),
    (f"failed to probe or open file, {SUPPORT}", "unreadable-file", "fix-file", False),
    ("unsupported input pixel format, must be 'yuv420p' or 'yuvj420p'", "pixel-format", "fix-file", False),
    ("internal error processing file", "internal", "retry", True),
    ("execution timeout", "timeout", "retry", True),
    ("file download failed", "download-broken", "check-url", True),
    ("error saving file to storage", "storage-failed", "retry", True),
    ("file format unsupported, must be a valid MP4", "not-mp4", "fix-file", False),
    ("task cancelled, asset has been deleted", "asset-deleted", "report", False),
    ("Failed to enqueue task", "internal-step", "retry", True),
    ("bad task output: missing assetSpec", "output-incomplete", "retry", True),
    (FORBIDDEN, "destination-refused", "check-destination", False),
    ("error on export request: http status 503 Slow Down: \"\"", "destination-failing", "check-destination", True),
    ("error on export request: http status 404 Not Found: \"\"", "destination-wrong", "check-destination", False),
    ("missing `ipfs` or `custom` export desination params: custom=<nil>, ipfs=<nil>", "destination-missing",
     "check-destination", False),
    ("missing `ipfs` or `custom` export destination params", "destination-missing", "check-destination", False),
    (DIAL, "destination-unreachable", "check-destination", True),
    ("error on export request: Put \"https://nope.example\": dial tcp: lookup nope.example: no such host",
     "destination-unknown", "check-destination", False),
    ('http status 401 Unauthorized: "{\\"error\\":\\"access denied, internal error\\"}"', "pinning-refused",
     "check-destination", False),
    ('http status 502 Bad Gateway: "internal error"', "outside-failing", "retry", True),
    ('http status 413 Too Large: "zero bytes"', "outside-refused", "check-destination", False),
    ('Post "https://api.pinata.example/pin": dial tcp 1.2.3.4: connection refused', "outside-unreachable",
     "check-destination", True),
    ("unable to find download filename for asset: 09f8b46c-61a0-4254-9875-f71f4c605bc7", "asset-file-missing",
     "report", False),
    ("cannot create player NFT for asset without playback URL", "asset-unplayable", "retry", True),
    ('input error on catalyst request: http status 400 Bad Request: "no video track"', "request-refused",
     "report", False),
    ('failed to call catalyst: Post "https://catalyst.example/api/vod": deadline', "transcoder-unreachable",
     "retry", True),
    ('error building file URL: parse "https://example.test/in/%zz": invalid URL escape', "internal-defect",
     "report", False),
    ("error processing catalyst callback: no source URL", "internal-step", "retry", True),
    ("error building task context: error getting output asset: 502 Bad Gateway", "internal-step", "retry", True),
    ("error getting asset output requests: x", "internal-step", "retry", True),
    ("task execution forbidden: too many", "held-back", "retry", True),
    ('task execution forbidden: http status 403 Forbidden: "user is suspended"', "account-suspended", "report", False),
    ("can only schedule sub-steps of tasks", "held-back", "retry", True),
    ('unknown task type="thumbnails"', "internal-defect", "report", False),
    ("invalid video outputs: []", "internal-defect", "report", False),
    ("source copy from catalyst not found taskId=x err=object does not exist", "internal-step", "retry", True),
    ("error clipping: error downloading manifest", "clip-failed", "retry", True),
    ("error copying input to storage: x download error import request https://a.example/b 404 Not Found",
     "source-unreachable", "check-url", True),
    ("external transcoder error: job failed: unknown", "transcoder-failed", "retry", True),
    ("job took too long so was cancelled", "timeout", "retry", True),
    ("input too long for mediaconvert: 13h", "too-long", "fix-file", False),
    ("error checking for video: VP9 in an MP4 container is not supported", "unsupported-file", "fix-file", False),
    ("no video or audio stream found", "unsupported-file", "fix-file", False),
    ("probe failed for segment s3://x/0.ts", "unreadable-file", "fix-file", False),
    ("catalyst task lost (last update 2 min ago)", "internal-step", "retry", True),
    ("task has already been started before", "internal-step", "retry", True),
    ("GET https://a.example giving up after 3 attempt(s)", "source-unreachable", "check-url", True),
    ("no video track found in file", "unsupported-file", "fix-file", False),
    ("input video unsupported codec av1x", "unsupported-file", "fix-file", False),
    ("zero bytes found for source", "file-empty", "fix-file", False),
    ("invalid framerate: 0", "unsupported-file", "fix-file", False),
    ("exceeds max resolution", "too-large-picture", "fix-file", False),
    ("received non-media manifest", "unsupported-file", "fix-file", False),
    ("error probing: exit status 1", "unreadable-file", "fix-file", False),
    ("multipart upload failed", "storage-failed", "retry", True),
    ("unexpected EOF", "download-broken", "check-url", True),
    ("context deadline exceeded", "timeout", "retry", True),
]  # fmt: skip


@pytest.mark.parametrize(("message", "name", "action", "helps"), MESSAGES)
@pytest.mark.parametrize("change", ["as it is", "upper case", "blanks", "a prefix", "a mark behind"])
def test_every_message_has_its_family(message: str, name: str, action: str, helps: bool, change: str) -> None:
    changed = {
        "as it is": message,
        "upper case": message.upper(),
        "blanks": "\n\t " + message.replace(" ", " \n ") + "  ",
        "a prefix": "task failed (attempt 3) https://a.example/[redacted: token]/x: " + message,
        "a mark behind": message + ' [redacted: jwt] https://a.example/?k=[redacted: query value]"',
    }[change]
    family = family_of(changed, "export")
    assert (family.name, family.action, family.retry_helps, family.known) == (name, action, helps, True)


@pytest.mark.parametrize("message", [message.text for message in MESSAGES_OF_THE_SANDBOX])
def test_every_message_of_the_sandbox_is_known(message: str) -> None:
    assert family_of(message, "upload").known


def test_every_family_says_what_to_do_in_short_sentences() -> None:
    families = {family_of(message, "export") for message, *_ in MESSAGES} | {family_of(""), family_of("gibberish")}
    assert {family.name for family in families} >= {name for name, *_ in _TABLE}
    for family in families:
        assert 1 <= len(family.steps) <= 3, family
        for sentence in (family.cause, family.meaning, family.advice, *family.steps):
            assert sentence[-1] in ".?", sentence
            assert len(sentence) < 100, sentence
            assert "!" not in sentence


@pytest.mark.parametrize("message", ["", "  \n", "\0"])
def test_no_message_is_told_as_no_reason(message: str) -> None:
    family = family_of(message)
    assert not family.known
    assert family.action == "retry"


def test_an_unknown_message_is_no_known_cause() -> None:
    family = family_of("the moon is in the wrong house")
    assert (family.name, family.known) == ("unknown", False)
    assert "not known" in family.advice


def test_a_refusal_is_pinatas_only_for_exports() -> None:
    refusal = 'http status 401 Unauthorized: "x"'
    assert family_of(refusal, "export-data").name == "pinning-refused"
    assert family_of(refusal, "upload").name == "outside-refused"


def test_the_advice_names_what_is_the_problem() -> None:
    def advice(message: str) -> str:
        return family_of(message).advice

    assert advice("execution timeout") == "Retrying can help."
    assert advice("file format unsupported, must be a valid MP4").endswith("the file itself is the problem.")
    assert "destination" in advice(FORBIDDEN)


@pytest.mark.parametrize(
    "message",
    [
        "x" * 1_000_000,
        "error on export request: " * 40_000,
        'put "http ' * 100_000,
        "http status 4" * 80_000,
        "execution timeout " + "\u202e" * 1_000_000,
    ],
)
def test_a_megabyte_is_judged_at_once(message: str) -> None:
    started = time.thread_time()
    assert isinstance(family_of(message), Family)
    assert time.thread_time() - started < 0.25


def test_what_a_remote_server_answers_at_length_does_not_matter() -> None:
    assert family_of(FORBIDDEN[:-1] + "zero bytes " * LONGEST).name == "destination-refused"
