"""What the failed tasks of a group share and tasks that worked do not: a region that its page fetches late."""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard import units
from dashboard.clock import MINUTE, iso
from dashboard.features import Feature, features_of
from dashboard.lift import Lift, Share, caution, lifts
from dashboard.models.asset import Asset
from dashboard.models.failure import Failure, newest_of
from dashboard.models.group import Group
from dashboard.models.lanes import Kind, Lanes
from dashboard.models.merging import merged
from dashboard.models.order import NEWEST
from dashboard.models.task import Task
from dashboard.views.failure_held import HeldGroup
from dashboard.views.failures_words import plain_title, title_html
from dashboard.views.kept import Kept
from dashboard.views.polling import SignedIn, signed_in

MOST = 300
LONGEST_DOCUMENT = 32_768
FRESH_MS = 10 * MINUTE
_regions: Kept[Hashable, SafeString] = Kept(2)


@signed_in
@require_safe
def shared(request: SignedIn, pk: int) -> HttpResponse:
    """The region for the group's page, or a page of its own where no script asks."""
    held = HeldGroup.or_404(request, pk)
    group, sight = held.group, held.sight
    names = {account.id: account.name for account in sight.accounts}
    # New tasks that worked change little: they count after some minutes.
    key = (group.pk, group.turn, group.last_at, group.open_tasks, sight.now // FRESH_MS, *sorted(names.items()))
    region = _regions.get(key, partial(_rendered, group, names, sight.now))
    if request.headers.get("HX-Request"):
        return HttpResponse(region)
    context = {"group": group, "title": title_html(group.title), "plain_title": plain_title(group.title)}
    return render(request, "failures/shared.html", context | {"region": region})


def _rendered(group: Group, names: Mapping[int, str], now: int) -> SafeString:
    return render_to_string("failures/_shared.html", {"shared": in_words(compare(group, names)), "at_iso": iso(now)})


class Compared(NamedTuple):
    """How many failed tasks stood beside how many that worked, and what came of it. `is_all`: no failed task of the
    group was left out."""

    failed: int
    worked: int
    is_all: bool
    lifts: list[Lift]


def compare(group: Group, names: Mapping[int, str]) -> Compared:
    """The newest failed tasks of the group beside the newest that worked, of the same accounts and types and without
    such a failure. `names`: the accounts in view, by their ids."""
    patterns = group.pattern_ids
    failed = newest_of(patterns, list(names), MOST + 1)
    ids = list(dict.fromkeys(one.task_id for one in failed))
    worked = _worked({(one.account_id, one.type) for one in failed}, patterns)
    features = _features([*ids[:MOST], *worked], names)
    here, there = ([features[task_id] for task_id in some if task_id in features] for some in (ids[:MOST], worked))
    return Compared(len(here), len(there), len(failed) <= MOST, lifts(here, there))


def _worked(pairs: set[tuple[int, str]], patterns: Sequence[int]) -> list[int]:
    """Ids of tasks, by the index that holds them in their order. Who failed so once and worked later is no example."""
    accounts, types = sorted({account_id for account_id, _ in pairs}), sorted({kind for _, kind in pairs})
    lanes = Lanes(tuple(accounts), tuple(Kind("completed", kind) for kind in types))
    places = islice(chain.from_iterable(merged(lanes, NEWEST, None)), 2 * MOST)
    ids = [place.id for place in places]
    failed_once = set(Failure.objects.filter(task__in=ids, group__in=patterns).values_list("task_id", flat=True))
    return [task_id for task_id in ids if task_id not in failed_once][:MOST]


def _features(ids: Sequence[int], names: Mapping[int, str]) -> dict[int, list[Feature]]:
    """By the task's id. Of a huge document nothing is read: hundreds of them would fill the memory."""
    told = Case(When(length__lte=LONGEST_DOCUMENT, then=F("document")), default=Value("{}", TextField()))
    tasks = Task.objects.filter(pk__in=ids, account__in=list(names)).alias(length=Length("document"))
    columns = ("id", "account_id", "type", "output_asset_id", "input_asset_id", "told")
    rows = list(tasks.annotate(told=told).values_list(*columns))
    assets = _assets((row[1], row[3] or row[4]) for row in rows)
    return {
        task_id: features_of(
            kind, _opened(document), assets.get((account_id, made or used)), (account_id, names[account_id])
        )
        for task_id, account_id, kind, made, used, document in rows
    }


def _assets(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], dict[str, Any]]:
    """What is kept of these assets, by account and id."""
    by_account = defaultdict[int, set[str]](set)
    for account_id, asset_id in wanted:
        by_account[account_id].add(asset_id)
    return {
        (account_id, asset_id): _opened(document)
        for account_id, ids in by_account.items()
        for asset_id, document in Asset.objects.filter(account=account_id, upstream_id__in=ids - {""}).values_list(
            "upstream_id", "document"
        )
    }


def _opened(document: str) -> dict[str, Any]:
    opened = json.loads(document)
    return opened if isinstance(opened, dict) else {}


def in_words(compared: Compared) -> SimpleNamespace:
    """What the region shows."""
    failed, worked = units.count(compared.failed), units.count(compared.worked)
    one = "failure" if compared.failed == 1 else "failures"
    which = f"{failed} {one}" if compared.is_all else f"The newest {failed} {one}"
    beside = "1 task" if compared.worked == 1 else f"{worked} tasks"
    return SimpleNamespace(
        heading=f"What the {failed if compared.failed > 1 else 'failures'} share, and how common it is elsewhere",
        samples=f"{which} beside {beside} of the same accounts and types that worked, newest first.",
        caution=caution(compared.failed, compared.worked),
        rows=[_row(lift) for lift in compared.lifts],
    )


def _row(lift: Lift) -> SimpleNamespace:
    return SimpleNamespace(
        label=lift.feature.words,
        kind=lift.feature.kind,
        here=_percent(lift.failed),
        here_count=_counts(lift.failed),
        elsewhere=_percent(lift.worked),
        elsewhere_count=_counts(lift.worked),
        length=round(lift.failed.ratio * 100),
        may_be_chance=lift.may_be_chance,
        beside=[SimpleNamespace(label=other.feature.words, elsewhere=_percent(other.worked)) for other in lift.beside],
    )


def _percent(share: Share) -> str:
    """Neither nothing nor all where that is not so."""
    rounded = round(share.ratio * 100)
    if rounded == 0 and share.number:
        return f"under 1{units.NBSP}%"
    if rounded == 100 and share.number < share.of:
        return f"over 99{units.NBSP}%"
    return units.percent(share.ratio)


def _counts(share: Share) -> str:
    return f"{units.count(share.number)} of {units.count(share.of)}"
