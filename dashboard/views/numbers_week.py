"""The last full week against the one before, as Markdown to paste into a report. Made of Days alone."""

from collections.abc import Iterator, Mapping

from dashboard import units
from dashboard.clock import DAY, short
from dashboard.markdown import code, words
from dashboard.models.causes import top_causes
from dashboard.models.day import start_of_day
from dashboard.models.numbers import Numbers, Sum
from dashboard.views.failures_words import plain_title
from dashboard.views.numbers_words import MEDIAN, NEARLY_ALL, many, percentile, percentile_of, rate, short_day

WEEK = 7 * DAY
MOST_LINES = 10
THURSDAY = 3  # the first day of 1970, as Monday is 0


def last_week(now: int) -> tuple[int, int]:
    """From the Monday of UTC until the next one, both over."""
    today = start_of_day(now)
    monday = today - (today // DAY + THURSDAY) % 7 * DAY
    return monday - WEEK, monday


def week_of(where: str, accounts: Mapping[int, str], now: int, task_type: str = "") -> str:
    """`where`: of whom it tells; `accounts`: their names by id. Causes are told of all types together only."""
    from_at, until_at = last_week(now)
    account_ids = list(accounts)
    week = Numbers.of(account_ids, from_at, until_at, task_type)
    before = Numbers.of(account_ids, from_at - WEEK, from_at, task_type)
    first, last = short_day(from_at), short_day(until_at - DAY)
    parts = [f"## {words(where)}: {first} to {last} (UTC)", "\n".join(_whole(week, before))]
    if week.by_type:
        parts += ["### By type", "\n".join(_types(week, before))]
    if len(week.by_account) > 1:
        parts += ["### By account", "\n".join(_accounts(week, before, accounts))]
    causes = [] if task_type else top_causes(account_ids, from_at, until_at)
    if causes:
        parts += [
            "### Most failures",
            "\n".join(f"- {many(one.tasks, 'task')}: {code(plain_title(one.title))}" for one in causes),
        ]
    if week.counted_at:
        parts.append(f"As counted on {short(week.counted_at)} (UTC). A task that is retried later leaves the week.")
    return "\n\n".join(parts) + "\n"


def _whole(week: Numbers, before: Numbers) -> Iterator[str]:
    now, then = week.whole, before.whole
    yield f"- Ended: {many(now.ended, 'task')} (the week before: {units.count(then.ended)})"
    if now.ended:
        yield f"- Failed: {units.count(now.failed)}, {rate(now.rate)} (the week before: {_failed(then)})"
        yield f"- Saved by a retry: {units.count(now.saved)} (the week before: {units.count(then.saved)})"
        yield f"- Queue wait: {_lengths(now, 'waits')}"
        yield f"- Processing time: {_lengths(now, 'runs')}"
    slowest = _slowest(week)
    if slowest:
        runs = week.by_type[slowest].runs
        yield f"- Slowest type: {code(slowest)}, 95{units.NBSP}% within {percentile(runs, NEARLY_ALL)}"


def _failed(numbers: Sum) -> str:
    return f"{units.count(numbers.failed)}, {rate(numbers.rate)}" if numbers.ended else "nothing ended"


def _lengths(numbers: Sum, name: str) -> str:
    lengths = getattr(numbers, name)
    if percentile_of(lengths, MEDIAN) is None:
        return f"known of {many(lengths.number, 'task')} only" if lengths.number else "not known"
    told = f"median {percentile(lengths, MEDIAN)}, 95{units.NBSP}% within {percentile(lengths, NEARLY_ALL)}"
    return f"{told} (of {many(lengths.number, 'task')})"


def _slowest(week: Numbers) -> str:
    """By the time within which 95 % are done; "" where that is known of fewer than two types."""
    told = [(percentile_of(part.runs, NEARLY_ALL), name) for name, part in week.by_type.items()]
    known = [(length, name) for length, name in told if length is not None]
    return max(known)[1] if len(known) > 1 else ""


def _types(week: Numbers, before: Numbers) -> Iterator[str]:
    """The types with most tasks. A list, because no escape of a `|` is read in one way by all readers."""
    for name, part in sorted(week.by_type.items(), key=lambda told: -told[1].ended)[:MOST_LINES]:
        fared = _fared(part, before.by_type.get(name, Sum()))
        yield f"- {code(name)}: {fared}; processing {_lengths(part, 'runs')}"
    more = len(week.by_type) - MOST_LINES
    if more > 0:
        yield f"- and {many(more, 'other type')}"


def _fared(part: Sum, then: Sum) -> str:
    failed = f"{units.count(part.failed)} of {units.count(part.ended)} failed, {rate(part.rate)}"
    return f"{failed} (the week before: {_failed(then)})"


def _accounts(week: Numbers, before: Numbers, names: Mapping[int, str]) -> Iterator[str]:
    """The accounts with most tasks."""
    for pk, part in sorted(week.by_account.items(), key=lambda told: -told[1].ended)[:MOST_LINES]:
        yield f"- {words(names[pk])}: {_fared(part, before.by_account.get(pk, Sum()))}"
    more = len(week.by_account) - MOST_LINES
    if more > 0:
        yield f"- and {many(more, 'other account')}"
