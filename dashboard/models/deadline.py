"""A time by which reading must be done: what takes longer is stopped by the database itself."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Any

from django.db import OperationalError, connection, transaction

STEPS = 2000
"""Of SQLite's machine between two looks at the clock, about a tenth of a millisecond."""
SAVEPOINTS = ("SAVEPOINT", "ROLLBACK", "RELEASE")
ROUGHLY = 0.25  # s by which PostgreSQL may be told too late an end, to tell it seldom

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


class TooBroad(Exception):
    """The search takes longer than anybody should wait."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """All statements of the block together may take so long; an earlier end of an outer block holds. For reading only.
    The connection stays usable. Raises TooBroad."""
    outer, now = _ends.get(), time.monotonic()
    ends = min(outer or now + seconds, now + seconds)
    token = _ends.set(ends)
    try:
        with _on_sqlite(ends, outer) if connection.vendor == "sqlite" else _on_postgresql(ends):
            yield
    except OperationalError as error:
        if time.monotonic() < ends or not _was_stopped(error):
            raise
        raise TooBroad from error
    finally:
        _ends.reset(token)


def check() -> None:
    """For loops of our own between statements. Raises TooBroad."""
    ends = _ends.get()
    if ends is not None and time.monotonic() >= ends:
        raise TooBroad


def _was_stopped(error: OperationalError) -> bool:
    return "interrupted" in str(error) or getattr(error.__cause__, "sqlstate", "") == "57014"


@contextmanager
def _on_sqlite(ends: float, outer: float | None) -> Iterator[None]:
    def in_time(execute: Callable[..., Any], *statement: Any) -> Any:
        check()
        return execute(*statement)

    connection.ensure_connection()
    raw = connection.connection
    raw.set_progress_handler(lambda: time.monotonic() >= ends, STEPS)
    try:
        with connection.execute_wrapper(in_time):
            yield
    finally:
        raw.set_progress_handler((lambda: time.monotonic() >= outer) if outer else None, STEPS)


@contextmanager
def _on_postgresql(ends: float) -> Iterator[None]:
    """`SET LOCAL` needs a transaction, and outlives a savepoint. Compiling would cost more than it gains."""
    told = inf

    def in_time(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal told
        if str(statement[0]).startswith(SAVEPOINTS):  # after a stop nothing else is allowed
            return execute(*statement)
        check()
        left = max(ends - time.monotonic(), 0.001)
        if left < told - ROUGHLY:
            told = left
            _set(f"{int(left * 1000) + 1}ms", "off")
        return execute(*statement)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('jit')")
        before = cursor.fetchone()
        with connection.execute_wrapper(in_time):
            yield
        _set(*before)


def _set(timeout: str, jit: str) -> None:
    """Not through Django: its wrappers are what asks for this."""
    connection.connection.execute(
        "SELECT set_config('statement_timeout', %s, true), set_config('jit', %s, true)", [timeout, jit]
    )
