# ruff: noqa: E501 a message is one line, as long as it is
"""Causes as the sources of Studio word them, each with values that differ every time."""

import random
from collections.abc import Callable

from tests.failures import Template
from tests.failures.values import (
    address,
    any_id,
    cid,
    duration,
    file_name,
    hexadecimal,
    host,
    instant,
    ip,
    number,
    path,
    remote_body,
    size,
    uid,
    url,
)

EXPORT = "error on export request: "
_MEDIA = ("upload", "clip", "transcode-file", "import")
_EXPORTS = ("export", "export-data")

_LINES: dict[str, tuple[tuple[str, ...], Callable[[random.Random], str]]] = {
    "export 403": (_EXPORTS, lambda r: f"{EXPORT}http status 403 Forbidden: {remote_body(r)}"),
    "export 404": (_EXPORTS, lambda r: f"{EXPORT}http status 404 Not Found: {remote_body(r)}"),
    "export 500": (_EXPORTS, lambda r: f"{EXPORT}http status 500 Internal Server Error: {remote_body(r)}"),
    "pinata 401": (_EXPORTS, lambda r: f"http status 401 Unauthorized: {remote_body(r)}"),
    "pinata 413": (_EXPORTS, lambda r: f"http status 413 Request Entity Too Large: {remote_body(r)}"),
    "export timeout": (("export",), lambda r: f'{EXPORT}Put "{url(r)}": dial tcp {address(r)}: i/o timeout'),
    "export refused": (("export",), lambda r: f'{EXPORT}Put "{url(r)}": dial tcp {address(r)}: connect: connection refused'),
    "export eof": (("export",), lambda r: f'{EXPORT}Post "{url(r)}": EOF'),
    "export reset": (
        ("export",),
        lambda r: f'{EXPORT}Put "{url(r)}": write tcp {address(r)}->{address(r)}: write: connection reset by peer',
    ),
    "export no host": (
        ("export",),
        lambda r: f'{EXPORT}Put "{url(r)}": dial tcp: lookup {host(r)}{r.choice(("", f" on {ip(r)}:53"))}: no such host',
    ),
    "certificate": (
        ("export",),
        lambda r: f'{EXPORT}Put "{url(r)}": tls: failed to verify certificate: x509: certificate has expired or is not yet'
        f" valid: current time {instant(r)} is after {instant(r)}",
    ),
    "no filename": (("export",), lambda r: f"unable to find download filename for asset: {any_id(r)}"),
    "pinning": (("export",), lambda r: f"error pinning file to IPFS: failed to fetch {cid(r)} from {host(r)}: context deadline"),
    "call catalyst": (
        _MEDIA,
        lambda r: f'failed to call catalyst: Post "{url(r)}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ),
    "catalyst 502": (_MEDIA, lambda r: f'failed to call catalyst: http status 502 Bad Gateway: "<html>{any_id(r)}</html>"'),
    "lost": (_MEDIA, lambda r: f"catalyst task lost (last update {duration(r)} ago)"),
    "source copy": (_MEDIA, lambda r: f"source copy from catalyst not found taskId={any_id(r)} err=object does not exist"),
    "import 404": (
        _MEDIA,
        lambda r: f"error copying input to storage: download error: error on import request {url(r)}: 404 Not Found",
    ),
    "giving up": (_MEDIA, lambda r: f"GET {url(r)} giving up after {r.randint(1, 12)} attempt(s)"),
    "3450": (
        _MEDIA,
        lambda r: f"external transcoder error: job failed: error 3450: Error encountered when accessing [{url(r)}]",
    ),
    "moov": (
        _MEDIA,
        lambda r: f"error probing: error running ffprobe [] exit status {r.randint(1, 250)}: [mov,mp4,m4a,3gp,3g2,mj2 @"
        f" 0x{hexadecimal(r, 12)}] moov atom not found\n{path(r)}: Invalid data found when processing input",
    ),
    "decode": (
        _MEDIA,
        lambda r: "".join(
            f"[h264 @ 0x{hexadecimal(r, 12)}] error while decoding MB {r.randint(0, 119)} {r.randint(0, 67)}, bytestream {r.randint(-9, 4000)}\n"
            for _ in range(r.randint(1, 9))
        ),
    ),
    "segment probe": (_MEDIA, lambda r: f"probe failed for segment {url(r)}: exit status {r.randint(1, 250)}"),
    "segment upload": (
        _MEDIA,
        lambda r: f'failed to upload segment {r.randint(0, 900)} of profile {r.choice(("360p0", "720p0", "1080p0"))}: failed to'
        f' write to OS URL "{url(r)}": SlowDown: Please reduce your request rate.\n\tstatus code: 503, request id:'
        f" {hexadecimal(r, 16).upper()}, host id: {hexadecimal(r, 30)}==",
    ),
    "clip range": (("clip",), lambda r: f"error clipping: did not find a segment that falls within {number(r)} seconds"),
    "clip download": (("clip",), lambda r: f"error clipping: failed to download segment {r.randint(0, 9999)}: unexpected EOF"),
    "too long": (_MEDIA, lambda r: f"input too long for mediaconvert: {duration(r)}"),
    "short write": (_MEDIA, lambda r: f"error copying input file to S3: wrote {size(r)} of {size(r)} from {file_name(r)}"),
    "resolution": (
        _MEDIA,
        lambda r: f"maximum resolution is 4096x2160 but input is {r.randint(4097, 9999)}x{r.randint(2161, 9999)} ({size(r)})",
    ),
    "callback": (_MEDIA, lambda r: f"error processing catalyst callback: error getting task {uid(r)!r}: object not found"),
    "h264 profile": (_MEDIA, lambda r: f"Unsupported H.264 profile in {path(r)} (stream {r.randint(0, 9)})"),
    "h265 profile": (_MEDIA, lambda r: f"Unsupported H.265 profile in {path(r)} (stream {r.randint(0, 9)})"),
    "mist": (("clip",), lambda r: f'error making GetStreamInfo HTTP request for "video+{any_id(r)}": got HTTP Status 500'),
}  # fmt: skip


def _template(group: str) -> Template:
    types, line = _LINES[group]
    return Template(group, lambda rng: (line(rng), rng.choice(types)))


TEMPLATES = tuple(_template(group) for group in _LINES)
