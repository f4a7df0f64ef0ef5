"""What kind of value stands in a message: its mark is for people, two messages are not told apart by it."""

import re

EXTENSIONS = (
    r"mp4|m4[abpsv]|mov|mkv|webm|avi|ts|m2ts|mts|m3u8?|mpd|mp[23]|aac|wav|aiff?|flac|og[agv]|opus|flv|f4v|wmv"
    r"|wma|mpe?g|3g[p2]|mxf|vob|divx"
    r"|gif|jpe?g|png|webp|heic|hevc|h26[45]|svg|bmp|tiff?|psd|pdf|docx?|xlsx?|txt|json|xml|html?|vtt|srt|ass"
    r"|ya?ml|toml|csv|tsv|ini|conf|cfg|env"
    r"|zip|tar|t?gz|bz2|xz|zst|rar|7z|bin|dat|db|tmp|temp|part|partial|lock|log|bak|go|py|js|rb|rs|java|cpp|sh"
    r"|sock|key|pem|crt|p12|cer"
)
_ZONES = (
    r"com|net|org|info|biz|io|dev|app|xyz|cloud|studio|video|live|media|stream|test|example|invalid|local"
    r"|localhost|localdomain|internal|intranet"
    r"|lan|home|corp|svc|cluster|link|monster|network|online|site|store|tech|name|pro|mobi|gov|edu|mil|int|space"
    r"|world|agency|digital|systems|tools"
    r"|film|movie|news|page|host|website|arpa|onion|eth|consul|[a-z]{2}"
)
DOTTED = re.compile(
    rf"(?:\*\.)?(?:[^\WA-Z][\w-]{{0,62}}\.)+(?:{_ZONES})(?::\d+)?(?:/\S*)?"
    r"|(?:[A-Za-z0-9-]{1,63}\.)+(?:COM|NET|ORG|com|net|org|Com|Net|Org|Local|Internal|LOCAL|INTERNAL|Lan|LAN)(?::\d+)?|localhost(?::\d+)?"
)
ANY_DOTTED = re.compile(r"(?:[a-z0-9][\w-]{0,62}\.)+[a-z]{2,24}")

_AMOUNT = r"[-+]?\d+(?:[.,]\d+)*"
_KINDS = re.compile(
    r"(?P<email>[^@\s]+@[^@\s]+\.[a-z]{2,})"
    rf"|(?P<size>\d+[x×]\d+|\d{{3,4}}[pi]\d*|{_AMOUNT}(?:[kmgtp]i?)?(?:bytes?|b(?:/s|ps|its?(?:/s)?)?|hz|px|fps"
    rf"|p)|[248]k)"
    r"|(?P<time>\d{4}[-/.]\d\d?[-/.]\d\d?\S*|\d{8}t\d{6}z?|\d\d?:\d\d(?::\d\d)?\S*|\d\d?[-/][a-z]{3}[-/]\d{2,4}\S*)"
    rf"|(?P<duration>(?:{_AMOUNT}(?:ns|[µμ]s|us|ms|s|m|h|d|sec|secs|min|mins|hrs?|seconds?))+|pt[\d.hms]+)"
    rf"|(?P<host>\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d+|/\d+)?|(?:[0-9a-f]{{0,4}}:){{3,7}}[0-9a-f]{{0,4}}(?:%\w+)?"
    rf"|{DOTTED.pattern})"
    r"|(?P<number>[-+]?\d[\d.,:/%x+-]*(?:e[-+]?\d+)?%?)"
    r"|(?P<path>.+/.+)",
    re.I,
)  # fmt: skip


def kind_of(value: str) -> str:
    """The kind of a value that has a digit."""
    match = _KINDS.fullmatch(value) if len(value) <= 300 else None
    return match.lastgroup or "id" if match else "id"
