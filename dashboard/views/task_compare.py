"""What differs between a task and another: by default the last one of its type that worked."""

import re
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from dashboard.clock import iso, now_ms
from dashboard.differences import MISSING, Difference, differences
from dashboard.models.seen import Sight
from dashboard.models.task import Task
from dashboard.upstream.marks import marks_in
from dashboard.views.held import Held
from dashboard.views.leaves import Leaves, path_attribute, shown
from dashboard.views.polling import SignedIn, signed_in
from dashboard.views.rows import lamp_of
from dashboard.views.task_page import branch_url
from dashboard.visible import visible

ADDRESS = re.compile(r"/tasks/([^/?#]+?)(?:\.json)?(?:[/?#]|$)")
VALUE, VALUES = 4_000, 256_000  # characters of one value and of all together
BEGINNING = 120


@signed_in
@require_safe
def page(request: SignedIn, upstream_id: str) -> HttpResponse:
    """`with` is the id of the other task, or an address of its page."""
    held = Held.or_404(request, upstream_id)
    named = request.GET.get("with", "").strip()
    other = _named(request, named) if named else _last_that_worked(held)
    context: dict[str, Any] = {
        "this": _side(held),
        "named": named,
        "chosen": held.chosen,
        "compare_url": held.path("task-compare"),
        "is_same": other is not None and other.task.pk == held.task.pk,
    }
    if other is None:
        return render(request, "task/compare.html", context, status=404 if named else 200)
    found = differences(held.task.opened(), other.task.opened(), is_hidden=_is_redacted)
    words = _Values(held, other)
    context |= {"other": _side(other), "rows": [words.row(row) for row in found.rows], "found": found}
    return render(request, "task/compare.html", context)


def _named(request: SignedIn, named: str) -> Held | None:
    """Through whichever account of the user's; not seen is not there."""
    address = ADDRESS.search(named)
    return Held.find(Sight.of(request.user.pk, now_ms()), address[1] if address else named, "")


def _last_that_worked(held: Held) -> Held | None:
    """Of its account and type, before it if there is one."""
    task = held.task
    worked = Task.objects.filter(account=task.account_id, phase="completed", type=task.type, deleted_at=None)
    before = worked.filter(updated_at__lte=task.updated_at)
    found = _newest(before, task) or _newest(worked, task)
    return Held(found, held.account, held.sight, (held.account,), str(held.account.id)) if found else None


def _newest(tasks: QuerySet[Task], task: Task) -> Task | None:
    return tasks.exclude(pk=task.pk).order_by("-updated_at", "-id").defer("document").first()


def _side(held: Held) -> SimpleNamespace:
    lamp, word = lamp_of(held.task)
    return SimpleNamespace(
        title=visible(held.task.title),
        type=held.task.type,
        lamp=lamp,
        word=word,
        url=held.url,
        account=held.account.name,
        iso=iso(held.task.updated_at),
    )


def _is_redacted(value: Any) -> bool:
    return isinstance(value, str) and bool(marks_in(value))


class _Values:
    """Rows of the table. Long values are cut, and when there were many of them only their beginnings are told."""

    def __init__(self, held: Held, other: Held) -> None:
        self.held, self.other = held, other
        self.leaves, self.left = Leaves(), VALUES

    def row(self, row: Difference) -> SimpleNamespace:
        holder = self.other if row.left is MISSING else self.held
        return SimpleNamespace(
            path=mark_safe(path_attribute(row.path)),  # noqa: S308  escaped
            told=mark_safe(shown(row.path)),  # noqa: S308  escaped
            url=branch_url(holder, row.path, 0),
            kind=row.kind,
            left=self._value(row.left),
            right=self._value(row.right),
        )

    def _value(self, value: Any) -> SafeString:
        if value is MISSING:
            return mark_safe('<span class="quiet">not set</span>')
        if isinstance(value, str):
            most = VALUE if self.left > 0 else BEGINNING
            self.left -= min(len(value), most)
            value = value[:most] + "…" * (len(value) > most)
        return mark_safe(self.leaves.value(value))  # noqa: S308  escaped
