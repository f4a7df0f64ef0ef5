"""Messages of a pipeline of Go, ffmpeg, object stores and IPFS, labelled by who would mend what where.

The question behind each label: would one person mend all of these with one action at one place of the system, and is
the HTTP status the cause? Ids, addresses, paths, amounts, quoted answers and redaction do not make another group.
"""

from tests.failures import Message

_MATRIX = "check your input file against the input codec and container support matrix"
_EXPORT = "error on export request: "
_COPY = "error copying input to storage: failed to copy file(s): "
_MOV = "[mov,mp4,m4a,3gp,3g2,mj2 @ 0x"
_XML = (
    '<?xml version=\\"1.0\\" encoding=\\"UTF-8\\"?>\\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message>'
)
_HTML = "<html>\\r\\n<head><title>404 Not Found</title></head>\\r\\n<body>nginx/1.18.0 (Ubuntu)</body>\\r\\n</html>"
_SIGNED = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAZ7Q2EXAMPLE%2F20250914%2Feu-west-1%2Fs3%2Faws4_request"

MESSAGES: tuple[Message, ...] = (
    # The sentences that Studio makes for its users.
    Message("file could not be imported from URL because it was not accessible", "upload", "not accessible"),
    Message("file could not be imported from URL because it was not accessible", "transcode-file", "not accessible"),
    Message("file could not be imported from URL because it was not accessible\n", "import", "not accessible"),
    Message(f"invalid video file codec or container, {_MATRIX}", "upload", "codec or container"),
    Message(f"invalid video file codec or container, {_MATRIX}", "clip", "codec or container"),
    Message(f"failed to probe or open file, {_MATRIX}", "upload", "cannot be opened"),
    Message(f"failed to probe or open file, {_MATRIX}", "transcode-file", "cannot be opened"),
    Message("unsupported input pixel format, must be 'yuv420p' or 'yuvj420p'", "upload", "pixel format"),
    Message("internal error processing file", "upload", "internal"),
    Message("internal error processing file", "export", "internal"),
    Message("execution timeout", "clip", "step too slow"),
    Message("execution timeout", "export-data", "step too slow"),
    Message("file download failed", "upload", "download broke off"),
    Message("error saving file to storage", "upload", "saving"),
    Message("file format unsupported, must be a valid MP4", "upload", "no MP4"),
    Message("task cancelled, asset has been deleted", "upload", "asset deleted"),
    Message("Failed to enqueue task", "export", "queue down"),
    Message("bad task output: missing assetSpec", "upload", "no assetSpec"),
    # Exports to the customer's own destination.
    Message(f'{_EXPORT}http status 403 Forbidden: "{_XML}<RequestId>4K9Z0A7QX2T1B8MN</RequestId></Error>"',
            "export", "destination denies"),
    Message(f'{_EXPORT}http status 403 Forbidden: "{{\\"error\\":\\"insufficient scope\\",\\"trace\\":\\"9f1c22\\"}}"',
            "export-data", "destination denies"),
    Message(f'{_EXPORT}http status 403 Forbidden: ""', "export", "destination denies"),
    Message(f"{_EXPORT}bad status code: 403, body: <Error><Code>AccessDenied</Code></Error>",
            "export", "destination denies"),
    Message(f"{_EXPORT}bad status code: 403, body: Forbidden", "export", "destination denies"),
    Message(f'{_EXPORT}http status 404 Not Found: "{_HTML}"', "export", "destination not there"),
    Message(f'{_EXPORT}http status 404 Not Found: "404 page not found\\n"', "export", "destination not there"),
    Message(f'{_EXPORT}http status 404 Not Found: "{{\\"code\\":40412,\\"message\\":\\"no route\\"}}"',
            "export-data", "destination not there"),
    Message(f'{_EXPORT}http status 500 Internal Server Error: "oops, event id 7be2a4c0d1"',
            "export", "destination broken"),
    Message(f'{_EXPORT}http status 500 Internal Server Error: "<h1>Server Error (500)</h1>"',
            "export", "destination broken"),
    Message(f'{_EXPORT}http status 502 Bad Gateway: "<center>cloudflare</center>"', "export", "destination's gateway"),
    Message(f'{_EXPORT}http status 507 Insufficient Storage: "quota 53687091200 used"', "export", "destination full"),
    Message(f'{_EXPORT}Put "https://acme.s3.eu-west-1.amazonaws.com/out/a.mp4?{_SIGNED}": dial tcp 52.218.24.9:443: '
            "i/o timeout", "export", "destination unreachable"),
    Message(f'{_EXPORT}Put "https://files.lumen.tv/[redacted]": dial tcp [2a05:d018::7b1]:8443: i/o timeout',
            "export", "destination unreachable"),
    Message(f'{_EXPORT}Post "http://198.51.100.77:9000/hook?token=***": dial tcp 198.51.100.77:9000: i/o timeout',
            "export-data", "destination unreachable"),
    Message(f'{_EXPORT}Put "http://198.51.100.77:9000/out/8f2.mp4": dial tcp 198.51.100.77:9000: connect: '
            "connection refused", "export", "destination refuses"),
    Message(f'{_EXPORT}Put "https://nas.kite.io:5001/v/2025/09/14.mp4": dial tcp 203.0.113.4:5001: connect: '
            "connection refused", "export", "destination refuses"),
    Message(f'{_EXPORT}Put "https://uplaods.acme.com/x.mp4": dial tcp: lookup uplaods.acme.com on 10.96.0.10:53: '
            "no such host", "export", "destination's name wrong"),
    Message(f'{_EXPORT}Put "https://s3.eu-nowhere-1.amazonaws.com/b/k": dial tcp: lookup s3.eu-nowhere-1.amazonaws.com '
            "on 169.254.20.10:53: no such host", "export", "destination's name wrong"),
    Message(f'{_EXPORT}Put "https://uploads.acme.com/x.mp4": dial tcp: lookup uploads.acme.com on 10.96.0.10:53: '
            "server misbehaving", "export", "our name server"),
    Message(f'{_EXPORT}Put "https://store.lan.example/v.mp4": tls: failed to verify certificate: x509: certificate '
            "signed by unknown authority", "export", "certificate unknown"),
    Message(f'{_EXPORT}Put "https://[redacted]": tls: failed to verify certificate: x509: certificate '
            "signed by unknown authority", "export", "certificate unknown"),
    Message(f'{_EXPORT}Put "https://store.lan.example/v.mp4": tls: failed to verify certificate: x509: certificate has '
            "expired or is not yet valid: current time 2025-09-14T10:42:07Z is after 2025-09-01T00:00:00Z",
            "export", "certificate expired"),
    Message(f'{_EXPORT}Put "https://a.io/%zz": parse "https://a.io/%zz": invalid URL escape "%zz"',
            "export", "URL malformed"),
    Message(f'{_EXPORT}Put "https://b.tv/50%x.mp4": parse "https://b.tv/50%x.mp4": invalid URL escape "%x."',
            "export", "URL malformed"),
    Message(f'{_EXPORT}Put "ftp://files.acme.com/in/": unsupported protocol scheme "ftp"', "export", "scheme unknown"),
    Message(f'{_EXPORT}Put "s3://acme/in/7": unsupported protocol scheme "s3"', "export", "scheme unknown"),
    Message("missing `ipfs` or `custom` export desination params: custom=<nil>, ipfs=<nil>",
            "export", "no destination"),
    Message(f'{_EXPORT}Put "https://ingest.ogawa.co.uk/u/9": read tcp 10.4.1.22:51514->203.0.113.80:443: read: '
            'connection '
            "reset by peer", "export", "destination hangs up"),
    Message(f'{_EXPORT}Put "https://[redacted]": read tcp 10.4.7.3:40102->[2a05:d018::7b1]:8443: read: connection '
            "reset by peer", "export-data", "destination hangs up"),
    Message(f'{_EXPORT}Put "https://ingest.ogawa.co.uk/u/9": context deadline exceeded (Client.Timeout exceeded while '
            "awaiting headers)", "export", "destination answers too late"),
    Message(f'{_EXPORT}Put "https://bucket-5.fra1.digitaloceanspaces.com/7/7.mp4?sig=xxxxx": context deadline exceeded '
            "(Client.Timeout exceeded while awaiting headers)", "export", "destination answers too late"),
    # Pinata.
    Message('http status 401 Unauthorized: "{\\"error\\":{\\"reason\\":\\"INVALID_CREDENTIALS\\"}}"',
            "export", "pinata key"),
    Message('http status 401 Unauthorized: "{\\"error\\":\\"Invalid/expired '
            'credentials\\",\\"jwt\\":\\"[redacted]\\"}"',
            "export-data", "pinata key"),
    Message('http status 429 Too Many Requests: "rate limit of 180 per 60 s exceeded"', "export", "pinata limits"),
    Message('http status 429 Too Many Requests: "{\\"retryAfter\\":31}"', "export-data", "pinata limits"),
    Message('http status 402 Payment Required: "plan limit of 1073741824 bytes"', "export", "pinata plan"),
    Message('http status 401 Unauthorized: "***"', "export", "pinata key"),
    Message('http status 403 Forbidden: "{\\"error\\":{\\"reason\\":\\"NO_SCOPES_FOUND\\"}}"',
            "export", "pinata scope"),
    # Fetching the source.
    Message(f"{_COPY}download error import request https://cdn.acme.com/v/1.mp4: 404 Not Found",
            "upload", "source 404"),
    Message(f"{_COPY}download error import request https://acme.s3.amazonaws.com/b.mov?{_SIGNED}: 404 Not Found",
            "transcode-file", "source 404"),
    Message(f"{_COPY}download error import request http://***:***@203.0.113.9:8080/live%20set.mkv: 404 Not Found",
            "import", "source 404"),
    Message(f"{_COPY}download error import request https://cdn.acme.com/v/1.mp4: 403 Forbidden",
            "upload", "source 403"),
    Message(f"{_COPY}download error import request https://drive.example/uc?id=1xYz&export=download: 403 Forbidden",
            "upload", "source 403"),
    Message(f"{_COPY}download error import request https://cdn.acme.com/v/1.mp4: 504 Gateway Timeout",
            "upload", "source 504"),
    Message(f'{_COPY}Get "https://cdn.acme.com/v/1.mp4": dial tcp 104.18.2.3:443: i/o timeout',
            "upload", "source timeout"),
    Message(f'{_COPY}Get "http://origin-4.kite.io:81/live.mp4": dial tcp 192.0.2.44:81: i/o timeout',
            "transcode-file", "source timeout"),
    Message(f'{_COPY}Get "https://cdn.acme.com/1.mp4": stopped after 10 redirects', "upload", "source redirects"),
    Message(f"{_COPY}write /tmp/transfer1840221/input.mp4: no space left on device", "upload", "worker's disk full"),
    Message(f"{_COPY}write /var/tmp/catalyst/0f3c-77/source.mkv: no space left on device",
            "clip", "worker's disk full"),
    Message(f"{_COPY}zero bytes found for source: https://cdn.acme.com/empty.mp4", "upload", "source empty"),
    Message(f"{_COPY}zero bytes found for source: "
            "https://dweb.link/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
            "import", "source empty"),
    Message(f"{_COPY}ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi: block was not found locally",
            "upload", "CID not found"),
    Message(f"{_COPY}ipfs://QmT5NvUtoM5nWFfrQdVrFtvGfKFmG7AHE8P34isapyhCxX: block was not found locally",
            "transcode-file", "CID not found"),
    Message(f"{_COPY}download error import request https://[redacted]: 404 Not Found", "clip", "source 404"),
    Message(f"{_COPY}download error import request "
            "https://storage.googleapis.com/kite/2025/***?Expires=1757846527&[redacted]"
            ": 403 Forbidden", "transcode-file", "source 403"),
    Message(f"{_COPY}download error import request http://vod42.xyz/in/2024/intro-2.mp4: 504 Gateway Timeout",
            "import", "source 504"),
    Message(f'{_COPY}Get "https://[redacted]": stopped after 10 redirects', "import", "source redirects"),
    Message(f'{_COPY}Get "https://cdn.acme.com/v/1.mp4": dial tcp 104.18.2.3:443: connect: connection refused',
            "upload", "source refuses"),
    Message(f'{_COPY}Get "http://[2001:db8::17]:8000/講義.mp4": dial tcp [2001:db8::17]:8000: connect: connection '
            'refused',
            "upload", "source refuses"),
    Message(f"{_COPY}source of 31.4 GiB is larger than the limit of 30 GiB", "upload", "source too large"),
    Message(f"{_COPY}source of 107374182401 bytes is larger than the limit of 32212254720 bytes",
            "import", "source too large"),
    # Object stores.
    Message("failed to write s3+https://***:***@gateway.storjshare.io/vod/hls/4f2q/index.m3u8: AccessDenied: Access "
            "Denied"
            "\n\tstatus code: 403, request id: 17A2F0C4B1D9E3F8, host id: ", "transcode-file", "store denies"),
    Message("failed to write s3+https://[redacted]@s3.us-west-004.backblazeb2.com/acme-7/out/720p0/14.ts: "
            "AccessDenied: "
            "Access Denied\n\tstatus code: 403, request id: tx9a-1, host id: Zk1/x9+Q==",
            "transcode-file", "store denies"),
    Message("failed to write s3+https://***:***@gateway.storjshare.io/vod/hls/4f2q/index.m3u8: NoSuchBucket: The "
            "specified "
            "bucket does not exist\n\tstatus code: 404, request id: 17A2F0C4B1D9E3F8",
            "transcode-file", "no such bucket"),
    Message("failed to write s3+https://***:***@s3.amazonaws.com/acme-archive/a/b.ts: SlowDown: Please reduce your "
            "request "
            "rate.\n\tstatus code: 503, request id: 7H2K9QPLM3", "transcode-file", "store slows down"),
    Message("failed to write s3+https://***:***@minio.lumen.tv:9000/vod/901.ts: SlowDown: Please reduce your request "
            "rate.\n\tstatus code: 503, request id: 55", "transcode-file", "store slows down"),
    Message("multipart upload of 5.3 GiB failed at part 117 after 12m4.221s: unexpected EOF",
            "upload", "part broke off"),
    Message("multipart upload of 812MB failed at part 2 after 58s: unexpected EOF", "clip", "part broke off"),
    Message("multipart upload of 5.3 GiB failed at part 212 after 12m4.221s: write: broken pipe",
            "upload", "part pipe"),
    Message("multipart upload of 40963 bytes failed at part 1 after 340ms: write: broken pipe", "import", "part pipe"),
    Message("RequestTimeTooSkewed: The difference between the request time and the current time is too "
            "large.\n\tstatus "
            "code: 403, request id: 0B7D2E9AA41F6C35", "upload", "clock wrong"),
    Message("RequestTimeTooSkewed: The difference between the request time and the current time is too "
            "large.\n\tstatus "
            "code: 403, request id: tx00000000000000a91-0068c6-9d1", "clip", "clock wrong"),
    # ffmpeg and the file.
    Message(f"error running ffprobe: exit status 1 [{_MOV}55d0c8b0a2c0] moov atom not found]", "upload", "no moov"),
    Message(f"error running ffprobe: exit status 1 [{_MOV}7f1e4c0008c0] moov atom not found]", "import", "no moov"),
    Message(f"error running ffprobe: exit status 1 [{_MOV}55d0c8b0a2c0] error reading header]",
            "upload", "header damaged"),
    Message('error running ffprobe: exec: "ffprobe": executable file not found in $PATH', "upload", "no ffprobe"),
    Message("error checking for video: VP9 in an MP4 container is not supported", "upload", "VP9 in MP4"),
    Message("no video or audio stream found", "upload", "no stream"),
    Message("[h264 @ 0x5601fa] error while decoding MB 57 31, bytestream -13", "clip", "bitstream damaged"),
    Message("[h264 @ 0x7f99c80] error while decoding MB 4 118, bytestream -5", "upload", "bitstream damaged"),
    Message("[h264_nvenc @ 0x5601fa] Cannot load libnvidia-encode.so.1", "upload", "no driver"),
    Message("[h264_nvenc @ 0x5601fa] OpenEncodeSessionEx failed: out of memory (10)", "upload", "GPU memory"),
    Message("[h264_nvenc @ 0x9c2ee140] OpenEncodeSessionEx failed: out of memory (10)", "transcode-file", "GPU memory"),
    Message("error clipping: start 1709.52 is after the end 1500 of manifest 7fc0g4ngs5pyuq4m",
            "clip", "clip after end"),
    Message("error clipping: start 62 is after the end 59.967 of manifest 0a1bq7xk2m9zt4ye", "clip", "clip after end"),
    Message("error clipping: end 59.967 is before start 62 of manifest 0a1bq7xk2m9zt4ye", "clip", "clip reversed"),
    Message('error decrypting "final cut.mov": cipher: message authentication failed', "upload", "wrong key"),
    Message('error decrypting "0f3c.bin": cipher: message authentication failed', "transcode-file", "wrong key"),
    Message("[libx264 @ 0x55e1f3a0] width not divisible by 2 (853x480)", "upload", "odd width"),
    Message("[libx264 @ 0x7fa208004c40] width not divisible by 2 (1919x1080)", "clip", "odd width"),
    Message("ffmpeg ended after 4m10.7s at 812 of 2048 segments: signal: killed", "upload", "ffmpeg killed"),
    Message("ffmpeg ended after 9s at 0 of 14 segments: signal: killed", "clip", "ffmpeg killed"),
    Message("ffmpeg ended after 9s at 0 of 14 segments: signal: aborted", "clip", "ffmpeg aborted"),
    # Transcoding and the control plane.
    Message("external transcoder error: job failed: 1030: Video codec [indeo4] is not supported",
            "upload", "job codec"),
    Message("external transcoder error: job failed: 3450: Unable to open input file [s3://vod-in/a/19/video]: "
            "AccessDenied",
            "upload", "job input denied"),
    Message("external transcoder error: job failed: 3450: Unable to open input file [s3://vod-in/c0ffee/video]: "
            "AccessDenied",
            "clip", "job input denied"),
    Message("catalyst task lost (last update 2025-09-14 10:42:07.113 +0000 UTC)", "upload", "task lost"),
    Message("catalyst task lost (last update 2026-01-02T23:59:59Z)", "clip", "task lost"),
    Message('input error on catalyst request: http status 400 Bad Request: "no video track"', "upload", "catalyst 400"),
    Message('failed to call catalyst: Post "https://cat-1.example/api/vod": EOF', "upload", "catalyst hangs up"),
    Message('failed to call catalyst: http status 503 Service Unavailable: "no node"', "upload", "catalyst 503"),
    Message('failed to call catalyst: http status 503 Service Unavailable: "busy: 12/12"', "clip", "catalyst 503"),
    Message('failed to call catalyst: http status 502 Bad Gateway: "busy: 12/12"', "clip", "catalyst 502"),
    Message("failed to run TranscodeSegment: segment 31 of 9x2k1m4c: no orchestrators available",
            "upload", "no one to work"),
    Message("failed to run TranscodeSegment: segment 7 of b3b0a1d4-77aa-4a52-8f02-5d1f5a7d3c10: no orchestrators "
            "available",
            "transcode-file", "no one to work"),
    Message("failed to run TranscodeSegment: segment 7 of 9x2k1m4c: insufficient sender reserve",
            "upload", "deposit empty"),
    Message("failed to run TranscodeSegment: segment 88 of 0a1bq7xk: insufficient sender reserve",
            "clip", "deposit empty"),
    Message("unable to find download filename for asset: 6f1d6c1e-0f2b-4c53-9a77-0b6d2f7f5a10",
            "export", "no filename"),
    Message("unable to find download filename for asset: b91a8bd2-f01c-47ae-8f4a-19dbf60d5bb7",
            "export", "no filename"),
    Message("source copy from catalyst not found taskId=2cf87b4e-bd69-48da-ac40-e4c308f84f37 err=object does not exist",
            "upload", "source copy lost"),
    Message("source copy from catalyst not found taskId=77600e3e-f31b-4fea-b7ef-3eb898ef7d0c err=object does not exist",
            "clip", "source copy lost"),
    Message("panic: runtime error: index out of range [5] with length 5", "upload", "index panic"),
    Message("panic: runtime error: index out of range [0] with length 0", "transcode-file", "index panic"),
    Message("panic: runtime error: invalid memory address or nil pointer dereference", "upload", "nil panic"),
    Message('error parsing callback: invalid character \'<\' looking for beginning of value',
            "upload", "callback no JSON"),
    Message("error parsing callback: unexpected end of JSON input", "upload", "callback cut short"),
)  # fmt: skip
