"""Assets: what uploads and clips make and what exports take. They carry the names that tasks lack."""

from dashboard.sandbox.identity import dice, playback_id_of
from dashboard.sandbox.outputs import GATEWAY
from dashboard.sandbox.rows import Json, Place, Row

_PHASES = {"pending": "uploading", "waiting": "waiting", "running": "processing", "completed": "ready"}


class Asset:
    """One asset. `maker` is the task that creates it (None: older than every task that is left)."""

    __slots__ = (
        "created_at",
        "exports",
        "id",
        "maker",
        "name",
        "place",
        "project_id",
        "renamed_at",
        "user_id",
    )

    def __init__(self, identifier: str, name: str, maker: Row | None, created_at: int, user_id: str, project_id: str):
        self.id, self.name, self.maker, self.created_at = identifier, name, maker, created_at
        self.user_id, self.project_id = user_id, project_id
        self.renamed_at = 0
        self.exports: Row | None = None
        self.place: Place = (0, 0, "")

    @property
    def updated_at(self) -> int:
        """The newest change of its tasks or of itself: a rename is a change (read in the server's source)."""
        made_at = self.maker.updated_at if self.maker else self.created_at + 60_000
        return max(self.renamed_at, made_at, self.exports.updated_at if self.exports else 0)

    @property
    def phase(self) -> str:
        if self.maker is None:
            return "ready"
        phase = self.maker.phase
        if self.maker.retried and phase != "completed":
            return "failed"
        return _PHASES.get(phase, "failed")

    def document(self, details: bool = False) -> Json:
        """As GET /asset/{id} shows it; tracks only with `details`."""
        rng = dice("asset", self.id)
        made = self.maker.document() if self.maker else {}
        document: Json = {
            "id": self.id,
            "name": self.name,
            "source": self._source(made),
            "status": self._status(made),
        }
        document |= self._spec(made, details) | {"userId": self.user_id, "createdAt": self.created_at}
        document |= {"projectId": self.project_id, "playbackId": playback_id_of(self.id)}
        document["createdByTokenName"] = rng.choice(("Production", "Archive", "ingest-worker"))
        if rng.random() < 0.2:
            document["creatorId"] = {"type": "unverified", "value": f"user-{rng.randrange(1, 900)}"}
        document["playbackPolicy"] = _policy(rng.random(), self.id)
        if self.phase == "ready":
            playback_id = playback_id_of(self.id)
            document["downloadUrl"] = f"https://vod-cdn.example.test/asset/{playback_id}/video"
            document["playbackUrl"] = f"https://vod-cdn.example.test/hls/{playback_id}/index.m3u8"
        if self.exports is not None:
            document["storage"] = _storage(self.exports)
        return {key: value for key, value in document.items() if value is not None}

    def _source(self, made: Json) -> Json:
        if self.maker is None:
            return {"type": "directUpload"}
        inner = _inside(made, "params", self.maker.task_type)
        if self.maker.task_type == "clip":
            return {"type": "clip", "sourceId": inner.get("inputId"), "sessionId": inner.get("sessionId")}
        if "uploadedObjectKey" in inner:
            return {"type": "directUpload"}
        if "recordedSessionId" in inner:
            return {"type": "recording", "sessionId": inner["recordedSessionId"]}
        return {"url": inner.get("url", ""), "type": "url"}

    def _status(self, made: Json) -> Json:
        status: Json = {"phase": self.phase, "updatedAt": self.updated_at}
        said = _inside(made, "status")
        if self.phase == "processing" and "progress" in said:
            status["progress"] = said["progress"]
        if self.phase == "failed" and "errorMessage" in said:
            status["errorMessage"] = said["errorMessage"]
        return status

    def _spec(self, made: Json, details: bool) -> Json:
        output = made.get("output")
        inner = next(iter(output.values()), None) if isinstance(output, dict) else None
        spec = inner.get("assetSpec") if isinstance(inner, dict) else None
        if not isinstance(spec, dict):
            return {}
        video = {key: value for key, value in spec.get("videoSpec", {}).items() if details or key != "tracks"}
        return {"hash": spec.get("hash"), "size": spec.get("size"), "videoSpec": video}


def _policy(throw: float, identifier: str) -> Json | None:
    if throw < 0.75:
        return None
    if throw < 0.85:
        return {"type": "public"}
    if throw < 0.93:
        return {"type": "jwt"}
    return {"type": "webhook", "webhookId": identifier[:8], "webhookContext": {"streamerId": "my-custom-id"}}


def _storage(export: Row) -> Json:
    """What an export to Studio's own IPFS leaves on the asset."""
    document = export.document()
    ipfs: Json = {"spec": _inside(document, "params", "export", "ipfs")}
    if export.phase == "completed":
        cid = str(_inside(document, "output", "export", "ipfs").get("videoFileCid", ""))
        ipfs |= {
            "cid": cid,
            "url": f"ipfs://{cid}",
            "gatewayUrl": GATEWAY + cid,
            "updatedAt": export.updated_at,
        }
        return {"ipfs": ipfs, "status": {"phase": "ready", "tasks": {"last": export.id}}}
    if export.phase == "failed":
        error = _inside(document, "status").get("errorMessage", "")
        return {
            "ipfs": ipfs,
            "status": {"phase": "failed", "tasks": {"failed": export.id}, "errorMessage": error},
        }
    phase = "processing" if export.phase == "running" else "waiting"
    return {"ipfs": ipfs, "status": {"phase": phase, "tasks": {"pending": export.id}}}


def _inside(document: Json, *keys: str) -> Json:
    """The object at the end of these keys; an empty one where something else stands."""
    found: object = document
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
