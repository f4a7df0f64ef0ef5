"""The documents of scripted tasks, written anew whenever somebody asks: nothing but the seed is kept."""

from dataclasses import dataclass

from dashboard.sandbox.identity import dice, hex_of
from dashboard.sandbox.leaks import Leaks
from dashboard.sandbox.outputs import old_guide_output, write_output
from dashboard.sandbox.params import ParamsWriter
from dashboard.sandbox.rows import Json, Row


@dataclass(frozen=True)
class Home:
    """Where a task lives: the project, its owner, its key and the pool of planted secrets.

    Rows older than projects name none; Studio counts them to the owner's default project (observed).
    """

    seed: int
    number: int
    user_id: str
    project_id: str
    key: str
    leaks: Leaks
    is_default: bool


@dataclass(frozen=True, slots=True)
class Author:
    """Writes one task's document; the same author always writes the same params and the same output."""

    home: Home
    word: str
    flavour: str
    name: str
    input_id: str | None
    output_id: str | None
    given_name: str = ""
    old: bool = False
    cut_from: str = ""

    def __call__(self, row: Row) -> Json:
        """Everything but the status."""
        params = self._params(row)
        document: Json = {"id": row.id, "type": row.task_type, "params": params, "userId": self.home.user_id}
        if row.phase == "completed":
            document["output"] = self._output(row, params)
        if self.given_name:
            document["name"] = self.given_name
        if self.flavour == "requester":
            document["requesterId"] = hex_of(64, "requester", self.word)
        document["createdAt"] = row.created_at
        document["scheduledAt"] = self._scheduled_at(row)
        document["inputAssetId"], document["outputAssetId"] = self.input_id, self.output_id
        document["projectId"] = self._project_id()
        return document

    def field(self, name: str) -> object:
        """One of the few fields that a list filters by, without writing the whole document."""
        fields = {"inputAssetId": self.input_id, "outputAssetId": self.output_id, "userId": self.home.user_id}
        fields |= {"name": self.given_name or None, "projectId": self._project_id()}
        return fields.get(name)

    def _project_id(self) -> str | None:
        return None if self.old and self.home.is_default else self.home.project_id

    def _scheduled_at(self, row: Row) -> int | None:
        """A task that waits for its file is not scheduled yet."""
        return None if row.phase == "pending" or self.old else row.scheduled_at

    def _params(self, row: Row) -> Json:
        rng = dice(self.home.seed, "params", self.home.number, self.word)
        asset_id = self.output_id or self.input_id or row.id
        writer = ParamsWriter(rng, self.home.leaks, self.flavour, self.name, asset_id, self.home.key, self.cut_from)
        return writer.write(row.task_type)

    def _output(self, row: Row, params: Json) -> Json:
        rng = dice(self.home.seed, "output", self.home.number, self.word)
        if self.old and row.task_type == "import":
            return old_guide_output(rng, row.id, self.name)
        return write_output(rng, row.task_type, self.flavour, row.id, self.name, params)
