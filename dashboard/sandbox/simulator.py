"""The sandbox as tests, the demo and the benchmarks hold it: start it, ask it, change what it says."""

import threading
import time
from collections.abc import Callable
from types import TracebackType

from dashboard.sandbox.calls import Call, Calls
from dashboard.sandbox.gateway import templates
from dashboard.sandbox.keys import Key
from dashboard.sandbox.rows import Json
from dashboard.sandbox.server import Door
from dashboard.sandbox.switches import Switches
from dashboard.sandbox.world import World


def _wall_clock() -> int:
    return time.time_ns() // 1_000_000


class Sandbox:
    """A simulated Livepeer Studio that answers over real HTTP, in a thread.

    tasks     tasks in the history of each project, before the stream begins
    seed      the same seed and epoch give the same ids and the same lives
    epoch_at  ms since 1970; the history ends and the stream begins there (default: now)
    clock     gives ms since 1970; a test may turn it forwards, never back
    projects  projects of the one user, with a key each
    pace      how fast tasks arrive: 1.0 is one in 25 s, 2.0 one in 12.5 s, 0 none
    troubled  in the two weeks before the epoch a dozen things went wrong, and at the epoch one begins
    """

    def __init__(
        self,
        tasks: int = 400,
        seed: int = 7,
        epoch_at: int | None = None,
        clock: Callable[[], int] | None = None,
        projects: int = 1,
        pace: float = 1.0,
        troubled: bool = False,
    ) -> None:
        clock = clock or _wall_clock
        epoch_at = clock() if epoch_at is None else epoch_at
        self.world = World(tasks, seed, epoch_at, clock, projects, pace, troubled)
        self.switches = Switches()
        self.calls = Calls()
        self.keys: tuple[str, ...] = tuple(self.world.keys)
        self.key = self.keys[0]
        self.limited_key, self.rules_key = self.world.limited_key, self.world.rules_key
        self.suspended_key, self.orphan_key = self.world.suspended_key, self.world.orphan_key
        self.sister_key, self.stranger_key = self.world.sister_key, self.world.stranger_key
        self.user_id = self.world.user.id
        self._door: Door | None = None

    def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Serves until `stop`; the base URL, such as http://127.0.0.1:13004/api."""
        first = self.world.projects[0]
        with first.lock:
            first.advance(self.world.now())
        self._door = Door((host, port), self.world, self.switches, self.calls)
        threading.Thread(target=self._door.serve_forever, args=(0.05,), name="sandbox", daemon=True).start()
        return self.url

    def stop(self) -> None:
        """Stops listening and drops every connection. `start` may be called again."""
        if self._door is not None:
            self._door.close()
            self._door = None

    @property
    def port(self) -> int:
        assert self._door is not None, "the sandbox is not running"
        return int(self._door.server_address[1])

    @property
    def url(self) -> str:
        """The base URL that an account is given."""
        assert self._door is not None, "the sandbox is not running"
        host = self._door.server_address[0]
        return f"http://{host if isinstance(host, str) else host.decode()}:{self.port}/api"

    @property
    def gateways(self) -> str:
        """Its IPFS gateway in both forms, one a line, as a team sets them."""
        return templates(self.url)

    def __enter__(self) -> "Sandbox":
        if self._door is None:
            self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def secrets(self) -> list[str]:
        """Every planted secret; none of them may be found anywhere after a sync."""
        return list(self.world.secrets())

    def project_id(self, number: int = 0) -> str:
        """The id of project `number`; the sister's comes after the last of ours."""
        return self.world.projects[number].id

    def calls_since(self, at: int) -> list[Call]:
        """Calls that came at `at` (ms by the sandbox's clock) or later."""
        return self.calls.since(at)

    def document(self, identifier: str) -> Json:
        """The task as GET by id shows it now. KeyError if there is none."""
        return self.world.document(identifier)

    def ids(self, project: int = 0) -> list[str]:
        """The ids of all tasks that the list shows, oldest first."""
        home = self.world.projects[project]
        with home.lock:
            home.advance(self.world.now())
            return [row.id for row in home.index.by_created]

    def asset_ids(self, project: int = 0) -> list[str]:
        """The ids of all assets that the list shows, oldest first."""
        home = self.world.projects[project]
        with home.lock:
            home.advance(self.world.now())
            return [asset.id for asset in home.asset_index.by_created]

    def add_task(self, project: int = 0, asset_name: str = "", **fields: object) -> str:
        """A new task, a waiting upload unless `fields`, keys of its document, say otherwise. Its id."""
        return self.world.add_task(project, asset_name, fields)

    def put(self, document: Json, project: int = 0) -> str:
        """Stores a raw document as it is, however broken; it needs an `id`. Its id."""
        return self.world.put(document, project)

    def change(self, identifier: str, status: Json | None = None, **fields: object) -> None:
        """Replaces the status, as Studio does, and sets top-level fields. `updatedAt` comes from the clock
        unless `status` gives it. The task's own script ends here."""
        self.world.change(identifier, status, fields)

    def retry(self, identifier: str) -> None:
        """What POST /task/{id}/retry does."""
        self.world.retry(identifier)

    def soft_delete(self, identifier: str) -> None:
        """Out of every list; GET by id still answers, with `deleted`."""
        self.world.soft_delete(identifier)

    def hard_delete(self, identifier: str) -> None:
        """Gone: GET by id gives 404."""
        self.world.hard_delete(identifier)

    def rename_asset(self, asset_id: str, name: str) -> None:
        """The asset's own updatedAt moves, no task's does."""
        self.world.rename_asset(asset_id, name)

    def delete_asset(self, asset_id: str) -> None:
        """GET gives 404 and the list forgets it; tasks still name it."""
        self.world.delete_asset(asset_id)

    def add_key(self, key: str, project: int = 0) -> str:
        """One more key of a project of the sandbox's user. The key."""
        self.world.ring.add(Key(key, self.world.user, project))
        return key

    def revoke(self, key: str) -> None:
        """The key is deleted at Studio: 401 from now on."""
        self.world.ring.forget(key)
