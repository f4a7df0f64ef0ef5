"""The two walks over Studio's list: the history once, newest first, and then only what changed."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.conf import settings

from dashboard.clock import DAY, MINUTE, now_ms
from dashboard.models.account import Account
from dashboard.sync.line import Line
from dashboard.sync.storing import Storing
from dashboard.sync.walk import FiltersIgnored, Reached, Step, walk
from dashboard.upstream.client import AsyncStudio, Connection
from dashboard.upstream.errors import BadRequest
from dashboard.upstream.snapshots import Snapshot, TaskPage

PAGE = 200
OVERLAP = MINUTE  # Studio answers from a replica: a row may become visible a little after its own time.


class History:
    """What the account's list holds, walked for one round."""

    def __init__(self, line: Line, storing: Storing) -> None:
        self.line, self.storing, self.account = line, storing, line.account
        self.seen: set[str] = set()
        self.had_to_skip = False

    async def catch_up(self) -> None:
        """Everything that changed since the watermark; the documented-only server shows its newest page."""
        if self.account.documented_only:
            return await self._newest_page()
        start = max(self.account.watermark - OVERLAP, self.account.overlap_from, 0)
        try:
            async for reached in walk(self._changed, _updated_at, start, PAGE, ascending=True):
                await self._keep(reached)
                await sync_to_async(self._move_watermark)(reached)
        except (FiltersIgnored, BadRequest):
            await sync_to_async(self._remember_documented_only)()
            await self._newest_page()
        return None

    async def go_back(self, until: int) -> None:
        """Import older pages, one at a time, until the time is up or the history ends. Resumable after each."""
        if self.account.documented_only:
            return await sync_to_async(self._finish_import)()
        is_first = self.account.import_before is None
        try:
            async for reached in self._older():
                await self._keep(reached)
                await sync_to_async(self._move_back)(reached)
                if self._is_beyond_keeping(reached.position) or reached.is_last:
                    await sync_to_async(self._finish_import)()
                    return None
                if now_ms() >= until:
                    return None
        except (FiltersIgnored, BadRequest):
            await sync_to_async(self._remember_documented_only)()
            if is_first:
                await self._newest_page()
            await sync_to_async(self._finish_import)()
        return None

    def _older(self) -> AsyncIterator[Reached]:
        return walk(self._created, _created_at, self.account.import_before, PAGE, ascending=False)

    async def _newest_page(self) -> None:
        async def bare(studio: AsyncStudio, connection: Connection) -> TaskPage:
            return await studio.list_tasks(connection, limit=None)

        page = await self.line.ask(bare)
        await self._keep(Reached(page, None, 0, True))

    async def _changed(self, step: Step) -> TaskPage:
        return await self._ask("updatedAt", "gte", "updatedAt-false", step, counted=True)

    async def _created(self, step: Step) -> TaskPage:
        return await self._ask("createdAt", "lte", "createdAt-true", step, counted=False)

    async def _ask(self, name: str, comparison: str, order: str, step: Step, counted: bool) -> TaskPage:
        filters = None if step.position is None else [{"id": name, "value": {comparison: step.position}}]

        async def page(studio: AsyncStudio, connection: Connection) -> TaskPage:
            return await studio.list_tasks(
                connection,
                limit=step.limit,
                cursor=f"skip{step.offset}" if step.offset else None,
                order=order,
                filters=filters,
                count=filters is None,
            )

        return await self.line.ask(page, counted=counted)

    async def _keep(self, reached: Reached) -> None:
        page = reached.page
        self.seen |= {snapshot.upstream_id for snapshot in page.snapshots}
        self.had_to_skip |= reached.skipped > 0
        kept = await self.storing.store(self.account, page.snapshots)
        await sync_to_async(self._note)(reached, kept.new, kept.unnamed)

    def _note(self, reached: Reached, new: int, unnamed: bool) -> None:
        """What the page told about the account itself."""
        account = self.account
        lost = reached.page.unreadable + reached.skipped
        total = reached.page.total
        project = next((s.project_id for s in reached.page.snapshots if s.project_id), "")
        changes = {
            "project_id": account.project_id or project,
            "names_wanted": account.names_wanted or unnamed,
            "import_total": total if total is not None else account.import_total,
            "imported": account.imported + (new if account.is_importing else 0),
            "unreadable": max(account.unreadable, lost),
        }
        _update(account, changes)

    def _move_watermark(self, reached: Reached) -> None:
        times = [snapshot.updated_at for snapshot in reached.page.snapshots]
        newest = max([self.account.watermark, *times])
        passed = min(times) if reached.skipped and times else self.account.overlap_from
        _update(self.account, {"watermark": newest, "overlap_from": max(passed, self.account.overlap_from)})

    def _move_back(self, reached: Reached) -> None:
        times = [snapshot.updated_at for snapshot in reached.page.snapshots]
        first = self.account.import_before is None
        watermark = max(times, default=0) if first else self.account.watermark
        _update(self.account, {"import_before": reached.position or now_ms(), "watermark": watermark})

    def _is_beyond_keeping(self, position: int | None) -> bool:
        days = settings.KEEP_TASKS_DAYS
        return bool(days and position and position < now_ms() - days * DAY)

    def _finish_import(self) -> None:
        _update(self.account, {"import_done_at": now_ms(), "import_total": None})
        Account.objects.filter(pk=self.account.pk).bump()

    def _remember_documented_only(self) -> None:
        _update(self.account, {"documented_only": True})


def _update(account: Account, changes: dict[str, object]) -> None:
    """Write only what differs."""
    different = {name: value for name, value in changes.items() if getattr(account, name) != value}
    if different:
        for name, value in different.items():
            setattr(account, name, value)
        Account.objects.filter(pk=account.pk).update(**different)


def _updated_at(snapshot: Snapshot) -> int:
    return snapshot.updated_at


def _created_at(snapshot: Snapshot) -> int:
    return snapshot.created_at or 0
