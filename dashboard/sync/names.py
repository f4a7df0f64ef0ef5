"""Names for tasks: real tasks carry none, so pages of Studio's assets are read, after the tasks."""

from functools import partial

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F, Q

from dashboard.clock import HOUR, MINUTE, SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.asset import Asset
from dashboard.models.task import Task
from dashboard.sync.line import Line, OutOfBudget
from dashboard.upstream.client import AsyncStudio, Connection
from dashboard.upstream.errors import KeyLimited, KeyRejected, NotFound, RateLimited, UpstreamError
from dashboard.upstream.snapshots import AssetCard, AssetPage

PAGE = 200
AGAIN = 30 * SECOND
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
    """Store the names, rename the tasks, and say where to go on."""
    account = line.account
    renamed = _store_names(account, page.cards)
    for batch in (renamed[i : i + 50] for i in range(0, len(renamed), 50)):
        _rename_tasks(account, batch)
    done_at = account.names_done_at
    is_known = bool(done_at and page.cards and page.cards[-1].updated_at < done_at - OVERLAP)
    if page.cursor and not is_known:
        line.write(names_cursor=page.cursor)
    else:
        now = now_ms()
        line.write(names_cursor="", names_done_at=now, names_next_at=now + AGAIN, names_wanted=False)


def _store_names(account: Account, cards: tuple[AssetCard, ...]) -> list[AssetCard]:
    """The cards that were not known so."""
    ids = [card.upstream_id for card in cards]
    held = Asset.objects.filter(account=account, upstream_id__in=ids)
    known = set(held.values_list("upstream_id", "name", "playback_id"))
    news = [card for card in cards if (card.upstream_id, card.name, card.playback_id) not in known]
    changed = list({card.upstream_id: card for card in news}.values())
    Asset.objects.bulk_create(
        [Asset(account=account, upstream_id=c.upstream_id, name=c.name, playback_id=c.playback_id) for c in changed],
        update_conflicts=True,
        unique_fields=["account", "upstream_id"],
        update_fields=["name", "playback_id"],
    )
    return changed


def _rename_tasks(account: Account, cards: list[AssetCard]) -> None:
    names = {card.upstream_id: card.name for card in cards if card.name}
    with transaction.atomic():
        tasks = Task.objects.filter(account=account).filter(
            Q(output_asset_id__in=names) | Q(output_asset_id="", input_asset_id__in=names)
        )
        changed = []
        for task in tasks.only("id", "title", "input_asset_id", "output_asset_id"):
            name = names[task.naming_asset_id]
            if task.title != name:
                changed.append(task)
                Task.objects.filter(pk=task.pk).update(title=name, version=F("version") + 1)
        if changed:
            Account.objects.filter(pk=account.pk).bump()
