"""Causes with slots for values, for messages from every part of the pipeline: many of them are near one another."""

import random
import re

from tests.failures import Template
from tests.failures.values_wide import VALUES

TYPES = ("upload", "export", "export-data", "clip", "transcode-file", "import")

AWS_V1 = "\n\tstatus code: {status}, request id: {{request}}, host id: {{base64}}"
AWS_V2 = "https response error StatusCode: {status}, RequestID: {{request}}, HostID: {{base64}}, api error "
IMPORT = "error copying input to storage: failed to copy file(s): download error import request {url}: "
MEDIACONVERT = "error transcoding: external transcoder error: job failed: job {job}: "

# By the label of the cause: the text, where a name in braces is a slot.
TEXTS = {
    # The import of a file from its URL
    "import 404": IMPORT + "http status 404 Not Found: {tail}",
    "import 403": IMPORT + "http status 403 Forbidden: {tail}",
    "import 410": IMPORT + "http status 410 Gone: {tail}",
    "import refused": IMPORT + 'Get "{url}": dial tcp {address}: connect: connection refused',
    "import i/o timeout": IMPORT + 'Get "{url}": dial tcp {address}: i/o timeout',
    "import no such host": IMPORT + 'Get "{url}": dial tcp: lookup {domain} on {address}: no such host',
    "import lookup i/o timeout": 'Get "{url}": dial tcp: lookup {domain} on {address}: read udp {address}->{address}: '
    "i/o timeout",
    "import gave up": IMPORT + "GET {url} giving up after {small} attempt(s)",
    "import gave up, no answer": IMPORT + "GET {url} giving up after {small} attempt(s): "
    'Get "{url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    "import gave up, EOF": IMPORT + 'GET {url} giving up after {small} attempt(s): Get "{url}": EOF',
    "import expired certificate": 'Get "{url}": tls: failed to verify certificate: x509: certificate has expired or is '
    "not yet valid: current time {time} is after {time}",
    "import foreign certificate": 'Get "{url}": tls: failed to verify certificate: x509: certificate is valid for '
    "{domain}, not {domain}",
    "import unknown authority": 'Get "{url}": tls: failed to verify certificate: x509: certificate signed by unknown '
    "authority",
    "download ended early": "error downloading {object}: unexpected EOF after {size} of {size}",
    "signed URL expired": "signed URL {url} expired at {date}",
    # Exports to a URL, to IPFS through Pinata, metadata of an NFT
    "export 403": "error on export request: http status 403 Forbidden: {tail}",
    "export 401": "error on export request: http status 401 Unauthorized: {tail}",
    "export 413": "error on export request: http status 413 Request Entity Too Large: {tail}",
    "export 503 after attempts": "export of asset {asset} failed with http status 503 Service Unavailable: {body} "
    "(attempt {small} of {small}, took {duration})",
    "export reset": 'error on export request: Put "{url}": read tcp {address}->{address}: read: connection reset '
    "by peer",
    "export broken pipe": 'error on export request: Put "{url}": write tcp {address}->{address}: write: broken pipe',
    "export no route": 'error on export request: Put "{url}": dial tcp {address}: connect: no route to host',
    "pinata 401": "error pinning to pinata: http status 401 Unauthorized: {tail}",
    "pinata 429": "error pinning to pinata: http status 429 Too Many Requests: {tail}",
    "pinata plan": "pinata account {mail} has reached its limit of {size}, file {cid} of {size} was not pinned",
    "ipfs pin timeout": "error pinning {cid} at {domain}: context deadline exceeded",
    "ipfs pin cancelled": "error pinning {cid} at {domain}: context canceled",
    "ipfs not found": "ipfs resolve -r /ipfs/{cid}/{key}: merkledag: not found",
    "nft metadata name": "error building NFT metadata for asset {asset}: json: cannot unmarshal number into Go struct "
    "field NFTMetadata.name of type string",
    "nft metadata end": "error building NFT metadata for asset {asset}: unexpected end of JSON input",
    "token refused": "bearer token {secret} was refused by {domain}",
    # Object stores
    "s3 AccessDenied": "AccessDenied: Access Denied" + AWS_V1.format(status=403),
    "s3 SignatureDoesNotMatch": "SignatureDoesNotMatch: The request signature we calculated does not match the "
    "signature you provided. Check your key and signing method." + AWS_V1.format(status=403),
    "s3 NoSuchKey": "NoSuchKey: The specified key does not exist." + AWS_V1.format(status=404),
    "s3 NoSuchBucket": "NoSuchBucket: The specified bucket does not exist" + AWS_V1.format(status=404),
    "s3 SlowDown": "SlowDown: Please reduce your request rate." + AWS_V1.format(status=503),
    "s3 v2 AccessDenied": "operation error S3: PutObject, " + AWS_V2.format(status=403) + "AccessDenied: Access Denied",
    "s3 v2 RequestTimeout": "operation error S3: UploadPart, exceeded maximum number of attempts, {small}, "
    + AWS_V2.format(status=400)
    + "RequestTimeout: Your socket connection to the server was not read from or written to within the timeout period.",
    "s3 v2 InternalError": "operation error S3: UploadPart, exceeded maximum number of attempts, {small}, "
    + AWS_V2.format(status=500)
    + "InternalError: We encountered an internal error. Please try again.",
    "multipart reset": "MultipartUpload: upload multipart failed\n\tupload id: {base64}\ncaused by: RequestError: send "
    'request failed\ncaused by: Put "{url}": write tcp {address}->{address}: write: connection reset by peer',
    "multipart EOF": "MultipartUpload: upload multipart failed\n\tupload id: {base64}\ncaused by: RequestError: send "
    'request failed\ncaused by: Put "{url}": EOF',
    "gcs 403": "googleapi: got HTTP response code 403 with body: {markup}",
    "gcs 412": "googleapi: got HTTP response code 412 with body: {markup}",
    "bucket quota": 'error writing {key} to bucket "{bucket}": quota exceeded, used {size} of {size}',
    "bucket missing": 'error writing {key} to bucket "{bucket}": bucket does not exist',
    # MediaConvert and the transcoder
    "mediaconvert 3450": MEDIACONVERT
    + "code 3450: Unable to open input file [{url}]: [Failed probe/open: [HTTP HEAD request failed]]",
    "mediaconvert 1404": MEDIACONVERT + "code 1404: Unable to open input file [{object}]: [Failed to read data]",
    "mediaconvert 1401": MEDIACONVERT + "code 1401: Unable to open input file [{object}]: [Failed to read data]",
    "mediaconvert 1040": MEDIACONVERT + "code 1040: Invalid codec in input {object}, track {small}",
    "mediaconvert too slow": "external transcoder error: job took too long so was cancelled: {job} after {duration}",
    "mediaconvert too long": "input too long for mediaconvert: {real} seconds, at most {real}",
    "profile bitrate": 'error transcoding profile "{profile}" of {playback}: bitrate {number} exceeds maximum {number}',
    "profile height": 'error transcoding profile "{profile}" of {playback}: height {number} exceeds maximum {number}',
    "segment deadline": "probe failed for segment {url}: context deadline exceeded",
    "segment no video": "probe failed for segment {url}: no video track found",
    "no orchestrators": "transcode of segment {number} ({clock} to {clock}) failed: no orchestrators available",
    # ffprobe, ffmpeg, clips
    "probe moov": "error probing: [mov,mp4,m4a,3gp,3g2,mj2 @ {pointer}] moov atom not found\n"
    "{path}: Invalid data found when processing input",
    "probe EBML": "error probing: [matroska,webm @ {pointer}] EBML header parsing failed\n"
    "{path}: Invalid data found when processing input",
    "probe PPS": "error probing: [h264 @ {pointer}] non-existing PPS {small} referenced\n"
    "[h264 @ {pointer}] decode_slice_header error",
    "probe 5XX": "error probing: [https @ {pointer}] HTTP error 502 Bad Gateway\n"
    "{url}: Server returned 5XX Server Error reply",
    "clip header": "error clipping: ffmpeg failed for {path} from {clock} to {clock}: "
    "[mp4 @ {pointer}] Could not write header",
    "clip start": "error clipping: start time {real} of clip of {playback} is after its end time {real}",
    "not an MP4": 'file "{file}" ({size}) is not a valid MP4',
    "file empty": 'file "{file}" of {mail} has no content',
    # The runner, its machine, its queue
    "index panic": "panic in task handler: runtime error: index out of range [{number}] with length {number}\n\n"
    "goroutine {small} [running]:\nmain.go:{small} +{pointer}",
    "nil panic": "panic in task handler: runtime error: invalid memory address or nil pointer dereference\n"
    "[signal SIGSEGV: segmentation violation addr={pointer} pc={pointer}]\n\ngoroutine {number} [running]:",
    "task lost": "catalyst task lost (last update {duration} ago)",
    "source copy": "source copy from catalyst not found taskId={uuid} err=stat {path}: no such file or directory",
    "disk full": "error on pod {pod}: write {path}: no space left on device",
    "open files": "error on pod {pod}: open {path}: too many open files",
    "evicted": "pod {pod} on {ip} was evicted at {date}: node was low on memory, threshold {size}, available {size}",
    "queue closed": 'failed to publish task {uuid} to amqp://{address}/: Exception (504) Reason: "channel/connection '
    'is not open"',
    "tus offset": "tus upload {request}: offset mismatch, expected {number}, got {number}",
    "user's limit": "user {uuid} has reached the maximum number of pending tasks, {small}",
}


def _template(group: str, text: str) -> Template:
    def render(rng: random.Random) -> tuple[str, str]:
        return re.sub(r"\{(\w+)\}", lambda slot: VALUES[slot[1]](rng), text), rng.choice(TYPES)

    return Template(group, render)


TEMPLATES = tuple(_template(group, text) for group, text in TEXTS.items())
