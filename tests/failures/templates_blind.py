# ruff: noqa: E501
"""Templates of messages as such a pipeline prints them, by someone who has not seen the fingerprint function."""

from collections.abc import Callable
from random import Random

from tests.failures import Template
from tests.failures.values_blind import filled

ALL = ("upload", "export", "export-data", "clip", "transcode-file", "import")

# A line "# label" or "# label: type,type" opens a group; each line below it is a template. `{name}` is a value of
# values_blind; ⏎ is a line break, ⇥ one with a tab.
TABLE = r"""
# export 400: export
error on export request: http status 400 Bad Request: {gobody}
# export 401: export
error on export request: http status 401 Unauthorized: {gobody}
# export 403: export
error on export request: http status 403 Forbidden: {gobody}
# export 404: export
error on export request: http status 404 Not Found: {gobody}
# export 409: export
error on export request: http status 409 Conflict: {gobody}
# export 500: export
error on export request: http status 500 Internal Server Error: {gobody}
# export 503: export
error on export request: http status 503 Service Unavailable: {gobody}
# pinata 401: export,export-data
http status 401 Unauthorized: {gobody}
# pinata 413: export,export-data
http status 413 Request Entity Too Large: {gobody}
# pinata plan: export,export-data
pinata answered 402: {"error":{"reason":"PLAN_LIMIT","requestId":"{uuid}","used":{n}}}
# catalyst 400: upload,clip,transcode-file
input error on catalyst request: http status 400 Bad Request: {gobody}
# catalyst 502: upload,clip,transcode-file
failed to call catalyst: http status 502 Bad Gateway: {gobody}
# put refused: export
error on export request: Put "{url}": dial tcp {addr}: connect: connection refused
# put unreachable: export
error on export request: Put "{url}": dial tcp {addr}: connect: network is unreachable
# put timeout: export
error on export request: Put "{url}": dial tcp {addr}: i/o timeout
# put unknown host: export
error on export request: Put "{url}": dial tcp: lookup {host} on {addr}: no such host
# put eof: export
error on export request: Put "{url}": EOF
# put handshake: export
error on export request: Put "{url}": net/http: TLS handshake timeout
# put scheme: export
error on export request: Put "{file}": unsupported protocol scheme ""
# put not tls: export
error on export request: Put "{url}": http: server gave HTTP response to HTTPS client
# put cert name: export
error on export request: Put "{url}": tls: failed to verify certificate: x509: certificate is valid for {host}, not {host}
# put cert expired: export
error on export request: Put "{url}": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time {time} is after {time}
# put cert authority: export
error on export request: Put "{url}": tls: failed to verify certificate: x509: certificate signed by unknown authority
# import 404: upload,import,transcode-file
error copying input to storage: download error import request {src}: 404 Not Found
# import 403: upload,import,transcode-file
error copying input to storage: download error import request {src}: 403 Forbidden
# import 416: upload,import,transcode-file
error copying input to storage: download error import request {url}: 416 Requested Range Not Satisfiable
# import gave up: upload,import,transcode-file
error copying input to storage: GET {url} giving up after {k} attempt(s)
# import zero: upload,import,transcode-file
error copying input to storage: zero bytes found for source: {src}
# import short: upload,import,transcode-file
error copying input to storage: copied {size} of {size} from {src} before the connection was closed
# import slow: upload,import,transcode-file
error copying input to storage: no data received from {url} for {dur}
# too big: upload,transcode-file
invalid input video file: input file {n} bytes was greater than {n} bytes
# too long: upload,transcode-file
invalid input video file: duration {secs} was greater than {secs}
# framerate: upload,transcode-file
invalid framerate: {fps}
# resolution: upload,transcode-file
resolution {dim} is greater than the maximum of {dim}
# lost: upload,clip,transcode-file
catalyst task lost (last update {time})
# no source copy: upload,clip
source copy from catalyst not found taskId={uuid} err=not found
# forbidden task
task execution forbidden: user {uuid} is suspended
# too many tasks
task execution forbidden: user {uuid} has {k} tasks running of {k} allowed
# enqueue
Failed to enqueue task
# mediaconvert lost input: upload,transcode-file
external transcoder error: job {job} failed: S3 Read Error: unable to open input file [{src}]
# mediaconvert audio: upload,transcode-file
external transcoder error: job {job} failed: Decoder closed. No audio frames decoded on [selector-(Audio Selector 1)-track-{k}-drc]
# mediaconvert width: upload,transcode-file
external transcoder error: job {job} failed: Scaler position rectangle of output {k} is outside the frame {dim}
# mediaconvert slow: upload,transcode-file
external transcoder error: job {job} took too long so was cancelled after {dur}
# mediaconvert throttled: upload,transcode-file
external transcoder error: error creating mediaconvert job: TooManyRequestsException: Too Many Requests⇥status code: 429, request id: {uuid}
# mediaconvert role: upload,transcode-file
external transcoder error: error creating mediaconvert job: AccessDeniedException: User: arn:aws:sts::{account}:assumed-role/catalyst/{id} is not authorized to perform: mediaconvert:CreateJob⇥status code: 403, request id: {uuid}
# moov: upload,import,transcode-file
error probing: [mov,mp4,m4a,3gp,3g2,mj2 @ {ptr}] moov atom not found⏎{path}: Invalid data found when processing input
error probing: [mov,mp4,m4a,3gp,3g2,mj2 @ {ptr}] moov atom not found⏎{url}: Invalid data found when processing input
# header: upload,import,transcode-file
error probing: [mov,mp4,m4a,3gp,3g2,mj2 @ {ptr}] error reading header⏎{path}: Invalid data found when processing input
# unknown size: upload,import,transcode-file
error probing: [mov,mp4,m4a,3gp,3g2,mj2 @ {ptr}] Could not find codec parameters for stream {k} (Video: h264 (avc1), none): unspecified size
# no such file: upload,clip,transcode-file
ffmpeg: {path}: No such file or directory
# no space: upload,clip,transcode-file
ffmpeg: {path}: No space left on device
# read only: upload,clip,transcode-file
ffmpeg: {path}: Read-only file system
# ffmpeg killed: upload,clip,transcode-file
ffmpeg of segment {n} failed after {dur}: signal: killed
# ffmpeg crash: upload,clip,transcode-file
ffmpeg of segment {n} failed after {dur}: signal: segmentation fault (core dumped)
# non monotonic: upload,transcode-file
[mp4 @ {ptr}] Application provided invalid, non monotonically increasing dts to muxer in stream {k}: {n} >= {n}
# too many packets: upload,transcode-file
Too many packets buffered for output stream 0:{k}.
# clip order: clip
error clipping: clip start time {time} is after end time {time}
# clip empty: clip
error clipping: no segments of {url} between {secs} and {secs}
# clip old: clip
error clipping: recording {uuid} was deleted at {time}
# clip manifest 404: clip
error clipping: error downloading manifest {src}: 404 Not Found
# clip manifest 500: clip
error clipping: error downloading manifest {src}: 500 Internal Server Error
# no orchestrators: upload,clip,transcode-file
failed to transcode segment {n} of {playback}: broadcaster at {addr} returned 503: No orchestrators available
# bad segment: upload,clip,transcode-file
failed to transcode segment {n} of {playback}: broadcaster at {addr} returned 422: No video parameters found while initializing stream
# orchestrator cap: upload,clip,transcode-file
orchestrator {eth} at {url} rejected segment {n}: OrchestratorCapped
# orchestrator ticket: upload,clip,transcode-file
orchestrator {eth} at {url} rejected segment {n}: invalid ticket faceValue
# orchestrator deposit: upload,clip,transcode-file
broadcaster {eth} has no deposit left: {n} wei of {n} wei needed
# s3 denied: upload,transcode-file
failed to write {key}: AccessDenied: Access Denied⇥status code: 403, request id: {aws}, host id: {b64}
# s3 time: upload,transcode-file
failed to write {key}: RequestTimeTooSkewed: The difference between the request time and the current time is too large.⇥status code: 403, request id: {aws}, host id: {b64}
# s3 no upload: upload,transcode-file
failed to write {key}: NoSuchUpload: The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.⇥status code: 404, request id: {aws}, host id: {b64}
# s3 no bucket: upload,transcode-file
failed to write {key}: NoSuchBucket: The specified bucket does not exist⇥status code: 404, request id: {aws}, host id: {b64}
# s3 internal: upload,transcode-file
failed to write {key}: InternalError: We encountered an internal error. Please try again.⇥status code: 500, request id: {aws}, host id: {b64}
# s3 region: upload,transcode-file
failed to write {key}: BucketRegionError: incorrect region, the bucket is not in 'us-east-1' region at endpoint '', bucket '{bucket}'⇥status code: 301, request id: {aws}, host id: {b64}
# minio quota: upload,transcode-file
XMinioAdminBucketQuotaExceeded: Bucket quota of {size} exceeded for '{bucket}'
# gcs denied: upload,transcode-file
googleapi: Error 403: {email} does not have storage.objects.create access to the Google Cloud Storage object., forbidden
# gcs missing: upload,transcode-file
googleapi: Error 404: No such object: {key}, notFound
# ipfs no link: import,export-data,export
ipfs resolve -r /ipfs/{cid}: no link named "{file}" under {cid}
# ipfs providers: import,export-data,export
ipfs: could not find {cid} after asking {n} peers for {dur}
# ipfs pin: export,export-data
ipfs: pinning {cid} failed on all {k} nodes: pin queue is full
# gateway 504: import,upload
ipfs gateway {url} answered 504 Gateway Timeout after {dur}: {gobody}
# gateway 410: import,upload
ipfs gateway {url} answered 410 Gone after {dur}: {gobody}
# dns servfail
lookup {host} on {addr}: server misbehaving
# reset
read tcp {addr}->{addr}: read: connection reset by peer
# read timeout
read tcp {addr}->{addr}: i/o timeout
# stream error
stream error: stream ID {n}; INTERNAL_ERROR; received from peer
# refused stream
stream error: stream ID {n}; REFUSED_STREAM; received from peer
# grpc deadline
rpc error: code = DeadlineExceeded desc = no answer of {addr} within {dur}
# grpc exhausted
rpc error: code = ResourceExhausted desc = grpc: received message larger than max ({n} vs. {n})
# pod evicted
pod {pod} was evicted: The node was low on resource: memory. Threshold quantity: {size}, available: {size}.
# pod oom
container of pod {pod} on node {ip} terminated at {time}: OOMKilled
# pg deadlock
pq: deadlock detected: Process {n} waits for ShareLock on transaction {n}; blocked by process {n}.
# pg duplicate
pq: duplicate key value violates unique constraint "task_pkey": Key (id)=({uuid}) already exists.
# pg starting
FATAL: the database system is starting up (SQLSTATE 57P03) at {addr}
# pg recovery
FATAL: the database system is in recovery mode (SQLSTATE 57P03) at {addr}
# node refused
FetchError: request to {url} failed, reason: connect ECONNREFUSED {addr}
# node hang up
FetchError: request to {url} failed, reason: socket hang up
# node json
SyntaxError: Unexpected token < in JSON at position {n}
# mist boot: upload,clip
mist: stream video+{playback} did not start within {dur}
# mist tracks: upload,clip
mist: stream video+{playback} has {k} tracks but none could be selected
# webhook 500
callback to {url} failed after {k} retries with status 500: {gobody}
# webhook 401
callback to {url} failed after {k} retries with status 401: {gobody}
# storage quota: upload,import
storage of user {uuid} is full: {size} of {size} used
# plan minutes: upload,import
minutes of user {email} are used up: {n} of {n} min since {time}
# gate webhook: clip
access control webhook {url} did not answer within {dur} for playback id {playback}
# gate jwt: clip
access control: jwt for playback id {playback} expired at {time}
# decrypt: upload
error decrypting {src}: cipher: message authentication failed
# profile height: upload,transcode-file
profile '{n}p' has bitrate {n}, which must be greater than 0 and less than {n}
"""


def _of(text: str, types: tuple[str, ...]) -> Callable[[Random], tuple[str, str]]:
    shown = text.replace("⇥", "\n\t").replace("⏎", "\n")
    return lambda r: (filled(shown, r), r.choice(types))


def _templates() -> list[Template]:
    found: list[Template] = []
    group = ""
    types: tuple[str, ...] = ALL
    for line in TABLE.strip().splitlines():
        if line.startswith("# "):
            group, _, named = line.removeprefix("# ").partition(": ")
            types = tuple(named.split(",")) if named else ALL
            continue
        found.append(Template(group, _of(line, types)))
    return found


TEMPLATES = _templates()
