"""Acts of several people at the same moment, each with a database connection of its own.

The tests' SQLite lives in memory, where connections block each other in another way than in a file: so what the test
has made is copied into a file first, and the acts, like the looks at what came of them, happen there.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections


@pytest.fixture
def at_once(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., list]]:
    """`at_once(act, another)` does both at the same moment and gives what each returned or raised, in their order.
    With one act it is a look at the same database."""
    settings = connections.settings["default"]
    name, file = settings["NAME"], tmp_path / "together.sqlite3"

    def run(*acts: Callable[[], Any]) -> list[Any]:
        if connection.vendor == "sqlite" and not file.exists():
            _copy_to(file)
            settings["NAME"] = str(file)  # for the connections of the threads; this thread keeps the one that it has
        start = threading.Barrier(len(acts))
        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(lambda act: _do(act, start), acts))

    yield run
    settings["NAME"] = name  # before the test's own connection is asked whether it lives in memory


def _do(act: Callable[[], Any], start: threading.Barrier) -> Any:
    try:
        connection.ensure_connection()
        start.wait(10)
        return act()
    except Exception as error:  # what the act said no with
        return error
    finally:
        connections.close_all()


def _copy_to(file: Path) -> None:
    copy = sqlite3.connect(file)
    connection.connection.backup(copy)
    copy.execute("PRAGMA journal_mode=WAL")  # two connections that both switch to it get in each other's way
    copy.close()
