"""Which tasks there are and when: a history of 60 days that grows denser, then a steady stream.

Pure in (seed, project, epoch): the same three give the same ids and the same lives, whenever one looks.
"""

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from dashboard.sandbox.assets import Asset
from dashboard.sandbox.documents import Author, Home
from dashboard.sandbox.exhibits import EXHIBITS, Exhibit, stand
from dashboard.sandbox.identity import dice, task_id, uuid_of
from dashboard.sandbox.lives import Ending, Life, Moment, choose_ending, live, live_again
from dashboard.sandbox.messages import pick_message, spoken
from dashboard.sandbox.names import asset_name, odd_name
from dashboard.sandbox.params import pick_flavour
from dashboard.sandbox.rows import Row
from dashboard.sandbox.troubles import exhibits_of

GAP_MILLISECONDS = 25_000
_SILENCE_MILLISECONDS = 15 * 60_000
_RECENT = 48
_SPAN_MILLISECONDS = 60 * 86_400_000
_FRESH_MILLISECONDS = 21 * 60_000
_TYPES = (("upload", 46), ("clip", 17), ("export", 19), ("transcode-file", 11), ("export-data", 7))
_TYPE_NAMES = [name for name, _ in _TYPES]
_TYPE_WEIGHTS = tuple(accumulate(weight for _, weight in _TYPES))
_MAKING = ("upload", "clip", "import")


@dataclass(frozen=True)
class Born:
    """A task and the asset that it makes or takes; None if it has none, or one that was deleted meanwhile."""

    row: Row
    asset: Asset | None


class Population:
    """The tasks of one project. Ask `history` once, then `arrival(0)`, `arrival(1)` and so on in this order:
    an export takes an asset that was made before it."""

    def __init__(self, home: Home, tasks: int, epoch_at: int, pace: float, troubled: bool = False) -> None:
        self.home, self.tasks, self.epoch_at, self.pace, self.troubled = home, tasks, epoch_at, pace, troubled
        self._ready: deque[tuple[int, Asset]] = deque(maxlen=40)

    def history(self) -> Iterator[Born]:
        """`tasks` tasks created before the epoch; the newest of them are still under way. If troubled, more of them."""
        exhibits = EXHIBITS[: self.tasks // 2]
        recent = min(_RECENT, (self.tasks - len(exhibits)) // 2)
        older = self.tasks - len(exhibits) - recent
        for exhibit in exhibits:
            yield self._exhibit(exhibit)
        for number in range(older):
            share = (older - number - 0.5) / older
            created_at = self.epoch_at - _FRESH_MILLISECONDS - int(_SPAN_MILLISECONDS * share**2.2)
            yield self._task(f"h{number}", created_at, lively=False)
        for number in range(recent):
            created_at = self.epoch_at - (recent - number) * GAP_MILLISECONDS + _jitter(self.home, number)
            yield self._task(f"r{number}", created_at, lively=True)
        for exhibit in exhibits_of(self.home.number, self.home.seed) if self.troubled else ():
            yield self._exhibit(exhibit)

    def arrival_at(self, number: int) -> int | None:
        """When the stream's task `number` is created, in ms; None without a stream."""
        if self.pace <= 0:
            return None
        return self.epoch_at + int((number * GAP_MILLISECONDS + _jitter(self.home, number + _RECENT)) / self.pace)

    def arrival(self, number: int) -> Born:
        created_at = self.arrival_at(number)
        assert created_at is not None
        return self._task(f"s{number}", created_at, lively=True)

    def life_after_retry(self, row: Row, now: int) -> Life:
        """What a manual retry of this failed task leads to: success, mostly."""
        rng = dice(self.home.seed, "retry", row.id, row.retried)
        status = row.status()
        error = str(status.get("errorMessage", "")) if isinstance(status, dict) else ""
        ending = Ending((error,), completes=False) if rng.random() < 0.25 else Ending()
        return live_again(rng, row.task_type, now, error or None, ending)

    def _task(self, word: str, created_at: int, lively: bool) -> Born:
        rng = dice(self.home.seed, "life", self.home.number, word)
        task_type = rng.choices(_TYPE_NAMES, cum_weights=_TYPE_WEIGHTS)[0]
        flavour = pick_flavour(rng, task_type)
        identifier = task_id(self.home.seed, self.home.number, word)
        ending = self._ending(rng, task_type, flavour, identifier, lively)
        life = live(rng, task_type, created_at, ending)
        if lively and rng.random() < 0.012:
            life = _stalled(life)
        return self._born(identifier, word, task_type, flavour, created_at, life, rng)

    def _ending(self, rng: random.Random, task_type: str, flavour: str, identifier: str, lively: bool) -> Ending:
        if self.troubled and lively and rng.random() < 0.85:
            return Ending()  # what goes wrong by chance must not drown what is meant to
        first = pick_message(rng, task_type)
        if (first.text in ("403", "dial") and flavour != "custom") or (first.text == "401" and "pinata" not in flavour):
            return Ending(coarse=not lively)
        text = spoken(first, self.home.leaks, rng, identifier)
        return choose_ending(rng, first, (text, "internal error processing file", text), lively)

    def _exhibit(self, exhibit: Exhibit) -> Born:
        rng = dice(self.home.seed, "exhibit", self.home.number, exhibit.remakes or exhibit.word)
        created_at = self.epoch_at - exhibit.age_seconds * 1000 - 120_000
        identifier = task_id(self.home.seed, self.home.number, exhibit.word)
        error = spoken(exhibit.message, self.home.leaks, rng, identifier) if exhibit.message else ""
        life = stand(exhibit, created_at, error)
        return self._born(identifier, exhibit.word, exhibit.task_type, exhibit.flavour, created_at, life, rng, exhibit)

    def _born(
        self, identifier: str, word: str, task_type: str, flavour: str, created_at: int, life: Life,
        rng: random.Random, exhibit: Exhibit | None = None,
    ) -> Born:  # fmt: skip
        asset = self._asset(rng, word, task_type, created_at, exhibit)
        makes = task_type in _MAKING
        author = Author(
            home=self.home,
            word=word,
            flavour=flavour,
            name=asset.name if asset else asset_name(rng),
            input_id=asset.id if asset and not makes else None,
            output_id=asset.id if asset and makes else None,
            given_name=exhibit.name if exhibit else "",
            old=bool(exhibit and exhibit.old),
            cut_from=self._source_of_clip(word, created_at) if task_type == "clip" and not exhibit else "",
        )
        row = Row(identifier, task_type, created_at, life, author)
        if asset and makes:
            asset.maker = row
            if life.moments[-1].phase == "completed" and not exhibit:
                self._ready.append((life.moments[-1].at, asset))
        elif asset and flavour in ("ipfs", "nft", "player"):
            asset.exports = row
        deleted = "has been deleted" in (life.moments[-1].error or "")
        return Born(row, None if deleted else asset)

    def _asset(
        self, rng: random.Random, word: str, task_type: str, created_at: int, exhibit: Exhibit | None
    ) -> Asset | None:
        """The asset of a task. Transcodes and data exports have none at all."""
        if task_type not in (*_MAKING, "export"):
            return None
        if task_type == "export" and not exhibit:
            ready = [asset for at, asset in self._ready if at < created_at and asset.exports is None]
            if ready:
                return rng.choice(ready[-8:])
        odd = exhibit.odd_name if exhibit else None
        name = asset_name(rng) if odd is None else odd_name(rng, odd)
        older = 3_600_000 if task_type == "export" else 30
        made = exhibit.remakes if exhibit and exhibit.remakes else word
        identifier = uuid_of(self.home.seed, "asset", self.home.number, made)
        return Asset(identifier, name, None, created_at - older, self.home.user_id, self.home.project_id)

    def _source_of_clip(self, word: str, created_at: int) -> str:
        """Half of the clips are cut from an asset that was ready before them, the others from a stream."""
        rng = dice(self.home.seed, "source of clip", self.home.number, word)
        ready = [asset.id for at, asset in self._ready if at < created_at]
        return rng.choice(ready[-8:]) if ready and rng.random() < 0.5 else ""


def _jitter(home: Home, number: int) -> int:
    return int(dice(home.seed, "gap", home.number, number).random() * GAP_MILLISECONDS * 0.4)


def _stalled(life: Life) -> Life:
    """The runner goes silent in the middle of an attempt; a quarter of an hour later somebody notices."""
    running = [moment for moment in life.moments if moment.phase == "running"]
    lost = running[len(running) // 2]
    noticed_at = lost.at + _SILENCE_MILLISECONDS
    noticed = Moment(noticed_at, "failed", lost.retries, error="internal error processing file")
    return Life((*life.moments[: life.moments.index(lost) + 1], noticed), life.scheduled_at)
