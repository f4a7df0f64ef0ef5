"""What the page says that asks whether to retry many tasks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from django.http import QueryDict

from dashboard import units
from dashboard.clock import MINUTE, SECOND
from dashboard.models.retry_batch import RetryItem
from dashboard.models.retry_draft import Draft
from dashboard.sync.batches import A_MINUTE
from dashboard.views.chosen import MOST, Chosen
from dashboard.views.chosen_batch import ChosenBatch
from dashboard.views.chosen_group import ChosenGroup
from dashboard.views.failures_words import title_html
from dashboard.visible import visible

TYPED_FROM = 100
"""A larger number is to be typed by hand."""
MOST_REASONS = 8
MOST_ERRORS = 3
Choice = Chosen | ChosenGroup | ChosenBatch
_OF_ONE = re.compile(r"It (?:is|was) (.+?)(?::.*)?\.")


@dataclass(frozen=True)
class Proposal:
    """`is_cut`: there are more tasks than a batch may have, so nothing is drafted."""

    chosen: Choice
    draft: Draft
    is_cut: bool

    @property
    def heading(self) -> str:
        if self.is_cut:
            return "Too many tasks"
        return f"Retry {tasks(self.number)}?" if self.number else "Nothing to retry"

    @property
    def number(self) -> int:
        """How many would be asked for."""
        return self.draft.to_do

    @property
    def set_in_words(self) -> str:
        total = f"More than {tasks(MOST)}" if self.is_cut else tasks(len(self.draft.lines))
        if self.chosen.ticked:
            missing = len(self.chosen.ticked) - len(self.draft.lines)
            lost = f" {units.count(missing)} more are not here, or not yours to see." if missing else ""
            return f"{total}, ticked in the list.{lost}"
        return f"{total}: {self.chosen.whole}."

    @property
    def filters(self) -> list[tuple[str, str]]:
        return [] if self.chosen.ticked else [(name, title_html(text)) for name, text in self.chosen.told.items()]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Number and reason of what would be skipped, the most frequent first."""
        return [(units.count(number), visible(of_many(why))) for why, number in self.draft.reasons[:MOST_REASONS]]

    @property
    def more_reasons(self) -> int:
        return max(0, len(self.draft.reasons) - MOST_REASONS)

    @cached_property
    def errors(self) -> list[tuple[str, str]]:
        """How many of those to be asked for failed of what, the most frequent first."""
        return [(units.count(number), title_html(title)) for title, number in self.draft.errors[:MOST_ERRORS]]

    @property
    def more_errors(self) -> str:
        """How many failed of something else."""
        number = sum(number for _, number in self.draft.errors[MOST_ERRORS:])
        return units.count(number) if number else ""

    @property
    def skipped(self) -> int:
        return len(self.draft.lines) - self.number

    @property
    def duration(self) -> str:
        return duration(longest(self.draft.by_account, RetryItem.in_line(list(self.draft.by_account))))

    @property
    def is_typed(self) -> bool:
        return self.number > TYPED_FROM

    @property
    def number_in_words(self) -> str:
        return tasks(self.number)

    @property
    def empty(self) -> str:
        """Why there is nothing to ask for."""
        if self.chosen.is_open:
            return "Nothing says which tasks. Tick some in the list, or filter it, and choose Retry there."
        if self.is_cut:
            return (
                f"At most {units.count(MOST)} tasks can be retried at once. Filter the list further, by a date perhaps."
            )
        if not self.draft.lines:
            return "There is no such task, or it is not yours to see."
        if self.chosen.insist_url:
            return "A retry cannot help any of these tasks, as far as is known here."
        return "None of these tasks can be retried."

    def refusal(self, form: QueryDict) -> str:
        """Why the form that was sent starts nothing; empty if it does."""
        if not self.number:
            return self.empty
        typed = form.get("number")
        if typed is not None and "".join(typed.split()).replace(",", "") != str(self.number):
            return f"That is not the number: it is {units.count(self.number)} now. Nothing was retried."
        agreed = form.get("agreed", "")
        if agreed.isdecimal() and agreed.isascii() and len(agreed) < 10 and int(agreed) < self.number:
            more = f"{units.count(self.number)} tasks by now, {units.count(int(agreed))} when the page was made"
            return f"They are {more}. Look again; nothing was retried."
        return ""


def of_many(reason: str) -> str:
    """The reason why one task is skipped, after a number: `completed` of `It is completed: only what failed …`."""
    of_one = _OF_ONE.fullmatch(reason)
    return of_one[1] if of_one else reason


def tasks(number: int) -> str:
    return f"{units.count(number)} task{'s' * (number != 1)}"


def longest(numbers: Mapping[int, int], ahead: Mapping[int, int]) -> int:
    """As many as are asked for until the last account is through, by account and what is in line before."""
    return max((number + ahead.get(account_id, 0) for account_id, number in numbers.items() if number), default=0)


def duration(number: int) -> str:
    """How long it takes to ask for so many tasks of one account."""
    minutes = ceil(number / A_MINUTE)
    return "less than a minute" if minutes <= 1 else f"about {units.duration(minutes * MINUTE / SECOND)}"
