"""One batch of retries: how far it has come, and each of its tasks with the reason why it is where it is."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from types import SimpleNamespace

from django.db.models import Count
from django.urls import reverse

from dashboard import units
from dashboard.clock import iso
from dashboard.models.retry_batch import TO_DO, ItemState, RetryBatch, RetryItem
from dashboard.models.rights import Right, may
from dashboard.models.seen import Freshness, SeenAccount, Sight
from dashboard.views.batch_words import GROUPS, in_words, knows_query, lamp_of_batch, row_of
from dashboard.views.freshness import freshness_of
from dashboard.views.polling import link, poll_url, token_of
from dashboard.views.retries_words import duration, longest, tasks
from dashboard.visible import visible

FEW, MANY = 10, 100


class BatchPage:
    """The attributes are what `retries/_batch.html` shows. `sight`: the accounts of the batch that the user sees; of
    the others nothing is told."""

    def __init__(
        self, batch: RetryBatch, sight: Sight, counts: dict[int, dict[str, int]], group: str, after: int
    ) -> None:
        self.batch, self.sight, self._by_account = batch, sight, counts
        self.group, self._after = group, after

    @classmethod
    def of(cls, batch: RetryBatch, sight: Sight, asked: Mapping[str, str]) -> "BatchPage | None":
        """None for a batch of which the user sees nothing. `asked`: `state`, one of GROUPS, and `after`, an item."""
        counts: dict[int, dict[str, int]] = defaultdict(dict)
        items = RetryItem.objects.filter(batch=batch, account__in=sight.ids).order_by()
        for account_id, state, number in items.values_list("account_id", "state").annotate(number=Count("pk")):
            counts[account_id][state] = number
        if not counts:
            return None
        seen = Sight(sight.user_id, tuple(a for a in sight.accounts if a.id in counts), sight.now)
        after = asked.get("after", "")
        place = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else 0
        return cls(batch, seen, counts, asked.get("state", "") if asked.get("state") in GROUPS else "", place)

    @cached_property
    def token(self) -> str:
        told = (
            self.batch.stopped_at,
            self.batch.ended_at,
            sorted((a, sorted(c.items())) for a, c in self._by_account.items()),
        )
        return token_of(self.batch.pk, told, self.sight.signs(), self.group, self._after)

    @property
    def poll_url(self) -> str:
        return poll_url(reverse("retry-live", args=[self.batch.pk]), self.token, self._parameters)

    @property
    def _parameters(self) -> dict[str, object]:
        return {"state": self.group, "after": self._after or None}

    @property
    def interval(self) -> int:
        """Seconds. What was started goes on after the batch."""
        return 3 if self.left else 15

    @cached_property
    def _counts(self) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for counts in self._by_account.values():
            for state, number in counts.items():
                sums[state] += number
        return sums

    @property
    def total(self) -> int:
        return sum(self._counts.values())

    @property
    def left(self) -> int:
        return sum(self._counts[state] for state in TO_DO)

    @property
    def to_ask(self) -> int:
        """All but the skipped."""
        return self.total - self._counts[ItemState.SKIPPED]

    @property
    def settled(self) -> int:
        return self.to_ask - self.left

    @property
    def heading(self) -> str:
        return f"Retry of {tasks(self.to_ask or self.total)}"

    @property
    def title_prefix(self) -> str:
        return f"{self.settled}/{self.to_ask} · " if self.left else ""

    @property
    def percent(self) -> int:
        """100 is said only when nothing is left."""
        return 100 if not self.left else min(99, round(100 * self.settled / self.to_ask))

    @property
    def lamp(self) -> str:
        return lamp_of_batch(self._counts)[0]

    @property
    def word(self) -> str:
        return lamp_of_batch(self._counts)[1]

    @property
    def by(self) -> str:
        return visible(self.batch.by_name)

    @property
    def at_iso(self) -> str:
        return iso(self.batch.asked_at)

    @cached_property
    def _query(self) -> str:
        return self.batch.query if knows_query([self.batch], self.sight) else ""

    @property
    def query(self) -> str:
        return visible(in_words(self._query))

    @property
    def board_url(self) -> str:
        """What the filters let through now."""
        return f"{reverse('board')}?{self._query}" if self._query else ""

    @property
    def answer(self) -> tuple[str, str]:
        """What matters, in one sentence, and what goes with it."""
        started = self._counts[ItemState.DONE]
        if self.left:
            own = {
                account: sum(counts.get(state, 0) for state in TO_DO) for account, counts in self._by_account.items()
            }
            last = longest(own, RetryItem.in_line(list(own), before=self.batch.pk))
            return f"{units.count(self.settled)} of {tasks(self.to_ask)} settled.", (
                f"The last is asked for in {duration(last)}, at the pace that leaves calls for the sync."
            )
        words = [f"{units.count(started)} started again"] if started else ["None was started again"]
        for state in (ItemState.FAILED, ItemState.SKIPPED, ItemState.STOPPED):
            if self._counts[state]:
                words.append(f"{units.count(self._counts[state])} {state}")
        return f"{', '.join(words)}.", "How those that were started fare is told below." if started else ""

    @property
    def stopped_by(self) -> str:
        """Empty if it was not the person's own tasks that were stopped."""
        return visible(self.batch.stopped_by) if self._counts[ItemState.STOPPED] else ""

    @property
    def stopped_iso(self) -> str:
        return iso(self.batch.stopped_at)

    @property
    def stop_url(self) -> str:
        """Empty where there is nothing to stop, or the user may not."""
        mine = [account.id for account in self.sight.accounts if may(account.role, Right.RETRY)]
        waiting = sum(self._by_account[account_id].get(ItemState.WAITING, 0) for account_id in mine)
        return reverse("retry-stop", args=[self.batch.pk]) if waiting else ""

    @property
    def again_url(self) -> str:
        """Where the failed ones can be tried again; empty while something is left to do, or if the user may not."""
        return link(reverse("retry-new"), {"batch": self.batch.pk}) if self.failed and not self.left else ""

    @property
    def failed(self) -> str:
        """How many failed where the user may retry; empty for none."""
        mine = [account.id for account in self.sight.accounts if may(account.role, Right.RETRY)]
        number = sum(self._by_account[account_id].get(ItemState.FAILED, 0) for account_id in mine)
        return units.count(number) if number else ""

    @cached_property
    def notices(self) -> list[SimpleNamespace]:
        """Why nothing moves in an account."""
        found = []
        for account in self.sight.accounts:
            if any(self._by_account[account.id].get(state) for state in TO_DO):
                freshness = freshness_of(self.sight.only(account.id))
                if freshness.state != Freshness.LIVE:
                    waits = "Its tasks wait until it is resumed." if account.paused else "Its tasks wait meanwhile."
                    found.append(SimpleNamespace(account=account.name, sentence=freshness.sentence, waits=waits))
        return found

    @property
    def strip(self) -> list[SimpleNamespace]:
        url = reverse("retry-batch", args=[self.batch.pk])
        items = [SimpleNamespace(word="All", lamp="", number=self.total, url=url, current=not self.group)]
        for group, (word, lamp, states) in GROUPS.items():
            number = sum(self._counts[state] for state in states)
            if number or group == self.group:
                state_url = link(url, {"state": group})
                current = group == self.group
                items.append(SimpleNamespace(word=word, lamp=lamp, number=number, url=state_url, current=current))
        return items

    @cached_property
    def sections(self) -> list[SimpleNamespace]:
        """The tasks by where they stand: a few of each, or many of the one that the URL asks for."""
        groups = [self.group] if self.group else [*GROUPS]
        return [section for group in groups if (section := self._section(group)).number]

    def _section(self, group: str) -> SimpleNamespace:
        word, lamp, states = GROUPS[group]
        number, most = sum(self._counts[state] for state in states), MANY if self.group else FEW
        items = RetryItem.objects.filter(batch=self.batch, account__in=self.sight.ids, state__in=states)
        found = (
            list(
                items.filter(pk__gt=self._after)
                .select_related("task")
                .defer("task__document", "task__facts")
                .order_by("id")[: most + 1]
            )
            if number
            else []
        )
        rows = [row_of(item, self._accounts[item.account_id]) for item in found[:most]]
        url = reverse("retry-batch", args=[self.batch.pk])
        after = found[most - 1].pk if self.group and len(found) > most else None
        more_url = link(url, {"state": group, "after": after}) if len(found) > most else ""
        more = "Next" if self.group else f"All {units.count(number)}"
        return SimpleNamespace(
            group=group, word=word, lamp=lamp, number=number, rows=rows, more_url=more_url, more=more
        )

    @cached_property
    def _accounts(self) -> dict[int, SeenAccount]:
        return {account.id: account for account in self.sight.accounts}
