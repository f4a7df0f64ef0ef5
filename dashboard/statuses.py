"""Which three digits of a message are an HTTP status: those are the cause, other numbers are not."""

import re
from http import HTTPStatus

_UNOFFICIAL = (
    *(402, 419, 420, 440, 444, 449, 450, 460, 463, 494, 495, 496, 497, 498, 499, 509),
    *(520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 561, 598, 599),
)
STATUSES = frozenset({status.value for status in HTTPStatus}.union(_UNOFFICIAL))
_UNOFFICIAL_PHRASES = {"unauthorised", "request entity too large", "payload too large", "unprocessable", "unavailable"}
_OTHER_REASONS = {"slow down", "access denied", "page not found", "client error", "server error", "server had"}
_LOOSE_REASONS = {"permanent redirect", "too large", "internal error"}
_PHRASES = {status.phrase.lower() for status in HTTPStatus} | _UNOFFICIAL_PHRASES | _OTHER_REASONS | _LOOSE_REASONS
PHRASES = "|".join(sorted(map(re.escape, _PHRASES), key=lambda phrase: (-len(phrase), phrase)))
_REASON_FOLLOWS = re.compile(rf"(?:\W{{1,3}}\d{{3}})?\W{{1,3}}(?:{PHRASES})\b", re.I)
_REASON_AHEAD = re.compile(rf"\b(?:{PHRASES}) [(\[]$", re.I)
_ASKED = re.compile(
    r"(?<!exit )(?<!exit-)(?<!exit_)(?<!exited with )(?<![a-z])(?:https?(?:/\d(?:\.\d)?)?|status|response)"
    r"(?:[ ._-]?(?:code|error|status|response))*(?: (?:was|is|of|an?))?[\"']?[ :=(\[]{0,4}[\"']?$"
    r"|status(?:code)?[\"']?\W{1,3}$",
    re.I,
)
_SAID = re.compile(
    r"(?<!exit )(?<![a-z])(?:errors?|err|return(?:ed|s)?|respond(?:ed|s)|got|gets|received|answer(?:ed|s)?"
    r"|repl(?:ied|ies)|said|says|gave|gives|sent|sends"
    r"|unexpected|upstream|unsuccessful|bad)(?: (?:an?|with|us|me|by|code))*[ :=(\[]{1,3}$",
    re.I,
)
_NAMED_AFTER = re.compile(r" (?:response|error|status|reply|answer)s?\b", re.I)
_COUNTED = re.compile(
    r"[)\]]?\s*(?:%|x\b|×|/|of\b|out of\b|[kmgt]?i?b\b|bytes?|ms\b|s\b|sec|min|hour|day|fps|px|k?bps|hz"
    r"|(?!(?:status|response|error|errors|was|is|has|as|this|responses|times)\b)[a-z]{3,}s\b(?! (?:from|for|by|at)\b))",
    re.I,
)
_OF_HTTP = re.compile(
    r"https?|request|respon|server|gateway|://|⟨url⟩|fetch|download|upload|\b(?:get|put|post|head|s3|api|cdn"
    r"|origin|upstream|proxy|pinata|webhook|callback|broadcaster)\b"
    r"|status|return|repl(?:y|ied)|answer|storage|bucket",
    re.I,
)
_COUNTER = re.compile(
    r"\b(?:segments?|parts?|attempts?|lines?|index|frames?|tracks?|chunks?|streams?|at|after|offset|length|size"
    r"|width|height|exit|signal|pid|ports?|ids?|numbers?|no|level|position"
    r"|byte|bytes|expected|jobs?|tasks?|workers?|nodes?|pods?|profiles?|renditions?|assets?|sessions?|runs?"
    r"|steps?|pieces?|blocks?|rows?|versions?|users?|within|of|than|limit|max"
    r"|min|about|only|all|first|last|every|try|retry|round|column|pass|took|in|for|file|clip|disk|shard"
    r"|partition|batch|retries)[ :=#(\[]{1,3}$",
    re.I,
)


def is_status(code: str, match: re.Match[str], key: str) -> bool:
    """Whether three digits are what an HTTP server answered: by the words before them or the reason behind them."""
    end = match.start() + match[0].rfind(code)
    before = key or match.string[max(0, end - 40) : end]
    after = match.string[end + 3 : end + 50]
    if _EXITED.search(before) or _OTHER_THAN.search(before):
        return False
    if _ASKED.search(before) or _REASON_FOLLOWS.match(after) or _REASON_AHEAD.search(before):
        return True
    if code[0] not in "45" or _COUNTED.match(after):
        return False
    if match.string.strip(" .:\"'") == code:
        return True
    if _COUNTER.search(before):
        return False
    if _SAID.search(before) or _NAMED_AFTER.match(after):
        return True
    return _OF_HTTP.search(match.string, max(0, end - _REACH), end + _REACH) is not None


_EXITED = re.compile(r"exit\w* (?:\w+ )?(?:status|code)[ :=]*$", re.I)
_OTHER_THAN = re.compile(r"expected (?!\d{3}\b)\d+,? (?:but )?got $")
_REACH = 200  # characters around a code in which something tells of HTTP
