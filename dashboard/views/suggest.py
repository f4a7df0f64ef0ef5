"""What could be typed next into the search box: names of qualifiers, each with an example, and values, with how many
tasks in sight have them."""

from collections import Counter
from typing import NamedTuple

from django.db.models import Sum
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dashboard import units
from dashboard.clock import now_ms
from dashboard.folding import fold
from dashboard.models.counting import EXACT_TO
from dashboard.models.seen import Sight
from dashboard.models.tally import Tally
from dashboard.phases import OVERLAYS
from dashboard.qualifiers import DESTINATIONS, FIELDS, TYPES
from dashboard.scanning import CLOSING, COMMAS, OPENING, QUOTES, is_blank
from dashboard.search import LONGEST
from dashboard.typed import Typed, word_at
from dashboard.views.board_query import Query
from dashboard.views.board_words import MANY
from dashboard.views.polling import SignedIn, link, signed_in

MOST = 8
KEPT = ("team", "account", "phase", "type", "sort")
PERIODS = ("today", "yesterday", "<24h", "<7d")
COUNTED = ("phase", "type", "account", *OVERLAYS)
PHASES_SHOWN = ("failed", "running", "waiting", *OVERLAYS, "pending", "completed", "cancelled")
KNOWN = {"phase": PHASES_SHOWN, "type": TYPES}
SPECIAL = QUOTES + OPENING + CLOSING + COMMAS
FIXED = {
    "destination": DESTINATIONS,
    "cid": ("none", "any"),
    "retries": (">0", "0", ">1"),
    "progress": (">50%", "<50%"),
    "age": ("<1h", "<24h", "<7d", ">7d"),
    "created": PERIODS,
    "updated": PERIODS,
}


class Value(NamedTuple):
    """`word` as people read it; `number` of tasks with it, if that is known."""

    word: str
    number: int | None = None


class Suggestion(NamedTuple):
    """`text` is shown, with `hint` beside it. `url` leads to the board with the whole search as it would then be, in
    which the cursor stands at `at`, in units of UTF-16 as browsers count."""

    text: str
    hint: str
    url: str
    at: int


@signed_in
@require_safe
def options(request: SignedIn) -> HttpResponse:
    """`q` is what stands in the box, `at` where its cursor is; the rest are the board's filters."""
    text = request.GET.get("q", "")[:LONGEST]
    typed = word_at(text, _cursor(text, request.GET.get("at", "")))
    told = _told_of(typed, _values(request, typed.name)) if typed.name else _names(text, typed)
    made = (_suggestion(request.GET, text, typed, put, hint) for put, hint in told)
    return render(request, "board/_suggestions.html", {"suggestions": [one for one in made if one][:MOST]})


def _cursor(text: str, told: str) -> int:
    """In characters; at the end of the text if nobody says where."""
    if not (told.isascii() and told.isdecimal() and len(told) < 6):
        return len(text)
    units_before = text.encode("utf-16-le", "surrogatepass")[: 2 * int(told)]
    return len(units_before.decode("utf-16-le", "ignore"))


def _names(text: str, typed: Typed) -> list[tuple[str, str]]:
    """The most useful ones for an empty box; nothing after a blank, where any word may follow."""
    if (not typed.text and fold(text)) or text[typed.start : typed.end][:1] in tuple(QUOTES):
        return []
    names = [name for name in FIELDS if name.startswith(typed.text.rstrip(":"))]
    return [(f"{name}:", FIELDS[name].example.removeprefix(f"{name}:")) for name in names]


def _values(request: SignedIn, name: str) -> list[Value]:
    """All values of the qualifier. One query beside that of the accounts in sight."""
    if name not in COUNTED:
        return [Value(word) for word in FIXED.get(name, ())]
    sight = _sight(request)
    if name == "account":
        return _most_first(_by_name(sight))
    phases, types, overlays = _numbers(sight)
    if name in OVERLAYS:
        return [Value("yes", overlays[name]), Value("no", overlays.total() - overlays[name])]
    numbers = types if name == "type" else phases | {word: overlays[word] for word in OVERLAYS}
    strange = [Value(word, number) for word, number in numbers.items() if word and word not in KNOWN[name]]
    known = [Value(word, numbers.get(word, 0)) for word in KNOWN[name]]
    return _none_last(known + strange) if name == "phase" else _most_first(known + strange)


def _sight(request: SignedIn) -> Sight:
    """The accounts in view. An account that is not the user's is not there."""
    query = Query.read(urlencode({name: request.GET.get(name, "") for name in ("team", "account")}))
    sight = query.shown(Sight.of(request.user.pk, now_ms(), query.team))
    if query.account is not None and not sight.accounts:
        raise Http404
    return sight


def _by_name(sight: Sight) -> list[Value]:
    """Accounts of the same name in several teams are meant together."""
    counted = Tally.objects.filter(account__in=sight.ids).order_by().values_list("account").annotate(Sum("number"))
    numbers, found = dict(counted), Counter[str]()
    for account in sight.accounts:
        found[account.name] += numbers.get(account.id, 0)
    return [Value(name, number) for name, number in found.items() if fold(name)]


def _numbers(sight: Sight) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How many tasks in sight are of each phase, of each type and under each overlay."""
    phases, types, overlays = Counter[str](), Counter[str](), Counter[str]()
    for (phase, task_type, overlay), number in Tally.by_kind(sight.ids).items():
        phases[phase] += number
        types[task_type] += number
        overlays[overlay] += number
    return phases, types, overlays


def _most_first(values: list[Value]) -> list[Value]:
    return sorted(values, key=lambda value: (-(value.number or 0), value.word))


def _none_last(values: list[Value]) -> list[Value]:
    """Else as they are: people learn where each one stands."""
    return sorted(values, key=lambda value: value.number == 0)


def _told_of(typed: Typed, values: list[Value]) -> list[tuple[str, str]]:
    """What would be typed, and its number: first those that begin with what is typed, then those that hold it."""
    fitting = [value for value in values if typed.text in fold(value.word)]
    fitting.sort(key=lambda value: not fold(value.word).startswith(typed.text))
    return [(_written(typed.name, value.word), _shown(value.number)) for value in fitting]


def _written(name: str, word: str) -> str:
    """In quotation marks, if the search would read it otherwise, or take it for a mistyped word."""
    is_plain = word in KNOWN.get(name, (word,)) and not word.startswith("//")  # an address
    if is_plain and not any(is_blank(character) or character in SPECIAL for character in word):
        return word
    return '"' + "".join(f"\\{character}" if character in QUOTES + "\\" else character for character in word) + '"'


def _shown(number: int | None) -> str:
    if number is None:
        return ""
    return MANY if number > EXACT_TO else units.count(number)


def _suggestion(filters: QueryDict, text: str, typed: Typed, put: str, hint: str) -> Suggestion | None:
    """None: the search would become too long."""
    before, after = text[: typed.start] + put, text[typed.end :]
    if len(before + after) > LONGEST:
        return None
    told = {name: filters.get(name) for name in KEPT}
    url = link(reverse("board"), {"q": (before + after).encode(errors="replace"), **told})
    shown = f"{typed.name}:{put}" if typed.name else put
    return Suggestion(shown, hint, url, len(before.encode("utf-16-le", "surrogatepass")) // 2)
