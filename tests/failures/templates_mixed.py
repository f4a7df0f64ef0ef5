"""Templates of messages of the whole pipeline, written without a look at how they are grouped."""

import random
import re

from tests.failures import Template
from tests.failures import values_mixed as values

TYPES = ("upload", "export", "export-data", "clip", "transcode-file", "import")

SLOTS: dict[str, values.Make] = {
    "address": values.address,
    "aws": values.aws_id,
    "body": values.body,
    "cid": values.cid,
    "count": values.count,
    "duration": values.duration,
    "email": values.email,
    "file": values.file,
    "host": values.host,
    "hostid": values.host_id,
    "id": values.short_id,
    "job": values.job_id,
    "lookup": values.looked_up,
    "markup": values.markup,
    "method": values.method,
    "name": values.name,
    "number": values.number,
    "path": values.path,
    "pointer": values.pointer,
    "qurl": values.quoted_url,
    "rate": values.rate,
    "secret": values.secret,
    "size": values.size,
    "time": values.time,
    "url": values.url,
    "uuid": values.some_uuid,
}

TEXTS: dict[str, str] = {
    # Custom exports and Pinata: the status is the cause, the answer is not.
    "export 400": "error on export request: http status 400 Bad Request: {body}",
    "export 401": "error on export request: http status 401 Unauthorized: {body}",
    "export 403": "error on export request: http status 403 Forbidden: {body}",
    "export 404": "error on export request: http status 404 Not Found: {body}",
    "export 413": "error on export request: http status 413 Request Entity Too Large: {body}",
    "export 502": "error on export request: http status 502 Bad Gateway: {body}",
    "export 503": "error on export request: http status 503 Service Unavailable: {body}",
    "pinata 401": "http status 401 Unauthorized: {body}",
    "pinata 429": "http status 429 Too Many Requests: {body}",
    "pinata pin 400": "pinata could not pin {cid}: status 400: {markup}",
    "pinata pin 422": "pinata could not pin {cid}: status 422: {markup}",
    # Go's network errors.
    "put refused": "error on export request: Put {qurl}: dial tcp {address}: connect: connection refused",
    "put timeout": "error on export request: Put {qurl}: dial tcp {address}: i/o timeout",
    "put unreachable": "error on export request: Put {qurl}: dial tcp {address}: connect: network is unreachable",
    "put no host": "error on export request: Put {qurl}: dial tcp: lookup {lookup} on {address}: no such host",
    "put resolver": "error on export request: Put {qurl}: dial tcp: lookup {lookup} on {address}: server misbehaving",
    "put reset": "error on export request: Put {qurl}: read tcp {address}->{address}: read: connection reset by peer",
    "put pipe": "error on export request: Put {qurl}: write tcp {address}->{address}: write: broken pipe",
    "put eof": "error on export request: Put {qurl}: EOF",
    # Its writer held these for two causes; here they are one, because the same storage is to be looked at.
    "tls": "error on export request: {method} {qurl}: net/http: TLS handshake timeout",
    "put unknown authority": "Put {qurl}: x509: certificate signed by unknown authority",
    "put other name": "Put {qurl}: x509: certificate is valid for {host}, not {host}",
    "put expired": "Put {qurl}: x509: certificate has expired or is not yet valid: current time {time} is after {time}",
    "get headers": "Get {qurl}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    "get body": "Get {qurl}: context deadline exceeded (Client.Timeout or context cancellation while reading body)",
    "catalyst refused": "failed to call catalyst: Post {qurl}: dial tcp {address}: connect: connection refused",
    # Imports.
    "import 403": "error copying input to storage: download error import request {url}: 403 Forbidden",
    "import 404": "error copying input to storage: download error import request {url}: 404 Not Found",
    "import 504": "error copying input to storage: download error import request {url}: 504 Gateway Timeout",
    "import gave up": "error copying input to storage: GET {url} giving up after {count} attempt(s)",
    "import eof": "downloaded {count} of {count} bytes from {url}: unexpected EOF",
    "import too big": "file {file} has {size} but at most {size} are allowed",
    "import slow": "download of {url} was too slow: {size} in {duration}, stalled since {time}",
    "webhook 410": "callback to {url} answered 410 Gone after {duration}",
    "webhook 409": "callback to {url} answered 409 Conflict after {duration}",
    "webhook answer": "callback to {url} answered 500 with {markup} after {count} attempts",
    # Storage.
    "s3 denied": "AccessDenied: Access Denied\n\tstatus code: 403, request id: {aws}, host id: {hostid}",
    "s3 no key": "NoSuchKey: The specified key does not exist.\n\tstatus code: 404, request id: {aws}, "
    "host id: {hostid}",
    "s3 slow": "SlowDown: Please reduce your request rate.\n\tstatus code: 503, request id: {aws}, host id: {hostid}",
    "s3v2 signature": "operation error S3: PutObject, https response error StatusCode: 403, RequestID: {aws}, "
    "HostID: {hostid}, api error SignatureDoesNotMatch: The request signature we calculated does not match",
    "s3v2 denied put": "operation error S3: PutObject, https response error StatusCode: 403, RequestID: {aws}, "
    "HostID: {hostid}, api error AccessDenied: Access Denied",
    "s3v2 denied get": "operation error S3: GetObject, https response error StatusCode: 403, RequestID: {aws}, "
    "HostID: {hostid}, api error AccessDenied: Access Denied",
    "s3 multipart": "MultipartUpload: upload multipart failed\n\tupload id: {hostid}\ncaused by: RequestError: "
    "send request failed\ncaused by: Put {qurl}: write tcp {address}->{address}: write: broken pipe",
    "bucket gone": "bucket {name} of project {name} does not exist",
    "bucket full": "bucket {name} of project {name} is full",
    "gcs create": "googleapi: Error 403: {email} does not have storage.objects.create access to the Google Cloud "
    "Storage object., forbidden",
    "gcs get": "googleapi: Error 403: {email} does not have storage.objects.get access to the Google Cloud "
    "Storage object., forbidden",
    "credential refused": "storage at {host} refused access key {secret}",
    "disk full": "write {path}: no space left on device",
    "no file": "open {path}: no such file or directory",
    "no permission": "open {path}: permission denied",
    "ipfs deadline": "failed to resolve /ipfs/{cid}: context deadline exceeded",
    "ipfs no link": "failed to resolve /ipfs/{cid}: no link named source.mp4",
    # Transcoding.
    "mediaconvert lost": "external transcoder error: MediaConvert job {job} failed after {duration}: "
    "input unreadable: {url}",
    "mediaconvert role": "external transcoder error: MediaConvert job {job} failed after {duration}: "
    "role denied: {url}",
    "job cancelled": "job {job} took too long so was cancelled after {duration}",
    "input too long": "input too long for mediaconvert: {duration}",
    "segment probe": "probe failed for segment {count} of request {id}: no valid packets",
    "segment decode": "decode failed for segment {count} of request {id}: no valid packets",
    "segment long": "segment {count} of {count} at {url} lasts {duration}, more than {duration}",
    "hevc": "unsupported codec hevc in track {count} of {url}",
    "prores": "unsupported codec prores in track {count} of {url}",
    "10 bit": "unsupported pixel format yuv420p10le in {path} ({size})",
    "444": "unsupported pixel format yuv444p in {path} ({size})",
    "moov": "[mov,mp4,m4a,3gp,3g2,mj2 @ {pointer}] moov atom not found\n"
    "{path}: Invalid data found when processing input",
    "nal": "[h264 @ {pointer}] no frame!\n{path}: Invalid data found when processing input",
    "frame rate": "invalid framerate: {rate}",
    "bitrate": "profile {name}: bitrate {number} exceeds {number}",
    "width": "profile {name}: width {number} exceeds {number}",
    "panic": "panic: runtime error: index out of range [{count}] with length {count}",
    # Studio's own words.
    "lost": "catalyst task lost (last update {time})",
    "no filename": "unable to find download filename for asset: {uuid}",
    "no source": "source copy from catalyst not found taskId={uuid} err=not found",
    "too many": "user {uuid} ({email}) has reached the maximum number of pending tasks",
}


def template(group: str, text: str) -> Template:
    """Of a text with slots in braces."""

    def render(rng: random.Random) -> tuple[str, str]:
        made = re.sub(r"\{(\w+)\}", lambda found: SLOTS[found[1]](rng), text)
        blank = rng.choice(["", "", "", "", "", "", "", "\n", " "])
        return made + blank, rng.choice(TYPES)

    return Template(group, render)


TEMPLATES: tuple[Template, ...] = tuple(template(group, text) for group, text in TEXTS.items())
