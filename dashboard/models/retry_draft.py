"""What a batch of retries would be: which of the tasks would be asked for, and why the others would not."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from dashboard.fingerprint import fingerprint_of
from dashboard.models.syncing import Health
from dashboard.models.task import Task
from dashboard.phases import RETRYABLE

READ_AT_ONCE = 500
IN_LINE = ("waiting", "asking")  # where an item of a batch stands that is still to be asked for


class Usable(Protocol):
    """What tells whether an account can be asked."""

    @property
    def name(self) -> str: ...
    @property
    def health(self) -> str: ...
    @property
    def archived_at(self) -> int | None: ...


class DraftLine(NamedTuple):
    task_id: int
    account_id: int
    why_not: str


@dataclass(frozen=True)
class Draft:
    """`lines` in the order in which they are asked for; empty `why_not`: it will be."""

    lines: Sequence[DraftLine]

    @classmethod
    def of(
        cls,
        task_ids: Sequence[int],
        accounts: Collection["Seen"],
        may_retry: Collection[int],
        who: str,
        hopeless: Mapping[int, str] | None = None,
    ) -> "Draft":
        """`accounts`: those of the tasks, as far as the person `who` sees them; `may_retry`: the ids of those in which
        they may; `hopeless`: by task why a retry cannot help, where it is known."""
        through = {account.id: _why_not_in(account, account.id in may_retry, who) for account in accounts}
        lines = list[DraftLine]()
        for start in range(0, len(task_ids), READ_AT_ONCE):
            ids = task_ids[start : start + READ_AT_ONCE]
            rows = Task.objects.filter(pk__in=ids, account__in=list(through)).values_list(
                "pk", "account_id", "phase", "deleted_at"
            )
            found = {pk: (account_id, phase, deleted_at) for pk, account_id, phase, deleted_at in rows}
            line = in_line(ids)
            for pk in ids:
                if pk in found:
                    account_id, phase, deleted_at = found[pk]
                    reason = why_not(phase, deleted_at) or through[account_id] or line.get(pk, "")
                    lines.append(DraftLine(pk, account_id, reason or (hopeless or {}).get(pk, "")))
        return cls(lines)

    def again(self) -> "Draft":
        """Without what is gone by now, and with what another batch has taken meanwhile as such."""
        lines = list[DraftLine]()
        for start in range(0, len(self.lines), READ_AT_ONCE):
            some = self.lines[start : start + READ_AT_ONCE]
            ids = [line.task_id for line in some]
            present, line_of = set(Task.objects.filter(pk__in=ids).values_list("pk", flat=True)), in_line(ids)
            for task_id, account_id, reason in some:
                if task_id in present:
                    lines.append(DraftLine(task_id, account_id, reason or line_of.get(task_id, "")))
        return Draft(lines)

    @cached_property
    def to_do(self) -> int:
        return sum(not line.why_not for line in self.lines)

    @cached_property
    def by_account(self) -> Counter[int]:
        """How many would be asked for."""
        return Counter(line.account_id for line in self.lines if not line.why_not)

    @cached_property
    def reasons(self) -> list[tuple[str, int]]:
        """Why tasks would not be asked for, the most frequent first."""
        return Counter(line.why_not for line in self.lines if line.why_not).most_common()

    @cached_property
    def errors(self) -> list[tuple[str, int]]:
        """Of what those that would be asked for failed, without what differs from task to task; the most frequent
        first."""
        ids = [line.task_id for line in self.lines if not line.why_not]
        messages = Counter[tuple[str, str]]()
        for start in range(0, len(ids), READ_AT_ONCE):
            some = Task.objects.filter(pk__in=ids[start : start + READ_AT_ONCE], phase="failed")
            messages.update(some.values_list("error", "type"))
        titles = Counter[str]()
        for (message, task_type), number in messages.items():
            titles[fingerprint_of(message, task_type).title] += number
        return titles.most_common()


class Seen(Usable, Protocol):
    @property
    def id(self) -> int: ...


def in_line(task_ids: Sequence[int]) -> dict[int, str]:
    """Those of the tasks that a batch is still to ask for, with that as the reason not to ask twice."""
    waiting = Task.objects.filter(pk__in=task_ids, retry_items__state__in=IN_LINE).order_by("-retry_items__batch")
    held = waiting.values_list("pk", "retry_items__batch")
    return {pk: f"It is in line already, in batch {batch}." for pk, batch in held}


def why_not(phase: str, deleted_at: int | None) -> str:
    """Why a task that is so cannot be retried."""
    if deleted_at is not None:
        return "It was deleted at Studio."
    return "" if phase in RETRYABLE else f"It is {phase}: only what failed or was cancelled can be retried."


def why_not_through(account: Usable) -> str:
    """Why nothing can be asked through the account, as long as nobody does something about it."""
    if getattr(account, "removed_at", None) is not None:
        return "The account was removed."
    if account.archived_at is not None:
        return f"The key of {account.name} was deleted."
    match account.health:
        case Health.REJECTED:
            return f"Studio rejects the key of {account.name}."
        case Health.UNOPENABLE:
            return f"The key of {account.name} cannot be opened."
        case Health.DUPLICATE:
            return f"{account.name} is not read: another account is of the same project."
    return ""


def _why_not_in(account: Usable, may_retry: bool, who: str) -> str:
    return why_not_through(account) if may_retry else f"{who} may not retry tasks of {account.name}."
