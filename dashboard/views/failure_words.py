"""What the page of a group says: whether retrying helps, how each task fared, who decided what."""

from collections.abc import Callable
from types import SimpleNamespace

from django.urls import reverse

from dashboard import units
from dashboard.clock import HOUR, SECOND, iso
from dashboard.families import Family
from dashboard.models.chosen_failures import Summed
from dashboard.models.decision import Decision
from dashboard.models.failure import Failure
from dashboard.models.group import Group, State
from dashboard.views.failures_words import ENOUGH_TRIES, plain_title
from dashboard.views.polling import link
from dashboard.visible import visible


def verdict_of(sums: Summed, still_open: int, family: Family) -> tuple[str, str]:
    """Whether retrying helps, with what says so; then how many have recovered. The sums are of all that was ever
    seen. What is known of the family counts as long as few retries have ended."""
    return _of_retries(sums.retried, sums.worked, family), _of_recovery(sums, still_open)


def _of_retries(retried: int, worked: int, family: Family) -> str:
    hope = "Retrying may help" if family.retry_helps or not family.known else "Retrying is unlikely to help"
    if retried == 0:
        return f"{hope}: no retry has ended yet."
    if retried < ENOUGH_TRIES:
        tries = "1 retry" if retried == 1 else f"{retried} retries"
        return f"{hope}: {worked} of {tries} succeeded so far, too few to say."
    if worked == 0:
        return f"Retrying has not helped: 0 of {units.count(retried)} retries succeeded."
    return f"{units.percent(worked / retried)} of retries succeed: {units.count(worked)} of {units.count(retried)}."


def _of_recovery(sums: Summed, still_open: int) -> str:
    recovered = f"{units.count(sums.recovered)} of {units.count(sums.tasks)} tasks recovered."
    left = f"{units.count(still_open)} still failed." if still_open else "None is failed any more."
    return f"{recovered if sums.recovered else 'No task has recovered.'} {left}"


def fate_of(failure: Failure) -> SimpleNamespace:
    """How a task fared that failed so: `words`, then the id of another task, its first characters, its `url`."""
    task, made_by = failure.task, failure.recovered_by
    if made_by:
        url = link(reverse("task", args=[made_by]), {"account": task.account_id})
        return _fate("recovered: made by task", "completed", visible(made_by), url)
    if failure.recovered_at is not None:
        return _fate(_how_it_worked(failure), "completed")
    if task.deleted_at is not None:
        return _fate("deleted at Studio", "deleted")
    if task.phase == "failed":
        return _fate(
            "failed, not tried again" if failure.is_final else "failed so first, then for another reason", "failed"
        )
    if task.phase == "cancelled":
        return _fate("cancelled at Studio", "cancelled")
    return _fate("being tried again", "retrying")


def _fate(words: str, hue: str, other: str = "", url: str = "") -> SimpleNamespace:
    return SimpleNamespace(words=words, hue=hue, other=other, short=other[:8], url=url)


def _how_it_worked(failure: Failure) -> str:
    if failure.worked:
        return f"failed, then worked at try {max(failure.task.attempt, failure.times + 1)}"
    return "recovered: completed later"


def deed_of(decision: Decision, shown: Group) -> SimpleNamespace:
    """One line of the history. `words` go on after the name; then a group with its `url`, a time, and `end`. `about`:
    which of the merged ones it is about, if it is not the one that is shown."""
    told = decision.told
    words, end = _DEEDS[decision.what](told) if decision.what in _DEEDS else (visible(decision.what), "")
    other = next((told[name] for name in ("into", "pattern", "from") if isinstance(told.get(name), int)), None)
    until = told.get("until_at") if decision.what == "ignored" else None
    return SimpleNamespace(
        what=decision.what,
        by=visible(decision.by_name),
        words=words,
        until_iso=iso(until) if isinstance(until, int) else "",
        end=end,
        other=f"#{other} {plain_title(str(told.get('title', '')))[:80]}" if other else "",
        url=reverse("failure", args=[other]) if other else "",
        text=visible(decision.text),
        about=f"#{decision.group_id}" if decision.group_id != shown.pk else "",
        iso=iso(decision.at),
    )


Told = dict[str, object]
_DEEDS: dict[str, Callable[[Told], tuple[str, str]]] = {
    "took": lambda told: ("took it", ""),
    "assigned": lambda told: (f"gave it to {visible(str(told.get('to', '')))}", ""),
    "released": lambda told: ("put it down: nobody has it", ""),
    "ignored": lambda told: ("ignored it", _more(told)),
    "woke": lambda told: (f"opened it again: {_came(told)}", ""),
    "resolved": lambda told: ("resolved it", ""),
    "regressed": lambda told: ("saw it come back", ""),
    "reopened": lambda told: ("opened it again", ""),
    "merged": lambda told: ("merged this into", "") if "into" in told else ("merged", "into this"),
    "unmerged": lambda told: ("took", "out again") if "pattern" in told else ("took this out of", ""),
    "regrouped": lambda told: _sorted_anew(told),
    "noted": lambda told: ("wrote", ""),
}


def _sorted_anew(told: Told) -> tuple[str, str]:
    """By a new version of what reads messages."""
    if "from" in told:
        return "reads messages better now, and split this from", ""
    same = "reads messages better now: this is the same as"
    return (same, "") if "into" in told else ("reads messages better now:", "is the same as this")


def _more(told: Told) -> str:
    if not told.get("more"):
        return ""
    first = "or " if told.get("until_at") else ""
    return f"{first}until {told['more']} more fail within {told.get('hours')}{units.NBSP}h"


def _came(told: Told) -> str:
    return f"{told['came']} more within {told.get('hours')}{units.NBSP}h" if "came" in told else "its time was over"


def patience_of(group: Group) -> SimpleNamespace | None:
    """How long an ignored group sleeps: until a time, or until so many more fail; or both."""
    if group.state != State.IGNORED:
        return None
    hours = units.duration((group.ignored_hours or 24) * HOUR / SECOND)
    more = f"until {units.count(group.ignored_more)} more fail within {hours}" if group.ignored_more else ""
    return SimpleNamespace(iso=iso(group.ignored_until), more=f"or {more}" if more and group.ignored_until else more)
