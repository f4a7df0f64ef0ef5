"""Interleaved rounds: A B C A B C ..., so that a noisy minute of the machine meets all cells alike."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from bench.load import CONNECTIONS, REGION, Crowd, poll_path
from bench.processes import Web

CPU_SECONDS_A_ROUND = 0.12
TRIAL = 20
FEWEST_ROUNDS = 3
SETTLE_SECONDS = 0.01  # until the server has done what follows the last answer


@dataclass
class Cell:
    """One kind of request. `aim` gives the paths anew for each round; it is not measured."""

    name: str
    web: Web
    crowd: Crowd
    aim: Callable[[], Sequence[str]]
    status: int = 200
    headers: dict[str, str] | None = None
    times: int = TRIAL
    measured: list[float] = field(default_factory=list)  # µs, one for each round

    @property
    def median(self) -> float:
        return statistics.median(self.measured)

    def beside(self, other: "Cell") -> float:
        """How many times the other's cost: the median of what each round says."""
        return statistics.median(mine / its for mine, its in zip(self.measured, other.measured, strict=True))

    def warm_up(self) -> None:
        """Until both workers know the page; then choose how many requests make a round."""
        self.crowd.ask(self.aim(), TRIAL * 2, self.status, self.headers)
        self.times = max(TRIAL, int(CPU_SECONDS_A_ROUND / self.microseconds() * 1e6))

    def microseconds(self) -> float:
        """CPU time of the server per request, over one round. Each connection asks once before, unmeasured: some of
        the other cells make the server forget all that it keeps."""
        paths = self.aim()
        self.crowd.ask(paths, CONNECTIONS, self.status, self.headers)
        return self._spent(paths, self.times) / self.times * 1e6

    def _spent(self, paths: Sequence[str], times: int) -> float:
        time.sleep(SETTLE_SECONDS)
        before = self.web.cpu_seconds()
        self.crowd.ask(paths, times, self.status, self.headers)
        time.sleep(SETTLE_SECONDS)
        return self.web.cpu_seconds() - before


class ChangedPoll(Cell):
    """Each round is one change, fetched by as many as watch."""

    watchers = 200

    def warm_up(self) -> None:
        self.times = self.watchers
        self.microseconds()

    def microseconds(self) -> float:
        path = poll_path(self.crowd.plain("/?size=50"))
        self.crowd.one("/bench/change/")
        return self._spent([path], self.times) / self.times * 1e6


class UnsharedPoll(Cell):
    """Each round is one change, fetched by as many who each look for something else: no two share an answer."""

    watchers = 60

    def warm_up(self) -> None:
        self.times = self.watchers
        for _ in range(2):
            self.microseconds()

    def microseconds(self) -> float:
        searches = (quote(f"genesis -viewer{number}") for number in range(self.watchers))
        pages = [f"/?size=50&phase=completed&q={search}" for search in searches]
        polls = [poll_path(self.crowd.plain(page)) for page in pages]
        self.crowd.one("/bench/change/")
        return self._spent(polls, self.times) / self.times * 1e6


def measure(cells: Sequence[Cell], rounds: int, seconds: float) -> None:
    """So many rounds; on a busy machine fewer, but at least three, when the time is up."""
    for cell in cells:
        cell.warm_up()
    ends = time.monotonic() + seconds
    for done in range(rounds):
        if done >= FEWEST_ROUNDS and time.monotonic() > ends:
            return
        for cell in cells:
            cell.measured.append(cell.microseconds())


def changed_poll(name: str, web: Web, crowd: Crowd) -> ChangedPoll:
    return ChangedPoll(name, web, crowd, list, headers=REGION)


def unshared_poll(name: str, web: Web, crowd: Crowd) -> UnsharedPoll:
    return UnsharedPoll(name, web, crowd, list, headers=REGION)


def unchanged_poll(name: str, web: Web, crowd: Crowd, path: str = "/?size=50") -> Cell:
    return Cell(name, web, crowd, lambda: [poll_path(crowd.plain(path))], status=204, headers=REGION)


def page(name: str, web: Web, crowd: Crowd, *paths: str) -> Cell:
    return Cell(name, web, crowd, lambda: paths)
