"""What an account remembers of being synced: whose turn it is, how far the walks came, how Studio answers."""

import json
from typing import Any, ClassVar, Protocol

from django.db import models
from django.db.models import F, Q

from dashboard import usage
from dashboard.clock import MINUTE, SECOND, now_ms

CALLS_A_MINUTE = 25
CALLS_WINDOW = MINUTE + 2 * SECOND  # Studio counts when calls arrive, which may be a little later than we do
# Calls beside the looks at the list. A watched list that moves is looked at 20 times a minute.
MOST_ASIDE, MOST_ASIDE_WATCHED = 12, 4
WATCH_NOTE_MS = 10_000


class Health(models.TextChoices):
    """How the account's key and Studio behaved at the last try."""

    NEW = "new", "Not asked yet"
    WORKING = "working", "Working"
    LIMITED = "limited", "Limited"
    REJECTED = "rejected", "Rejected"
    RATE_LIMITED = "rate-limited", "Rate limited"
    FAILING = "failing", "Unreachable"
    UNOPENABLE = "unopenable", "Cannot be opened"
    DUPLICATE = "duplicate", "Connected twice"


class HasKey(Protocol):
    """What tells the state of an account's key: an Account or a SeenAccount."""

    @property
    def health(self) -> str: ...
    @property
    def paused(self) -> bool: ...
    @property
    def archived_at(self) -> int | None: ...
    @property
    def not_before_at(self) -> int: ...


def key_state(account: HasKey, now: int) -> str:
    """How the account's key is, in one word that pages carry: `archived paused duplicate rejected unopenable limited
    rate-limited unreachable working new`."""
    if account.archived_at is not None:
        return "archived"
    if account.paused:
        return "paused"
    if account.health in (Health.NEW, Health.WORKING) and account.not_before_at > now:
        return "rate-limited"
    return "unreachable" if account.health == Health.FAILING else str(account.health)


class SyncingQuerySet(models.QuerySet[Any]):
    def storing(self) -> "SyncingQuerySet":
        """Accounts that may take in tasks: not those that are archived, removed, or read through another one."""
        return self.filter(archived_at=None, removed_at=None).exclude(health=Health.DUPLICATE)

    def due(self, now: int) -> "SyncingQuerySet":
        """Accounts that may be asked now and that nobody is asking."""
        at_work = self.filter(paused=False, archived_at=None, removed_at=None)
        may_be_asked = at_work.filter(next_sync_at__lte=now, not_before_at__lte=now)
        return may_be_asked.filter(claimed_until__lt=now).order_by("next_sync_at")

    def note_watched(self, ids: list[int], now: int) -> int:
        """Somebody looks at these accounts. At most one write per account and 10 s; the first look makes it due."""
        stale = self.filter(pk__in=ids, watched_at__lt=now - WATCH_NOTE_MS)
        fresh_look = Q(watched_at__lt=now - 3 * WATCH_NOTE_MS) & ~Q(health__in=HOLDING) & Q(failures=0)
        stale.filter(fresh_look, next_sync_at__gt=now, not_before_at__lte=now).update(next_sync_at=now)
        return stale.update(watched_at=now)

    def wait_until(self, at: int) -> None:
        """Studio wants to be left alone until then, by everybody."""
        self.filter(not_before_at__lt=at).update(not_before_at=at)
        self.filter(next_sync_at__lt=at).update(next_sync_at=at)

    def want_assets(self, now: int) -> None:
        """Tasks came to an end or began again, so their assets have a new state, or will have in a moment."""
        self.update(names_wanted=True, assets_moved_at=now)

    def bump(self) -> int:
        """A viewer of these accounts would now see something different."""
        return self.update(revision=F("revision") + 1)


HOLDING = (Health.REJECTED, Health.UNOPENABLE, Health.DUPLICATE)


class Syncing(models.Model):
    """The part of an Account that the syncer writes. Times are milliseconds.

    `not_before_at`: Studio asked to be left alone until then. `unreadable`: rows that the import, and after it the
    last walk, could not read. `documented_only`: the server knows no filters; they are tried again at
    `filters_again_at`, and then the import goes on before `import_before`. `assets_moved_at`: when a task last ended or
    began again, and its asset with it. `paced_at`: when the paces were counted. `expected_at`: when, after the last
    success, the next one was to be. `usage`: the calls of the last 24 hours, as `usage.py` reads and writes them.
    """

    revision = models.BigIntegerField(default=0)

    health = models.CharField(max_length=12, choices=Health.choices, default=Health.NEW)
    error = models.TextField(default="", blank=True)
    error_since_at = models.BigIntegerField(null=True)
    failures = models.IntegerField(default=0)
    last_try_at = models.BigIntegerField(null=True)
    last_success_at = models.BigIntegerField(null=True)

    next_sync_at = models.BigIntegerField(null=True, default=now_ms)
    not_before_at = models.BigIntegerField(default=0)
    claimed_by = models.CharField(max_length=40, default="", blank=True)
    claimed_until = models.BigIntegerField(default=0)
    watched_at = models.BigIntegerField(default=0)
    calls = models.TextField(default="[]")
    usage = models.TextField(default="", blank=True)

    watermark = models.BigIntegerField(default=0)
    overlap_from = models.BigIntegerField(default=0)
    import_before = models.BigIntegerField(null=True)
    import_done_at = models.BigIntegerField(null=True)
    imported = models.IntegerField(default=0)
    import_total = models.IntegerField(null=True)
    documented_only = models.BooleanField(default=False)
    filters_again_at = models.BigIntegerField(default=0)
    unreadable = models.IntegerField(default=0)

    names_cursor = models.CharField(max_length=200, default="", blank=True)
    names_done_at = models.BigIntegerField(null=True)
    names_next_at = models.BigIntegerField(default=0)
    names_wanted = models.BooleanField(default=False)
    assets_moved_at = models.BigIntegerField(default=0)
    paced_at = models.BigIntegerField(default=0)
    expected_at = models.BigIntegerField(null=True)

    class Meta:
        abstract = True
        indexes: ClassVar = [models.Index(fields=["next_sync_at"], name="%(class)s_next_sync")]

    @property
    def is_importing(self) -> bool:
        return self.import_done_at is None

    def is_watched(self, now: int) -> bool:
        return self.watched_at > now - 3 * WATCH_NOTE_MS

    def claim(self, name: str, now: int, lease_ms: int, only_if_due: bool = False) -> bool:
        """Take this account for ourselves, if nobody holds it. One conditional UPDATE, so two never both win."""
        accounts = type(self).objects  # type: ignore[attr-defined]
        free = accounts.due(now) if only_if_due else accounts.filter(claimed_until__lt=now)
        won = bool(free.filter(pk=self.pk).update(claimed_by=name, claimed_until=now + lease_ms))
        if won:
            self.refresh_from_db()
        return won

    def give_back(self, name: str, next_at: int | None = None, **changes: object) -> None:
        """Let go of our claim, with the next round at `next_at` if given."""
        mine = type(self).objects.filter(pk=self.pk, claimed_by=name)  # type: ignore[attr-defined]
        when = {} if next_at is None else {"next_sync_at": next_at}
        mine.update(claimed_until=0, claimed_by="", **when, **changes)

    def calls_left(self, now: int) -> int:
        """How many calls the budget of the last minute still allows."""
        return CALLS_A_MINUTE - len(self._recent_calls(now))

    def calls_aside_left(self, now: int, most: int | None = None) -> int:
        """How many of them may go to something else than the list, so that the looks at it never run dry. `most`: how
        many in a minute, if the looks are as rare as that takes."""
        most = most or (MOST_ASIDE_WATCHED if self.is_watched(now) else MOST_ASIDE)
        made = sum(at < 0 for at in self._recent_calls(now))
        return min(most - made, self.calls_left(now) - 1)

    def next_call_at(self, now: int) -> int:
        """When the budget allows the next call: now, or when the oldest of the last 25 is a minute old."""
        recent = self._recent_calls(now)
        return now if len(recent) < CALLS_A_MINUTE else abs(recent[-CALLS_A_MINUTE]) + CALLS_WINDOW

    def all_calls_at(self, now: int) -> int:
        """When the whole budget is there again."""
        recent = self._recent_calls(now)
        return abs(recent[-1]) + CALLS_WINDOW if recent else now

    def note_call(self, now: int, aside: bool = False) -> None:
        """Count one call. The claim keeps others away, so the list needs no lock. Calls aside are negative."""
        self.calls = json.dumps([*self._recent_calls(now), -now if aside else now])

    def note_usage(self, begun: int, failed: bool) -> None:
        """Count how one call went that began then. Whoever holds the claim writes it with what it writes anyway."""
        now = now_ms()
        self.usage = usage.note(self.usage, now, now - begun, failed)

    def _recent_calls(self, now: int) -> list[int]:
        return [at for at in json.loads(self.calls) if abs(at) > now - CALLS_WINDOW]
