"""Values as they stand in messages of failures, in many shapes: by name in `VALUES`, each a function of a `Random`."""

import base64
import json
import random
import string
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

Value = Callable[[random.Random], str]

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ALNUM = string.ascii_lowercase + string.digits

STEMS = (
    *("video", "IMG_4021", "holiday-2023", "final_FINAL_v3", "Überblick", "東京の夜", "лето", "trailer.v2", "404"),
    *("a", "source", "Screen-Recording-2024-03-01-at-10.22.31", "DJI_0007", "café", "stream(1)", "GX010093", "été_2"),
)
SUFFIXES = ("mp4", "MOV", "mkv", "ts", "m3u8", "webm", "MP4", "m4v")
DOMAINS = (
    *("example.com", "cdn.example.co.uk", "storage.googleapis.com", "my-bucket.s3.eu-central-1.amazonaws.com"),
    *("gateway.pinata.cloud", "w3s.link", "lp-playback.studio", "video.müller.example", "a.b.c.d.example.org"),
    *("bucket.s3.amazonaws.com", "xn--bcher-kva.example", "origin-3.media.example.net", "localhost", "minio.local"),
    *("catalyst-api.default.svc.cluster.local", "vod.livepeer.example", "fra-prod-catalyst-0.lp-playback.example"),
)
NAMES = (
    *("My holiday (2).mp4", "final cut - v3 [export].mov", "Ünïcödé name.mp4", "東京 2023.mp4", "лето на даче.mkv"),
    *("it's done.mp4", 'the \\"best\\" of.mp4', "no extension", "Q&A: why 404?.mp4", "C:\\\\Videos\\\\clip 1.avi"),
    *("100%.mp4", "🎬 reel.mp4", "a, b and c.mp4", "2024-05-01 12.00.00.mp4", "not found.mp4", "\\u200bhidden.mp4"),
)
PROFILES = ("720p-main", "1080p0", "default", "low quality", "4K HDR", "360", "mobile (3G)", "超高画質", "P #2", "h")
BUCKETS = ("my-bucket", "acme.videos.prod", "x", "lp-us-vod-com", "kunde_4711", "Team Berlin", "404-pages", "данные")


def _chars(rng: random.Random, alphabet: str, count: int) -> str:
    return "".join(rng.choices(alphabet, k=count))


def _hex(rng: random.Random, count: int) -> str:
    return f"{rng.getrandbits(count * 4):0{count}x}"


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _base64(rng: random.Random) -> str:
    return base64.b64encode(rng.randbytes(rng.randint(24, 57))).decode()


def _playback(rng: random.Random) -> str:
    return _hex(rng, 4) + "-".join([_chars(rng, ALNUM, 10) + "7x"] * rng.choice((1, 1, 1, 2)))


def _asset(rng: random.Random) -> str:
    return rng.choice((_uuid(rng), _uuid(rng), _uuid(rng).upper(), _hex(rng, 32), "0" + _chars(rng, CROCKFORD, 25)))


def _job(rng: random.Random) -> str:
    return f"{rng.randint(1_650_000_000_000, 1_750_000_000_000)}-{_chars(rng, ALNUM, 5)}{rng.randint(0, 9)}"


def _request(rng: random.Random) -> str:
    return rng.choice((_chars(rng, CROCKFORD, 15) + "7", _uuid(rng), _hex(rng, 16).upper(), "tx" + _hex(rng, 21)))


def _cid(rng: random.Random) -> str:
    one = "bafy" + "bei" + _chars(rng, BASE32, 50) + "2q"
    return rng.choice(("Qm" + _chars(rng, BASE58, 44), one, "bafkrei" + _chars(rng, BASE32, 50) + "4y"))


def _number(rng: random.Random) -> str:
    long = str(rng.randint(10**8, 10**19))
    return rng.choice((str(rng.randint(0, 9)), str(rng.randint(10, 999)), long, str(rng.choice((404, 403, 500, 3450)))))


def _real(rng: random.Random) -> str:
    number = rng.uniform(0.001, 90_000)
    return rng.choice((f"{number:.6f}", f"{number:.1f}", str(int(number)), f"{number:.3e}", f"{number}"))


def _size(rng: random.Random) -> str:
    unit = rng.choice(("MiB", "GiB", "kB", "MB", "GB", "KiB", "B", "TB"))
    return f"{rng.choice((f'{rng.uniform(0.1, 1023):.1f}', rng.randint(1, 999)))}{rng.choice((' ', ''))}{unit}"


def _duration(rng: random.Random) -> str:
    minutes, seconds = rng.randint(1, 59), rng.randint(0, 59)
    shapes = (f"{minutes}m{seconds}.5s", f"{seconds}s", f"{rng.randint(1, 99)}h{minutes}m{seconds}s", f"{minutes}m0s")
    return rng.choice((*shapes, f"{rng.uniform(1, 999):.6f}ms", f"{rng.randint(1, 999)}µs", f"{seconds}.{minutes}s"))


def _clock(rng: random.Random) -> str:
    hours, minutes, seconds = rng.randint(0, 99), rng.randint(0, 59), rng.randint(0, 59)
    shape = f"{hours:02}:{minutes:02}:{seconds:02}"
    return rng.choice((shape, f"{shape}.{rng.randint(0, 9)}", f"{shape}.{rng.randint(0, 999_999):06}"))


def _moment(rng: random.Random) -> datetime:
    return datetime(2021, 1, 1, tzinfo=UTC) + timedelta(microseconds=rng.randint(0, 4 * 31_536_000 * 10**6))


def _time(rng: random.Random) -> str:
    at = _moment(rng)
    zone = rng.choice(("Z", "+00:00", "-07:00", "+05:30"))
    return (
        f"{at:%Y-%m-%dT%H:%M:%S}{rng.choice(('', f'.{at.microsecond // 1000:03}', f'.{at.microsecond:06}123'))}{zone}"
    )


def _date(rng: random.Random) -> str:
    at = _moment(rng)
    go = f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond} +0000 UTC"
    return rng.choice((f"{at:%a, %d %b %Y %H:%M:%S} GMT", _time(rng), go, f"{at:%Y/%m/%d %H:%M:%S}"))


def _domain(rng: random.Random) -> str:
    return rng.choice(
        (*DOMAINS, f"{_hex(rng, 12)}.cloudfront.net", f"ec2-3-{rng.randint(1, 255)}-7-9.compute.internal")
    )


def _ip(rng: random.Random) -> str:
    four = ".".join(str(rng.randint(1, 254)) for _ in range(4))
    six = rng.choice(
        ("2600:1f18:4a3:" + _hex(rng, 4) + "::7b", "::1", "fe80::1ff:fe23:4567:890a%eth0", "2001:db8::8:800")
    )
    return rng.choice((four, four, f"[{six}]"))


def _address(rng: random.Random) -> str:
    return f"{_ip(rng)}:{rng.choice((443, 80, 53, 7979, 404, 8935, rng.randint(1024, 65535)))}"


def _pod(rng: random.Random) -> str:
    name = rng.choice(("task-runner", "livepeer-task-runner", "catalyst-api", "prod-vod-transcoder"))
    return f"{name}-{_hex(rng, 9)}{rng.randint(0, 9)}-{_chars(rng, 'bcdfghjklmnpqrstvwxz2456789', 4)}5"


def _key(rng: random.Random) -> str:
    stem = rng.choice(STEMS)
    folder = rng.choice(("hls", "source", "directUpload", "output/video", "a/b/c/d", "404", "user_77"))
    return f"{folder}/{rng.choice((_playback, _asset, _cid))(rng)}/{stem}.{rng.choice(SUFFIXES)}"


def _path(rng: random.Random) -> str:
    root = rng.choice(("/tmp", "/data", "/var/lib/catalyst", "/home/ubuntu/.cache", "/mnt/vol-0a1b2c3d"))
    return f"{root}/{rng.choice((_key(rng), f'source-{rng.randint(1, 10**9)}.mp4', f'clip_{_uuid(rng)}/0.ts'))}"


def _query(rng: random.Random) -> str:
    secret = rng.choice((_hex(rng, 64), "[redacted: signature]", "[redacted: …]"))
    signed = (
        f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA{_chars(rng, CROCKFORD, 16)}%2F20240501%2Fus-east-1"
        f"%2Fs3%2Faws4_request&X-Amz-Date=20240501T101112Z&X-Amz-Expires=43200&X-Amz-SignedHeaders=host"
        f"&X-Amz-Signature={secret}&x-id=PutObject"
    )
    google = (
        f"GoogleAccessId=vod@acme.iam.gserviceaccount.com&Expires=1700000000&Signature={quote(_base64(rng), safe='')}"
    )
    return rng.choice((signed, signed, google, f"token={secret}", "v=2", "code=500&status=403#t=10,20", "a[]=1&b=(x)"))


def _url(rng: random.Random) -> str:
    host = rng.choice((_domain(rng), _domain(rng), _address(rng), _domain(rng) + ":8443", "user:p4ss@" + _domain(rng)))
    path = rng.choice(
        (_key(rng), quote(_key(rng)), "", "watch", f"ipfs/{_cid(rng)}", "My%20holiday%20(2).mp4", "a//b;c=1")
    )
    return f"{rng.choice(('https', 'https', 'http'))}://{host}/{path}" + rng.choice(("", "?" + _query(rng)))


def _object(rng: random.Random) -> str:
    bucket = rng.choice(("acme-vod", "livepeer-origin.prod", "x1", "lp-mc-input"))
    keyed = f"s3+https://AKIA{_chars(rng, CROCKFORD, 16)}:[redacted: key]@storage.example.com/{bucket}/{_key(rng)}"
    return rng.choice((f"s3://{bucket}/{_key(rng)}", f"s3://{bucket}/{_job(rng)}/source", keyed))


def _content(rng: random.Random) -> str:
    """What a remote server answered, before it is quoted."""
    code = rng.choice(("AccessDenied", "NoSuchKey", "InternalError", "SignatureDoesNotMatch", "404"))
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>Request has expired</Message>'
        f"<RequestId>{_request(rng)}</RequestId><HostId>{_base64(rng)}</HostId></Error>"
    )
    title = rng.choice(("404 Not Found", "Attention Required! | Cloudflare", "Ошибка", "Bad gateway"))
    html = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<h1>{title}</h1><hr>nginx/1.{rng.randint(1, 25)}"
    )
    reason = {"reason": rng.choice(("INVALID_CREDENTIALS", "KEY_REVOKED", "日本語")), "details": "no 'jwt', or \"old\""}
    answers = [{"error": reason}, {"message": "not found", "code": rng.randint(0, 9999)}, {}, [], {"id": _uuid(rng)}]
    plain = (
        "",
        "Forbidden",
        "no",
        "error: connection refused",
        "upstream connect error (111)\n",
        "denied: i/o timeout\n",
    )
    long = "<!DOCTYPE html><p>" + "Lorem ipsum dolor sit amet, consectetur. " * rng.randint(20, 80)
    return rng.choice(
        (xml, xml, html, html + "</body></html>", json.dumps(rng.choice(answers)), rng.choice(plain), long)
    )


def _body(rng: random.Random) -> str:
    return json.dumps(_content(rng), ensure_ascii=False)


def _tail(rng: random.Random) -> str:
    """A quoted answer at the end of a message: whole, or cut off somewhere."""
    text = _body(rng)
    return (
        text if len(text) < 40 or rng.random() < 0.6 else text[: rng.randint(30, len(text) - 1)] + rng.choice(("", "…"))
    )


def _markup(rng: random.Random) -> str:
    """An answer without quotes, which only its form shows."""
    xml = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>X</Code><Details>{_domain(rng)}</Details></Error>"
    page = f"<!DOCTYPE html>\n<html lang=en>\n<title>Error {_number(rng)}</title>\n<p>Sorry, {_time(rng)}.</p></html>"
    data = json.dumps(
        {"error": {"code": 1, "message": "Caller may not", "id": _uuid(rng)}}, indent=rng.choice((None, 2))
    )
    return rng.choice((xml, page, data))


def _small(rng: random.Random) -> str:
    return str(rng.randint(1, 40))


def _pointer(rng: random.Random) -> str:
    return "0x" + _hex(rng, rng.choice((2, 6, 8, 12)))


_FUNCTIONS = (_url, _object, _key, _path, _address, _ip, _uuid, _asset, _playback, _job, _request, _cid, _number, _real)
_MORE = (_size, _duration, _clock, _time, _date, _base64, _body, _tail, _markup, _small, _pointer, _domain, _pod)

VALUES: dict[str, Value] = {function.__name__.removeprefix("_"): function for function in (*_FUNCTIONS, *_MORE)} | {
    "file": lambda rng: rng.choice((*NAMES, f"{rng.choice(STEMS)} {rng.randint(1, 99)}.{rng.choice(SUFFIXES)}")),
    "profile": lambda rng: rng.choice(PROFILES),
    "bucket": lambda rng: rng.choice(BUCKETS),
    "mail": lambda rng: f"{rng.choice(('jane.doe', 'vod+7', 'x', 'o_k', 'Max.Müller'))}@{rng.choice(DOMAINS[:2])}",
    "secret": lambda rng: rng.choice(
        ("[redacted: token]", "[redacted: …]", "[redacted: 40 characters]", "[redacted: key]")
    ),
}
