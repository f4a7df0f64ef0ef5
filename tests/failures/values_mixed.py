"""Values of many shapes for messages of failures: what differs from one message to the next of one cause."""

import base64
import json
import random
import string
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Make = Callable[[random.Random], str]
ALPHANUMERIC = string.ascii_lowercase + string.digits


def letters_of(rng: random.Random, alphabet: str, count: int) -> str:
    return "".join(rng.choices(alphabet, k=count))


def with_digit(rng: random.Random, alphabet: str, count: int) -> str:
    """An id of letters and digits with at least one of each, as nearly all have."""
    while True:
        text = letters_of(rng, alphabet, count)
        if any(c.isdigit() for c in text) and any(c.isalpha() for c in text):
            return text


def some_uuid(rng: random.Random) -> str:
    text = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return rng.choice([text, text, text, text.upper()])


def short_id(rng: random.Random) -> str:
    """Playback ids, request ids, hashes, object ids."""
    shapes: list[Make] = [
        lambda r: with_digit(r, ALPHANUMERIC, 16),
        lambda r: with_digit(r, "0123456789abcdef", 12) + with_digit(r, ALPHANUMERIC, 4),
        lambda r: with_digit(r, "0123456789abcdef", r.choice([24, 32, 40, 64])),
        lambda r: "01H" + with_digit(r, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 23),
        lambda r: with_digit(r, string.ascii_letters + string.digits, 27),
        some_uuid,
    ]
    return rng.choice(shapes)(rng)


def aws_id(rng: random.Random) -> str:
    upper = string.ascii_uppercase + string.digits
    return rng.choice([with_digit(rng, upper, 16), with_digit(rng, upper, 16), some_uuid(rng)])


def host_id(rng: random.Random) -> str:
    return base64.b64encode(rng.randbytes(rng.choice([48, 56, 57, 64]))).decode()


def job_id(rng: random.Random) -> str:
    return f"{rng.randint(1_600_000_000_000, 1_800_000_000_000)}-{with_digit(rng, ALPHANUMERIC, 6)}"


def cid(rng: random.Random) -> str:
    base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    if rng.random() < 0.5:
        return "Qm" + with_digit(rng, base58, 44)
    return rng.choice(["bafybei", "bafkrei"]) + with_digit(rng, string.ascii_lowercase + "234567", 52)


def count(rng: random.Random) -> str:
    """Whole numbers; some look like statuses."""
    return str(rng.choice([0, 1, 7, 12, 99, 200, 403, 404, 500, 502, 1080, 65536, rng.randint(2, 10**9)]))


def number(rng: random.Random) -> str:
    shapes = [count(rng), f"-{rng.randint(1, 900)}", f"{rng.uniform(0, 90):.3f}", f"{rng.randint(10**4, 10**8):,}"]
    return rng.choice([*shapes, "1.2e+06", f"{rng.random() * 1e4}"])


def rate(rng: random.Random) -> str:
    return rng.choice([number(rng), "30000/1001", "0/0", f"{rng.randint(1, 240)}/1"])


def pointer(rng: random.Random) -> str:
    return f"0x{rng.getrandbits(rng.choice([28, 44, 47])):x}"


def size(rng: random.Random) -> str:
    unit = rng.choice(["B", "kB", "KB", "MB", "GB", "KiB", "MiB", "GiB", "TB", "bytes"])
    amount = str(rng.randint(2, 9999)) if unit in {"B", "bytes"} else f"{rng.uniform(0.1, 990):.{rng.randint(0, 2)}f}"
    return amount + (" " if unit == "bytes" else rng.choice(["", " "])) + unit


def duration(rng: random.Random) -> str:
    """As Go prints them, mostly."""
    low = rng.randint(1, 59)
    shapes = [f"{low}s", f"{low}m0s", f"{low}h{rng.randint(0, 59)}m{rng.randint(0, 59)}s", f"{low * 7}ms", f"{low}.5s"]
    return rng.choice([*shapes, f"{low}m{rng.uniform(0, 59):.9f}s", f"{rng.uniform(1, 900):.3f}µs", "1h0m0.000000001s"])


def time(rng: random.Random) -> str:
    at = datetime(2022, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.uniform(0, 1.3e8))
    there = at.astimezone(timezone(timedelta(hours=rng.choice([-8, 2, 9]))))
    shapes = [
        at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z",
        there.isoformat(timespec="seconds"),
        at.strftime("%Y-%m-%d %H:%M:%S.%f +0000 UTC"),
        at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        at.strftime("%Y/%m/%d %H:%M:%S"),
    ]
    return rng.choice(shapes)


def address(rng: random.Random) -> str:
    """An IP address with a port."""
    if rng.random() < 0.3:
        ip = rng.choice(["[::1]", "[2a05:d018:1f::4e1]", f"[2001:db8::{rng.getrandbits(16):x}:1f]"])
    else:
        ip = ".".join(str(rng.randint(1, 254)) for _ in range(4))
    return f"{ip}:{rng.choice([53, 80, 443, 500, 1935, 8080, rng.randint(1024, 65535)])}"


def host(rng: random.Random) -> str:
    number_of = rng.randint(1, 40)
    hosts = ["storage.googleapis.com", "s3.eu-west-1.amazonaws.com", "my-bucket.s3.amazonaws.com", "api.pinata.cloud"]
    odd = [f"origin-{number_of}.video.example.co.uk", f"ip-10-0-{number_of}-7.ec2.internal", "xn--bcher-kva.example"]
    more = ["NAS.Local", "timeout.example.org", "404.example.net", f"10.0.3.{number_of}"]
    return rng.choice([*hosts, *odd, *more, f"{with_digit(rng, ALPHANUMERIC, 14)}.cloudfront.net"])


def looked_up(rng: random.Random) -> str:
    """A host name as a resolver is asked for it: it may be one word, it may end with a dot."""
    return rng.choice([host(rng), host(rng), host(rng) + ".", "minio", "catalyst-api", "localhost"])


def email(rng: random.Random) -> str:
    people = ["jo.doe+video@example.com", "ANNA@example.org", f"user{rng.randint(1, 999)}@mail.example.co.jp"]
    service = f"uploader-{rng.randint(1, 99)}@my-project-{rng.randint(1000, 9999)}.iam.gserviceaccount.com"
    return rng.choice([*people, service, service])


def secret(rng: random.Random) -> str:
    return f"[redacted: {rng.choice(['key', 'signature', 'token', 'password'])}]"


def path(rng: random.Random) -> str:
    """Of a file, with at least one slash and no blanks."""
    number_of = rng.randint(0, 900)
    known = [
        f"/tmp/transcode-{rng.getrandbits(32)}/input.mp4",
        f"/var/lib/catalyst/{some_uuid(rng)}/720p0/index{number_of}.ts",
        f"/data/Übung/第{number_of}課.mov",
        f"C:\\Users\\me\\Videos\\clip_{number_of}.mkv",
        f"transcoded/{with_digit(rng, ALPHANUMERIC, 16)}/{number_of}.ts",
        f"/404/AccessDenied/{number_of}.m3u8",
        "/dev/shm/a",
        f"./out/{rng.getrandbits(48):012x}.tar.gz",
        "/" + "/".join(with_digit(rng, ALPHANUMERIC, 8) for _ in range(rng.randint(2, 9))) + "/source",
    ]
    return rng.choice(known)


def url(rng: random.Random) -> str:
    """Of many schemes, some with secrets that were replaced."""
    where, key, amount = host(rng), short_id(rng), rng.randint(1, 9999)
    signed = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20240{rng.randint(1, 9)}01T000000Z&X-Amz-Expires={amount}"
    shapes = [
        f"https://{where}/{key}/video.mp4",
        f"https://{where}/{key}/video.mp4?{signed}&X-Amz-Signature=[redacted: signature]",
        f"https://{where}/hls/{key}/index.m3u8?token=[redacted: token]&n={amount}#t={amount}",
        f"s3+https://[redacted: key]:[redacted: password]@{where}/bucket/{key}",
        f"https://user:[redacted: password]@{where}:{amount + 1024}/",
        f"http://{address(rng)}/live/{key}.ts",
        f"HTTPS://{where.upper()}/My%20holiday%20(2).MOV",
        f"s3://my-bucket-{amount}/in/{key}",
        f"gs://{where}/dir.with.dots/file,with;odd=chars.mp4",
        f"ipfs://{cid(rng)}/source.mp4",
        f"ar://{letters_of(rng, string.ascii_letters + string.digits + '-_', 43)}",
        f"https://{where}/not-found/403/no-such-host/{amount}.html?error=404%20Not%20Found",
        f"https://{where}",
        f"https://{where}/видео/動画/{amount}.mp4",
        f"https://{where}/v1?next=https%3A%2F%2Fother.example%2F{key}&x[]=1&y={'z' * rng.randint(1, 400)}",
    ]
    return rng.choice(shapes)


def quoted_url(rng: random.Random) -> str:
    """One that Go's client prints: http or https only, in double quotes."""
    while True:
        text = url(rng)
        if text.startswith("http"):
            return json.dumps(text, ensure_ascii=False)


def name(rng: random.Random) -> str:
    """What a user called a bucket, a profile, a project; in double quotes, escaped as Go does."""
    plain = ["720p-main", "x", "media", "My Bucket", "prod.videos.eu", "我的视频", "1080p (copy)", "timeout-test"]
    odd = ["Büro 2", 'say "cheese"', "it's mine", "🎬 clips", "404", "a" * 63, "a, b: c", "50%", "<b>", "C:\\x"]
    return json.dumps(rng.choice([*plain, *odd, f"user_{rng.randint(1, 10**6)}"]), ensure_ascii=False)


def file(rng: random.Random) -> str:
    """What a user called a file, in double quotes."""
    known = ["My holiday (2).mp4", "IMG_0042.MOV", "final_FINAL v3.mkv", "файл.avi", "a.b.c.mp4", "it's: here.mov"]
    odd = ["404 not found.mp4", 'the "best" one.webm', "Screen Recording 2024-05-01 at 9.41.12.mov", "no extension"]
    return json.dumps(rng.choice([*known, *odd, f"{rng.randint(1, 10**9)}.ts"]), ensure_ascii=False)


def markup(rng: random.Random) -> str:
    """The body of a remote answer as it came: XML, HTML or JSON."""
    key, where = short_id(rng), host(rng)
    code = rng.choice(["AccessDenied", "NoSuchKey", "SlowDown"])
    xml = f"<Error><Code>{code}</Code><RequestId>{key}</RequestId></Error>"
    reason = rng.choice(["404 Not Found", "Sorry, you have been blocked", "502 Bad Gateway", "Wartung"])
    html = f"<html>\r\n<head><title>{reason}</title></head>\r\n<body><h1>{reason}</h1><hr>{where}</body>\r\n</html>"
    problem = {"error": {"reason": reason, "details": f'no "{key}" at {where}', "n": [rng.randint(1, 9), None, True]}}
    shapes = [
        xml,
        '<?xml version="1.0" encoding="UTF-8"?>\n' + xml,
        html,
        "<!DOCTYPE html>\n<!-- " + "padding " * rng.randint(1, 300) + "-->\n" + html,
        json.dumps(problem),
        json.dumps(problem, indent=2),
        json.dumps({"message": reason, "requestId": key}),
    ]
    return rng.choice(shapes)


def body(rng: random.Random) -> str:
    """The body of a remote answer as Go's %q prints it: in double quotes, escaped."""
    plain = ["", "Forbidden", "i/o timeout", "error code: 1020", "拒绝访问", "\\", "null", 'I said: "no"; later\n']
    text = rng.choice([markup(rng), markup(rng), rng.choice(plain), f"Bad thing at {time(rng)} for {short_id(rng)}"])
    return json.dumps(text, ensure_ascii=rng.random() < 0.2)


def method(rng: random.Random) -> str:
    return rng.choice(["Put", "Post"])
