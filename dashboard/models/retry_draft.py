"""What a batch of retries would be: which of the tasks would be asked for, and why the others would not."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from dashboard.fingerprint import fingerprint_of
from dashboard.models.compiling import of_ids
from dashboard.models.lanes import rows_of
from dashboard.models.syncing import Health
from dashboard.phases import RETRYABLE

READ_AT_ONCE = 1000


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
        for task in _stored(task_ids):
            if task.account_id in through:
                reason = why_not(task.phase, task.deleted_at) or through[task.account_id] or task.in_line
                lines.append(DraftLine(task.id, task.account_id, reason or (hopeless or {}).get(task.id, "")))
        return cls(lines)

    def again(self) -> "Draft":
        """Without what is gone by now, and with what another batch has taken meanwhile as such."""
        held = {task.id: task for task in _stored([line.task_id for line in self.lines])}
        present = (line for line in self.lines if line.task_id in held)
        return Draft([line._replace(why_not=line.why_not or held[line.task_id].in_line) for line in present])

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
            these = of_ids("t.id", ids[start : start + READ_AT_ONCE])
            messages.update(rows_of(_ERRORS + these.text, these.values))
        titles = Counter[str]()
        for (message, task_type), number in messages.items():
            titles[fingerprint_of(message, task_type).title] += number
        return titles.most_common()


_ERRORS = "SELECT t.error, t.type FROM dashboard_task t WHERE t.phase = 'failed' AND "


class Seen(Usable, Protocol):
    @property
    def id(self) -> int: ...


class _Stored(NamedTuple):
    """A task as it is now; `batch_id`: of the batch that is still to ask for it."""

    id: int
    account_id: int
    phase: str
    deleted_at: int | None
    batch_id: int | None

    @property
    def in_line(self) -> str:
        """That as the reason not to ask twice."""
        return f"It is in line already, in batch {self.batch_id}." if self.batch_id else ""


def _stored(task_ids: Sequence[int]) -> Iterator[_Stored]:
    """Those that there are, in the given order."""
    for start in range(0, len(task_ids), READ_AT_ONCE):
        ids = task_ids[start : start + READ_AT_ONCE]
        these = of_ids("t.id", ids)
        found = {row[0]: _Stored(*row) for row in rows_of(_STORED + these.text, these.values)}
        yield from (found[pk] for pk in ids if pk in found)


_STORED = """
    SELECT t.id, t.account_id, t.phase, t.deleted_at, (
        SELECT MIN(i.batch_id) FROM dashboard_retryitem i WHERE i.task_id = t.id AND i.state IN ('waiting', 'asking'))
    FROM dashboard_task t WHERE """


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
