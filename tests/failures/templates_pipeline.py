"""Templates of failures of a pipeline of Go, ffmpeg, object stores and IPFS, labelled by who would mend them where.

`_told(group, types, *parts)`: the parts are one pattern; each `{name}` in it becomes a new value of `values_pipeline`.
"""

import random

from tests.failures import Template
from tests.failures.values_pipeline import Values

_MEDIA = ("upload", "transcode-file", "clip", "import")
_EXPORT = ("export", "export-data")
_ANY = (*_MEDIA, *_EXPORT, "transcode")


def _told(group: str, types: tuple[str, ...], *parts: str) -> Template:
    pattern = "".join(parts)

    def render(rng: random.Random) -> tuple[str, str]:
        return pattern.format_map(Values(rng)), rng.choice(types)

    return Template(group, render)


_SENT = 'error on export request: Put "{url}": '
_COPY = "error copying input to storage: failed to copy file(s): "
_SOURCE = _COPY + "download error import request {url}: giving up after {few} attempt(s): "
_READ = "failed to read {store}: "
_PART = (
    "multipart upload failed, upload id: {token}, cause: operation error S3: UploadPart, exceeded maximum number of"
    " attempts, {few}, https response error StatusCode: "
)
_IDS = ", RequestID: {awsid}, HostID: {hostid}, api error "
_PANIC = "panic handling task {uuid}: runtime error: "
_SEGMENT = "failed to run TranscodeSegment: segment {n} of manifest {run}: "
_PROBE = "error probing source {url}: error running ffprobe: exit status 1 "
_FFPROBE = "probe failed for segment {n} of {run}: error running ffprobe: exit status 1 [{signed}: Server returned "


def _aws(code: int) -> str:
    return f"\n\tstatus code: {code}, request id: {{awsid}}, host id: {{hostid}}"


TEMPLATES: tuple[Template, ...] = (
    # The customer's destination, reached over HTTP.
    _told("export destination denies", _EXPORT, 'error on export request: http status 403 Forbidden: "{body}"'),
    _told("export unauthorized", _EXPORT, 'error on export request: http status 401 Unauthorized: "{body}"'),
    _told("export destination not there", _EXPORT, 'error on export request: http status 404 Not Found: "{body}"'),
    _told("export too large", _EXPORT, 'error on export request: http status 413 Request Entity Too Large: "{body}"'),
    _told("export destination limits", _EXPORT, 'error on export request: http status 429 Too Many Requests: "{body}"'),
    _told("export destination down", _EXPORT, 'error on export request: http status 503 Service Unavailable: "{body}"'),
    _told("export destination unreachable", _EXPORT, _SENT, "dial tcp {addr}: i/o timeout"),
    _told("export destination refuses", _EXPORT, _SENT, "dial tcp {addr}: connect: connection refused"),
    _told("export host unknown", _EXPORT, _SENT, "dial tcp: lookup {host} on {ip}:53: no such host"),
    _told("export hangs up", _EXPORT, _SENT, "read tcp {addr}->{addr}: read: connection reset by peer"),
    _told(
        "export answers too late", _EXPORT, _SENT,
        "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    ),
    _told(
        "export certificate expired", _EXPORT, _SENT,
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: ",
        "current time {time} is after {time}",
    ),
    _told(
        "export certificate of another host", _EXPORT, _SENT,
        "tls: failed to verify certificate: x509: certificate is valid for {host}, {host}, not {host}",
    ),
    _told("pinata key wrong", _EXPORT, 'http status 401 Unauthorized: "{body}"'),
    _told("pinata denies", _EXPORT, 'http status 403 Forbidden: "{body}"'),
    # The customer's source.
    _told("source not there", _MEDIA, _SOURCE, "unexpected status 404 Not Found"),
    _told("source denied", _MEDIA, _SOURCE, "unexpected status 403 Forbidden"),
    _told("source gone", _MEDIA, _SOURCE, "unexpected status 410 Gone"),
    _told("source server overloaded", _MEDIA, _SOURCE, "unexpected status 503 Service Unavailable"),
    _told("source refuses", _MEDIA, _SOURCE, 'Get "{url}": dial tcp {addr}: connect: connection refused'),
    _told("source breaks off", _MEDIA, _COPY, "read {big} of {big} bytes from {url}: unexpected EOF"),
    _told("source too large", _MEDIA, _COPY, "source file of {size} is larger than the limit of {size}"),
    _told("worker's disk full", _MEDIA, _COPY, "write {path}: no space left on device"),
    _told("worker's files used up", _MEDIA, _COPY, "open {path}: too many open files"),
    _told("segments denied", _MEDIA, _FFPROBE, "403 Forbidden (access denied)]"),
    _told("segments not there", _MEDIA, _FFPROBE, "404 Not Found]"),
    # Object stores.
    _told("store denies reading", _MEDIA, _READ, "AccessDenied: Access Denied", _aws(403)),
    _told("store has no such key", _MEDIA, _READ, "NoSuchKey: The specified key does not exist.", _aws(404)),
    _told("store slows down", _MEDIA, _READ, "SlowDown: Please reduce your request rate.", _aws(503)),
    _told("store broken", _MEDIA, _PART, "500", _IDS, "InternalError: We encountered an internal error."),
    _told(
        "worker's clock wrong", _MEDIA, _PART, "403", _IDS,
        "RequestTimeTooSkewed: The difference between the request time and the current time is too large.",
    ),
    _told("store has no such bucket", _MEDIA, _PART, "404", _IDS, "NoSuchBucket: The specified bucket does not exist"),
    # The file itself.
    _told("file cut short", _MEDIA, _PROBE, "[[mov,mp4,m4a,3gp,3g2,mj2 @ 0x{pointer}] moov atom not found]"),
    _told("no video in file", _MEDIA, 'error checking for video: no video track found in "{file}" (request {run})'),
    _told("odd width", _MEDIA, "[libx264 @ 0x{pointer}] width not divisible by 2 ({odd}x{even}), {profile}"),
    _told(
        "timestamps jump", _MEDIA, "[mp4 @ 0x{pointer}] Application provided invalid, non monotonically increasing dts",
        " to muxer in stream {few}: {big} >= {big}",
    ),
    _told("input too long", _MEDIA, "input too long for mediaconvert: {sec}"),
    _told("wrong decryption key", _MEDIA, 'error decrypting "{file}": chacha20poly1305: message authentication failed'),
    # Transcoding.
    _told("no orchestrator", _MEDIA, _SEGMENT, 'received 503 response from broadcaster http://{addr}: "{body}"'),
    _told("segment refused", _MEDIA, _SEGMENT, 'received 422 response from broadcaster http://{addr}: "{body}"'),
    _told("segment too slow", _MEDIA, _SEGMENT, "context deadline exceeded after {dur}"),
    _told("gpu memory", _MEDIA, "[h264_nvenc @ 0x{pointer}] OpenEncodeSessionEx failed: out of memory (10): {path}"),
    _told("ffmpeg killed", _MEDIA, "ffmpeg on {path} ended after {dur}: signal: killed"),
    _told("ffmpeg crashed", _MEDIA, "ffmpeg on {path} ended after {dur}: signal: segmentation fault (core dumped)"),
    _told("job cancelled", _MEDIA, "job {run} took too long ({dur}) so was cancelled"),
    _told(
        "mediaconvert limits", _MEDIA, "error creating mediaconvert job: TooManyRequestsException: Too Many Requests",
        "\n\tstatus code: 429, request id: {uuid}",
    ),
    _told("clip after end", ("clip",), "error clipping: start {sec} is after the end {sec} of manifest {playback}"),
    _told("clip without segments", ("clip",), "error clipping: no segments between {time} and {time} in {store}"),
    # IPFS.
    _told("gateway too slow", _MEDIA, "failed to fetch ipfs://{cid} from {host}: http status 504 Gateway Timeout"),
    _told("gateway knows it not", _MEDIA, "failed to fetch ipfs://{cid} from {host}: http status 404 Not Found"),
    _told("delegation expired", _MEDIA, "w3s: upload of {size} to {host} failed: delegation {cid} expired at {time}"),
    # The control plane.
    _told("task lost", _MEDIA, "catalyst task lost (last update {time})"),
    _told("catalyst slow", _MEDIA, 'failed to call catalyst: Post "https://{host}/api/vod": context deadline exceeded'),
    _told("catalyst bad gateway", _MEDIA, 'failed to call catalyst: http status 502 Bad Gateway: "{body}"'),
    _told("catalyst overloaded", _MEDIA, 'failed to call catalyst: http status 503 Service Unavailable: "{body}"'),
    _told("database down", _ANY, "error building task context: failed to connect to `host={host}`: ",
          "dial error (dial tcp {addr}: connect: connection refused)"),
    _told("index panic", _ANY, _PANIC, "index out of range [{n}] with length {n}"),
    _told(
        "nil panic", _ANY, _PANIC, "invalid memory address or nil pointer dereference",
        " [signal SIGSEGV: segmentation violation code=0x1 addr=0x{n} pc=0x{pointer}]",
    ),
    _told("filename unknown", _EXPORT, "unable to find download filename for asset: {uuid}"),
    _told("source copy lost", _MEDIA, "source copy from catalyst not found taskId={uuid} err=object does not exist"),
    _told("not accessible", _MEDIA, "file could not be imported from URL because it was not accessible"),
    _told("internal error", _ANY, "internal error processing file"),
)  # fmt: skip
