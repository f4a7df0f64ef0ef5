"""The HTTP server of the sandbox: one thread per connection, kept alive like the real one's."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dashboard.sandbox.answers import Answer, json_answer, refusal, render
from dashboard.sandbox.calls import Call, Calls
from dashboard.sandbox.delivery import Wire, troubled
from dashboard.sandbox.routes import Request, Router
from dashboard.sandbox.switches import Switches
from dashboard.sandbox.world import World

_CONTROL = "/_sandbox/switches"
_CALM = Switches()


class Door(ThreadingHTTPServer):
    """Listens, and remembers open connections so that `close` ends them all."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], world: World, switches: Switches, calls: Calls) -> None:
        self.world, self.switches, self.calls = world, switches, calls
        self.router = Router(world)
        self.stopped = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__(address, Connection)

    def process_request(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request) -> None:  # type: ignore[no-untyped-def]
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        """Callers hang up all the time; that is no news."""

    def close(self) -> None:
        """Stops listening and drops every connection, the hanging ones too."""
        self.stopped.set()
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class Connection(BaseHTTPRequestHandler):
    """Serves one connection, request after request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 5
    server: Door

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        self.connection.settimeout(60)
        if self.path.split("?")[0] == _CONTROL:
            self._control(body)
        else:
            self._serve()
        self.connection.settimeout(self.timeout)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET

    def _serve(self) -> None:
        request = Request(
            self.command,
            self.path,
            self.headers.get("Host", ""),
            self.headers.get("Authorization", ""),
            self.headers.get("Origin", ""),
            self.headers.get("Range", ""),
        )
        switches = self.server.switches if self.server.switches.holds_for(request.key_hint) else _CALM
        call = self.server.calls.note(
            Call(self.server.world.now(), request.method, request.bare_path, request.said, request.key_hint)
        )
        if not self._wait(switches):
            self.close_connection = True
            return
        answer = troubled(switches) or self._answer(request, switches)
        call.status = answer.status
        self._send(answer, switches)

    def _answer(self, request: Request, switches: Switches) -> Answer:
        try:
            return self.server.router.answer(request, switches)
        except Exception as error:
            return refusal(500, f"Internal server error: {type(error).__name__} in the sandbox: {error}")

    def _wait(self, switches: Switches) -> bool:
        """Waits as the switches want; False if the caller gets no answer at all."""
        if switches.slow_seconds and self.server.stopped.wait(switches.slow_seconds):
            return False
        hung = switches.hanging
        while switches.hanging and not self.server.stopped.wait(0.1):
            pass
        return not hung

    def _send(self, answer: Answer, switches: Switches) -> None:
        wire = Wire(self.wfile.write, self.server.stopped, switches)
        usable = wire.send(
            answer,
            head_only=self.command == "HEAD",
            if_none_match=self.headers.get("If-None-Match", ""),
            accepts_gzip="gzip" in self.headers.get("Accept-Encoding", ""),
        )
        self.close_connection = self.close_connection or not usable

    def _control(self, body: bytes) -> None:
        """GET shows the switches, PUT changes those that it names; never troubled by them."""
        answer = json_answer(self.server.switches.to_json())
        if self.command == "PUT":
            try:
                self.server.switches.change(json.loads(body))
                answer = json_answer(self.server.switches.to_json())
            except (ValueError, AttributeError) as error:
                answer = Answer(400, render({"errors": [str(error)]}))
        self._send(answer, _CALM)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: paths are in `calls`, keys belong in no log."""
