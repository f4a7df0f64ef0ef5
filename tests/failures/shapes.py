# ruff: noqa: E501 one class of values is read like a list
"""Values by class, each in every shape that programs print it in. A message is the same whatever shape its value has."""

import random
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from tests.failures import values

Maker = Callable[[random.Random], str]

_HEX, _LOWER, _UPPER = (
    "0123456789abcdef",
    string.ascii_lowercase + string.digits,
    string.ascii_uppercase + string.digits,
)
_ANY = string.ascii_letters + string.digits
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NAMES = (
    "My Holiday",
    "final cut",
    "interview",
    "Ürlaub 2024",
    "講義",
    "a",
    "Q3 – review",
    "lecture_07",
    "FINAL(2)",
    "x264 test",
    "the end",
    "no video",
)
_HOSTS = ("acme.com", "s3.eu-west-1.amazonaws.com", "cdn.kite.co.uk", "minio.lan", "vod.internal", "b.io", "gateway.pinata.cloud", "a-b.example",
          "r2.cloudflarestorage.com", "fra1.digitaloceanspaces.com", "media.svc.cluster.local", "storage.googleapis.com", "bücher.example", "x.museum",
          "files.acme.berlin", "node3.prod", "livepeer.studio", "localhost")  # fmt: skip
_ENDINGS = ("mp4", "MOV", "mkv", "webm", "m3u8", "ts", "flv", "wav", "m4v", "mpg", "mxf", "avi")


def some(alphabet: str, low: int, high: int | None = None) -> Maker:
    return lambda rng: "".join(rng.choices(alphabet, k=rng.randint(low, high or low)))


def told(pattern: str, *makers: Maker) -> Maker:
    return lambda rng: pattern.format(*(maker(rng) for maker in makers))


def whole(low: int, high: int) -> Maker:
    return lambda rng: str(rng.randint(low, high))


def real(high: float, places: int) -> Maker:
    return lambda rng: f"{rng.uniform(0, high):.{places}f}"


def dated(layout: str) -> Maker:
    def make(rng: random.Random) -> str:
        moment = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randint(0, 10**8))
        return moment.strftime(layout).replace("MMM", f"{rng.randint(0, 999):03}")

    return make


def one_of(*choices: str) -> Maker:
    return lambda rng: rng.choice(choices)


uuid = values.uid
name = one_of(*_NAMES)
host = one_of(*_HOSTS)

IDS: dict[str, Maker] = {
    "uuid": uuid,
    "uuid in capitals": lambda rng: uuid(rng).upper(),
    "uuid without dashes": lambda rng: uuid(rng).replace("-", ""),
    "uuid in braces": told("{{{0}}}", uuid),
    "uuid in brackets": told("[{}]", uuid),
    "uuid in quotes": told('"{}"', uuid),
    "uuid and a number": told("{}-{}", uuid, whole(0, 9)),
    "playback id": some(_LOWER, 16),
    "nanoid": some(_ANY + "-_", 21),
    "youtube id": lambda rng: some(_ANY, 10)(rng) + rng.choice(string.digits),
    "ulid": told("01{}", some(_CROCKFORD, 24)),
    "ksuid": some(_ANY, 27),
    "object id": some(_HEX, 24),
    "cid v0": told("Qm{}", some(_BASE58, 44)),
    "cid v1": told("bafybei{}", some("abcdefghijklmnopqrstuvwxyz234567", 52)),
    "cid raw": told("bafkrei{}", some("abcdefghijklmnopqrstuvwxyz234567", 52)),
    "cid base36": told("k51qzi5uqu5{}", some(_LOWER, 51)),
    "peer id": told("12D3KooW{}", some(_BASE58, 44)),
    "sha1": some(_HEX, 40),
    "sha256": some(_HEX, 64),
    "digest": told("sha256:{}", some(_HEX, 64)),
    "ethereum address": told("0x{}", some(_HEX + "ABCDEF", 40)),
    "aws request id": some(_UPPER, 16),
    "ceph request id": told("tx{}-00{}-{}-default", some(_HEX, 21), some(_HEX, 8), some(_HEX, 5)),
    "google trace": told("projects/p-1/traces/{}", some(_HEX, 32)),
    "amazon trace": told("1-{}-{}", some(_HEX, 8), some(_HEX, 24)),
    "cloudflare ray": told("{}-{}", some(_HEX, 16), one_of("FRA", "SJC", "AMS")),
    "pod": told("catalyst-worker-{}-{}", some(_LOWER, 9), some("bcdfghjklmnpqrstvwxz2456789", 5)),
    "stateful pod": told("mist-{}", whole(0, 12)),
    "arn": told("arn:aws:s3:::acme-{}/{}", whole(1, 99), some(_LOWER, 8)),
    "instance": told("i-0{}", some(_HEX, 16)),
    "jwt": told("eyJ{}.eyJ{}.{}", some(_ANY + "-_", 30), some(_ANY + "-_", 60), some(_ANY + "-_", 43)),
    "base64": told("{}==", some(_ANY + "+/", 22)),
    "long base64": told("{}=", some(_ANY + "+/", 75)),
    "prefixed": told("{}_{}", one_of("job", "req", "tsk", "vid"), some(_ANY, 14)),
    "stripe-like": told("sk_live_{}", some(_ANY, 24)),
    "stream name": told("video+{}", some(_LOWER, 16)),
    "catalyst": told("catalyst_vod_{}", some(_LOWER, 8)),
    "did": told("did:key:z6Mk{}", some(_BASE58, 44)),
    "mac": lambda rng: ":".join(f"{rng.randint(0, 255):02x}" for _ in range(6)),
    "pointer": told("0x{}", some(_HEX, 8, 12)),
    "go pointer": told("0xc000{}", some(_HEX, 6)),
    "snowflake": whole(10**17, 10**18),
    "short": told("{}{}", whole(1, 9), some(_LOWER, 6)),
    "dashed": told("{}-{}-{}", some(_LOWER, 4), some(_LOWER, 4), whole(10, 99)),
    "redacted": one_of("[redacted: token]", "[redacted: api key]"),
    "stars": one_of("***", "*****"),
    "etag": told('"{}-{}"', some(_HEX, 32), whole(1, 99)),
    "percent-encoded": told("%7B{}%7D", uuid),
}

NUMBERS: dict[str, Maker] = {
    "small": whole(0, 9), "middling": whole(10, 99), "large": whole(1_000, 10**9), "negative": whole(-999, -1), "decimal": real(100, 3),
    "long decimal": real(1, 16), "scientific": lambda rng: f"{rng.uniform(1, 9):.3e}", "grouped": lambda rng: f"{rng.randint(1000, 10**9):,}",
    "european": lambda rng: f"{rng.randint(10**4, 10**9):,}".replace(",", ".") + ",5", "apostrophes": lambda rng: f"{rng.randint(1000, 10**9):,}".replace(",", "'"),
    "percent": told("{}%", real(100, 1)), "percent apart": told("{} %", whole(1, 99)), "fraction": told("{}/{}", whole(1, 40), whole(41, 90)),
    "signed": told("+{}", whole(1, 99)), "hexadecimal": told("0x{}", some(_HEX, 2, 8)), "about": told("~{}", whole(1, 99)), "padded": lambda rng: f"{rng.randint(1, 99):04}",
    "hash": told("#{}", whole(1, 9999)), "in brackets": told("[{}]", whole(0, 99)), "in parentheses": told("({})", whole(0, 99)), "ratio": told("{}:{}", whole(1, 32), whole(1, 20)),
    "range": told("{}-{}", whole(1, 50), whole(51, 999)), "version": told("v{}.{}.{}", whole(0, 9), whole(0, 30), whole(0, 12)),
    "prerelease": told("{}.{}.{}-rc.{}+{}", whole(0, 9), whole(0, 30), whole(0, 12), whole(1, 5), some(_HEX, 7)),
}  # fmt: skip

SIZES: dict[str, Maker] = {
    "bytes": told("{} bytes", whole(2, 10**10)), "B": told("{}B", whole(1, 10**9)), "B apart": told("{} B", whole(1, 10**9)), "KB": told("{} KB", real(900, 1)),
    "kB": told("{}kB", whole(1, 999)), "MiB": told("{}MiB", real(900, 2)), "GiB apart": told("{} GiB", real(900, 2)), "G": told("{}G", whole(1, 99)), "Mi": told("{}Mi", whole(1, 999)),
    "megabytes": told("{} megabytes", whole(2, 99)), "grouped": lambda rng: f"{rng.randint(1000, 10**9):,} bytes", "bit rate": told("{} kb/s", whole(100, 9000)),
    "bit rate tight": told("{}kbps", whole(100, 9000)), "Mbit": told("{} Mbit/s", real(90, 1)), "resolution": told("{}x{}", whole(100, 4000), whole(100, 3000)),
    "resolution apart": told("{} x {}", whole(100, 4000), whole(100, 3000)), "resolution times": told("{}×{}", whole(100, 4000), whole(100, 3000)), "height": one_of("720p", "1080p", "480p", "2160p60", "1080i", "4K", "8k"),
    "frequency": told("{} Hz", whole(8000, 96000)), "kHz": told("{}kHz", real(96, 1)), "frames": told("{} fps", real(60, 2)), "dash": told("{}-byte", whole(2, 999)), "shorthand": told("{}k", whole(1, 999)),
}  # fmt: skip

DURATIONS: dict[str, Maker] = {
    "s": told("{}s", whole(1, 59)), "s apart": told("{} s", whole(1, 59)), "seconds": told("{} seconds", real(100, 2)), "one": one_of("1 second", "1 minute", "1 hour"),
    "sec": told("{} sec", whole(2, 59)), "ms": told("{}ms", real(999, 6)), "µs": told("{}µs", real(999, 3)), "us": told("{} us", whole(1, 999)), "ns": told("{}ns", whole(1, 999)),
    "Go": told("{}m{}s", whole(1, 59), real(59, 9)), "Go hours": told("{}h{}m{}s", whole(1, 20), whole(0, 59), whole(0, 59)), "days": told("{}d{}h", whole(1, 9), whole(1, 23)),
    "apart": told("{}h {}m {}s", whole(1, 9), whole(1, 59), whole(1, 59)), "words": told("{} minutes and {} seconds", whole(2, 59), whole(2, 59)), "comma": told("{} hours, {} minutes", whole(2, 9), whole(2, 59)),
    "clock": told("{}:{:0>2}:{:0>2}", whole(0, 9), whole(0, 59), whole(0, 59)), "clock of ffmpeg": told("00:{:0>2}:{:0>2}.{:0>2}", whole(0, 59), whole(0, 59), whole(0, 99)), "minutes": told("{}:{:0>2}", whole(0, 9), whole(0, 59)),
    "ISO": told("PT{}H{}M{}S", whole(1, 9), whole(0, 59), whole(0, 59)), "min": told("{} min {} s", whole(1, 9), whole(1, 59)), "timecode": told("{:0>2}:{:0>2}:{:0>2};{:0>2}", whole(0, 9), whole(0, 59), whole(0, 59), whole(0, 24)),
    "negative": told("-{}ms", whole(1, 999)), "plain": real(900, 3), "dash": told("{}-second", whole(2, 60)), "about": told("~{}s", whole(2, 60)),
}  # fmt: skip

TIMES: dict[str, Maker] = {
    "ISO": dated("%Y-%m-%dT%H:%M:%SZ"), "milliseconds": dated("%Y-%m-%dT%H:%M:%S.MMMZ"), "offset": dated("%Y-%m-%dT%H:%M:%S+02:00"), "blank": dated("%Y-%m-%d %H:%M:%S"), "comma": dated("%Y-%m-%d %H:%M:%S,MMM"),
    "Go": dated("%Y-%m-%d %H:%M:%S.MMM123 +0000 UTC"), "Go monotonic": dated("%Y-%m-%d %H:%M:%S.MMM +0200 CEST m=+%S.MMM"), "Go log": dated("%Y/%m/%d %H:%M:%S"), "RFC 1123": dated("%a, %d %b %Y %H:%M:%S GMT"),
    "RFC 850": dated("%A, %d-%b-%y %H:%M:%S GMT"), "C": dated("%a %b %d %H:%M:%S %Y"), "date(1)": dated("%a %b %d %H:%M:%S UTC %Y"), "syslog": dated("%b %d %H:%M:%S"), "nginx": dated("%d/%b/%Y:%H:%M:%S +0000"),
    "basic": dated("%Y%m%dT%H%M%SZ"), "digits": dated("%Y%m%d%H%M%S"), "date": dated("%Y-%m-%d"), "US": dated("%m/%d/%Y"), "US clock": dated("%m/%d/%Y, %I:%M:%S %p"), "German": dated("%d.%m.%Y %H:%M"), "long": dated("%B %d, %Y"),
    "long clock": dated("%B %d, %Y at %H:%M UTC"), "day first": dated("%d %b %Y"), "day first clock": dated("%d %b %Y %H:%M:%S"), "clock": dated("%H:%M:%S"), "clock half": dated("%I:%M %p"), "epoch": dated("%s"), "milliseconds epoch": dated("%sMMM"),
    "epoch fraction": dated("%s.MMM"), "week": dated("%Y-W%W"), "RFC 3339 nano": dated("%Y-%m-%dT%H:%M:%S.MMM456789Z"), "short": dated("%d-%b-%Y"),
}  # fmt: skip

PLACES: dict[str, Maker] = {
    "url": values.url, "bare host url": told("https://{}", host), "url with a port": told("http://{}:{}/x", host, whole(80, 9999)), "quoted": told('"https://{}/{}.mp4"', host, uuid), "in angle brackets": told("<https://{}/a>", host),
    "in brackets": told("[https://{}/a.mp4?b=c&d=e]", host), "in parentheses": told("(https://{}/a_(1).mp4)", host), "encoded": lambda rng: f"https://acme.com/{quote(name(rng))}.mp4?x={quote(name(rng))}", "s3": told("s3://{}/{}", one_of("acme", "vod-in"), some(_LOWER, 8)),
    "gs": told("gs://{}/a/b", one_of("acme", "vod")), "ipfs": told("ipfs://{}", values.cid), "ipns": told("ipns://k51{}", some(_LOWER, 40)), "redacted": one_of("https://[redacted]", "https://[redacted: host]/x", "https://***", "[redacted: url]"),
    "login": told("s3+https://{}:xxxxx@{}/b/k", some(_UPPER, 20), host), "redacted login": told("s3+https://***:***@{}/b/k.ts", host), "rtmp": told("rtmp://{}/live/{}", host, some(_LOWER, 12)), "srt": told("srt://{}:{}?streamid={}", host, whole(1000, 9999), uuid),
    "data": told("data:video/mp4;base64,{}", some(_ANY + "+/", 40)), "arweave": told("ar://{}", some(_ANY + "-_", 43)), "file": told("file:///tmp/{}.mp4", uuid), "ipv6 url": told("http://[2001:db8::{}]:8080/x", some(_HEX, 4)), "fragment": told("https://{}/#/a/{}", host, uuid),
    "signed": told("https://{}/a.mp4?X-Amz-Signature={}&X-Amz-Credential=AKIA{}%2F20250101%2Fs3%2Faws4_request", host, some(_HEX, 64), some(_UPPER, 16)), "unicode": told("https://{}/動画/{}.mp4", host, name),
    "go quoted": told('"https://{}/a b/{}"', host, name), "query with redaction": told("https://{}/a?token=[redacted: query value]&e=1", host), "trailing slash": told("https://{}/", host), "comma": told("https://{}/a,b;c=d/e", host),
}  # fmt: skip

PATHS: dict[str, Maker] = {
    "absolute": values.path, "temporary": told("/tmp/{}", some(_LOWER, 10)), "with an ending": told("/var/tmp/x/{}.{}", uuid, one_of(*_ENDINGS)), "file": told("{}.{}", some(_LOWER, 4, 12), one_of(*_ENDINGS)), "capitals": told("IMG_{}.MOV", whole(1, 9999)),
    "quoted with blanks": told('"{}.{}"', name, one_of(*_ENDINGS)), "single quoted": told("'{}.{}'", name, one_of(*_ENDINGS)), "windows": told("C:\\Users\\bob\\{}.mp4", some(_LOWER, 6)), "windows blanks": told('"D:\\My Videos\\{}.mp4"', name), "unc": told("\\\\nas\\share\\{}.mov", some(_LOWER, 5)),
    "relative": told("./out/{}.ts", some(_LOWER, 5)), "parent": told("../{}/x.m3u8", some(_LOWER, 5)), "home": told("~/videos/{}.mp4", some(_LOWER, 5)), "key": told("hls/{}/{}.ts", some(_LOWER, 16), whole(0, 900)), "deep key": told("a/b/{}/c", uuid), "brackets": told("/data/clip [{}].mp4", whole(1, 9)),
    "parentheses": told("/data/clip({}).mp4", whole(1, 9)), "dots": told("/data/my.show.s{:0>2}e{:0>2}.1080p.mkv", whole(1, 9), whole(1, 9)), "unicode": told("/data/{}/видео.mp4", one_of("урок", "講義")), "no ending": told("/dev/shm/{}", one_of("segment", "work")), "dot file": told("/home/a/.cache/{}", some(_LOWER, 6)),
    "line": told("/go/src/github.com/livepeer/x/{}.go:{}", one_of("runner", "main"), whole(1, 900)), "plus": told("/tmp/a+b@{}/c%20d.mp4", some(_LOWER, 4)), "directory": told("/tmp/{}/", some(_LOWER, 7)), "emoji": told('"🎬 {}.mp4"', name), "blanks": told("/data/My Movies/{}.mp4", one_of("final cut", "a b c")),
}  # fmt: skip

HOSTS: dict[str, Maker] = {
    "name": host, "name and port": told("{}:{}", host, whole(80, 9999)), "ip": values.ip, "ip and port": values.address, "ipv6": told("2001:db8:{}::{}", some(_HEX, 4), some(_HEX, 4)), "ipv6 and port": told("[2001:db8::{}]:{}", some(_HEX, 4), whole(80, 9999)), "loopback": one_of("127.0.0.1:8080", "[::1]:80", "::1"),
    "zone": told("[fe80::{}%eth0]:80", some(_HEX, 4)), "mapped": told("[::ffff:10.0.0.{}]:80", whole(1, 250)), "network": told("10.{}.0.0/16", whole(1, 250)), "service and port": told("{}:{}", one_of("redis", "catalyst-api", "minio"), whole(1000, 9999)), "quoted": told('"{}"', host), "capital": told("{}", one_of("CDN.Acme.COM", "Files.Example.Org")),
    "email": told("{}@acme.com", one_of("bob", "jane.doe+x")), "aws": told("ip-10-0-{}-{}.ec2.internal", whole(1, 99), whole(1, 99)), "punycode": told("xn--{}.com", some(_LOWER, 8)), "trailing dot": told("{}.", one_of("acme.com", "a.b.local")),
}  # fmt: skip

NAMED: dict[str, Maker] = {
    "plain": told('"{}"', one_of("kite", "summer")), "blank": told('"{}"', name), "single": told("'{}'", name), "backtick": told("`{}`", one_of("kite", "my show")), "curly": told("“{}”", name), "dashed": told('"{}-{}"', one_of("acme", "x"), whole(1, 99)), "empty": one_of('""'), "id": told('"{}"', uuid), "dotted": told('"{}.prod"', one_of("a", "vod")),
    "german": told("„{}“", name), "emoji": one_of('"🎉 party"', '"❤"'), "arabic": one_of('"مقطع"', '"видео дня"'), "escaped": one_of('"say \\"hi\\" now"', '"a\\"b"'), "apostrophe": one_of('"Bob\'s show"', '"it\'s"'), "number": told('"{}"', whole(1, 9999)), "url": told('"https://{}/x"', host), "path": told('"/a/{}.mp4"', name),
}  # fmt: skip

_TAG = one_of("Code", "Message", "RequestId", "Resource", "Key")


def quoted(maker: Maker) -> Maker:
    """As Go's %q prints it."""
    return lambda rng: (
        '"' + maker(rng).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'
    )


def cut(maker: Maker) -> Maker:
    """Without its end, as when somebody kept the first bytes only."""
    return lambda rng: (lambda text: text[: rng.randint(len(text) // 2, len(text) - 2)])(maker(rng))


_RAW: dict[str, Maker] = {
    "xml": told('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{}</Code><{}>{}</{}></Error>', one_of("AccessDenied", "NoSuchKey"), _TAG, uuid, _TAG),
    "xml with a namespace": told('<Error xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Message>{}</Message></Error>', name),
    "html": told('<!DOCTYPE html>\n<html lang="en"><head><title>{} Error</title></head>\r\n<body class="a"><h1>{}</h1><p>{}</p></body></html>\n', whole(400, 599), name, uuid),
    "html fragment": told("<center><h1>{} Error</h1></center>", whole(400, 599)),
    "json": told('{{"error":{{"code":{},"message":"{}","ids":["{}"]}}}}', whole(1, 9999), name, uuid),
    "json list": told('[{{"id":"{}","a":null}},{{"b":[1,2,{{"c":"]"}}]}}]', uuid),
    "json with blanks": told('{{\n  "error": "{}",\n  "n": {}\n}}', name, whole(1, 9)),
    "json with braces inside": told('{{"text":"a }} b {{ {}"}}', name),
    "problem": told('{{"type":"https://{}/errors/1","status":{},"title":"{}"}}', host, whole(400, 599), name),
    "words": one_of("Forbidden", "try again later", "no", "upstream connect error or disconnect/reset before headers. reset reason: overflow", "Access denied: key expired."),
    "number": whole(0, 9999),
    "non-latin": one_of("アクセスが拒否されました", "Доступ запрещён"),
    "empty": one_of(""),
    "markdown": told("**{}**\n- a\n- {}", name, uuid),
}  # fmt: skip
BODIES = {shape: quoted(maker) for shape, maker in _RAW.items()} | {
    f"{shape}, cut": cut(quoted(_RAW[shape])) for shape in ("xml", "html", "json", "problem")
} | {f"{shape}, not escaped": told('"{}"', _RAW[shape]) for shape in ("xml", "html", "json", "problem")}  # fmt: skip
RAW_BODIES = {shape: _RAW[shape] for shape in _RAW if shape.startswith(("xml", "html", "json", "problem"))}

FRAMES: dict[str, tuple[dict[str, Maker], tuple[str, ...]]] = {
    "bodies": (BODIES, ("error on export request: http status 403 Forbidden: {}", "http status 502 Bad Gateway: {}", "failed to call catalyst: http status 500 Internal Server Error: {}", "received 503 response from http://10.0.0.1:80/a: {}", "unexpected status code 404: {}", "bad status code: 403, body: {}", "HTTP 429: {}", "upload failed with status 413 Request Entity Too Large: {}", "server returned 500 (https://a.io/x): {}",
                        "pinata answered: {}", "webhook returned {}", "unexpected reply from https://a.io/x: {}", "server said {}", "could not decode the response of https://a.io: {}", "remote error: {}", "w3s upload failed: {}",
                        "unexpected answer to POST /x: {}", "upload refused by s3: {}", "404 Not Found ({})", "status=500 body={}", "code 503, response {}", "[403] {}", "callback failed with 400 Bad Request {}", "http status 401 Unauthorized {}")),
    "raw bodies": (RAW_BODIES, ("error on export request: http status 403 Forbidden: {}", "could not parse response: {}", "bad status code: 403, body: {}", "HTTP 429: {}", "error: {}")),
    "ids": (IDS, ("asset {} was not found", "error getting task {}: object not found", "no such job: {}", "task {} took too long so was cancelled", "could not lock {} (held by {})", "request id: {}: refused", "id={} was rejected", "manifest {}, attempt failed", "{} is gone", "lost track of {}")),
    "numbers": (NUMBERS, ("segment {} is missing", "expected {} but saw {} of them", "failed after {} attempts", "index out of range: {}", "value {} is not allowed", "progress stopped at {}", "buffer of length {} is full", "exit status {}")),
    "sizes": (SIZES, ("file of {} is larger than {}", "wrote {} and stopped", "maximum is {}, input has {}", "only {} left on device", "input too large ({})")),
    "durations": (DURATIONS, ("gave up after {}", "input too long: {}", "no segment within {} of the start", "timed out ({})", "last update {} ago", "took {}, limit is {}")),
    "times": (TIMES, ("certificate expired at {}", "last seen {}", "current time {} is after {}", "token is not valid before {}", "no segments between {} and {}", "lost (last update {})")),
    "places": (PLACES, ("could not download {}", "error on import request {}: 404 Not Found", "stopped at {}: EOF", "redirected from {} to {}", "access denied to {}", "error accessing [{}]", "failed to write to OS URL {}: SlowDown", "source={} is not a video", "url {} is not allowed")),
    "paths": (PATHS, ("open {}: no such file or directory", "could not probe {}", "{}: Invalid data found when processing input", "failed to move {} to {}", "no video track found in {}", "file {} is empty", "error reading {}: unexpected EOF")),
    "hosts": (HOSTS, ("dial tcp {}: i/o timeout", "could not connect to {}", "connection to {} was reset", "read tcp {}->{}: connection reset by peer", "no route to host {}", "failed to fetch from {}: too slow", "server {} misbehaves")),
    "named": (NAMED, ("bucket {} does not exist", "profile {} is not allowed", "file {} could not be opened", "could not open {}: denied", "stream {} not found", "no access to bucket {}", "upload of {} failed", "template={} is unknown", "task type {} is unknown", "object {}: gone")),
}  # fmt: skip


def messages_of(group: str, frame: str, count: int, rng: random.Random) -> dict[str, list[str]]:
    """For each shape of the class `count` messages that should all be the same."""
    makers = FRAMES[group][0]
    return {shape: [frame.format(make(rng), make(rng)) for _ in range(count)] for shape, make in makers.items()}
