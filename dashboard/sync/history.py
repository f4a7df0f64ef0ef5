"""The two walks over Studio's list: the history once, newest first, and then only what changed."""

from collections.abc import AsyncIterator, Sequence

from asgiref.sync import sync_to_async

from dashboard.clock import DAY, HOUR, MINUTE, now_ms
from dashboard.models.account import Account
from dashboard.models.memory import Remembered
from dashboard.models.tally import Tally
from dashboard.sync.line import ClaimLost, Line, OutOfBudget
from dashboard.sync.names import want_assets
from dashboard.sync.storing import Storing
from dashboard.sync.twins import is_settled, learn_project
from dashboard.sync.walk import FiltersIgnored, Reached, Step, walk
from dashboard.upstream.client import AsyncStudio, Connection
from dashboard.upstream.errors import BadRequest
from dashboard.upstream.snapshots import Snapshot, TaskPage

PAGE = 200
FILTERS_AGAIN = HOUR  # A single 400, or one page in an odd order, may have been an accident.
BROKEN_FOR = 10 * MINUTE  # How long a broken row among the newest is met again, in case it was mended.
OVERLAP = MINUTE  # Studio answers from a replica: a row may become visible a little after its own time.


class AnotherProject(Exception):
    """The list shows another project's tasks than those that are held, so nothing of it may be stored."""


class History:
    """What the account's list holds, walked for one round.

    `seen`: what the list showed apart from the import. `had_to_skip`: a row among the news breaks the list.
    `lost`: how many rows among the news could not be read.
    """

    def __init__(self, line: Line, storing: Storing) -> None:
        self.line, self.storing, self.account = line, storing, line.account
        self.seen: set[str] = set()
        self.had_to_skip = False
        self.lost = 0

    def try_filters_again(self) -> None:
        """A server that seemed to know only the documented API is given another chance now and then. The import goes
        on from where it was: who ignores filters also ends every list too early."""
        if self.account.documented_only and self.account.filters_again_at <= now_ms():
            self.line.write(documented_only=False, import_done_at=None)

    async def catch_up(self) -> None:
        """Everything that changed since the watermark; the documented-only server shows its newest page."""
        if self.account.documented_only:
            return await self._newest_page()
        begun = now_ms()
        start = position = max(self.account.watermark - OVERLAP, self.account.overlap_from, 0)
        try:
            async for reached in walk(self._changed, _updated_at, start, PAGE, ascending=True):
                await self._keep(reached)
                await sync_to_async(self._move_watermark)(reached)
                position = reached.position or start
        except OutOfBudget:
            await sync_to_async(self._overlap_no_more)(position)
            raise
        except (FiltersIgnored, BadRequest) as error:
            await sync_to_async(self._remember_documented_only)(error)
            await self._newest_page()
        else:
            await sync_to_async(self._overlap_no_more)(begun - BROKEN_FOR)
            await sync_to_async(self._count_lost)()
        return None

    async def go_back(self, until: int) -> None:
        """Import older pages, one at a time, until the time is up or the history ends. Resumable after each that
        came further back: what else the walk knows, its offset and what it looks for, is lost with the round."""
        if self.account.documented_only:
            return await sync_to_async(self._finish_import)()
        begun = self.account.import_before
        is_first = begun is None
        try:
            async for reached in self._older():
                await self._store(reached)
                await sync_to_async(self._move_back)(reached)
                if reached.is_last or await sync_to_async(self._is_beyond_keeping)(reached.position):
                    await sync_to_async(self._finish_import)()
                    return None
                if now_ms() >= until and reached.position != begun:
                    return None
        except (FiltersIgnored, BadRequest) as error:
            await sync_to_async(self._remember_documented_only)(error)
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
        await sync_to_async(self._count_lost)()

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
        self.seen |= {snapshot.upstream_id for snapshot in reached.page.snapshots}
        self.had_to_skip |= reached.skipped > 0
        self.lost += _lost(reached)
        await self._store(reached)

    async def _store(self, reached: Reached) -> None:
        await sync_to_async(self._learn_project)(reached.page.snapshots)
        kept = await self.storing.store(self.account, reached.page.snapshots)
        await sync_to_async(self._note)(reached, kept)

    def _learn_project(self, snapshots: Sequence[Snapshot]) -> None:
        """Before any row is stored. A task without project belongs to its user's default project (read in the server's
        source). Raises ReadTwice when another account of the team reads the project, and AnotherProject when tasks of
        another one are held: a key that showed no task when it was tested may turn out to be of any project."""
        account = self.account
        if not snapshots:
            return
        named = [snapshot.project_id for snapshot in snapshots if snapshot.project_id]
        if is_settled(account):
            if named and account.project_id not in named:
                raise AnotherProject
            return
        project = next(iter(named), account.project_id or account.studio_default_project)
        if project and not learn_project(account, self.line.name, project):
            raise ClaimLost
        account.project_id = project

    def _note(self, reached: Reached, kept: Remembered) -> None:
        """What the page told about the account itself."""
        account = self.account
        changes: dict[str, object] = {
            "names_wanted": account.names_wanted or kept.unnamed,
        }
        if account.is_importing:
            imported, total = Tally.total(account), account.import_total or reached.page.total
            changes |= {"imported": imported, "import_total": total and max(total, imported)}
        self.line.write(**changes)
        if kept.moved and not account.is_importing:
            want_assets(self.line)

    def _move_watermark(self, reached: Reached) -> None:
        """Never back, and never beyond the present: one row from the future would hide all others."""
        times = [snapshot.updated_at for snapshot in reached.page.snapshots]
        newest = max([self.account.watermark, *(at for at in times if at <= now_ms())])
        self.line.write(watermark=newest)

    def _count_lost(self) -> None:
        """The last whole walk over the news says how many rows cannot be read; during the import it is the import."""
        if not self.account.is_importing:
            self._write_unreadable(self.lost)

    def _write_unreadable(self, number: int) -> None:
        if number != self.account.unreadable:
            self.line.write(unreadable=number)
            Account.objects.filter(pk=self.account.pk).bump()

    def _overlap_no_more(self, position: int) -> None:
        """Looking for a row that breaks the list costs a dozen calls, so it is not met again in every overlap."""
        if self.had_to_skip:
            self.line.write(overlap_from=max(position, self.account.overlap_from))

    def _move_back(self, reached: Reached) -> None:
        now = now_ms()
        changes: dict[str, object] = {"import_before": reached.position or now}
        lost = _lost(reached)
        if self.account.import_before is not None:
            lost += self.account.unreadable
        else:
            times = (snapshot.updated_at for snapshot in reached.page.snapshots)
            changes["watermark"] = max((at for at in times if at <= now), default=0)
        self.line.write(**changes)
        self._write_unreadable(lost)

    def _is_beyond_keeping(self, position: int | None) -> bool:
        days = self.account.team.kept_days
        return bool(days and position and position < now_ms() - days * DAY)

    def _finish_import(self) -> None:
        self.line.write(import_done_at=now_ms(), import_total=None)
        Account.objects.filter(pk=self.account.pk).bump()

    def _remember_documented_only(self, error: FiltersIgnored | BadRequest) -> None:
        if isinstance(error, BadRequest) and error.status != 400:
            raise error
        self.line.write(documented_only=True, filters_again_at=now_ms() + FILTERS_AGAIN)


def _lost(reached: Reached) -> int:
    return reached.page.unreadable + reached.skipped


def _updated_at(snapshot: Snapshot) -> int:
    return snapshot.updated_at


def _created_at(snapshot: Snapshot) -> int:
    return snapshot.created_at or 0
