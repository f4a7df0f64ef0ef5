"""Names for tasks: real tasks carry none, so pages of Studio's assets are read, after the tasks."""

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F, Q

from dashboard.clock import HOUR, MINUTE, SECOND, now_ms
from dashboard.models.account import Account
from dashboard.models.asset import Asset
from dashboard.models.task import Task
from dashboard.sync.line import Line, OutOfBudget
from dashboard.upstream.client import AsyncStudio, Connection
from dashboard.upstream.errors import KeyLimited, NotFound, UpstreamError
from dashboard.upstream.snapshots import AssetCard, AssetPage

PAGE = 100
AGAIN = 30 * SECOND


async def read_names(line: Line) -> None:
    """One page of assets, if names are wanted and a call is to spare. Failing here never fails the round."""
    account = line.account
    if account.is_importing or account.names_next_at > now_ms() or line.spare() <= 0:
        return
    if not account.names_wanted and account.names_done_at:
        return

    async def page(studio: AsyncStudio, connection: Connection) -> AssetPage:
        return await studio.list_assets(
            connection, limit=PAGE, cursor=account.names_cursor or None, order="createdAt-true"
        )

    try:
        assets = await line.ask(page)
    except OutOfBudget:
        return
    except (KeyLimited, NotFound):
        await sync_to_async(_update)(account, names_next_at=now_ms() + HOUR)
    except UpstreamError:
        await sync_to_async(_update)(account, names_next_at=now_ms() + 5 * MINUTE)
    else:
        await sync_to_async(_keep)(account, assets)


def _keep(account: Account, page: AssetPage) -> None:
    """Store the names, rename the tasks, and move on: the first walk reads all pages, later ones the newest."""
    renamed = _store_names(account, page.cards)
    for batch in (renamed[i : i + 50] for i in range(0, len(renamed), 50)):
        _rename_tasks(account, batch)
    walked_all = page.cursor is None
    if account.names_done_at is None and not walked_all:
        _update(account, names_cursor=page.cursor)
    else:
        now = now_ms()
        _update(account, names_cursor="", names_done_at=now, names_next_at=now + AGAIN, names_wanted=False)


def _store_names(account: Account, cards: tuple[AssetCard, ...]) -> list[AssetCard]:
    """The cards whose name was not known so."""
    ids = [card.upstream_id for card in cards]
    known = dict(Asset.objects.filter(account=account, upstream_id__in=ids).values_list("upstream_id", "name"))
    changed = list({card.upstream_id: card for card in cards if known.get(card.upstream_id) != card.name}.values())
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


def _update(account: Account, **changes: object) -> None:
    for name, value in changes.items():
        setattr(account, name, value)
    Account.objects.filter(pk=account.pk).update(**changes)
