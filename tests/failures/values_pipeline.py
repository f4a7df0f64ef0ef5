"""Values that a transcoding pipeline puts into its messages: ids, addresses, paths, sizes, remote answers."""

import random
import string
from collections.abc import Callable, Mapping
from urllib.parse import quote

Value = Callable[[random.Random], str]

_HEX = "0123456789abcdef"
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE64 = string.ascii_letters + string.digits + "-_"
_UPPER = string.ascii_uppercase + string.digits
_LOWER = string.ascii_lowercase + string.digits
_WORDS = ("acme", "northwind", "lumen", "riverbank", "kite", "blue-harbor", "mediahub", "vod42", "studio7", "ogawa")
_ZONES = ("com", "io", "tv", "co.uk", "net", "xyz", "example")
_FILES = (
    "video", "final cut", "IMG_4821", "GX010034", "interview-03", "Screen Recording 2025-03-14 at 10.22.31",
    "trailer_v2", "lección-5", "講義", "source", "input", "master.1080p", "20250611_184402", "wedding (1)", "ep12",
)  # fmt: skip
_ENDINGS = ("mp4", "mov", "mkv", "webm", "m4v", "avi", "ts", "flv")
_REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2", "us-west-004", "sfo3", "fra1")


def _some(rng: random.Random, letters: str, count: int) -> str:
    return "".join(rng.choices(letters, k=count))


def hexes(count: int) -> Value:
    return lambda rng: _some(rng, _HEX, count)


def between(low: int, high: int) -> Value:
    return lambda rng: str(rng.randint(low, high))


def one_of(*choices: str) -> Value:
    return lambda rng: rng.choice(choices)


def uuid(rng: random.Random) -> str:
    return "-".join(_some(rng, _HEX, count) for count in (8, 4, 4, 4, 12))


def playback_id(rng: random.Random) -> str:
    return _some(rng, _LOWER, 16)


def request_id(rng: random.Random) -> str:
    """The id of a run of the pipeline, as the runner and catalyst write it."""
    return rng.choice((_some(rng, _LOWER, 8), uuid(rng), f"{uuid(rng)}-{rng.randint(0, 2)}"))


def aws_request_id(rng: random.Random) -> str:
    return rng.choice((_some(rng, _UPPER, 16), "tx" + _some(rng, _HEX, 21) + "-00" + _some(rng, _HEX, 8), uuid(rng)))


def aws_host_id(rng: random.Random) -> str:
    return _some(rng, string.ascii_letters + string.digits + "/+", rng.choice((55, 75))) + "="


def host(rng: random.Random) -> str:
    name = f"{rng.choice(_WORDS)}.{rng.choice(_ZONES)}"
    return rng.choice(("", "cdn.", "media.", f"origin-{rng.randint(1, 9)}.", f"{_some(rng, _HEX, 6)}.")) + name


def bucket(rng: random.Random) -> str:
    return f"{rng.choice(_WORDS)}-{rng.choice(('archive', 'vod', 'uploads', 'prod-media', str(rng.randint(10, 9999))))}"


def filename(rng: random.Random) -> str:
    return f"{rng.choice(_FILES)}.{rng.choice(_ENDINGS)}"


def url_path(rng: random.Random) -> str:
    folders = (
        rng.choice((*_WORDS, "in", "videos", str(rng.randint(2019, 2026)), uuid(rng))) for _ in range(rng.randint(0, 3))
    )
    return quote("/".join((*folders, filename(rng))))


def url(rng: random.Random) -> str:
    """Where a source lies: plain, signed, signed and redacted, an object store's, a gateway's."""
    region = rng.choice(_REGIONS)
    return rng.choice(
        (
            f"https://{host(rng)}/{url_path(rng)}",
            f"http://{host(rng)}:{rng.randint(1025, 9999)}/{url_path(rng)}",
            f"https://{bucket(rng)}.s3.{region}.amazonaws.com/{url_path(rng)}",
            signed_url(rng),
            f"https://{bucket(rng)}.s3.{region}.amazonaws.com/{url_path(rng)}?[redacted]",
            f"https://storage.googleapis.com/{bucket(rng)}/{uuid(rng)}?Expires={rng.randint(10**9, 2**31)}&Signature=*",
            f"https://{rng.choice(('ipfs.io', 'dweb.link', 'gateway.pinata.cloud'))}/ipfs/{cid(rng)}",
            f"https://***:***@{host(rng)}/{url_path(rng)}",
        )
    )


def signed_url(rng: random.Random) -> str:
    day = f"2025{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    return (
        f"https://{bucket(rng)}.s3.amazonaws.com/{url_path(rng)}?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        f"&X-Amz-Credential=AKIA{_some(rng, _UPPER, 16)}%2F{day}%2F{rng.choice(_REGIONS)}%2Fs3%2Faws4_request"
        f"&X-Amz-Date={day}T1{rng.randint(0, 9)}{rng.randint(10, 59)}{rng.randint(10, 59)}Z"
        f"&X-Amz-Expires=3600&X-Amz-Signature={_some(rng, _HEX, 64)}"
    )


def store_url(rng: random.Random) -> str:
    """Where the pipeline writes: an object store's address in its own scheme."""
    account = rng.choice(("***:***", f"{_some(rng, _UPPER, 20)}:xxxxx", "[redacted]"))
    gateway = rng.choice(("gateway.storjshare.io", "s3.amazonaws.com", host(rng)))
    return f"s3+https://{account}@{gateway}/{bucket(rng)}/{object_key(rng)}"


def object_key(rng: random.Random) -> str:
    name = rng.choice(
        ("index.m3u8", f"{rng.randint(0, 900)}.ts", "static360p0.mp4", f"720p0/{rng.randint(0, 900)}.ts", "video")
    )
    return f"{rng.choice(('hls', 'transcoded', 'asset', 'directUpload'))}/{playback_id(rng)}/{name}"


def temp_path(rng: random.Random) -> str:
    """A file on the disk of a worker, named by the pipeline."""
    folder = rng.choice(
        ("/tmp", "/var/tmp/catalyst", f"/tmp/transfer{rng.randint(10**6, 10**9)}", f"/data/{uuid(rng)}")
    )
    name = rng.choice((f"{playback_id(rng)}_{rng.randint(0, 900)}", f"input-{_some(rng, _HEX, 8)}", "source", "index"))
    return f"{folder}/{name}.{rng.choice(_ENDINGS)}"


def cid(rng: random.Random) -> str:
    return rng.choice(("Qm" + _some(rng, _BASE58, 44), "bafybei" + _some(rng, _BASE32, 52)))


def ip(rng: random.Random) -> str:
    if rng.random() < 0.2:
        return f"[2600:{_some(rng, _HEX, 4)}:{rng.randint(1, 9999)}::{_some(rng, _HEX, 4)}]"
    return ".".join(str(rng.randint(1, 254)) for _ in range(4))


def address(rng: random.Random) -> str:
    return f"{ip(rng)}:{rng.choice((443, 80, 8443, 5432, 9000, rng.randint(30000, 65000)))}"


def duration(rng: random.Random) -> str:
    whole, part = rng.randint(1, 59), rng.randint(1, 999)
    return rng.choice(
        (
            f"{whole}s",
            f"{rng.randint(1, 9)}m{whole}s",
            f"{rng.randint(1, 5)}h{whole}m0s",
            f"{whole}.{part:03}{rng.randint(1, 10**6 - 1):06}s",
            f"{part}ms",
            f"{part}.{rng.randint(1, 999)}µs",
        )
    )


def seconds(rng: random.Random) -> str:
    return rng.choice((f"{rng.uniform(0, 9000):.3f}", f"{rng.uniform(0, 900):.6f}", str(rng.randint(0, 40000))))


def size(rng: random.Random) -> str:
    unit = rng.choice(("MB", "GB", "MiB", "GiB"))
    return rng.choice(
        (f"{rng.uniform(1, 900):.1f} {unit}", f"{rng.randint(1, 900)}{unit}", f"{rng.randint(10**3, 10**11)} bytes")
    )


def moment(rng: random.Random) -> str:
    day = f"202{rng.randint(3, 6)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    time = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    return rng.choice(
        (
            f"{day}T{time}Z",
            f"{day}T{time}.{rng.randint(0, 999):03}Z",
            f"{day} {time}.{rng.randint(1, 999999)} +0000 UTC",
        )
    )


def body(rng: random.Random) -> str:
    """What a remote server answered with an error, as Go quotes it (without the quotes around it)."""
    code = rng.choice(("RequestError", "InvalidRequest", "Unknown"))
    ids = f"<RequestId>{aws_request_id(rng)}</RequestId><HostId>{aws_host_id(rng)}</HostId>"
    nginx = f"nginx/1.{rng.randint(14, 27)}.{rng.randint(0, 6)}"
    text = rng.choice(
        (
            f'<?xml version="1.0" encoding="UTF-8"?>\\n<Error><Code>{code}</Code>{ids}</Error>',
            f'{{"error":{{"code":{rng.randint(1000, 9999)},"details":"request {uuid(rng)}"}}}}',
            f"<html>\\r\\n<body>\\r\\n<center><h1>Error</h1></center>\\r\\n<hr>{nginx}\\r\\n</body>\\r\\n</html>\\r\\n",
            f'{{"message":"rejected","token":"[redacted]","ray":"{_some(rng, _HEX, 16)}-FRA"}}',
            "",
            "try again later",
        )
    )
    return text.replace('"', '\\"')


KINDS: Mapping[str, Value] = {
    "uuid": uuid, "playback": playback_id, "run": request_id, "awsid": aws_request_id, "hostid": aws_host_id,
    "host": host, "file": filename, "url": url, "signed": signed_url, "store": store_url, "path": temp_path, "cid": cid,
    "ip": ip, "addr": address, "dur": duration, "sec": seconds, "size": size, "time": moment, "body": body,
    "pointer": hexes(12), "n": between(0, 999), "few": between(1, 9), "big": between(10**4, 10**10),
    "token": lambda rng: _some(rng, _BASE64, rng.randint(24, 90)), "even": lambda rng: str(2 * rng.randint(80, 2000)),
    "odd": lambda rng: str(2 * rng.randint(80, 2000) + 1), "profile": one_of("360p0", "480p0", "720p0", "1080p0"),
}  # fmt: skip


class Values:
    """For `format_map`: each `{name}` becomes a new value of its kind."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def __getitem__(self, name: str) -> str:
        return KINDS[name](self.rng)
