"""One simulated project: its tasks and assets, brought up to the present before every answer."""

import threading

from dashboard.sandbox.assets import Asset
from dashboard.sandbox.index import Agenda, Index
from dashboard.sandbox.population import Population
from dashboard.sandbox.rows import Json, Row


class Project:
    """Rows by id and in order. Hold `lock` while reading or changing."""

    def __init__(self, number: int, identifier: str, user_id: str, name: str, population: Population) -> None:
        self.number, self.id, self.user_id, self.name, self.population = (
            number,
            identifier,
            user_id,
            name,
            population,
        )
        self.lock = threading.RLock()
        self.rows: dict[str, Row] = {}
        self.assets: dict[str, Asset] = {}
        self.index, self.asset_index, self._agenda = Index(), Index(), Agenda()
        self._touched: dict[str, Asset] = {}
        self._arrived, self._now, self._built = 0, 0, False
        self.texts: dict[str, tuple[int, str]] = {}

    def advance(self, now: int) -> None:
        """Brings every row to `now` (ms). Time never goes back: an earlier `now` changes nothing."""
        if not self._built:
            self._build(now)
        self._now = max(self._now, now)
        self._welcome()
        changed = [self.rows[key] for key in self._agenda.due(self._now) if key in self.rows]
        for row in changed:
            row.catch_up(self._now)
            self._agenda.note(row.next_at, row.id)
        self.moved(changed)

    def _build(self, now: int) -> None:
        self._built = True
        for born in self.population.history():
            born.row.catch_up(now)
            self._hold(born.row, born.asset)
        self.index, self.asset_index = Index(self.rows.values()), Index(self.assets.values())

    def _welcome(self) -> None:
        """The stream's tasks that have been created since the last look."""
        while (at := self.population.arrival_at(self._arrived)) is not None and at <= self._now:
            born = self.population.arrival(self._arrived)
            self._arrived += 1
            born.row.catch_up(self._now)
            self._hold(born.row, born.asset)
            self.index.add(born.row)
            if born.asset:
                self.asset_index.put(born.asset)

    def _hold(self, row: Row, asset: Asset | None) -> None:
        self.rows[row.id] = row
        self._agenda.note(row.next_at, row.id)
        if asset:
            self.assets[asset.id] = asset
            if row in (asset.maker, asset.exports):
                self._touched[row.id] = asset

    def moved(self, rows: list[Row]) -> None:
        """Puts changed rows, and the assets they make or store, in their new places."""
        self.index.moved(row for row in rows if not row.deleted)
        assets = {asset.id: asset for row in rows if (asset := self._touched.get(row.id))}
        self.asset_index.moved(asset for asset in assets.values() if asset.id in self.assets)

    def schedule(self, row: Row) -> None:
        """The row has a new script."""
        self._agenda.note(row.next_at, row.id)
        self.moved([row])

    def put(self, document: Json, now: int, asset_title: str = "") -> Row:
        """Stores a raw document as it is, in place of one with the same id; the asset's name stays."""
        asset = self._touched.get(str(document["id"]))
        asset_title = asset_title or (asset.name if asset else "")
        self.remove(str(document["id"]))
        row = Row.given(document, now)
        self.rows[row.id] = row
        if not row.deleted:
            self.index.add(row)
        asset_id = document.get("outputAssetId")
        if isinstance(asset_id, str) and asset_id not in self.assets:
            self._add_asset(asset_id, asset_title, row)
        return row

    def _add_asset(self, identifier: str, title: str, row: Row) -> None:
        asset = Asset(identifier, title or _title_of(row), row, row.created_at, self.user_id, self.id)
        self.assets[identifier] = self._touched[row.id] = asset
        self.asset_index.add(asset)

    def hide(self, row: Row) -> None:
        """Soft delete: out of every list, still there by id."""
        if not row.deleted:
            self.index.remove(row)
            row.deleted = True
            row.version += 1

    def remove(self, identifier: str) -> None:
        """Hard delete, of the asset it made as well; nothing happens if there is no such row."""
        row = self.rows.pop(identifier, None)
        self.texts.pop(identifier, None)
        if row is None:
            return
        if not row.deleted:
            self.index.remove(row)
        asset = self._touched.pop(identifier, None)
        if asset and asset.maker is row and self.assets.pop(asset.id, None):
            self.asset_index.remove(asset)

    def rename(self, asset_id: str, name: str, now: int) -> None:
        """KeyError if there is no such asset."""
        asset = self.assets[asset_id]
        asset.name, asset.renamed_at = name, now
        self.asset_index.moved([asset])


def _title_of(row: Row) -> str:
    """A name for the asset of a task that a test made: the file name in its URL."""
    params = row.document().get("params")
    inner = next(iter(params.values()), None) if isinstance(params, dict) else None
    url = inner.get("url") if isinstance(inner, dict) else None
    return str(url).split("?")[0].rsplit("/", 1)[-1] if url else "untitled.mp4"
