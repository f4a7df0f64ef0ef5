"""Values as they stand in messages: ids, addresses, amounts and what remote servers answer. All from one `Random`."""

import random
import string
import uuid

_ALNUM = string.ascii_lowercase + string.digits
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_WORDS = ("acme", "north", "river", "studio", "vod", "clips", "lunar", "films", "archive", "blue", "tv", "origin")
_TLDS = ("com", "io", "example", "net", "org", "tv", "co.uk", "dev")
_EXTENSIONS = ("mp4", "mov", "mkv", "webm", "ts", "m3u8")
_FOLDERS = ("uploads", "in", "directUpload", "hls", "video", "2026", "raw", "users")


def letters(rng: random.Random, length: int, alphabet: str = _ALNUM) -> str:
    return "".join(rng.choices(alphabet, k=length))


def uid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def hexadecimal(rng: random.Random, length: int) -> str:
    return letters(rng, length, "0123456789abcdef")


def cid(rng: random.Random) -> str:
    v0, v1 = "Qm" + letters(rng, 44, _BASE58), "bafybei" + letters(rng, 52, "abcdefghijklmnopqrstuvwxyz234567")
    return rng.choice((v0, v1))


def any_id(rng: random.Random) -> str:
    return rng.choice((uid(rng), playback_id(rng), hexadecimal(rng, rng.choice((32, 40, 64)))))


def playback_id(rng: random.Random) -> str:
    return hexadecimal(rng, 4) + letters(rng, 12)


def host(rng: random.Random) -> str:
    parts = [rng.choice(_WORDS) for _ in range(rng.randint(1, 2))] + [rng.choice(_TLDS)]
    return rng.choice(("", "s3.", "cdn-3.", "vod-origin.")) + ".".join(parts)


def ip(rng: random.Random) -> str:
    if rng.random() < 0.15:
        return f"[2001:db8::{hexadecimal(rng, 4)}]"
    return ".".join(str(rng.randint(1, 254)) for _ in range(4))


def address(rng: random.Random) -> str:
    return f"{ip(rng)}:{rng.choice((443, 80, 9000, rng.randint(1024, 65535)))}"


def file_name(rng: random.Random) -> str:
    name = rng.choice(
        (rng.choice(_WORDS), uid(rng), f"IMG_{rng.randint(1, 9999):04}", f"My-holiday({rng.randint(1, 9)})")
    )
    return f"{name}.{rng.choice(_EXTENSIONS)}"


def path(rng: random.Random) -> str:
    folders = [rng.choice((*_FOLDERS, playback_id(rng))) for _ in range(rng.randint(1, 4))]
    return "/" + "/".join((*folders, file_name(rng)))


def url(rng: random.Random) -> str:
    scheme = rng.choice(("https", "https", "http", "s3+https", "ipfs"))
    if scheme == "ipfs":
        return f"ipfs://{cid(rng)}/{file_name(rng)}"
    login = f"{letters(rng, 8)}:[redacted: password]@" if rng.random() < 0.2 else ""
    return f"{scheme}://{login}{host(rng)}{rng.choice(('', ':9000'))}{path(rng)}{_query(rng)}"


def _query(rng: random.Random) -> str:
    if rng.random() < 0.4:
        return ""
    signature = rng.choice(("[redacted: query value]", hexadecimal(rng, 64)))
    date = f"20261101T{rng.randint(0, 235959):06}Z"
    return f"?X-Amz-Date={date}&X-Amz-Expires={rng.randint(60, 43200)}&X-Amz-Signature={signature}"


def duration(rng: random.Random) -> str:
    """As Go prints it."""
    return rng.choice(
        (
            f"{rng.randint(1, 59)}s",
            f"{rng.randint(1, 59)}m{rng.uniform(0, 59.9):.{rng.randint(0, 6)}f}s",
            f"{rng.randint(1, 20)}h{rng.randint(0, 59)}m{rng.randint(0, 59)}s",
            f"{rng.uniform(1, 999):.3f}ms",
        )
    )


def size(rng: random.Random) -> str:
    return rng.choice((f"{rng.randint(0, 10**10)} bytes", f"{rng.uniform(1, 900):.1f} GB", f"{rng.randint(1, 999)}MiB"))


def number(rng: random.Random) -> str:
    return rng.choice((str(rng.randint(0, 9)), str(rng.randint(10, 10**7)), f"{rng.uniform(0, 100):.4f}"))


def instant(rng: random.Random) -> str:
    date = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return f"{date}T{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}Z"


def xml(rng: random.Random) -> str:
    code = rng.choice(("AccessDenied", "ExpiredToken", "SignatureDoesNotMatch", "NoSuchBucket"))
    more = "".join(f"<{tag}>{letters(rng, rng.randint(4, 60))}</{tag}>" for tag in ("RequestId", "HostId", "Resource"))
    error = f"<Error><Code>{code}</Code><Message>{letters(rng, 9)}</Message>{more}</Error>"
    return f'<?xml version=\\"1.0\\" encoding=\\"UTF-8\\"?>\\n{error}'


def html(rng: random.Random) -> str:
    lines = "".join(f"<p>{rng.choice(_WORDS)} {number(rng)}</p>\\r\\n" for _ in range(rng.randint(1, 30)))
    head = f"<head><title>Error {rng.randint(1, 99)}</title></head>"
    return f'<!DOCTYPE html>\\n<html lang=\\"en\\">{head}<body>{lines}</body></html>'


def json(rng: random.Random) -> str:
    reason = rng.choice(_WORDS).upper()
    text = f'{{"error":{{"reason":"{reason}","id":"{any_id(rng)}","n":{number(rng)}}}}}'
    return text.replace('"', '\\"')


def remote_body(rng: random.Random) -> str:
    """What another server answered, the way Go quotes it; short, long, empty or in plain words."""
    return f'"{rng.choice((xml, xml, html, json, lambda _: "", lambda r: " ".join(r.choices(_WORDS, k=5))))(rng)}"'
