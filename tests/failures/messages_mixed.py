"""Messages written by hand, without a look at how they are grouped: odd ones, and nearly equal ones of other causes."""

from itertools import cycle

from tests.failures import Message

LONG_PATH = "/".join(f"part-{number}" for number in range(700))
LONG_BODY = "<p>Sorry, this is &quot;not&quot; here: 500</p>" * 400
LONG_WORDS = "the encoder stopped because the decoder stopped and " * 200

GROUPS: dict[str, tuple[str, ...]] = {
    # Nothing was said.
    "empty": ("", "   ", "\n\t", "null", "None", "<nil>", "NULL"),
    "only dots": ("...", " ... \n"),
    # Studio's own sentences.
    "own not accessible": (
        "file could not be imported from URL because it was not accessible",
        "File could not be imported  from URL because it was not accessible\n",
    ),
    "own download": ("file download failed", "File download failed"),
    "own storage": ("error saving file to storage",),
    "own internal": ("internal error processing file", "\tInternal error processing file\r\n"),
    "own timeout": ("execution timeout",),
    "own pixel": ("unsupported input pixel format, must be 'yuv420p' or 'yuvj420p'",),
    "own container": ("file format unsupported, must be a valid MP4",),
    "own probe": (
        "failed to probe or open file, check your input file against the input codec and container support matrix",
    ),
    "own codec": (
        "invalid video file codec or container, check your input file against the input codec and container"
        " support matrix",
    ),
    "own enqueue": ("Failed to enqueue task",),
    # One call, other statuses, other answers.
    "custom 403": (
        'error on export request: http status 403 Forbidden: "<?xml version=\\"1.0\\"?><Error><Code>AccessDenied</Code>'
        '<RequestId>5QK1X0ZP8V</RequestId></Error>"',
        'error on export request: http status 403 Forbidden: "<html><head><title>404 Not Found</title></head></html>"',
        'error on export request: http status 403 Forbidden: "{\\"error\\":\\"connection refused\\",\\"code\\":500}"',
        'error on export request: http status 403 Forbidden: ""',
        'error on export request: http status 403 Forbidden: "i/o timeout\\n"',
        f'error on export request: http status 403 Forbidden: "{LONG_BODY}"',
    ),
    "custom 404": (
        'error on export request: http status 404 Not Found: "<html><title>403 Forbidden</title></html>"',
        'error on export request: http status 404 Not Found: "HTTP/1.1 502 Bad Gateway"',
    ),
    "custom 451": (
        'error on export request: http status 451 Unavailable For Legal Reasons: "не доступно"',
        'error on export request: http status 451 Unavailable For Legal Reasons: "{}"',
    ),
    # One call, other reasons of the network.
    "refused": (
        'Put "https://s3.example.com/b/k?X-Amz-Signature=[redacted: signature]": dial tcp 3.5.7.9:443: connect: '
        "connection refused",
        'Put "http://[::1]:9000/": dial tcp [::1]:9000: connect: connection refused',
        f'Put "https://files.example/{LONG_PATH}": dial tcp 172.16.0.4:443: connect: connection refused',
    ),
    "no route": (
        'Put "https://s3.example.com/b/k?X-Amz-Signature=[redacted: signature]": dial tcp 3.5.7.9:443: connect: '
        "no route to host",
        f'Put "https://files.example/{LONG_PATH}": dial tcp [fe80::1%eth0]:443: connect: no route to host',
    ),
    "put deadline": (
        'Put "https://s3.example.com/b/k?X-Amz-Signature=[redacted: signature]": context deadline exceeded',
        'Put "https://connection-refused.example/403?e=no+such+host": context deadline exceeded',
    ),
    "put canceled": (
        'Put "https://s3.example.com/b/k?X-Amz-Signature=[redacted: signature]": context canceled',
        'Put "https://deadline.example/exceeded": context canceled',
    ),
    "no host": (
        'Get "https://cdn.acme.example/v.mp4": dial tcp: lookup cdn.acme.example on 10.96.0.10:53: no such host',
        'Get "http://NAS.local:8080/film.mkv": dial tcp: lookup NAS.local on [fd00::a]:53: no such host',
        'Get "https://xn--80ak6aa92e.example/a": dial tcp: lookup xn--80ak6aa92e.example on 1.1.1.1:53: no such host',
    ),
    "lookup timeout": (
        'Get "https://cdn.acme.example/v.mp4": dial tcp: lookup cdn.acme.example on 10.96.0.10:53: i/o timeout',
        'Get "https://a.example/no-such-host": dial tcp: lookup a.example on 8.8.8.8:53: i/o timeout',
    ),
    "http 2": (
        'Get "https://cdn.acme.example/v.mp4": http2: server sent GOAWAY and closed the connection',
        'Get "https://video.example.jp/映画.mp4": http2: server sent GOAWAY and closed the connection',
    ),
    "catalyst 502": (
        'Post "https://catalyst.example/api/vod": http status 502 Bad Gateway',
        'Post "http://10.1.2.3:7979/api/504": http status 502 Bad Gateway',
    ),
    "catalyst 504": (
        'Post "https://catalyst.example/api/vod": http status 504 Gateway Timeout',
        'Post "http://10.1.2.3:7979/api/502": http status 504 Gateway Timeout',
    ),
    "answer 500": (
        'callback answered 500 with {"error": "connection refused", "id": 12} after 3s',
        "callback answered 500 with <html><body><h1>503 Service Unavailable</h1></body></html> after 1m2s",
        'callback answered 500 with <?xml version="1.0"?>\n<e code="404">\n  <m>no "x"</m>\n</e> after 250ms',
    ),
    "answer 503": (
        'callback answered 503 with {"error": "connection refused", "id": 12} after 3s',
        "callback answered 503 with <html><body><h1>500 Internal Server Error</h1></body></html> after 1m2s",
    ),
    # Storage.
    "s3 denied": (
        "upload of s3://in-bucket/2024/05/a.mp4 failed: AccessDenied: status code: 403, request id: 7YH2MWQX1Z0V9K3B",
        "upload of s3+https://[redacted: key]:[redacted: password]@s3.example/b/x failed: AccessDenied: "
        "status code: 403, request id: 0b6f1a52-7c1e-4a57-9f6e-3a5c7e1d2f40",
    ),
    "s3 no bucket": (
        "upload of s3://in-bucket/2024/05/a.mp4 failed: NoSuchBucket: status code: 404, request id: 7YH2MWQX1Z0V9K3B",
        "upload of s3://AccessDenied/403 failed: NoSuchBucket: status code: 404, request id: ZZ81MWQX1Z0V9K3B",
    ),
    "s3 skew": (
        "RequestTimeTooSkewed: server time 2024-05-01T10:00:00Z, request time 2024-05-01T11:07:31+02:00",
        "RequestTimeTooSkewed: server time 2023-12-31T23:59:59.999Z, request time 2024-01-01T00:31:00Z",
    ),
    "gcs write": (
        "robot-7@acme-video.iam.gserviceaccount.com may not write to gs://acme-out/hls/index.m3u8",
        "Jo.Doe+x@example.co.uk may not write to gs://b/404/",
    ),
    "gcs read": (
        "robot-7@acme-video.iam.gserviceaccount.com may not read from gs://acme-out/hls/index.m3u8",
        "a_b@example.org may not read from gs://may-not-write/to",
    ),
    "pin": (
        "pin of QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG was rejected with 402 Payment Required",
        "pin of bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi was rejected with 402 Payment Required",
    ),
    "pin too fast": ("pin of QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG was rejected with 429 Too Many Requests",),
    # A number that is no status.
    "frames": ("dropped 404 frames of 10800", "dropped 7 frames of 500", "dropped 0 frames of 1,000,000"),
    "packets": ("dropped 404 packets of 10800", "dropped 12 packets of 403"),
    "segment": ("no audio in segment 403", "no audio in segment 0", "no audio in segment 1200"),
    "short": ("clip is too short: 0.04s", "clip is too short: 999ms", "clip is too short: 1m0.5s"),
    "long": ("clip is too long: 0.04s", "clip is too long: 26h3m0s"),
    "size": ("input has 31.4 GB, at most 30 GB are allowed", "input has 104857601 bytes, at most 100MiB are allowed"),
    # Names that users gave.
    "profile bitrate": (
        'profile "720p-main" has no bitrate',
        'profile "connection refused" has no bitrate',
        'profile "Größe: 4 \\"K\\"" has no bitrate',
        'profile "x" has no bitrate',
    ),
    "profile height": ('profile "720p-main" has no height', 'profile "has no bitrate" has no height'),
    "file cut": (
        'file "My holiday (2).mp4" ends in the middle of a frame',
        'file "it\'s 403 Forbidden!.mov" ends in the middle of a frame',
        'file "家族旅行.mkv" ends in the middle of a frame',
    ),
    "file locked": ('file "My holiday (2).mp4" is encrypted', 'file "a, b; c.mp4" is encrypted'),
    # Codecs and formats are causes.
    "vp9": ("stream 0 of /tmp/a1/in.mp4: vp9 is not supported", "stream 12 of /srv/日本/in: vp9 is not supported"),
    "av1": ("stream 0 of /tmp/a1/in.mp4: av1 is not supported", "Stream 3 of D:\\in\\vp9.mp4: av1 is not supported"),
    "h264": ("stream 0 of /tmp/a1/in.mp4: h264 is not supported",),
    "h265": ("stream 0 of /tmp/a1/in.mp4: h265 is not supported",),
    "yuv422p": ("/tmp/a1/in.mp4 is yuv422p", "/var/tmp/yuv444p.mov is yuv422p"),
    "yuv444p": ("/tmp/a1/in.mp4 is yuv444p",),
    # ffmpeg.
    "ffmpeg end": (
        "[matroska,webm @ 0x55d0c8a3e6c0] File ended prematurely at pos. 48820224 (0x2e8f000)",
        "[matroska,webm @ 0x7f] File ended prematurely at pos. 9 (0x9)",
    ),
    "ffmpeg header": (
        "[matroska,webm @ 0x55d0c8a3e6c0] EBML header parsing failed",
        "[matroska,webm @ 0x6000012]  EBML header parsing failed\n",
    ),
    # Control characters.
    "colours": (
        "\x1b[31mERROR\x1b[0m muxer failed after 3.2s in /tmp/x/1.ts",
        "\x1b[31merror\x1b[0m muxer failed after 17m0s in /tmp/very/deep/2.ts",
    ),
    "colours of another": ("\x1b[31mERROR\x1b[0m demuxer failed after 3.2s in /tmp/x/1.ts",),
    "blanks": (
        "worker lost\r\nlast seen 2024-02-29T12:00:00Z",
        "worker  lost\n\n\tlast\u00a0seen 2019-07-01T00:00:00.5+09:00",
    ),
    # Other scripts.
    "Chinese read": ("无法读取文件 /数据/视频/1.mp4", "无法读取文件 /tmp/9f/b.mov"),
    "Chinese write": ("无法写入文件 /数据/视频/1.mp4", "无法写入文件 /tmp/9f/b.mov"),
    "Russian found": ("HTTP 404: файл https://пример.example/видео.mp4 не найден",),
    "Russian denied": (
        "HTTP 403: файл https://пример.example/видео.mp4 не найден",
        "HTTP 403: ФАЙЛ http://a.example/404 не найден",
    ),
    "Arabic": ("فشل تحميل الملف https://example.com/a.mp4", "فشل تحميل الملف https://video.example/ب/٢.mp4"),
    "Greek": ("η κωδικοποίηση απέτυχε μετά από 12s", "Η κωδικοποίηση απέτυχε μετά από 3m5s"),
    "emoji": ("💥 job 1700000000000-ab12cd exploded", "💥 job 1699999999999-0zz9k1 exploded"),
    # Very long ones that differ at their ends.
    "long drift": (f"{LONG_WORDS}the clock drifted by 12ms", f"{LONG_WORDS}the clock drifted by 3.5s"),
    "long leak": (f"{LONG_WORDS}the memory leaked by 12MB", f"{LONG_WORDS}the memory leaked by 3.5 GiB"),
    # Secrets that were replaced.
    "secret expired": (
        "credentials [redacted: token] for https://[redacted: key]:[redacted: password]@acme.example/ expired",
        "credentials [redacted: key] for https://acme.example/?sig=[redacted: signature]&x=1 expired",
    ),
    "secret revoked": (
        "credentials [redacted: token] for https://[redacted: key]:[redacted: password]@acme.example/ were revoked",
    ),
}


def messages() -> tuple[Message, ...]:
    """Each text with the next type, so that the rows of a group differ in theirs."""
    types = cycle(("upload", "export", "export-data", "clip", "transcode-file", "import"))
    return tuple(Message(text, next(types), group) for group, texts in GROUPS.items() for text in texts)


MESSAGES = messages()
