"""Which path gives which answer. Paths stand here without the leading /api."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from dashboard.sandbox.answers import HTML_TYPE, Answer, json_answer, refusal, stumble
from dashboard.sandbox.gateway import Gateway
from dashboard.sandbox.identity import playback_id_of
from dashboard.sandbox.keys import Key, authorize
from dashboard.sandbox.lists import BROKEN, list_assets, list_tasks
from dashboard.sandbox.queries import Refused
from dashboard.sandbox.rows import Json
from dashboard.sandbox.switches import Switches
from dashboard.sandbox.world import World


@dataclass
class Request:
    """One request as it came. `path` is raw, with query; `span` is its Range header; `key` is set once the header was
    understood."""

    method: str
    path: str
    host: str
    authorization: str = ""
    origin: str = ""
    span: str = ""
    key: Key | None = None

    def __post_init__(self) -> None:
        split = urlsplit(self.path)
        self.bare_path = split.path
        self.pairs = parse_qsl(split.query, keep_blank_values=True)
        self.said = _joined(self.pairs)

    @property
    def address(self) -> str:
        """The URL as the real server believes it to be: always http, with the Host that the caller sent."""
        return f"http://{self.host}{self.bare_path}"

    @property
    def key_hint(self) -> str:
        return self.authorization.strip()[-4:]


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Repeated parameters are joined by commas."""
    said: dict[str, str] = {}
    for name, value in pairs:
        said[name] = f"{said[name]},{value}" if name in said else value
    return said


class Router:
    """Answers requests from the world. Knows nothing of sockets."""

    def __init__(self, world: World) -> None:
        self._world, self._gateway = world, Gateway(world)
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Answer]]] = [
            (method, re.compile(pattern), answer)
            for method, pattern, answer in (
                ("GET", "/task/?", self._tasks),
                ("GET", "/task/([^/]+)/?", self._task),
                ("POST", "/task/([^/]+)/retry", self._retry),
                ("POST", "/task/?", self._for_admins),
                ("POST", "/task/([^/]+)/status", self._for_admins),
                ("DELETE", "/task/([^/]+)", self._for_admins),
                ("GET", "/asset/?", self._assets),
                ("GET", "/asset/([^/]+)/?", self._asset),
                ("GET", "/user/me", self._me),
                ("GET", "/project/?", self._projects),
                ("GET", "/project/([^/]+)", self._one_project),
            )
        ]

    def answer(self, request: Request, switches: Switches) -> Answer:
        """The answer of a healthy server, and of one with odd rows; other troubles happen on the socket."""
        if request.bare_path == "/healthz":
            return Answer(200)
        asked = request.method, request.host, request.bare_path, request.span
        if found := self._gateway.answer(*asked, trouble=switches.gateway):
            return found
        if not request.bare_path.startswith("/api/"):
            return Answer(404, b"<!doctype html><title>404</title><h1>This page could not be found</h1>", [], HTML_TYPE)
        try:
            return self._answer(request, request.bare_path.removeprefix("/api"), switches)
        except Refused as refused:
            return refusal(refused.status, refused.text)

    def _answer(self, request: Request, path: str, switches: Switches) -> Answer:
        request.key = self._world.ring.open(request.authorization, request.said)
        if path == "/version":
            return json_answer({"tag": "v0.31.0", "commit": "670a0a664e0a1ec256c3c5ac0df3929b8e3285be"})
        if path.startswith("/playback/"):
            return self._playback(unquote(path.removeprefix("/playback/")))
        if switches.no_assets and path.startswith("/asset"):
            text = "not found" if switches.no_assets == 404 else "credential has insufficent privileges"
            return refusal(switches.no_assets, text)
        method = "GET" if request.method == "HEAD" else request.method
        for verb, pattern, answer in self._routes:
            match = pattern.fullmatch(path)
            if match and verb == method:
                key = authorize(request.key, method, path.rstrip("/"), request.origin)
                return answer(request, key, switches, *(unquote(part) for part in match.groups()))
        return refusal(404, "not found")

    def _tasks(self, request: Request, key: Key, switches: Switches) -> Answer:
        project = self._world.projects[key.project]
        return list_tasks(project, request.said, request.pairs, request.address, switches, self._world.now())

    def _task(self, request: Request, key: Key, switches: Switches, identifier: str) -> Answer:
        found = self._world.find(identifier)
        if found is None:
            return refusal(404, "not found")
        project, row = found
        if key.user is None or project.user_id != key.user.id:
            return refusal(403, "user can only request information on their own tasks")
        if row.id in switches.broken_rows:
            return stumble(BROKEN)
        with project.lock:
            return json_answer(row.document())

    def _retry(self, request: Request, key: Key, switches: Switches, identifier: str) -> Answer:
        found = self._world.find(identifier)
        if found is None:
            return refusal(404, "task not found")
        project, row = found
        if row.phase not in ("failed", "cancelled"):
            return refusal(400, "task is not in a retryable state")
        if key.user is None or project.user_id != key.user.id:
            return refusal(403, "users may only retry their own tasks")
        self._world.retry(identifier)
        return json_answer({"id": identifier})

    def _for_admins(self, request: Request, key: Key, switches: Switches, *_: str) -> Answer:
        return refusal(403, "user does not have admin priviledges")

    def _assets(self, request: Request, key: Key, switches: Switches) -> Answer:
        project = self._world.projects[key.project]
        return list_assets(project, request.said, request.pairs, request.address, switches, self._world.now())

    def _asset(self, request: Request, key: Key, switches: Switches, identifier: str) -> Answer:
        """An asset of another user or project says "not found", a missing one "Asset not found"."""
        for project in self._world.projects:
            if project.number != key.project and not project.assets:
                continue
            with project.lock:
                project.advance(self._world.now())
                asset = project.assets.get(identifier)
                if asset is not None:
                    if project.number != key.project:
                        return refusal(404, "not found")
                    return json_answer(asset.document(bool(request.said.get("details"))))
        return refusal(404, "Asset not found")

    def _me(self, request: Request, key: Key, switches: Switches) -> Answer:
        user, epoch_at = key.user, self._world.epoch_at
        assert user is not None
        me: Json = {
            "id": user.id,
            "kind": "user",
            "admin": False,
            "email": user.email,
            "lastSeen": self._world.now(),
        }
        me |= {"lastName": "Moreau", "createdAt": epoch_at - 400 * 86_400_000, "firstName": user.first_name}
        me |= {"emailValid": True, "defaultProjectId": self._world.projects[user.default_project].id}
        return json_answer(me)

    def _projects(self, request: Request, key: Key, switches: Switches) -> Answer:
        owned = [project for project in self._world.projects if key.user and project.user_id == key.user.id]
        return json_answer([self._project_document(project.number) for project in reversed(owned)])

    def _one_project(self, request: Request, key: Key, switches: Switches, identifier: str) -> Answer:
        for project in self._world.projects:
            if project.id == identifier and key.user and project.user_id == key.user.id:
                return json_answer(self._project_document(project.number))
        return refusal(403, "project not found")

    def _project_document(self, number: int) -> Json:
        project = self._world.projects[number]
        created_at = self._world.epoch_at - 400 * 86_400_000 + number * 3_600_000
        return {"id": project.id, "name": project.name, "userId": project.user_id, "createdAt": created_at}

    def _playback(self, playback_id: str) -> Answer:
        """Needs no key; knows the assets of the projects that were asked for so far."""
        for project in self._world.projects:
            with project.lock:
                for asset in project.assets.values():
                    if asset.id[:4] == playback_id[:4] and playback_id_of(asset.id) == playback_id:
                        return _playback_info(asset.document())
        return refusal(404, f"No playback URL found for {playback_id}")


def _playback_info(document: Json) -> Answer:
    if "playbackUrl" not in document:
        return refusal(404, f"No playback URL found for {document['playbackId']}")
    kind = "html5/application/vnd.apple.mpegurl"
    source = {"hrn": "HLS (TS)", "type": kind, "url": document["playbackUrl"]}
    return json_answer({"type": "vod", "meta": {"playbackPolicy": document.get("playbackPolicy"), "source": [source]}})
