"""Rows written by hand: a few of each cause with values as different as may be, near misses, and odd ones."""

from tests.failures import Message

EXPORT = "error on export request: http status "
ENDED = "multipart upload of {} failed after part {} of {}: unexpected EOF"
LOG = "frame={0} fps={1} q=-1.0 size={2} time={3} bitrate={4}kbits/s speed={5}x\n"
STUDIO = "https://livepeer.studio/api/asset/"

# By the label of the cause: type and text of each row.
ROWS: dict[str, tuple[tuple[str, str], ...]] = {
    "not accessible": (
        ("upload", "file could not be imported from URL because it was not accessible"),
        ("import", "file could not be imported from URL because it was not accessible"),
        ("clip", "  File could not be imported from URL  because it was not accessible\n"),
    ),
    "invalid codec or container": (
        (
            "upload",
            "invalid video file codec or container, check your input file against the input codec and container "
            "support matrix",
        ),
        (
            "transcode-file",
            "Invalid video file codec or container, check your input file\tagainst the input codec and container "
            "support matrix",
        ),
    ),
    "failed to probe": (
        (
            "upload",
            "failed to probe or open file, check your input file against the input codec and container support matrix",
        ),
        (
            "clip",
            "failed to probe or open file, check your input file against the input codec and container support matrix",
        ),
    ),
    "pixel format": (("upload", "unsupported input pixel format, must be 'yuv420p' or 'yuvj420p'"),),
    "pixel format 422": (
        ("upload", 'pixel format yuv422p10le of "Hochzeit Anna & Tom.mov" is not supported'),
        ("import", 'pixel format yuv422p10le of "C0001.MXF" is not supported'),
    ),
    "pixel format 444": (
        ("upload", 'pixel format yuv444p of "Hochzeit Anna & Tom.mov" is not supported'),
        ("clip", 'pixel format yuv444p of "screen 3 (copy).mp4" is not supported'),
    ),
    "internal error": (
        ("upload", "internal error processing file"),
        ("export", "internal error processing file"),
        ("transcode-file", "INTERNAL ERROR PROCESSING FILE"),
    ),
    "execution timeout": (("export", "execution timeout"), ("upload", "Execution timeout")),
    "download failed": (("upload", "file download failed"), ("clip", "file download failed ")),
    "saving failed": (("upload", "error saving file to storage"), ("transcode-file", "error saving file to storage")),
    "asset deleted": (("upload", "task cancelled, asset has been deleted"),),
    "enqueue": (("export", "Failed to enqueue task"), ("upload", "failed to enqueue task")),
    "no assetSpec": (("upload", "bad task output: missing assetSpec"),),
    "no destination": (
        ("export", "missing `ipfs` or `custom` export desination params: custom=<nil>, ipfs=<nil>"),
        ("export-data", "missing `ipfs` or `custom` export desination params: custom=<nil>, ipfs=<nil>"),
    ),
    "no file name": (
        ("export", "unable to find download filename for asset: 09f8b46c-61a0-4254-9875-f71f4c605bc7"),
        ("export", "unable to find download filename for asset: E1A7C2B4-0D5F-4E1B-8F6A-7C3D2B1A0F9E"),
    ),
    "no playback URL": (("export", "cannot create player NFT for asset without playback URL"),),
    # A status and what a remote server said
    "export 403": (
        (
            "export",
            EXPORT + '403 Forbidden: "<?xml version=\\"1.0\\" encoding=\\"UTF-8\\"?>\\n<Error><Code>AccessDenied</Code>'
            "<Message>Request has expired</Message><X-Amz-Expires>900</X-Amz-Expires><Expires>2023-06-01T10:00:00Z"
            '</Expires><RequestId>9ZK3VQ5YB1C2D3E4</RequestId><HostId>r3+/xA==</HostId></Error>"',
        ),
        ("export", EXPORT + '403 Forbidden: "{\\"message\\":\\"Missing Authentication Token\\"}"'),
        ("export-data", EXPORT + '403 Forbidden: ""'),
        ("export", EXPORT + '403 Forbidden: "error code: 1020"'),
        ("export", EXPORT + '403 Forbidden: "<html><body><h1>404 Not Found</h1>' + "<p>nothing here</p>" * 400),
    ),
    "export 404": (
        ("export", EXPORT + '404 Not Found: "error code: 1020"'),
        ("export", EXPORT + '404 Not Found: "<html><head><title>403 Forbidden</title></head></html>\\r\\n"'),
        ("export-data", EXPORT + '404 Not Found: "Cannot PUT /upload/it\'s here"'),
    ),
    "export 409": (
        ("export", EXPORT + '409 Conflict: "{\\"error\\":\\"object exists\\",\\"etag\\":\\"d41d8cd98f00b204\\"}"'),
        ("export", EXPORT + '409 Conflict: "already there"'),
    ),
    "pinata 401": (
        ("export", 'http status 401 Unauthorized: "{\\"error\\":\\"Invalid/expired API keys\\"}"'),
        ("export-data", 'http status 401 Unauthorized: "{\\"error\\":{\\"reason\\":\\"INVALID_CREDENTIALS\\"}}"'),
        ("export", 'http status 401 Unauthorized: "[redacted: token] is no longer valid"'),
    ),
    "pinata 402": (
        ("export", 'http status 402 Payment Required: "{\\"error\\":\\"Invalid/expired API keys\\"}"'),
        ("export", 'http status 402 Payment Required: "Kontingent erschöpft"'),
    ),
    "rendition 500": (
        ("export", "unexpected status code 500 from https://10.0.3.7:8443/v1/renditions/404"),
        ("upload", "unexpected status code 500 from http://transcoder-2.example.net/r?ids[]=7&status=503"),
    ),
    "rendition 503": (
        ("export", "unexpected status code 503 from https://10.0.3.7:8443/v1/renditions/404"),
        ("clip", "unexpected status code 503 from https://[2001:db8::5]/v1/renditions/500"),
    ),
    # Numbers that look like a status or a code, and are none
    "upload ended early": (
        ("export", ENDED.format("s3://acme/out/720p0.mp4", 404, 500)),
        ("export", ENDED.format("s3://b/ü/1080p0.mp4", 7, 12)),
        ("transcode-file", ENDED.format("s3://lp-vod-prod/hls/8f1dlc3vrz0k2m4n/index.m3u8", 3450, 10000)),
    ),
    "segment too short": (
        ("upload", "segment 3450 is too short: 0.04s"),
        ("clip", "segment 3 is too short: 1.5ms"),
        ("upload", "segment 403 is too short: 0s"),
    ),
    "segment too long": (
        ("upload", "segment 3450 is too long: 0.04s"),
        ("clip", "segment 12 is too long: 1h2m30.5s"),
    ),
    "resolution": (
        ("upload", "resolution 7680x4320 exceeds maximum 4096x2160"),
        ("clip", "resolution 500x403 exceeds maximum 320x240"),
    ),
    "frame rate": (("upload", "invalid framerate: 0.000000"), ("clip", "invalid framerate: 90000")),
    # Words of Go and of the network
    "catalyst refused": (
        (
            "upload",
            'failed to call catalyst: Post "http://catalyst-api.svc.cluster.local:7979/api/vod": dial tcp '
            "10.43.0.12:7979: connect: connection refused",
        ),
        (
            "transcode-file",
            'failed to call catalyst: Post "https://fra-prod-catalyst-3.example.com/api/vod?id=01HZX8M3T9Q5": dial tcp '
            "[2600:1f18::ab]:443: connect: connection refused",
        ),
    ),
    "catalyst i/o timeout": (
        (
            "upload",
            'failed to call catalyst: Post "http://catalyst-api.svc.cluster.local:7979/api/vod": dial tcp '
            "10.43.0.12:7979: i/o timeout",
        ),
        ("clip", 'failed to call catalyst: Post "http://127.0.0.1/api/vod": dial tcp 127.0.0.1:80: i/o timeout'),
    ),
    "stream internal error": (
        ("export", "stream error: stream ID 5; INTERNAL_ERROR; received from peer"),
        ("upload", "stream error: stream ID 1999; INTERNAL_ERROR; received from peer"),
    ),
    "stream refused": (
        ("export", "stream error: stream ID 5; REFUSED_STREAM; received from peer"),
        ("export", "stream error: stream ID 403; REFUSED_STREAM; received from peer"),
    ),
    "asset deadline": (
        ("export", f'Get "{STUDIO}7f3c9e1a-22b4-4b52-9d0e-6a5f4c3b2a10": context deadline exceeded'),
        ("export-data", 'Get "https://livepeer.monster/api/asset/x?strict=1": context deadline exceeded'),
    ),
    "asset cancelled": (
        ("export", f'Get "{STUDIO}7f3c9e1a-22b4-4b52-9d0e-6a5f4c3b2a10": context canceled'),
        ("export", f'Get "{STUDIO}0b0a5d9e-93f6-4c8d-a0c1-d2e3f4a5b6c7/": context canceled'),
    ),
    "asset EOF": (("export", f'Get "{STUDIO}7f3c9e1a-22b4-4b52-9d0e-6a5f4c3b2a10": EOF'),),
    # Codecs and codes
    "VP9 in MP4": (("upload", "error checking for video: VP9 in an MP4 container is not supported"),),
    "AV1 in MP4": (("upload", "error checking for video: AV1 in an MP4 container is not supported"),),
    "codec hevc": (
        ("upload", "/tmp/a1/source.mkv: decoder for codec hevc not found in 12.4 MiB"),
        ("clip", "/data/вход/0001.ts: decoder for codec hevc not found in 5242880 bytes"),
    ),
    "codec prores": (
        ("upload", "/tmp/a1/source.mkv: decoder for codec prores not found in 12.4 MiB"),
        ("import", "/mnt/vol.2/9c56cc51b374/orig.mov: decoder for codec prores not found in 3GB"),
    ),
    "job 1010": (
        ("upload", "mediaconvert job 1690000000000-k3j2h1 ended with error code 1010 after 00:01:02.3"),
        ("clip", "mediaconvert job 1712345678901-1040ab ended with error code 1010 after 11:59:59"),
    ),
    "job 1030": (
        ("upload", "mediaconvert job 1690000000000-k3j2h1 ended with error code 1030 after 00:01:02.3"),
        ("upload", "mediaconvert job 1655555555555-z9y8x7 ended with error code 1030 after 00:00:00"),
    ),
    # Names in quotes, mails, dates, CIDs, secrets
    "profile": (
        ("upload", 'profile "720p-main" needs a bitrate'),
        ("transcode-file", 'profile "my profile, no bitrate" needs a bitrate'),
        ("upload", 'profile "連接" needs a bitrate'),
    ),
    "profile's name": (
        ("upload", 'profile "720p-main" is there twice'),
        ("upload", 'profile "403 Forbidden" is there twice'),
    ),
    "file's name": (
        ("upload", 'file "a\\x00b\\x1b[31m.mp4" cannot be stored under its name'),
        ("upload", 'file "a\x00b\x1b[31m\x07.mp4" cannot be stored under its name'),
        ("import", 'file "' + "очень длинное имя " * 120 + '.mp4" cannot be stored under its name'),
    ),
    "key expired": (
        ("export", "key [redacted: 32 characters] of jane.doe+vod@example.co.uk expired on 2024-02-29T23:59:59Z"),
        ("export", "key [redacted: …] of o_k@mail.example expired on Mon, 02 Jan 2006 15:04:05 GMT"),
    ),
    "key revoked": (
        ("export", "key [redacted: 32 characters] of jane.doe+vod@example.co.uk was revoked on 2024-02-29T23:59:59Z"),
        ("export", "key [redacted: api key] of ops@video.example was revoked on 2021-12-31 08:00:00 +0000 UTC"),
    ),
    "block not found": (
        (
            "export",
            "block was not found locally: ipld: could not find QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPBdG",
        ),
        (
            "export",
            "block was not found locally: ipld: could not find "
            "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
        ),
    ),
    # Odd ones
    "nothing": (("upload", ""), ("export", "   "), ("clip", "\n\t \r\n"), ("import", "\u00a0")),
    "dots": (("upload", "..."), ("export", " ...\n")),
    "only a URL": (
        ("upload", "https://example.com/video.mp4"),
        ("import", "http://198.51.100.7:8080/live/404?token=[redacted: token]"),
    ),
    "Russian, not found": (
        ("upload", "не удалось открыть файл «отпуск 2023.mp4»: нет такого файла"),
        ("import", "Не удалось открыть файл «x.mov»: нет такого файла"),
    ),
    "Russian, no access": (("upload", "не удалось открыть файл «отпуск 2023.mp4»: отказано в доступе"),),
    "Japanese": (
        ("export", "アップロードに失敗しました: https://example.jp/動画/1.mp4 (ステータス 403)"),
        ("export", "アップロードに失敗しました: https://s3.example.jp/b/k?x=404 (ステータス 403)"),
    ),
    "colours of a terminal": (
        ("upload", "\x1b[31merror\x1b[0m: worker 7 at 10.1.2.3 left after 1m30.5s"),
        ("clip", "\x1b[31merror\x1b[0m: worker 1203 at 192.168.178.20 left after 45s"),
    ),
    "long log": (
        ("upload", LOG.format(25, 24.97, "1024KiB", "00:00:01.00", 812.5, 1.01) * 60 + "Conversion failed!"),
        ("clip", LOG.format(9000, 60, "3GiB", "01:02:03.450", 3450, 0.5) * 60 + "Conversion failed!"),
    ),
    "long log, killed": (
        ("upload", LOG.format(25, 24.97, "1024KiB", "00:00:01.00", 812.5, 1.01) * 60 + "signal: killed"),
    ),
}

MESSAGES = tuple(Message(text, kind, group) for group, rows in ROWS.items() for kind, text in rows)
