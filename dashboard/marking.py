"""Marks for what differs between messages of one cause: ⟨url⟩ ⟨id⟩ ⟨number⟩ ⟨size⟩ ⟨duration⟩ ⟨time⟩ ⟨path⟩ ⟨host⟩ …

What is a cause stays: words, HTTP statuses, names of codecs and pixel formats. Every pattern is either bounded or
starts only where a word starts, so that the time grows with the length of the text and no faster.
"""

import re

MARK = re.compile(r"⟨[a-z]+⟩")

_STATUS = r"(?:10[0-3]|20[0-8]|226|30[0-8]|4[0-4]\d|451|499|5[0-3]\d|598|599)(?![\w%]|[.,:]\d)"
_REASONS = (
    r"ok\b|created|accepted|no content|partial content|moved|found|see other|not modified|temporary|permanent redirect"
    r"|bad request|unauthori[sz]ed|payment|forbidden|not found|method not|not acceptable|proxy auth|conflict|gone"
    r"|request|length required|precondition|payload|content too|uri too|unsupported media|range not|expectation"
    r"|misdirected|unprocessable|locked|failed dep|too (?:early|many|large)|upgrade|unavailable"
    r"|internal server|not implemented|page not|bad gateway|service|gateway"
    r"|http version|insufficient|loop|network auth|slow down|access denied|client"
)
_KNOWN_WORDS = (
    r"h\.?26[3-6]|x26[45]|libx26[45]\w*|avc[13]|he?vc1|hev1|vp[6-9]|libvpx-vp9|av0?1|mp[1-4]|mp4[av]|mp4io|m4[av]|fmp4|3gp|3g2"
    r"|mj2|m3u8?|extm3u|mp3float|f4v|ms-?mpeg-?4(?:v\d)?|mpeg-?[124](?:video)?|mpegts|e?ac-?[34]|dv[0-9]|g7\d\d|wm[av]\d?(?:v2)?|flv1|vc-?1"
    r"|svq[13]|rv[1-4]0|yuvj?a?\d{3}p?\d*(?:le|be)?|p01[0-6](?:le|be)?|nv[12][0-9]|i4[24][024]|(?:rgb|bgr|gbr)a?p?\d*(?:le|be)?"
    r"|gray\d*(?:le|be)?|pcm_\w+|adpcm_\w+|prores\w*|v210|apc[hnso]|4:[0-4]:[0-4]|[248]k|utf-?(?:8|16)|latin-?1"
    r"|sha-?\d{1,3}|md5|crc32|base-?(?:32|58|64)|x\.?509|ipv[46]|s3|ec2|k[83]s|c2pa|w3s|web3|p2p|oauth2|aes-?\d{3}|rsa-?\d{4}"
    r"|tls ?v?1(?:\.\d)?|http/[123](?:\.\d)?|http2|id3|[2345]xx|int(?:32|64)|float(?:32|64)"
)
_EXTENSIONS = (
    r"mp4|m4[avs]|mov|mkv|webm|avi|ts|m2ts|m3u8|mpd|mp3|aac|wav|flac|ogg|og[av]|opus|flv|wmv|mpe?g|3gp|mxf|vob|gif|jpe?g|png"
    r"|webp|heic|svg|pdf|txt|json|xml|html?|vtt|srt|ya?ml|csv|zip|t?gz|rar|7z|bin|tmp|part|log|go|py|js|sock|key|pem|crt"
)
_DOMAINS = (
    r"com|net|org|io|dev|app|tv|xyz|cloud|studio|video|live|media|test|example|invalid|local|localdomain|internal|cluster"
    r"|svc|link|monster|network|online|site|store|tech|ai|co|me|gg|eu|us|uk|de|fr|nl|es|it|pl|ch|at|be|se|no|fi|dk|ru|ua|in|cn|jp|kr|br|au|ca"
)
_SEGMENT = r"(?:[\w.%+=~@⟨⟩-]|\(\d{1,3}\))"
_AMOUNT = r"\d+(?:[.,]\d+)*+"
_SPAN = (
    rf"{_AMOUNT}(?:ns|[µμ]s|us|ms|[smhd]"
    r"|[ -]?(?:milliseconds?|msecs?|ms|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?))(?![a-z])"
)

# The first that matches is meant. Patterns named keep* stay as they are.
_TABLE: tuple[tuple[str, str], ...] = (
    # Plain words go first and together: most of a message is nothing else, and this is fast.
    ("keep", r"(?<![^\s(\[{<\"'])(?:(?!status|http)[^\W\d_]{1,24}+[,;:)]{0,2} (?=[^\W\d_]))++"),
    ("keep", MARK.pattern),
    ("url", r"(?<![a-z0-9])(?:[a-z][a-z0-9+.-]{0,20}://|data:[\w/+.-]{1,60};base64,)(?:⟨[a-z]+⟩|[^\s\"'`<>⟨⟩\\|])*+"),
    ("url", r"(?:(?<=\bget )|(?<=\bput )|(?<=\bpost )|(?<=\bhead )|(?<=\bparse )|(?<=\bpatch ))\"[^\"\n]{0,4000}\""),
    ("id", r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"),
    ("email", r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,20}\b"),
    ("keep", r"(?:code|error|mediaconvert)\W{0,3}3450\b"),
    ("keep", rf"(?<!exit )(?<![a-z])(?:http(?:/\d(?:\.\d)?)?[ _-]?(?:response|status|code|error)?|status)[ _-]?"
             rf"(?:code)?[\"']?[ :=(]{{1,3}}{_STATUS}"),
    ("keep", r"(?<!exit )(?<![a-z])(?:code|errors?|returned|response|got|received|answer(?:ed)?|with|was)[ :=(]{1,3}"
             rf"{_STATUS}(?=\s*(?:$|(?-i:[^\sa-z\d])|(?:for|from|when|while|on|by)\b))"),
    ("keep", rf"(?<![\w.:/-]){_STATUS}(?= \W?(?:{_REASONS}))"),
    ("time", r"(?<!\d)\d{4}[-/]\d\d?[-/]\d\d?(?:[t_ ]\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:z\b"
             r"| ?[+-]\d\d:?\d\d\b| utc\b| gmt\b)?"),
    ("time", r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}, \d\d?[ -][a-z]{3}[ -]\d{2,4} \d\d:\d\d:\d\d(?: gmt"
             r"| utc| [+-]\d{4})?"),
    ("path", rf"(?<![\w/.%+=~@⟨⟩()-])[\w%+~@⟨⟩-](?:{_SEGMENT}|/)*\.(?:{_EXTENSIONS})(?![\w/])"),
    ("id", r"(?<![a-z0-9])[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}(?![0-9a-f])"),
    ("host", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|/\d{1,2})?(?![\w.]*\d)"),
    ("host", r"\[[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:%\w+)?\](?::\d{1,5})?|(?<![\w:])"
             r"(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{0,4}(?![\w:])"),
    ("host", r"(?:(?<=\blookup )|(?<=\bhost )|(?<=dial tcp ))(?=[\w-]*[.-])[\w.-]+(?::\d{1,5})?"
             r"|(?<=\blookup )[\w-]+|\blocalhost(?::\d+)?"),
    ("host", rf"(?<![\w.@/-])(?:\*\.)?(?:[\w-]{{1,63}}\.){{1,8}}(?:{_DOMAINS})(?![\w-]|\.\w)(?::\d{{1,5}})?"
             rf"(?:/[^\s\"'<>,;)]*)?"),
    ("keep", rf"(?<![a-z0-9])(?:{_KNOWN_WORDS})(?![a-z0-9/])"),
    ("time", r"(?<![\d:.])\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d+)?(?![\d:])"),
    ("size", rf"(?<![a-z0-9.])[-+]?{_AMOUNT}[ -]?(?:bytes?|[kmgt]i?b(?:/s|ps|its?(?:/s)?)?|[kmg]?bps"
             rf"|[kmg]?bits?/s|[kmg]?hz|fps|px|pixels?)(?![a-z])"),
    ("size", r"(?<![a-z0-9])[1-9]\d{0,4} ?[x×] ?\d{1,5}(?![a-z0-9])|(?<![a-z0-9])\d{3,4}[pi]\d{0,3}(?![a-z0-9])"),
    ("duration", rf"(?<![a-z0-9.])[-+]?(?:{_SPAN})+(?![a-z0-9])"),
    ("path", rf"\"[^\"/\n]{{1,200}}\.(?:{_EXTENSIONS})\"|'[^'/\n]{{1,200}}\.(?:{_EXTENSIONS})'"),
    ("path", r"(?<![a-z0-9])[a-z]:\\[^\s\"'<>|:]+"),
    ("keep", r"(?<![\w/])(?:video|audio|text|image|application|multipart)/[a-z][\w.+-]{0,60}(?![\w/])(?<!\.mp4)"),
    ("path", rf"(?<![\w⟩/.])(?:~|\.\.?)?/{_SEGMENT}+(?:/{_SEGMENT}*)*+"),
    ("path", rf"(?<![\w/.%+=~@⟨⟩-])(?=[\w.%+=~@/⟨⟩-]{{16}})\w{_SEGMENT}*(?:/{_SEGMENT}+){{2,}}/?"),
    ("id", r"(?<![a-z0-9+/=_-])(?!video(?:rec)?\+)(?=[a-z0-9])[a-z0-9+/=_-]{64,}"),
    ("id", r"(?<![a-z0-9])(?-i:Qm[1-9A-HJ-NP-Za-km-z]{42,46}|baf[a-z2-7]{20,})(?![a-z0-9])|(?<![a-z0-9])0x[0-9a-f]+"
             r"|(?:(?<=catalyst_vod_)|(?<=video\+))[a-z0-9]+(?![a-z0-9-])"),
    ("id", r"(?<![a-z0-9])(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{6,}(?![a-z0-9])"),
    ("id", r"(?<![a-z0-9])(?=[a-z]*\d+[a-z])[a-z0-9]{10,}(?![a-z0-9])"),
    ("id", r"(?<![a-z0-9])(?:[a-z]+\d+[a-z]+\d|\d+[a-z]+\d+[a-z])[a-z0-9]*(?![a-z0-9])"),
    ("id", r"(?<![a-z0-9+=_-])(?=[a-z0-9+=_-]{20})(?=[a-z+=_-]*\d)(?-i:(?=[a-z0-9+=_-]*[A-Z])(?=[A-Z0-9+=_-]*[a-z]))"
             r"[a-z0-9+=_-]{20,}(?![a-z0-9])"),
    ("number", r"(?:(?<![\w.)\]⟩-])[-+−])?\d+(?:[.,]\d+)*+%?"),
)  # fmt: skip

_VALUE = re.compile("|".join(f"(?P<{kind}{place}>{pattern})" for place, (kind, pattern) in enumerate(_TABLE)), re.I)
_ONLY_STATUS = re.compile(rf"\W*{_STATUS}\W*")

# What stands behind these words is a value, whatever it looks like.
_IDS = re.compile(
    r"((?:(?<![a-z])|(?=(?-i:ID|Id|CID)))(?:id|uuid|guid|cid|hash|checksum|etag)"
    r"(?:\s*=\s*|\s*:\s+|\s*:(?=\d)|\s+(?=[^\s,;:)]{0,60}\d|[a-z]{16}(?![a-z]))|\s+(?=[\"'`])))"
    r"([\"'`]?)(⟨[a-z]+⟩|[^\s\"'`,;:)(\]⟨⟩]{1,400})(\2)",
    re.I,
)
_NAMES = re.compile(
    r"((?<!content[ -])(?:\b|(?<=_))(?:bucket|profile|(?P<file>file|object)|task|stream|session|rendition|pod|queue"
    r"|project|account|template|type|name|asset|upload|stream name|playback)(?:\s?[:=]\s?|\s))"
    r"(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}')"
    r"|(?P<bucket>\bbucket(?:[:=]\s?|\s(?=[\w.-]*[.-])))[\w.-]+",
    re.I,
)
_ESCAPES = re.compile(r"(invalid URL escape )\"[^\"\n]{0,20}\"", re.I)


def mark_values(text: str) -> str:
    """The text with a mark in the place of every value. Marks that it holds already stay."""
    if _ONLY_STATUS.fullmatch(text):
        return text
    text = _ESCAPES.sub(r"\1⟨text⟩", text)
    text = _IDS.sub(_marked_id, text)
    if '"' in text or "'" in text or "ucket" in text.lower():
        text = _NAMES.sub(_marked_name, text)
    return _VALUE.sub(_marked, text)


def _marked_name(match: re.Match[str]) -> str:
    return f"{match[1] or match['bucket']}{'⟨path⟩' if match['file'] else '⟨name⟩'}"


def _marked_id(match: re.Match[str]) -> str:
    """`id: 12` is a value, `id: must be given` is not."""
    value, quote = match[3], match[2]
    plain = not quote and "=" not in match[1] and value.isalpha() and len(value) < 16
    return match[0] if plain or (value == "⟨id⟩" and not quote) else f"{match[1]}⟨id⟩"


def _marked(match: re.Match[str]) -> str:
    kind = match.lastgroup.rstrip("0123456789") if match.lastgroup else "keep"
    if kind == "keep":
        return match[0]
    tail = len(match[0]) - len(match[0].rstrip(".,;:!?)]}"))
    return f"⟨{kind}⟩" + (match[0][-tail:] if tail and kind in _TRAILING else "")


_TRAILING = frozenset(("url", "path", "host"))
