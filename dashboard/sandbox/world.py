"""Everything that the sandbox simulates: users, keys, projects, and the verbs of a test."""

from collections.abc import Callable, Iterator

from dashboard.sandbox.documents import Home
from dashboard.sandbox.identity import project_of, uuid_of
from dashboard.sandbox.keys import Key, KeyRing, User
from dashboard.sandbox.leaks import Leaks
from dashboard.sandbox.population import Population
from dashboard.sandbox.project import Project
from dashboard.sandbox.rows import Json, Row

_SISTER_TASKS, _STRANGER_TASKS = 12, 6


class World:
    """Projects 0 to n-1 belong to our user, then come the sister's (same user), the stranger's and a
    suspended user's. `clock` gives ms since 1970. A project is filled when it is first asked for."""

    def __init__(
        self,
        tasks: int,
        seed: int,
        epoch_at: int,
        clock: Callable[[], int],
        projects: int,
        pace: float,
        troubled: bool = False,
    ) -> None:
        self.seed, self.epoch_at, self.clock = seed, epoch_at, clock
        self.leaks = Leaks(seed)
        self.user = User(uuid_of(seed, "user"), "alice@acme.example.test", "Alice", 0)
        self.stranger = User(uuid_of(seed, "stranger"), "charlie@elsewhere.example.test", "Charlie", projects + 1)
        self._suspended = User(uuid_of(seed, "suspended"), "sam@gone.example.test", "Sam", projects + 2, suspended=True)
        self.keys = [self._key("key", number) for number in range(projects)]
        self.sister_key, self.stranger_key = self._key("sister", 0), self._key("stranger", 0)
        self.limited_key, self.rules_key = self._key("limited", 0), self._key("rules", 0)
        self.suspended_key, self.orphan_key = self._key("suspended", 0), self._key("orphan", 0)
        self.ring = KeyRing(self._all_keys(projects))
        self.projects = [
            self._project(number, self.user, self.keys[number], tasks, pace, troubled) for number in range(projects)
        ]
        self.projects.append(self._project(projects, self.user, self.sister_key, _SISTER_TASKS, 0))
        self.projects.append(self._project(projects + 1, self.stranger, self.stranger_key, _STRANGER_TASKS, 0))
        self.projects.append(self._project(projects + 2, self._suspended, self.suspended_key, 0, 0))
        self._given: dict[str, Project] = {}
        self._made = 0

    def _key(self, word: str, number: int) -> str:
        return uuid_of(self.seed, "api key", word, number)

    def _all_keys(self, projects: int) -> list[Key]:
        return [
            *(Key(text, self.user, number) for number, text in enumerate(self.keys)),
            Key(self.sister_key, self.user, projects),
            Key(self.stranger_key, self.stranger, projects + 1),
            Key(self.suspended_key, self._suspended, projects + 2),
            Key(self.limited_key, self.user, 0, access="cors"),
            Key(self.rules_key, self.user, 0, access="rules"),
            Key(self.orphan_key, None, 0),
        ]

    def _project(self, number: int, user: User, key: str, tasks: int, pace: float, troubled: bool = False) -> Project:
        identifier = uuid_of(self.seed, "project", number)
        home = Home(self.seed, number, user.id, identifier, key, self.leaks, number == user.default_project)
        population = Population(home, tasks, self.epoch_at, pace, troubled)
        name = "Default Project" if number == user.default_project else f"Project {number + 1}"
        return Project(number, identifier, user.id, name, population)

    def now(self) -> int:
        return int(self.clock())

    def secrets(self) -> Iterator[str]:
        """Every planted secret: the pool and the keys of projects, which stand in free content as well."""
        yield from self.leaks.all()
        yield from self.keys
        yield from (self.sister_key, self.stranger_key, self.limited_key, self.rules_key)

    def find(self, identifier: str) -> tuple[Project, Row] | None:
        """The task with this id, deleted or not, up to date; None if there is none."""
        number = project_of(identifier)
        project = self._given.get(identifier)
        if project is None and 0 <= number < len(self.projects):
            project = self.projects[number]
        if project is None:
            return None
        with project.lock:
            project.advance(self.now())
            row = project.rows.get(identifier)
        return (project, row) if row else None

    def _held(self, identifier: str) -> tuple[Project, Row]:
        found = self.find(identifier)
        if found is None:
            raise KeyError(identifier)
        return found

    def document(self, identifier: str) -> Json:
        project, row = self._held(identifier)
        with project.lock:
            return row.document()

    def put(self, document: Json, project: int = 0, asset_name: str = "") -> str:
        home = self.projects[project]
        with home.lock:
            home.advance(self.now())
            row = home.put(document, self.now(), asset_name)
        self._given[row.id] = home
        return row.id

    def add_task(self, project: int, asset_name: str, fields: Json) -> str:
        """A task with sensible values for everything that `fields` leaves open."""
        self._made += 1
        now, task_type = self.now(), str(fields.get("type", "upload"))
        home = self.projects[project]
        document: Json = {"id": uuid_of(self.seed, "task of a test", self._made), "type": task_type}
        document["params"] = {task_type: {"url": f"https://media.example.test/in/clip-{self._made}.mp4"}}
        document |= {"status": {"phase": "waiting", "retries": 0}, "userId": home.user_id}
        document |= {"createdAt": now, "projectId": home.id, "scheduledAt": now}
        if task_type in ("upload", "clip"):
            document["outputAssetId"] = uuid_of(self.seed, "asset of a test", self._made)
        document |= fields
        if isinstance(document["status"], dict):
            document["status"] = {"updatedAt": now, **document["status"]}
        return self.put(document, project, asset_name)

    def change(self, identifier: str, status: Json | None, fields: Json) -> None:
        """The status is replaced; without one the old stays and only its updatedAt moves."""
        project, row = self._held(identifier)
        with project.lock:
            old = row.status()
            wanted = dict(status) if status is not None else dict(old if isinstance(old, dict) else {})
            if status is None or "updatedAt" not in wanted:
                wanted["updatedAt"] = self.now()
            row.set_fields(fields)
            row.set_status(wanted)
            project.moved([row])

    def retry(self, identifier: str) -> None:
        project, row = self._held(identifier)
        with project.lock:
            now = self.now()
            row.start_again(project.population.life_after_retry(row, now))
            row.catch_up(now)
            project.schedule(row)

    def soft_delete(self, identifier: str) -> None:
        project, row = self._held(identifier)
        with project.lock:
            project.hide(row)

    def hard_delete(self, identifier: str) -> None:
        project, row = self._held(identifier)
        with project.lock:
            project.remove(row.id)
        self._given.pop(identifier, None)

    def rename_asset(self, asset_id: str, name: str) -> None:
        for project in self.projects:
            with project.lock:
                if asset_id in project.assets:
                    return project.rename(asset_id, name, self.now())
        raise KeyError(asset_id)

    def delete_asset(self, asset_id: str) -> None:
        for project in self.projects:
            with project.lock:
                asset = project.assets.pop(asset_id, None)
                if asset:
                    return project.asset_index.remove(asset)
        raise KeyError(asset_id)
