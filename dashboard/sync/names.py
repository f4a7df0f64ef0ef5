"""Names and assets' states for tasks, which carry neither: pages of Studio's assets are read, after the tasks."""

from functools import partial

from asgiref.sync import sync_to_async

from dashboard.clock import HOUR, MINUTE, SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.cards import remember_cards
from dashboard.sync.line import Line, OutOfBudget
from dashboard.upstream.client import AsyncStudio, Connection
from dashboard.upstream.errors import KeyLimited, KeyRejected, NotFound, RateLimited, UpstreamError
from dashboard.upstream.snapshots import AssetPage

PAGE = 200
AGAIN = 30 * SECOND
SETTLED = 10 * SECOND  # Studio writes the task first, and answers from a replica.
RENAMED_AFTER = 10 * MINUTE  # Renaming an asset moves no task, so the newest changes are looked at now and then.
OVERLAP = 10 * MINUTE  # Studio's clock and ours need not agree.


async def read_names(line: Line) -> None:
    """Pages of assets, as far as names are wanted and calls are to spare. Failing here never fails the round,
    unless Studio wants not to be asked at all."""
    try:
        while _is_time(line.account):
            page = await line.ask_aside(partial(_next_page, line.account))
            await sync_to_async(_keep)(line, page)
    except OutOfBudget:
        return
    except (KeyRejected, RateLimited):
        raise
    except UpstreamError as error:
        later = HOUR if isinstance(error, KeyLimited | NotFound) else 5 * MINUTE
        await sync_to_async(line.write)(names_next_at=now_ms() + later)


def _is_time(account: Account) -> bool:
    now = now_ms()
    if account.is_importing or account.names_next_at > now:
        return False
    wanted = account.names_wanted or account.names_cursor or not account.names_done_at
    return bool(wanted) or (account.names_done_at or 0) < now - RENAMED_AFTER


async def _next_page(account: Account, studio: AsyncStudio, connection: Connection) -> AssetPage:
    """The first walk reads all assets, the newest first; later ones what changed since."""
    order = "updatedAt-true" if account.names_done_at else "createdAt-true"
    return await studio.list_assets(connection, limit=PAGE, cursor=account.names_cursor or None, order=order)


def _keep(line: Line, page: AssetPage) -> None:
    """Store the cards, rename the tasks, and say where to go on."""
    account = line.account
    remember_cards(account, page.cards, now_ms())
    done_at = account.names_done_at
    is_known = bool(done_at and page.cards and page.cards[-1].updated_at < done_at - OVERLAP)
    if page.cursor and not is_known:
        line.write(names_cursor=page.cursor)
    else:
        now = now_ms()
        moving = account.assets_moved_at > now - SETTLED
        line.write(names_cursor="", names_done_at=now, names_next_at=now + AGAIN, names_wanted=moving)


def want_assets(line: Line) -> None:
    """Tasks came to an end or began again: read their assets' states as soon as those have settled."""
    now, account = now_ms(), line.account
    later = account.names_next_at if account.names_wanted else max(account.names_next_at, now + SETTLED)
    line.write(assets_moved_at=now, names_wanted=True, names_next_at=later)
