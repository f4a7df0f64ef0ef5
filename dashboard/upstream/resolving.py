"""From a host name to the addresses that we may connect to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import httpcore

from .addresses import as_literal, is_public
from .errors import PrivateAddress

Resolve = Callable[[str, int], list[str]]
"""Host and port to IP addresses, best first. Blocking; raises OSError."""

KEPT_SECONDS = 5.0
"""How long an answer serves the next who ask. Each of them judges it anew."""
_RESOLVERS = 32
_MOST_ADDRESSES = 6


def resolve(host: str, port: int) -> list[str]:
    """Asks the system. Blocking."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@lru_cache(maxsize=1)
def _resolvers() -> ThreadPoolExecutor:
    """Threads of their own: a name server that hangs must not hold up anything else."""
    return ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolve")


@dataclass(frozen=True)
class _Lookup:
    """`begun` on the monotonic clock, in seconds."""

    future: Future[list[str]]
    begun: float

    def serves(self, now: float) -> bool:
        return not self.future.done() or now - self.begun < KEPT_SECONDS


class Judge:
    """Turns a host into the addresses that we may connect to.

    One lookup for all who ask for a host at a time: a dead name must not use up the threads.
    """

    def __init__(self, allow_private: bool, resolve: Resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._lookups: dict[str, _Lookup] = {}
        self._lock = threading.Lock()

    def literal(self, host: str) -> list[str] | None:
        address = as_literal(host)
        return None if address is None else self.allowed([address])

    def start(self, host: str, port: int) -> Future[list[str]]:
        """The addresses of a host. Others may wait for the same lookup: it must not be cancelled."""
        now = time.monotonic()
        with self._lock:
            self._lookups = {name: lookup for name, lookup in self._lookups.items() if lookup.serves(now)}
            if host not in self._lookups:
                self._lookups[host] = _Lookup(_resolvers().submit(self._resolve, host, port), now)
            return self._lookups[host].future

    def allowed(self, addresses: list[str]) -> list[str]:
        """The public ones. PrivateAddress when there is none, ConnectError for no address at all."""
        if not addresses:
            raise httpcore.ConnectError("the name has no address")
        public = [address for address in addresses if self._allow_private or is_public(address)]
        if not public:
            raise PrivateAddress("The address is private or local, and this server only asks public ones.")
        return public[:_MOST_ADDRESSES]
