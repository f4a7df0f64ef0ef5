"""Names that people gave to their things: in quotes behind a noun or a verb, or where only a name can stand."""

import re

from dashboard.codecs import is_technical

_NOUNS = (
    r"bucket|profile|file(?: ?name)?|object|key|task(?: type)?|stream|session|rendition|pod|queue|project"
    r"|account|template|name|asset|upload"
    r"|playback|playlist|manifest|user(?: ?name)?|customer|tenant|team|owner|creator|folder|directory|dir|path"
    r"|source|input|output|destination|clip"
    r"|video|recording|title|label|host(?:name)?|server|domain|node|worker|job|container|volume|disk|region|zone"
    r"|channel|event|webhook|table|database|db|schema|role"
    r"|index|secret|credentials?|workspace|tag|collection|album|image|prefix|id|uuid|cid|hash|etag|url|uri"
    r"|endpoint|origin|gateway|peer|orchestrator"
    r"|broadcaster|transcoder|storage|store|namespace|cluster|service|deployment|scheme|segment|track name|site"
    r"|device|client|link"
)
_VERBS = (
    r"open(?:ing)?|read(?:ing)?|writ(?:e|ing)|upload(?:ed|ing)?|download(?:ed|ing)?|process(?:ed|ing)?|(?:de"
    r"|en)crypt(?:ed|ing)?|import(?:ed|ing)?|export(?:ed|ing)?"
    r"|copy(?:ing)?|delet(?:e|ed|ing)|creat(?:e|ed|ing)|fetch(?:ed|ing)?|load(?:ed|ing)?|sav(?:e|ed|ing)"
    r"|prob(?:e|ed|ing)|transcod(?:e|ed|ing)|pars(?:e|ed|ing)|l?stat"
    r"|renam(?:e|ed|ing)|mov(?:e|ed|ing)|clipp(?:ed|ing)|pinn(?:ed|ing)|pin|mux(?:ing)?|named|called|titled"
    r"|locat(?:e|ed)|find|remov(?:e|ed|ing)|chdir|mkdir|unlink|rmdir"
)
_LINKS = "for|of|in|from|to|into|on|at|by|with|and"
_QUOTED = re.compile(
    r"(?<![\w\\])\"(?P<double>(?:[^\"\\\n]|\\[^\n]){0,400})\"(?!\w)|(?<![\w\\])'(?P<single>[^'\n]{0,400})'(?!\w)"
    r"|`(?P<back>[^`\n]{0,400})`|[“„«](?P<curly>[^“”„«»\n]{0,400})[”“»]"
)
_HEAD = 40  # characters before a quote that are looked at
_NOUN = re.compile(rf"(?:^|[\s_-])(?:{_NOUNS})s?(?:[ _-]?(?:name|id|called|named))?(?: ?[:=]| ?\(|,)?[ ]?$", re.I)
_CAMEL = re.compile(r"(?:^| )[a-z]+(?:Id|ID|Name|Key|File|Path|Host|Bucket|Profile|Url|URL|Type)(?: ?[:=])?[ ]?$")
_METHOD = re.compile(r"(?:^| )(?:get|put|post|head|patch|delete|options|parse) $", re.I)
_FORMATS = re.compile(
    r"avi|mkv|matroska|mov|quicktime|webm|flv|ogg|wav|mpegts|asf|gif|prores|aac|opus|vorbis|hevc|theora|dash|hls|audio|video"
    r"|subtitle|data|ffmpeg|ffprobe",
    re.I,
)
_CODE = re.compile(r"[A-Z]+(?:_[A-Z\d]+)*|(?:[A-Z][a-z]+){2,}")  # AccessDenied, NO_SCOPES
_ONE_WORD = re.compile(r"[\w.\[\]-]+")
_FIELD = re.compile(
    r"(?<![a-z])(?:codec|format|field|param(?:eter)?|option|(?<!task )type|encoder|decoder|filter|method"
    r"|protocol|header|argument|token|property"
    r"|column|relation|constraint|flag|command|feature|extension|exec|setting|variable|attribute|character"
    r"|cipher|algorithm|muxer|demuxer"
    r"|must be|values? (?:for|of)|missing|required|expected|unexpected|either|or)s?:? ?$",
    re.I,
)
_DEMANDED = re.compile(
    r": ?[\d\"\[{]| (?:is (?:required|missing|invalid|mandatory)|must|should|needs|has to|field|param|option"
    r"|export|or\b)",
    re.I,
)
_SENTENCE = re.compile(r"[^\W\d_]+(?:[ ,'-]+[^\W\d_]+)+")
_SPEECH = re.compile(
    r"(?:errors?|message|msg|reason|status|cause|warning|said|says|details?|desc|description|text|because|err)"
    r"(?: ?[:=]| was| is)? ?$",
    re.I,
)
_PLACE = re.compile(r"[\w+.-]*://|[~.]{0,2}/|[a-z]:\\|.*\.[a-z][a-z0-9]{1,4}$", re.I | re.S)

_KEY = re.compile(rf"(?:\w*_)?(?:{_NOUNS})s?|[a-z]+(?:Id|ID|Name|Key|File|Path|Host|Bucket|Profile|Url|URL)", re.I)
_LOOKED_UP = re.compile(
    r"\b((?:lookup|dial tcp:?|dial udp:?|resolve host:?|host name|hostname) )"
    r"(?!lookup|⟨|tcp|udp|dial|address|on\b|for\b|connect|i/o|missing)"
    r"(?![^\s:]*:? ?(?:failed|timed|error|is|was|not)\b)"
    r"[\w.*-]+(?::\d+)?(?=[\s:,;)\"']|$)",
    re.I,
)
_THING = re.compile(
    r"\b(?P<thing>(?:bucket|profile|rendition|preset|queue|pod|creator|user|account|project|playlist|template"
    r"|host|server|node|region|worker|namespace"
    r"|zone|topic|cluster|volume|workspace|deployment|service|domain|container)(?: name)?(?::? "
    r"|[:=] ?))(?P<name>[A-Za-z][\w.-]*\w)(?![\w:]*//)"
)
_THING_AHEAD = re.compile(r"\b(?:in|from|to|of|into|on|for|with|the|The) $")
_NO_THING = re.compile(
    r"(?:do(?:es)?|is|was|not|has|policy|names?|could|cannot|can|must|and|or|in|from|to|of|for|with|on|at|by"
    r"|ids?|returned|failed|missing|full|misbehav\w*|said|sent"
    r"|closed|error|timed|timeout|list|file|ended|exceeded|are|were|limits?|suspended|level|already|refused|went"
    r"|will|would|may|that|which|who)",
    re.I,
)
_OPERATED = re.compile(  # as Go tells what the system did not do to a file
    r"(?<![\w-])((?:open|stat|lstat|read|write|remove|rename|mkdir|unlink|chmod|chdir|truncate) )(?![⟨\"'`])"
    r"[^\s:\"'⟨⟩]{1,200}(?=: (?:no such|permission|file exists|is a dir|not a dir|too many|no space|read-only"
    r"|operation|input/output|device|invalid arg|bad file|EOF))"
)
_LONG_PATH = re.compile(
    r"(?<![^\s=:(\[])(?:(?:~|\.\.?)?/|[a-z][a-z0-9+.-]{1,15}://"
    r"|[a-z]:\\)[^\s:\"'⟨⟩]{1,200}(?: [^\s:/\"'⟨⟩][^\s:\"'⟨⟩]{0,60}){1,6}?\.(?:mp4|m4v|mov|mkv|webm|avi|ts|m3u8"
    r"|flv|wmv|mpe?g|3gp|mxf|mp3|wav)\b",
    re.I,
)


def _words_but(stops: str) -> str:
    """A pattern for two to seven words, none of them one of `stops`: a file name with blanks, without its ending."""
    word = rf"(?!{stops}\b)[^\s:\"'`⟨⟩/,;\[\]{{}}=]"
    return rf"(?:{word}{{1,40}} ){{1,6}}(?!{stops}\b)[^\s:\"'`⟨⟩/,;=]{{0,60}}"


_WORDS_OF_NAMES = rf"(?:for|in|from|to|into|on|by|{_NOUNS}|{_VERBS}|not|is|was)"
_SPACED_FILE = re.compile(
    rf"\b((?:for|of|in|from|to|into|{_VERBS}|file|input|source|asset|segment|object|key) )"
    rf"{_words_but(_WORDS_OF_NAMES)}"
    r"\.(?:mp4|m4[av]|mov|mkv|webm|avi|ts|m3u8|flv|wmv|mpe?g|3gp|mxf|mp3|wav|ogg|jpe?g|png|gif|vtt|srt)\b",
    re.I,
)
_NO_NAME = (
    rf"(?:{_LINKS}|{_NOUNS}|{_VERBS}|cannot|can|could|not|fail\w*|error\w*|invalid|missing|no|unable|unsupported"
    rf"|is|was|are|be|has|have|must|the|while|when"
    r"|after|before|bad|corrupt\w*|broken|empty|unknown|unexpected|expected|wrong|too|got|found|skipp\w*"
    r"|ignor\w*|\w+ing|\w+ed)"
)
_FILE_FIRST = re.compile(
    rf"(^|[:\]] "
    rf"|\[|\(){_words_but(_NO_NAME)}"
    r"\.(?:mp4|m4[av]|mov|mkv|webm|avi|m3u8|flv|wmv|mpe?g|3gp|mxf|mp3|wav)(?=[:\])]|$)",
    re.I,
)
_BARE_FILE = re.compile(
    r" [^\s/:\"'`⟨⟩]{0,60}\.(?:mp4|m4|mov|mkv|webm|avi|ts|m3u8|flv|wmv|mpe?g|3gp|mxf|mp3|wav|ogg|jpe?g|png|gif"
    r"|vtt|srt)",
    re.I,
)
_LISTED = re.compile(r"⟨(name|text)⟩((?:(?:,| and| or|, and|, or) (?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|⟨\w+⟩)){1,40})")
_ENDED = re.compile(r"/\S*\.[a-z][a-z0-9]{1,4}[,;)\]]? ", re.I)


def mark_names(text: str) -> str:
    """One line with marks for names, whatever they look like. Other values are left to `marking`."""
    if any(quote in text for quote in "\"'`“„«"):
        text = _QUOTED.sub(_marked_quote, text)
    if "dial" in text or "ookup" in text or "host" in text:
        text = _LOOKED_UP.sub(r"\1⟨host⟩", text)
    text = _THING.sub(_marked_thing, text)
    if "⟨, " in text or "⟩ and " in text or "⟩ or " in text or "⟩, " in text:
        text = _LISTED.sub(_marked_list, text)
    text = _OPERATED.sub(r"\1⟨path⟩", text)
    if "." in text and _BARE_FILE.search(text):
        text = _FILE_FIRST.sub(r"\1⟨path⟩", _SPACED_FILE.sub(r"\1⟨path⟩", text))
    if "/" in text or ":\\" in text:
        text = _LONG_PATH.sub(_marked_path, text)
    return text


def is_named(head: str) -> bool:
    """Whether a text ends with a word for things that people name, so that a name follows."""
    head = head[-_HEAD:]
    return _NOUN.search(head) is not None or _CAMEL.search(head) is not None


def is_naming(key: str) -> bool:
    """Whether what stands behind `key=` is somebody's name for something."""
    return len(key) < 40 and _KEY.fullmatch(key) is not None


def _marked_list(match: re.Match[str]) -> str:
    return f"⟨{match[1]}⟩{_ITEM.sub(f'⟨{match[1]}⟩', match[2])}"


_ITEM = re.compile(r"\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'")


def _marked_thing(match: re.Match[str]) -> str:
    name = match["name"]
    named = any(sign in name for sign in "-_.") or _THING_AHEAD.search(
        match.string, max(0, match.start() - 6), match.start()
    )
    return f"{match['thing']}⟨name⟩" if named and not _NO_THING.fullmatch(name) else match[0]


def _marked_path(match: re.Match[str]) -> str:
    return match[0] if _ENDED.search(match[0]) else "⟨path⟩"


def _marked_quote(match: re.Match[str]) -> str:
    said = match[match.lastgroup or 0].strip()
    start, end = match.span()
    head, ahead = match.string[max(0, start - _HEAD) : start], match.string[end : end + 24]
    mark = _mark_for(said, head, ahead)
    return f"⟨{mark}⟩" if mark else match[0]


def _mark_for(said: str, head: str, ahead: str) -> str:
    """The kind of mark for what stands in quotes; "" where it is read like the rest of the message."""
    if said.startswith("⟨") and said.endswith("⟩") and said.count("⟨") == 1:
        return said[1:-1]
    if _METHOD.search(head) or "://" in said[:30]:
        return "url"
    if _PLACE.match(said) and len(said) > 2:
        return "path"
    if head.endswith("scheme "):
        return "name"
    if is_technical(said) or _FORMATS.fullmatch(said) or _CODE.fullmatch(said):
        return ""
    if said.isdigit() and not _NOUN.search(head):
        return ""
    is_demanded = _DEMANDED.match(ahead) is not None and not _NOUN.search(head)
    if _ONE_WORD.fullmatch(said) and (is_demanded or _FIELD.search(head)):
        return ""
    if said.count(" ") > 2 and _SENTENCE.fullmatch(said) and not _NOUN.search(head):
        return ""
    if not any(map(str.isalpha, said)) or len(said) < 3 or (len(said) < 5 and not said.isalnum()):
        return "text"
    return "" if _SPEECH.search(head) and " " in said else "name"
