# ruff: noqa: E501
"""Values of many shapes for the fresh templates: ids, addresses, numbers, times, paths, answers of remote servers."""

import re
import string
from collections.abc import Callable
from random import Random

HEX = "0123456789abcdef"
LOWER = string.ascii_lowercase + string.digits
MIXED = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
NAMES = [
    "holiday",
    "IMG_4471",
    "final_cut-v3",
    "lecture-07",
    "2024-03-11_match",
    "drone.raw",
    "podcast_ep12",
    "Untitled",
    "demo%20reel",
    "x9",
]
ENDS = ["mp4", "mov", "mkv", "webm", "m4v", "ts"]
COMPANIES = [
    "acme",
    "tubely",
    "kinoteka",
    "clipfarm",
    "openlearn",
    "nordfilm",
    "daostream",
    "vidly",
    "hoopcast",
    "redrock",
    "studio54",
]
ZONES = ["com", "tv", "io", "co.uk", "xyz", "org", "de", "com.br", "video"]


def _of(alphabet: str, length: int) -> Callable[[Random], str]:
    return lambda r: "".join(r.choices(alphabet, k=length))


def uuid(r: Random) -> str:
    first, second, third, fourth, last = (_of(HEX, length)(r) for length in (8, 4, 3, 3, 12))
    return f"{first}-{second}-4{third}-{r.choice('89ab')}{fourth}-{last}"


def playback(r: Random) -> str:
    """A playback id: the first four of the asset's id and twelve more."""
    return f"{r.randrange(16):x}{r.randrange(10)}{_of(LOWER, 12)(r)}{r.randrange(10)}{r.choice(LOWER)}"


def cid(r: Random) -> str:
    return r.choice([f"Qm{_of(BASE58, 44)(r)}", f"bafybei{_of(BASE32, 52)(r)}", f"bafkrei{_of(BASE32, 52)(r)}"])


def ident(r: Random) -> str:
    """An id as some service may make it: UUID, ULID, Mongo, hash, playback id, a number."""
    kinds: list[Callable[[Random], str]] = [
        *(uuid, playback, _of(HEX, 24), _of(HEX, 40), _of(HEX, 64)),
        lambda r: f"01{_of(UPPER, 24)(r)}",
        lambda r: str(r.randrange(10**5, 10**10)),
        lambda r: f"{_of(HEX, 4)(r)}-{playback(r)}",
    ]
    return r.choice(kinds)(r)


def job(r: Random) -> str:
    return f"{r.randrange(1_650_000_000_000, 1_730_000_000_000)}-{r.randrange(10)}{_of(LOWER, 5)(r)}"


def pod(r: Random) -> str:
    name = r.choice(["catalyst", "task-runner", "mist", "livepeer-api", "vod-worker"])
    return r.choice([f"{name}-{r.randrange(40)}", f"{name}-{r.randrange(10)}{_of(HEX, 8)(r)}-{_of(LOWER, 4)(r)}4"])


def ip(r: Random) -> str:
    return ".".join(str(r.randrange(1, 255)) for _ in range(4))


def addr(r: Random) -> str:
    six = f"[2a01:{_of(HEX, 3)(r)}:{r.randrange(1, 9999)}::{r.randrange(1, 99)}]"
    return f"{ip(r) if r.random() < 0.85 else six}:{r.choice([80, 443, 8080, 9000, r.randrange(1024, 65000)])}"


def host(r: Random) -> str:
    front = r.choice(["", "cdn.", "uploads.", "s3.eu-west-1.", "media-2.", "www.", f"{_of(HEX, 6)(r)}."])
    return f"{front}{r.choice(COMPANIES)}.{r.choice(ZONES)}"


def bucket(r: Random) -> str:
    return r.choice([r.choice(COMPANIES), f"{r.choice(COMPANIES)}-vod-{r.randrange(9)}", f"lp-{_of(HEX, 8)(r)}"])


def file(r: Random) -> str:
    return f"{r.choice([r.choice(NAMES), uuid(r), playback(r)])}.{r.choice(ENDS)}"


def path(r: Random) -> str:
    root = r.choice(["/tmp", "/var/tmp/catalyst", "/data/work", "/home/livepeer/jobs", "/mnt/vol-1", "/"])
    middle = [r.choice([ident(r), "hls", "source", "transcoded", "2024"]) for _ in range(r.randrange(1, 3))]
    return "/".join([root.rstrip("/"), *middle, file(r)])


def key(r: Random) -> str:
    """The key of an object in a bucket: a path without its first slash."""
    return f"{r.choice(['hls', 'directUpload', 'asset', 'vod/in'])}/{playback(r)}/{r.choice(['source', file(r)])}"


def query(r: Random) -> str:
    signed = (
        f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires={r.randrange(60, 99999)}&X-Amz-Signature={_of(HEX, 64)(r)}"
    )
    google = f"GoogleAccessId=up%40{r.choice(COMPANIES)}.iam&Expires={r.randrange(10**9, 2 * 10**9)}&Signature=a%2B{_of(MIXED, 20)(r)}%3D"
    return r.choice([signed, google, f"token={_of(MIXED, 32)(r)}", f"v={r.randrange(99)}&dl=1", f"id={ident(r)}"])


def url(r: Random) -> str:
    at = r.choice([host(r), host(r), host(r), f"{host(r)}:{r.randrange(1024, 9999)}", ip(r), addr(r)])
    bare = f"{r.choice(['https', 'https', 'http'])}://{at}{path(r)}"
    return bare if r.random() < 0.5 else f"{bare}?{query(r)}"


def store(r: Random) -> str:
    """The address of an object store or of IPFS, which catalyst takes beside http."""
    secret = f"{_of(UPPER, 20)(r)}:xxxxx"
    own = [
        f"s3+https://{secret}@{host(r)}/{bucket(r)}/{key(r)}",
        f"s3://{bucket(r)}/{key(r)}",
        f"gs://{bucket(r)}/{key(r)}",
    ]
    return r.choice([*own, f"ipfs://{cid(r)}/{file(r)}"])


def number(r: Random) -> str:
    return str(r.randrange(2, 10 ** r.randrange(1, 6) + 2))


def size(r: Random) -> str:
    unit = r.choice(["MB", " MB", "GiB", " GB", "KiB", "M", " bytes", "Mi", "B"])
    return (
        f"{r.randrange(1, 99999)}{unit}"
        if unit in (" bytes", "B") or r.random() < 0.6
        else f"{r.uniform(1, 900):.1f}{unit}"
    )


def duration(r: Random) -> str:
    whole = f"{r.randrange(1, 12)}h{r.randrange(60)}m{r.randrange(60)}s"
    short = f"{r.randrange(1, 60)}m{r.randrange(60)}s"
    return r.choice([whole, short, f"{r.randrange(1, 999)}ms", f"{r.uniform(1, 59):.3f}s", f"{r.randrange(5, 600)}s"])


def seconds(r: Random) -> str:
    return r.choice([f"{r.uniform(0.1, 9000):.{r.randrange(1, 7)}f}", str(r.randrange(2, 20000))])


def time(r: Random) -> str:
    day, clock = (
        f"2024-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}",
        f"{r.randrange(24):02}:{r.randrange(60):02}:07",
    )
    epoch = str(r.randrange(1_650_000_000_000, 1_730_000_000_000))
    return r.choice([f"{day}T{clock}Z", f"{day}T{clock}.{r.randrange(999):03}Z", f"{day} {clock} +0000 UTC", epoch])


def body(r: Random) -> str:
    """What a server may answer beside its status."""
    return r.choice(
        [
            f'{{"error":"{r.choice(["not allowed", "upstream failed", "try again"])}","requestId":"{uuid(r)}"}}',
            f'{{"errors":["{r.choice(["Account is frozen", "bad input", "something broke"])}"],"code":{r.randrange(99)}}}',
            f'{{"statusCode":{r.randrange(9)},"message":{{"id":{r.randrange(999)},"ok":false,"hint":null}}}}',
            f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>Rejected</Code><RequestId>{_of(UPPER, 16)(r)}</RequestId></Error>',
            f"<html>\r\n<head><title>Sorry</title></head>\r\n<body><h1>Sorry</h1><hr>nginx/1.2{r.randrange(9)}</body>\r\n</html>\r\n",
            f'<!DOCTYPE html><html lang="en"><head><title>{host(r)}</title></head><body class="error">Ray {_of(HEX, 16)(r)}</body>',
            r.choice(["", "denied\n", "Sorry, this did not work", "error code: 1020", "upstream connect error", "no"]),
            f"{r.choice(['job', 'object', 'session'])} {ident(r)} on {host(r)} is not there, it's gone",
        ]
    )


def go_body(r: Random) -> str:
    """A body with the quotes that Go's %q gives it."""
    text = body(r).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{text}"'


VALUES: dict[str, Callable[[Random], str]] = {
    "uuid": uuid,
    "playback": playback,
    "cid": cid,
    "id": ident,
    "job": job,
    "pod": pod,
    "ip": ip,
    "addr": addr,
    "host": host,
    "bucket": bucket,
    "file": file,
    "path": path,
    "key": key,
    "url": url,
    "src": lambda r: r.choice([url, url, store])(r),
    "n": number,
    "k": lambda r: str(r.randrange(2, 25)),
    "account": lambda r: str(r.randrange(10**11, 10**12)),
    "size": size,
    "dur": duration,
    "secs": seconds,
    "time": time,
    "gobody": go_body,
    "aws": _of(UPPER, 16),
    "b64": lambda r: f"{_of(MIXED + '+/', 42)(r)}=",
    "ptr": lambda r: f"0x{r.choice('57')}{_of(HEX, 11)(r)}",
    "eth": lambda r: f"0x{_of(HEX, 40)(r)}",
    "fps": lambda r: r.choice(["29.97", "60", "0.01", "1000/1", "90000", "240.5"]),
    "dim": lambda r: f"{r.randrange(16, 8000)}x{r.randrange(16, 5000)}",
    "email": lambda r: f"{r.choice(['ana', 'dev.ops', 'j+vod'])}@{r.choice(COMPANIES)}.{r.choice(ZONES)}",
}


def filled(text: str, r: Random) -> str:
    """`text` with a new value for each `{name}` that VALUES knows."""
    return re.sub(r"\{([a-z0-9]+)\}", lambda found: VALUES[found[1]](r), text)
