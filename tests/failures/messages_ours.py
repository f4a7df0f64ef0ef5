# ruff: noqa: E501 a message is one line, as long as it is
"""Messages as the task runner, the server and the transcoder write them, with what they pass on from others."""

from tests.failures import Message

SUPPORT = "check your input file against the input codec and container support matrix"
DENIED = (
    '<?xml version=\\"1.0\\" encoding=\\"UTF-8\\"?>\\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message>'
    "<RequestId>{0}</RequestId><HostId>{1}</HostId></Error>"
)
EXPIRED = "<?xml version='1.0' encoding='utf-8'?><Error><Code>ExpiredToken</Code><Message>Token {0} has expired</Message></Error>"
NGINX = "<html>\\r\\n<head><title>{0}</title></head>\\r\\n<body>\\r\\n<center><h1>{0}</h1></center>\\r\\n<hr><center>nginx/1.2{1}</center>\\r\\n</body>\\r\\n</html>\\r\\n"
SIGNED = "https://{0}/{1}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires={2}&X-Amz-Signature=[redacted: query value]"
EXPORT = "error on export request: "

_TABLE: dict[str, tuple[tuple[str, str], ...]] = {
    "source not accessible": (
        ("file could not be imported from URL because it was not accessible", "upload"),
        ("file could not be imported from URL because it was not accessible", "transcode-file"),
        ("File could not be imported from URL because it was not accessible.", "clip"),
    ),
    "codec or container": (
        (f"invalid video file codec or container, {SUPPORT}", "upload"),
        (f"  invalid video file codec or container,\n {SUPPORT}", "import"),
    ),
    "probe or open": (
        (f"failed to probe or open file, {SUPPORT}", "upload"),
        (f"failed to probe or open file, {SUPPORT}", "transcode-file"),
    ),
    "pixel format": (("unsupported input pixel format, must be 'yuv420p' or 'yuvj420p'", "upload"),) * 2,
    "internal": (
        ("internal error processing file", "upload"),
        ("internal error processing file", "export"),
        ("Internal error processing file", "clip"),
    ),
    "timeout": (("execution timeout", "upload"), ("execution timeout", "export")),
    "download": (("file download failed", "upload"), ("file download failed\n", "export")),
    "saving": (("error saving file to storage", "upload"), ("error saving file to storage", "transcode-file")),
    "enqueue": (("Failed to enqueue task", "upload"), ("Failed to enqueue task", "export")),
    "export 403": (
        (f'{EXPORT}http status 403 Forbidden: "{DENIED.format("656C76696E672773", "Uuag1LuByRx9e6j5Onimru9pO4ZVKnJ2Qz7/C1NPcfTWAtRPfTaOFg==")}"', "export"),
        (f'{EXPORT}http status 403 Forbidden: "{DENIED.format("4442587FB7D0A2F9", "[redacted: token]")}"', "export"),
        (f'{EXPORT}http status 403 Forbidden: "{EXPIRED.format("FwoGZXIvYXdzEJr")}"', "export"),
        (f'{EXPORT}http status 403 Forbidden: "{{\\"error\\":\\"no\\",\\"requestId\\":\\"9f3c\\"}}"', "export-data"),
        (f'{EXPORT}http status 403 Forbidden: ""', "export"),
        (f"{EXPORT}bad status code: 403, body: <Error><Code>AccessDenied</Code></Error>", "export"),
    ),
    "export 404": (
        (f'{EXPORT}http status 404 Not Found: "{NGINX.format("404 Not Found", 1)}"', "export"),
        (f'{EXPORT}http status 404 Not Found: "{NGINX.format("404 Not Found", 5)}"', "export"),
        (f'{EXPORT}http status 404 Not Found: "<Error><Code>NoSuchBucket</Code><BucketName>acme</BucketName></Error>"', "export"),
    ),
    "export 401": (
        (f'{EXPORT}http status 401 Unauthorized: "{{\\"message\\":\\"jwt expired\\"}}"', "export"),
        (f'{EXPORT}http status 401 Unauthorized: "Unauthorized"', "export"),
    ),
    "export 503": (
        (f'{EXPORT}http status 503 Service Unavailable: "<Error><Code>SlowDown</Code></Error>"', "export"),
        (f'{EXPORT}http status 503 Service Unavailable: "upstream connect error or disconnect/reset before headers"', "export"),
    ),
    "pinata 401": (
        ('http status 401 Unauthorized: "{\\"error\\":{\\"reason\\":\\"INVALID_CREDENTIALS\\",\\"details\\":\\"x\\"}}"', "export"),
        ('http status 401 Unauthorized: "{\\"error\\":{\\"token\\":\\"[redacted: token]\\"}}"', "export-data"),
    ),
    "pinata 429": (
        ('http status 429 Too Many Requests: "{\\"error\\":\\"rate limit of 180 per minute\\"}"', "export"),
        ('http status 429 Too Many Requests: "slow down, 12 requests in 3s"', "export-data"),
    ),
    "pinata 500": (
        ('http status 500 Internal Server Error: "{\\"error\\":\\"ipfs add failed\\"}"', "export"),
        (f'http status 500 Internal Server Error: "{NGINX.format("500 Internal Server Error", 3)}"', "export"),
    ),
    "export i/o timeout": (
        (f'{EXPORT}Put "{SIGNED.format("acme.s3.amazonaws.com", "out/video.mp4", 43200)}": dial tcp 203.0.113.7:443: i/o timeout', "export"),
        (f'{EXPORT}Put "{SIGNED.format("r2.example.test:9000", "a b", 900)}": dial tcp 198.51.100.23:9000: i/o timeout', "export"),
        (f'{EXPORT}Put "https://user:[redacted: password]@files.example.org/x": dial tcp [2001:db8::7]:443: i/o timeout', "export"),
    ),
    "export refused connection": (
        (f'{EXPORT}Put "https://store.example.net/v/1": dial tcp 10.1.2.3:443: connect: connection refused', "export"),
        (f'{EXPORT}Put "http://203.0.113.9:9000/bucket/k.mp4": dial tcp 203.0.113.9:9000: connect: connection refused', "export"),
    ),
    "export unknown host": (
        (f'{EXPORT}Put "https://nope.example/a": dial tcp: lookup nope.example on 10.96.0.10:53: no such host', "export"),
        (f'{EXPORT}Put "https://bukket.acme.io/b?c=d": dial tcp: lookup bukket.acme.io on 172.20.0.10:53: no such host', "export"),
        (f'{EXPORT}Put "https://bukket.acme.io/b?c=d": dial tcp: lookup bukket.acme.io: no such host', "export"),
    ),
    "export reset": (
        (f'{EXPORT}Put "https://a.example.com/1": read tcp 10.8.0.4:51234->203.0.113.7:443: read: connection reset by peer', "export"),
        (f'{EXPORT}Put "https://b.example.com/2": read tcp 10.8.3.9:40112->198.51.100.1:8443: read: connection reset by peer', "export"),
    ),
    "export certificate expired": (
        (f'{EXPORT}Put "https://a.example.com/1": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-02T10:00:01Z is after 2026-10-30T23:59:59Z', "export"),
        (f'{EXPORT}Put "https://up.example.io/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-03-09T01:22:33Z is after 2026-03-08T00:00:00Z', "export"),
    ),
    "export certificate name": (
        (f'{EXPORT}Put "https://a.example.com/1": tls: failed to verify certificate: x509: certificate is valid for b.example.com, not a.example.com', "export"),
        (f'{EXPORT}Put "https://up.example.io/": tls: failed to verify certificate: x509: certificate is valid for *.example.net, www.example.net, not up.example.io', "export"),
    ),
    "no destination": (("missing `ipfs` or `custom` export desination params: custom=<nil>, ipfs=<nil>", "export"),) * 2,
    "no filename": (
        ("unable to find download filename for asset: 09f8b46c-61a0-4254-9875-f71f4c605bc7", "export"),
        ("unable to find download filename for asset: c17620da-a9ee-4f6b-8794-f175538f26bf", "export"),
    ),
    "no player": (("cannot create player NFT for asset without playback URL", "export"),) * 2,
    "deleted": (("task cancelled, asset has been deleted", "upload"), ("task cancelled, asset has been deleted", "clip")),
    "no assetSpec": (("bad task output: missing assetSpec", "upload"), ("bad task output: missing assetSpec", "clip")),
    "no video track": (
        ('input error on catalyst request: http status 400 Bad Request: "no video track"', "upload"),
        ('input error on catalyst request: http status 400 Bad Request: "{\\"error\\":\\"no video track\\"}"', "transcode-file"),
    ),
    "catalyst 422": (('input error on catalyst request: http status 422 Unprocessable Entity: "{\\"error\\":\\"invalid request\\"}"', "upload"),) * 2,
    "catalyst timeout": (
        ('failed to call catalyst: Post "https://catalyst-0.livepeer.studio:7979/api/vod": net/http: TLS handshake timeout', "upload"),
        ('failed to call catalyst: Post "http://10.4.0.12:7979/api/vod": net/http: TLS handshake timeout', "clip"),
    ),
    "catalyst 502": (
        (f'failed to call catalyst: http status 502 Bad Gateway: "{NGINX.format("502 Bad Gateway", 1)}"', "upload"),
        ('failed to call catalyst: http status 502 Bad Gateway: "<html><body>Bad Gateway</body></html>"', "upload"),
    ),
    "catalyst 500": (('failed to call catalyst: http status 500 Internal Server Error: "{\\"error\\":\\"cannot assign\\"}"', "upload"),) * 2,
    "url escape": (
        ('error building file URL: parse "https://example.test/in/%zz": invalid URL escape "%zz"', "upload"),
        ('error building file URL: parse "https://cdn.acme.com/50% off.mp4": invalid URL escape "% o"', "clip"),
    ),
    "callback": (
        ("error processing catalyst callback: no source URL in callback for 1f2e3d4c-0000-4a5b-8c9d-aabbccddeeff", "upload"),
        ("error processing catalyst callback: no source URL in callback for 77600e3e-f31b-4fea-b7ef-3eb898ef7d0c", "clip"),
    ),
    "context 502": (("error building task context: error getting output asset: 502 Bad Gateway", "upload"),) * 2,
    "context 404": (("error building task context: error getting output asset: 404 Not Found", "upload"),) * 2,
    "suspended": (
        ('task execution forbidden: http status 403 Forbidden: "user is suspended"', "upload"),
        ('task execution forbidden: http status 403 Forbidden: "{\\"errors\\":[\\"user is suspended\\"]}"', "export"),
    ),
    "substeps": (("can only schedule sub-steps of tasks", "upload"),) * 2,
    "unknown type": (('unknown task type="thumbnails"', "upload"), ('unknown task type="transcode"', "transcode")),
    "video outputs": (
        ("invalid video outputs: []", "transcode-file"),
        ("invalid video outputs: [{hls https://a.example/x.m3u8 []} {mp4 https://b.example/y.mp4 [1 2]}]", "upload"),
    ),
    "source copy": (
        ("source copy from catalyst not found taskId=5bf0d479-2833-4585-a807-5824d8547f86 err=object does not exist", "upload"),
        ("source copy from catalyst not found taskId=tskabcdefgh err=object does not exist", "upload"),
    ),
    "source copy denied": (
        ("source copy from catalyst not found taskId=5bf0d479-2833-4585-a807-5824d8547f86 err=access denied", "upload"),
    ),
    "lost": (
        ("catalyst task lost (last update 1m12.5s ago)", "upload"),
        ("catalyst task lost (last update 2h3m0.000412s ago)", "clip"),
    ),
    "clip range": (
        ("error clipping: did not find a segment that falls within 12.48 seconds", "clip"),
        ("error clipping: did not find a segment that falls within 3 seconds", "clip"),
    ),
    "clip segment download": (
        ("error clipping: failed to download segment 14: giving up after 3 attempt(s)", "clip"),
        ("error clipping: failed to download segment 7: giving up after 11 attempt(s)", "clip"),
    ),
    "clip segment write": (("error clipping: failed to write segment 14: no space left on device", "clip"),) * 2,
    "import 404": (
        ("error copying input to storage: download error: error on import request https://a.example/b.mp4: 404 Not Found", "upload"),
        ("error copying input to storage: download error: error on import request https://c.example/d?e=1: 404 Not Found", "transcode-file"),
    ),
    "import 504": (
        ("error copying input to storage: download error: error on import request https://a.example/b.mp4: 504 Gateway Timeout", "upload"),
    ),
    "mediaconvert 3450": (
        ("external transcoder error: job failed: error 3450: Error encountered when accessing [https://acme.s3.amazonaws.com/in/abc.mp4]", "upload"),
        ("external transcoder error: job failed: error 3450: Error encountered when accessing [s3://vod-in/77600e3e/source]", "upload"),
    ),
    "mediaconvert codec": (
        ("external transcoder error: job failed: Your input file [s3://vod/7fc00576/in] uses a codec that is not a supported input video codec: [prores]", "upload"),
        ("external transcoder error: job failed: Your input file [s3://vod/a91f/in.mov] uses a codec that is not a supported input video codec: [prores]", "upload"),
    ),
    "too long": (
        ("input too long for mediaconvert: 14h2m11s", "upload"),
        ("input too long for mediaconvert: 13h0m0.5s", "transcode-file"),
    ),
    "segment probe": (
        ("probe failed for segment s3+https://***:***@storage.example/hls/7fc0g4ngs5pyuq4m/0.ts: exit status 1", "upload"),
        ("probe failed for segment https://lp-vod.example.com/hls/8ad1xyz/1080p0/12.ts: exit status 1", "upload"),
    ),
    "vp9 in mp4": (("error checking for video: VP9 in an MP4 container is not supported", "upload"),) * 2,
    "av1 unsupported": (("error checking for video: av1 is not supported", "upload"),) * 2,
    "moov": (
        ("error probing: error running ffprobe [[mov,mp4,m4a,3gp,3g2,mj2 @ 0x55d4c8a0b2c0] moov atom not found\n/tmp/in-12.mp4: Invalid data found when processing input] exit status 1", "upload"),
        ("error probing: error running ffprobe [[mov,mp4,m4a,3gp,3g2,mj2 @ 0x7f8e10004b80] moov atom not found\nhttps://a.example/x.mp4: Invalid data found when processing input] exit status 1", "upload"),
    ),
    "upload segment": (
        ('failed to upload segment 3 of profile 720p0: failed to write to OS URL "s3+https://xxxxx:xxxxx@s3.example.com/b/hls/720p0/3.ts": RequestTimeout: Your socket connection to the server was not read from or written to within the timeout period\n\tstatus code: 400, request id: 4442587FB7D0A2F9, host id: Uuag1Lu/By+Rx9e6j5==', "upload"),
        ('failed to upload segment 41 of profile 360p0: failed to write to OS URL "s3+https://xxxxx:xxxxx@gw.example.io/c/hls/360p0/41.ts": RequestTimeout: Your socket connection to the server was not read from or written to within the timeout period\n\tstatus code: 400, request id: 1790F2B6C3D4E5F6, host id: ', "transcode-file"),
    ),
    "none": (("", "upload"), (" \n\t", "export"), ("\u200b", "clip"), ("null", "upload")),
    "punctuation": (("???", "upload"), ("-- . --", "export"), ("…!", "clip")),
    "binary": (("\x00\x01\x02ab\x03\x04\x05", "upload"), ("\x89PN\x0e\x1a\x00\x00\x00\x02\x00\ufffd\ufffdIHDR", "clip")),
    "japanese": (("ファイル123を開けませんでした", "upload"), ("ファイル4567を開けませんでした", "clip")),
    "russian": (("Не удалось прочитать файл /tmp/а1.mp4: доступ запрещён", "upload"), ("Не удалось прочитать файл /var/b.mov: доступ запрещён", "upload")),
}  # fmt: skip

MESSAGES = tuple(Message(text, kind, group) for group, rows in _TABLE.items() for text, kind in rows)
