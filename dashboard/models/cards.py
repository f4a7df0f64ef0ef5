"""Storing what Studio said about assets: their names, which their tasks bear, and their state."""

import json
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import F

from dashboard.models.account import Account
from dashboard.models.asset import Asset
from dashboard.models.task import Task, title_key_of
from dashboard.models.upsert import execute_many
from dashboard.models.words import CardNames, rename
from dashboard.upstream.assets import kept_parts, size_of, source_id_of
from dashboard.upstream.snapshots import AssetCard

BATCH = 25
DELETED = "deleted"
CARD_FIELDS = ["name", "playback_id", "phase", "size", "source_id", "updated_at", "document"]


def remember_cards(account: Account, cards: Iterable[AssetCard], now: int) -> None:
    """Keep what these cards tell, in short transactions; an older card than we hold changes nothing. Tasks that name
    a changed asset take its name and look different; the account is bumped if there are any."""
    assets = [_asset_of(account, card) for card in _newest_of_each(cards)]
    held = _held(account, assets)
    believed = [asset for asset in assets if _is_believed(asset, held.get(asset.upstream_id))]
    changed = [asset for asset in believed if _differs(asset, held.get(asset.upstream_id))]
    for start in range(0, len(changed), BATCH):
        _write(account, changed[start : start + BATCH])
    if believed:
        _show_as_read(account, [held[asset.upstream_id] for asset in believed if asset not in changed])
        Asset.objects.filter(account=account, upstream_id__in=_ids(believed)).update(heard_at=now)


def _show_as_read(account: Account, assets: Sequence[Asset]) -> None:
    """An asset that did not change since its task did says something by that."""
    heard = {asset.upstream_id: asset.heard_at for asset in assets}
    makers = Task.objects.filter(account=account, output_asset_id__in=heard)
    told = [pk for pk, at in makers.values_list("output_asset_id", "updated_at") if at > heard[pk]]
    if told:
        with transaction.atomic():
            if _lock(account):
                _show(account, told)


def mark_asset_gone(account: Account, asset_id: str, now: int) -> None:
    """Studio knows an asset that we hold no longer; any later card of it is believed."""
    with transaction.atomic():
        if not _lock(account):
            return
        held = Asset.objects.filter(account=account, upstream_id=asset_id).exclude(phase=DELETED)
        if held.update(phase=DELETED, heard_at=now):
            _show(account, [asset_id])


def _newest_of_each(cards: Iterable[AssetCard]) -> list[AssetCard]:
    newest: dict[str, AssetCard] = {}
    for card in cards:
        known = newest.get(card.upstream_id)
        if known is None or card.updated_at >= known.updated_at:
            newest[card.upstream_id] = card
    return list(newest.values())


def _asset_of(account: Account, card: AssetCard) -> Asset:
    return Asset(
        account=account,
        upstream_id=card.upstream_id,
        name=card.name,
        playback_id=card.playback_id,
        phase=card.phase,
        size=size_of(card.document),
        source_id=source_id_of(card.document),
        updated_at=card.updated_at,
        document=json.dumps(kept_parts(card.document), separators=(",", ":"), ensure_ascii=False),
    )


def _held(account: Account, assets: Sequence[Asset]) -> dict[str, Asset]:
    found = Asset.objects.filter(account=account, upstream_id__in=_ids(assets))
    return {asset.upstream_id: asset for asset in found}


def _is_believed(asset: Asset, held: Asset | None) -> bool:
    """Studio answers from a replica, which may lag behind. A card that tells no time at all can only be believed."""
    return held is None or (asset.updated_at or held.updated_at) >= held.updated_at


def _differs(asset: Asset, held: Asset | None) -> bool:
    return held is None or any(getattr(asset, name) != getattr(held, name) for name in CARD_FIELDS)


def _write(account: Account, changed: Sequence[Asset]) -> None:
    """What another writer stored since they were compared is newer than what is held now, or the same."""
    with transaction.atomic():
        if not _lock(account):
            return
        held = _held(account, changed)
        assets = [asset for asset in changed if _is_believed(asset, held.get(asset.upstream_id))]
        Asset.objects.bulk_create(
            assets,
            update_conflicts=True,
            unique_fields=["account", "upstream_id"],
            update_fields=CARD_FIELDS,
        )
        _rename_tasks(account, assets, held)
        _show(account, _ids(assets))


def _lock(account: Account) -> bool:
    """One writer per account, locked before its tasks as everywhere; False if it was removed meanwhile."""
    return Account.objects.select_for_update().filter(pk=account.pk).values_list("pk").first() is not None


def _rename_tasks(account: Account, assets: Iterable[Asset], held: Mapping[str, Asset]) -> None:
    """A task bears the name of the asset that it makes, or works on if it makes none. One asset may have any number
    of exports."""
    renamed = {asset.upstream_id: asset for asset in assets if _is_renamed(asset, held.get(asset.upstream_id))}
    tasks, bearers = Task.objects.filter(account=account), list[tuple[int, str, str]]()
    if renamed:
        bearers += tasks.filter(output_asset_id__in=renamed).values_list("pk", "title", "output_asset_id")
        makes_none = tasks.filter(output_asset_id="", input_asset_id__in=renamed)
        bearers += makes_none.values_list("pk", "title", "input_asset_id")
    titles, names = list[tuple[str, str, int]](), dict[int, CardNames]()
    for pk, title, asset_id in bearers:
        asset, before = renamed[asset_id], held.get(asset_id)
        names[pk] = CardNames(asset.name, asset.playback_id, before.playback_id if before else "")
        if asset.name and title != asset.name:
            titles.append((asset.name, title_key_of(asset.name), pk))
    execute_many("UPDATE dashboard_task SET title = %s, title_key = %s WHERE id = %s", titles)
    rename(names)


def _is_renamed(asset: Asset, before: Asset | None) -> bool:
    return before is None or (before.name, before.playback_id) != (asset.name, asset.playback_id)


def _show(account: Account, ids: Sequence[str]) -> None:
    """All tasks that name these assets look different now: the one that made each, and those that work on it. One
    after the other: without statistics SQLite serves an OR of the two by reading the whole account."""
    tasks, newer = Task.objects.filter(account=account), F("version") + 1
    made = tasks.filter(output_asset_id__in=ids).update(version=newer)
    used = tasks.filter(input_asset_id__in=ids).exclude(output_asset_id__in=ids).update(version=newer)
    if made or used:
        Account.objects.filter(pk=account.pk).bump()


def _ids(assets: Sequence[Asset]) -> list[str]:
    return [asset.upstream_id for asset in assets]
