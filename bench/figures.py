"""The figures of the bench and their limits. A promise is kept when every limit is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """`limit` is the most, or with `at_least` the least; None for what is only told."""

    name: str
    unit: str
    limit: float | None = None
    at_least: bool = False


PROMISES = [
    Promise("bare view", "µs CPU"),
    Promise("OK, two bytes signed in", "µs CPU"),
    Promise("OK / bare view", "×", 8),
    Promise("unchanged poll / OK", "×", 1.2),
    Promise("unchanged poll of a task / OK", "×", 1.2),
    Promise("changed poll, 50 rows, many watch / OK", "×", 1.5),
    Promise("changed poll of a search, nobody else's / OK", "×", 2.5),
    Promise("board, 50 rows, warm / OK", "×", 5),
    Promise("board, 50 rows, cold / OK", "×", 15),
    Promise("task page, 2.5 KB / OK", "×", 5),
    Promise("task page, 2.5 KB, first look / OK", "×"),
    Promise("task page, 50 KB / OK", "×"),
    Promise("task page, 5 MB / OK", "×"),
    Promise("task page, 5 MB, first look / OK", "×"),
    Promise("API, list of 50 / OK", "×", 3),
    Promise("API, unchanged list / OK", "×", 1.2),
    Promise("accounts page, 200 accounts / OK", "×", 6),
    Promise("task page, 2.5 KB: HTML", "bytes"),
    Promise("task page, 50 KB: HTML", "bytes"),
    Promise("task page, 5 MB: HTML", "bytes"),
    Promise("first page, many / 1,000 tasks", "×", 1.2),
    Promise("of a phase, many / 1,000 tasks", "×", 1.2),
    Promise("of a type, many / 1,000 tasks", "×", 1.2),
    Promise("of an account, many / 1,000 tasks", "×", 1.2),
    Promise("deep page, many / 1,000 tasks", "×", 1.2),
    Promise("first page of a small team, many / 1,000 tasks", "×", 1.2),
    Promise("of a phase, small team, many / 1,000 tasks", "×", 1.2),
    Promise("by id, many / 1,000 tasks", "×", 1.2),
    Promise("by prefix, many / 1,000 tasks", "×", 1.2),
    Promise("by cid, many / 1,000 tasks", "×", 1.2),
    Promise("by file, many / 1,000 tasks", "×", 1.2),
    Promise("the strip's numbers, many / 20,000 tasks", "×", 2),
    Promise("the strip's numbers, many tasks", "ms"),
    Promise("LIKE / free text among many", "×", 20, at_least=True),
    Promise("free text among many", "ms"),
    Promise("a search without an end is stopped after", "s", 2.3),
    Promise("bytes of database per task", "bytes"),
    Promise("failures page, 2,000 groups / OK", "×", 6),
    Promise("failures page, after a change, 2,000 groups / OK", "×", 8),
    Promise("failures page, many / 10,000 tasks", "×", 1.5),
    Promise("import", "tasks/s", 700, at_least=True),
    Promise("import, by CPU time", "tasks/s"),
    Promise("bare executemany of the same JSON", "tasks/s"),
    Promise("import from the sandbox process", "tasks/s"),
    Promise("CSV export", "tasks/s"),
    Promise("NDJSON export", "tasks/s"),
    Promise("bare SELECT through csv", "tasks/s"),
    Promise("bare SELECT / CSV export", "×"),
    Promise("CSV export: peak memory, all / 10,000 tasks", "×", 1.1),
    Promise("NDJSON export: peak memory, all / 10,000 tasks", "×", 1.1),
    Promise("fingerprints", "messages/s"),
    Promise("re.sub of the digits / fingerprints", "×", 30),
    Promise("200 watchers: p50", "ms"),
    Promise("200 watchers: p99", "ms", 25),
    Promise("bare view meanwhile: p99", "ms"),
    Promise("200 watchers: errors", "", 0),
    Promise("200 watchers: polls answered", ""),
    Promise("200 watchers: of them changed", ""),
    Promise("200 watchers: calls in the last minute", "", 25),
    Promise("200 watchers: web server's CPU, of one core", "%"),
    Promise("first visit, all assets", "bytes gzip", 45_000),
]


@dataclass(frozen=True)
class Figure:
    """One promise and what was measured."""

    promise: Promise
    value: float

    @property
    def ok(self) -> bool | None:
        """None where nothing was promised."""
        limit = self.promise.limit
        if limit is None:
            return None
        return self.value >= limit if self.promise.at_least else self.value <= limit


_BY_NAME = {promise.name: promise for promise in PROMISES}


def figures_of(values: dict[str, float]) -> list[Figure]:
    """The measured values as figures, in the order of the promises. A name that nobody promised is a KeyError."""
    unknown = set(values) - set(_BY_NAME)
    if unknown:
        raise KeyError(f"no such figures: {sorted(unknown)}")
    return [Figure(promise, values[promise.name]) for promise in PROMISES if promise.name in values]
