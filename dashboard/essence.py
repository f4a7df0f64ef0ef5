"""What is compared of a title: its words, without case, quotes, kinds of values and what is said in several ways."""

import re

from dashboard.statuses import PHRASES

_UNITS = (
    (r"size", r"[kmgtp]?i?b|[kmgtp]?b(?:/s|ps|its?/s)|bytes?|(?:kilo|mega|giga|tera|kibi|mebi|gibi)(?:bytes?"
        r"|bits?)|bits?(?:/s)?|[kmg]?bps|[kmg]?hz"
              r"|fps|px|pixels?|frames? per second|frames/s|db"),
    (r"duration", r"ns|[µμ]s|us|ms|s|h|m|nanoseconds?|microseconds?|milliseconds?|msecs?|seconds?|secs?|minutes?"
        r"|mins?|hours?|hrs?|days?|weeks?|months?|years?"),
)  # fmt: skip
_VALUE = r"⟨(?:number|size|duration|time|id)⟩"
_MONTHS = (
    r"Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?"
)
_DAYS = "Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:rs(?:day)?)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?"
_CLOCKS = "UTC|GMT|Z|AM|PM|am|pm|[CEMPW]E?[SD]T|BST|IST|JST|CET|MSK"
_MERGES = (
    *((re.compile(rf"⟨number⟩[ -]?(?:{units})(?![\w/])", re.I), f"⟨{kind}⟩") for kind, units in _UNITS),
    (re.compile(r"⟨number⟩ (?:%|percent\b)"), "⟨number⟩"),
    (re.compile(r"⟨(?:number|size)⟩ ?[x×] ?⟨(?:number|size)⟩"), "⟨size⟩"),
    (re.compile(rf"\b(?:{_MONTHS})\.? {_VALUE}|{_VALUE},?[ -](?:{_MONTHS})\b\.?"), "⟨time⟩"),
    (re.compile(rf"\b(?:{_DAYS}),? {_VALUE}"), "⟨time⟩"),
    (re.compile(rf"⟨time⟩(?:,|[ -]at)? {_VALUE}(?! (?:of|more|tries|attempts?)\b)|⟨time⟩ ?(?:{_CLOCKS})\b"
        rf"|⟨time⟩ m=⟨\w+⟩"), "⟨time⟩"),
    (re.compile(r"<(⟨\w+⟩)>"), r"\1"),
    (re.compile(r"\w[\w.+-]*⟨secret⟩[\w+-]*|⟨secret⟩[\w+-]+"), "⟨secret⟩"),
    (re.compile(r"(?<=[=:])( ?)[-+]?(?:N/A|nan|NaN|[Ii]nf(?:inity)?)(?![\w/])"), r"\1⟨number⟩"),
    (re.compile(r"⟨duration⟩(?:,| and|, and)? ⟨duration⟩"), "⟨duration⟩"),
    (re.compile(r"⟨(\w+)⟩(?: ?[-–—/] ?|-)?⟨(?:\1|number)⟩"), r"⟨\1⟩"),
)  # fmt: skip


def merged(title: str) -> str:
    """The title with one mark for an amount and its unit, for a date and its time, for amounts in a row."""
    for pattern, by in _MERGES:
        title = pattern.sub(by, title)
    return title


_REWRITES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"[\"'`´‘’“”„«»]", ""),
        (r"[:,;.]? ?\(?(?:(?:with |and )?(?:the )?(?:response |remote |error )?(?:body|response|answer|output"
            r"|payload)(?: was| is)?:? ?)?⟨(?:body|trace)⟩\)?", ""),
        (r"⟨[a-z]+⟩", "¤"),
        (r"[-+−±~≈#%]+(?=¤)|(?<=¤)%", ""),
        *((r"[(\[<{]¤[)\]>}]", "¤"),) * 2,
        (r"(?<=¤)\.(?= [a-z]|-?>|:)", ""),
        (r"\b(?:put|post|patch) ¤", "send ¤"),
        (rf"\b(\d\d\d)\b:?(?: \1\b)? \(?(?:{PHRASES})\b\)?(?! [a-z])", r"\1"),
        (rf"\b(\d\d\d)\b (?:{PHRASES})\b", r"\1"),
        (r"\b(?:(?:bad|unexpected|unsuccessful|invalid|non-200|http|response) )*(?:http|status|status ?code"
            r"|http error|response code)(?: code)?[:=]? ?\(?(\d\d\d)\b\)?", r"status \1"),
        (r"(?:[,;(\[]? ?\b(?:x-)?(?:amz-|amzn-)?(?:extended[ _-]?)?(?:request|req|host|trace|ray|correlation"
            r"|span|event|cf-ray|invocation)"
         r"[ _-]?id(?:[:=]| is)? ?(?:¤[)\]]?|(?=$|[,;)])))+", ""),
        (r"lookup ¤ on ¤", "lookup ¤"),
        (r"¤(?:[\s,;:/._x&+=@#-]{0,3}¤)+", "¤"),
        (r"¤(?: ?(?:[-=]?>|→) ?¤)+", "¤ > ¤"),
        (r"(?<=¤)\((?:[a-z]{2,3}|¤)\)", ""),
        (r"¤,? (?:and|or|&) ¤", "¤"),
        (r"[(\[<{]¤[)\]>}]", "¤"),
        (r"[,;]? ?\(?\b(?:attempt|try|retry|retries)(?: no\.?| number)?[: #]*¤(?: ?(?:of|/) ?¤)?\)?", ""),
        (r"¤ (\w{2,})ies\b", r"¤ \1y"),
        (r"¤ (\w{3,}?)(?:e?s|\(e?s\))(?!\w)", r"¤ \1"),
        (r"\s+", " "),
        (r"(\b\w[^¤]{5,120}¤[^¤]{0,80}?)(?:\s*[;,|/]\s*\1)+(?=[;,|\s.)\]]|$)", r"\1"),
        (r"^[\s.:;,!…-]+|[\s.:;,!…-]+$", ""),
    )
)  # fmt: skip


def essence_of(title: str) -> str:
    text = title.casefold()
    for pattern, by in _REWRITES:
        text = pattern.sub(by, text)
    return text
