"""Surges: many failures of one cause in a short time, measured by what is usual in the accounts where they happen."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from dashboard.clock import DAY
from dashboard.models.account import Account
from dashboard.models.failure import Failure
from dashboard.models.group import PRESSING, Group
from dashboard.models.team import Team
from dashboard.models.usual import Counts, Usual
from dashboard.unusual import FEWEST, WINDOW_MS, begun_at, is_unusual, is_usual_again

MOST_READ = 5_000
_GOING = """
    SELECT p.surge_id, f.account_id, COUNT(DISTINCT f.task_id), MAX(f.at)
    FROM (
        SELECT id AS surge_id, since_at, group_id FROM dashboard_surge WHERE ended_at IS NULL
        UNION ALL
        SELECT s.id, s.since_at, g.id FROM dashboard_surge s JOIN dashboard_group g ON g.merged_into_id = s.group_id
        WHERE s.ended_at IS NULL
    ) p JOIN dashboard_failure f ON f.group_id = p.group_id AND f.at >= p.since_at AND f.at < %s
    GROUP BY p.surge_id, f.account_id
"""  # for all of them at once: with hundreds of surges a query for each would take half a second


class Surge(models.Model):
    """Of one group, with all that was merged into it. `since_at` is its first failure; `tasks` and `accounts` count
    those since then. Over, it has `ended_at`."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="surges", db_index=False)
    since_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    tasks = models.IntegerField()
    accounts = models.IntegerField()
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group"], name="surge_one_at_a_time", condition=Q(ended_at=None)),
        ]
        indexes: ClassVar = [models.Index(fields=["group", "since_at"], name="surge_of_group")]

    def __str__(self) -> str:
        return f"{self.tasks} since {self.since_at}"


class Counted(NamedTuple):
    """What a surge counts in one account."""

    account_id: int
    tasks: int
    last_at: int


def under_way(team_ids: Iterable[int], most: int = 100) -> list[Surge]:
    """The surges that these teams have now, the newest first."""
    surges = Surge.objects.filter(ended_at=None, group__team__in=list(team_ids)).select_related("group")
    return list(surges.order_by("-since_at", "-id")[:most])


def having_part(account_id: int, surges: Sequence[Surge]) -> list[Surge]:
    """Those of them in which tasks of this account failed."""
    roots = Group.objects.patterns_of([surge.group_id for surge in surges])
    since_at = min((surge.since_at for surge in surges), default=0)
    failures = Failure.objects.filter(group__in=list(roots), account=account_id, at__gte=since_at)
    last = defaultdict[int, int](int)
    for group_id, at in failures.values_list("group").annotate(Max("at")):
        last[roots[group_id]] = max(last[roots[group_id]], at)
    return [surge for surge in surges if last[surge.group_id] >= surge.since_at]


def watch_for_surges(now: int) -> None:
    """Begin, follow and end surges. A small transaction for each that changes; where nothing fails, two queries."""
    held = {surge.group_id: surge for surge in Surge.objects.filter(ended_at=None).select_related("group")}
    lately = _lately(now)
    many = [root for root, counts in lately.items() if root in held or sum(counts.values()) >= FEWEST]
    going = _going(now) if held else {}
    if groups := list(Group.objects.filter(pk__in=many, state__in=PRESSING)):
        usual = Usual(many, {account_id for root in many for account_id in lately[root]}, now)
        for group in groups:
            surge = held.get(group.pk)
            if surge is None:
                _begin_if_unusual(group, lately[group.pk], usual, now)
            elif _goes_on(surge, lately[group.pk], usual, going.get(surge.pk, ()), now):
                del held[group.pk]
    for surge in held.values():
        _end(surge, now)


def _lately(now: int) -> Mapping[int, Counts]:
    """How many tasks failed within the window, by the groups that people see."""
    counts = defaultdict[int, dict[int, int]](dict)
    rows = _failures(now - WINDOW_MS, now).values_list(Coalesce("group__merged_into", "group"), "account")
    for root, account_id, number in rows.annotate(Count("task", distinct=True)):
        counts[root][account_id] = number
    return counts


def _failures(after: int, now: int) -> QuerySet[Failure]:
    """Those of accounts whose usual is known: not while they import, which those that can only be read as documented do
    again and again. Studio's clock may be ahead of ours, but what is
    far in the future is not of this time."""
    known = Account.objects.filter(removed_at=None).exclude(import_done_at=None, documented_only=False)
    return Failure.objects.filter(account__in=known, at__gt=after, at__lt=now + WINDOW_MS)


def _going(now: int) -> dict[int, list[Counted]]:
    """What the surges under way count, by their keys."""
    found = defaultdict[int, list[Counted]](list)
    with connection.cursor() as cursor:
        cursor.execute(_GOING, [now + WINDOW_MS])
        for surge_id, *counted in cursor.fetchall():
            found[surge_id].append(Counted(*counted))
    return found


def _begin_if_unusual(group: Group, lately: Counts, usual: Usual, now: int) -> None:
    expected = usual.in_a_window(group.pk, lately, lately)
    if not is_unusual(sum(lately.values()), expected):
        return
    pattern_ids = usual.pattern_ids[group.pk]
    since_at = _since(pattern_ids, lately, expected, now)
    if since_at is None:
        return
    failures = Failure.objects.filter(group__in=pattern_ids, at__gte=since_at, at__lt=now + WINDOW_MS).values_list(
        "account"
    )
    counted = [Counted(*row) for row in failures.annotate(Count("task", distinct=True), Max("at"))]
    try:
        with transaction.atomic():
            Surge.objects.create(group=group, since_at=since_at, **_told(counted))
            _tell(group.team_id)
    except IntegrityError:  # another syncer saw it too
        return


def _since(pattern_ids: Collection[int], lately: Counts, expected: float, now: int) -> int | None:
    """Its first failure. What was a part of a surge that is over, as when somebody dealt with it, begins no other."""
    ended = Surge.objects.filter(group__in=pattern_ids).aggregate(at=Max("ended_at"))
    after = max(now - DAY, ended["at"] or 0)
    failures = _failures(after, now).filter(group__in=pattern_ids, account__in=lately)
    times = list(failures.order_by("-at").values_list("at", flat=True)[:MOST_READ])[::-1]
    return begun_at(times, expected) if len(times) >= FEWEST else None


def _told(counted: Collection[Counted]) -> dict[str, int]:
    last_at = max(each.last_at for each in counted)
    return {"last_at": last_at, "tasks": sum(each.tasks for each in counted), "accounts": len(counted)}


def _goes_on(surge: Surge, lately: Counts, usual: Usual, counted: Collection[Counted], now: int) -> bool:
    expected = usual.in_a_window(surge.group_id, lately, {each.account_id: each.tasks for each in counted})
    is_old = surge.since_at < now - DAY  # what goes on for a day is the usual now
    if is_old or not counted or is_usual_again(sum(lately.values()), expected):
        return False
    told = _told(counted)
    if surge.since_at > now - WINDOW_MS:  # what happened first may be heard of later
        since_at = _since(usual.pattern_ids[surge.group_id], lately, expected, now)
        told["since_at"] = min(since_at or surge.since_at, surge.since_at)
    if any(getattr(surge, name) != value for name, value in told.items()):
        with transaction.atomic():
            Surge.objects.filter(pk=surge.pk, ended_at=None).update(**told)
            _tell(surge.group.team_id)
    return True


def _end(surge: Surge, now: int) -> None:
    with transaction.atomic():
        if Surge.objects.filter(pk=surge.pk, ended_at=None).update(ended_at=now):
            _tell(surge.group.team_id)


def _tell(team_id: int) -> None:
    """The team's pages show something different. Its row is locked before they are counted: another syncer may end one
    of its surges now."""
    Team.objects.select_for_update(no_key=True).filter(pk=team_id).first()
    number = Surge.objects.filter(group__team=team_id, ended_at=None).count()
    Team.objects.filter(pk=team_id).update(surges=number, surges_turn=F("surges_turn") + 1)
