"""Names are looked up once for all who ask at the same time, and not again for some seconds."""

import threading
import time

import pytest

from dashboard.upstream import resolving
from dashboard.upstream.resolving import Judge


class Names:
    """A resolver that answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let = threading.Event()

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host.startswith("dead") and not self.let.wait(5):
            raise OSError("no answer")
        return ["203.0.113.7"]


@pytest.fixture
def names() -> Names:
    return Names()


def test_many_accounts_of_a_dead_name_use_one_lookup_and_hold_up_nobody(names: Names) -> None:
    judge = Judge(False, names)
    waiting = [judge.start("dead.test", 443) for _ in range(200)]
    assert judge.start("alive.test", 443).result(1) == ["203.0.113.7"]
    names.let.set()
    assert {tuple(lookup.result(1)) for lookup in waiting} == {("203.0.113.7",)}
    assert sorted(names.asked) == ["alive.test", "dead.test"]


def test_an_answer_serves_for_some_seconds_and_no_longer(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Judge(False, names)
    for _ in range(3):
        judge.start("alive.test", 443).result(1)
    assert len(names.asked) == 1
    monkeypatch.setattr(resolving, "KEPT_SECONDS", 0.01)
    time.sleep(0.02)
    judge.start("alive.test", 443).result(1)
    assert len(names.asked) == 2
