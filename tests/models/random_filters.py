"""Random filters of a board: conditions, words of the strip, orders."""

import random

from dashboard import conditions as c
from dashboard.folding import fold
from dashboard.models.finding import Filters
from dashboard.models.order import Order, Sort
from tests.models.many_tasks import CIDS, ERRORS, NOW, PHASES, SPAN, TYPES, WORDS, Known

STRIP = ("", "", "", "waiting", "running", "failed", "completed", "retrying", "stalled", "paused!", "never heard of")
OPERATORS = ("=", "<", "<=", ">", ">=")
DEEPEST = 3


def filters_of(chance: random.Random, known: list[Known], account_ids: tuple[int, ...]) -> Filters:
    """Such as people ask for; the condition's texts are mostly those that some task has."""
    order = Order(chance.choice(list(Sort)), chance.random() < 0.5)
    task_type = chance.choice(("", "", "", *TYPES))
    return Filters(account_ids, chance.choice(STRIP), task_type, condition_of(chance, known), order)


def condition_of(chance: random.Random, known: list[Known], depth: int = 0) -> c.Condition:
    kind = chance.random() if depth < DEEPEST else 0.0
    if kind < 0.5:
        return _leaf(chance, known)
    if kind < 0.6:
        return c.Not(condition_of(chance, known, depth + 1))
    parts = tuple(condition_of(chance, known, depth + 1) for _ in range(chance.randint(0 if depth else 1, 3)))
    return c.All(parts) if kind < 0.85 else c.Any(parts)


def _leaf(chance: random.Random, known: list[Known]) -> c.Condition:
    some = chance.choice(known)
    text = _part_of(
        chance, chance.choice((*some.lines[:3], some.searchable.text.replace("\n", " "), *map(fold, WORDS)))
    )
    name = chance.choice(sorted(some.searchable.names))
    leaves: list[c.Condition] = [
        c.Words(text),
        c.Words(text[: chance.randint(1, 2)]),
        c.Words(fold(chance.choice(WORDS))),
        c.Titled(text),
        c.Failing(_part_of(chance, fold(chance.choice(ERRORS)))),
        c.Is("phase", tuple(fold(chance.choice(PHASES)) for _ in range(chance.randint(1, 3)))),
        c.Is("type", tuple(chance.choice((*TYPES, "none")) for _ in range(chance.randint(1, 2)))),
        c.Is("overlay", (chance.choice(("stalled", "retrying")),)),
        c.Compare("retries", chance.choice(OPERATORS), chance.randint(0, 3)),
        c.Compare("progress", chance.choice(OPERATORS), chance.choice((0.25, chance.random()))),
        c.Compare(chance.choice(("created_at", "updated_at")), chance.choice(OPERATORS), NOW - chance.randrange(SPAN)),
        c.Compare("created_at", "=", some.task.created_at),
        c.Named((name[0],), name[1]),
        c.Named((name[0], chance.choice(("id", "file"))), name[1][: chance.randint(1, 9)], is_prefix=True),
        c.Named(("cid", "source"), chance.choice(CIDS).lower()),
        c.Lacks(chance.choice(("cid", "to"))),
        c.To(chance.choice(("ipfs", "custom"))),
        c.All((c.To("ipfs"), c.Lacks("cid"))),
        c.InAccounts(tuple({chance.choice(known).task.account_id for _ in range(2)})),
        c.InProject(chance.choice(("proj-1", "proj", "nothing"))),
        c.InGroup(chance.choice([group.pk for each in known[:500] for group in each.groups] or [1])),
        c.InGroup(chance.choice((0, 10**17))),
    ]
    return chance.choice(leaves)


def _part_of(chance: random.Random, text: str) -> str:
    start = chance.randrange(max(len(text) - 3, 1))
    return text[start : start + chance.randint(1, 12)].strip("\t ") or "x"
