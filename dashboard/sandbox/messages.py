"""The error messages that a failed task carries (read in the server's source), with how final each is."""

import random
from dataclasses import dataclass
from itertools import accumulate

from dashboard.sandbox.leaks import Leaks


@dataclass(frozen=True)
class Message:
    """`text` may hold `{id}`; `hopeless`: Studio does not try again; `weight`: how common it is."""

    text: str
    hopeless: bool = False
    weight: int = 1


_SUPPORT = "check your input file against the input codec and container support matrix"

MESSAGES: tuple[Message, ...] = (
    Message("file could not be imported from URL because it was not accessible", weight=30),
    Message(f"invalid video file codec or container, {_SUPPORT}", hopeless=True, weight=25),
    Message(f"failed to probe or open file, {_SUPPORT}", hopeless=True, weight=10),
    Message("unsupported input pixel format, must be 'yuv420p' or 'yuvj420p'", hopeless=True, weight=6),
    Message("internal error processing file", weight=30),
    Message("execution timeout", weight=8),
    Message("file download failed", weight=8),
    Message("error saving file to storage", weight=6),
    Message("file format unsupported, must be a valid MP4", hopeless=True, weight=5),
    Message("task cancelled, asset has been deleted", hopeless=True, weight=2),
    Message("Failed to enqueue task", hopeless=True),
    Message("bad task output: missing assetSpec", hopeless=True),
    Message('input error on catalyst request: http status 400 Bad Request: "no video track"', hopeless=True),
    Message("unable to find download filename for asset: {id}", hopeless=True),
    Message("cannot create player NFT for asset without playback URL"),
    Message("failed to call catalyst: Post \"https://catalyst.example.test/api/vod\": deadline exceeded"),
    Message("error building file URL: parse \"https://example.test/in/%zz\": invalid URL escape \"%zz\""),
    Message("error processing catalyst callback: no source URL in callback for {id}"),
    Message("error building task context: error getting output asset: 502 Bad Gateway"),
    Message("task execution forbidden: http status 403 Forbidden: \"user is suspended\"", hopeless=True),
    Message("can only schedule sub-steps of tasks", hopeless=True),
    Message('unknown task type="thumbnails"', hopeless=True),
    Message("invalid video outputs: []"),
    Message("source copy from catalyst not found taskId={id} err=object does not exist"),
)  # fmt: skip

EXPORT_MESSAGES: tuple[Message, ...] = (
    Message("403", hopeless=True, weight=4),
    Message("401", hopeless=True, weight=3),
    Message("dial", weight=2),
    Message("missing `ipfs` or `custom` export desination params: custom=<nil>, ipfs=<nil>", hopeless=True),
    Message("cannot create player NFT for asset without playback URL"),
    Message("internal error processing file", weight=3),
)

_DENIED = (
    '<?xml version=\\"1.0\\" encoding=\\"UTF-8\\"?>\\n<Error><Code>AccessDenied</Code>'
    "<Message>Request has expired</Message><AWSAccessKeyId>{key}</AWSAccessKeyId>"
    "<RequestId>656C76696E672773</RequestId></Error>"
)
_MEDIA_WEIGHTS = tuple(accumulate(message.weight for message in MESSAGES))
_EXPORT_WEIGHTS = tuple(accumulate(message.weight for message in EXPORT_MESSAGES))


def pick_message(rng: random.Random, task_type: str) -> Message:
    """A message that suits the type of the task."""
    if task_type.startswith("export"):
        return rng.choices(EXPORT_MESSAGES, cum_weights=_EXPORT_WEIGHTS)[0]
    return rng.choices(MESSAGES, cum_weights=_MEDIA_WEIGHTS)[0]


def spoken(message: Message, leaks: Leaks, rng: random.Random, identifier: str) -> str:
    """The text as Studio sends it: remote bodies quoted the way Go quotes them, URLs with their query."""
    if message.text == "403":
        body = _DENIED.format(key=leaks.access_key(rng))
        return f'error on export request: http status 403 Forbidden: "{body}"'
    if message.text == "401":
        body = f'{{\\"error\\":{{\\"reason\\":\\"INVALID_CREDENTIALS\\",\\"token\\":\\"{leaks.token(rng)}\\"}}}}'
        return f'http status 401 Unauthorized: "{body}"'
    if message.text == "dial":
        url = leaks.presigned(rng, "https://acme-archive.s3.example.test/out/video.mp4")
        return f'error on export request: Put "{url}": dial tcp 203.0.113.7:443: i/o timeout'
    return message.text.format(id=identifier) if "{" in message.text else message.text
