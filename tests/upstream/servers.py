"""Small real servers on the loopback, each with one way to misbehave."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Behave = Callable[["Handler"], None]


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Server:
    """`url` is a base URL; `seen` grows with every request; `stopping` ends whoever waits."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behave: Behave
    server_facts: Server

    def do_GET(self) -> None:
        facts = self.server_facts
        facts.seen.append(Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        try:
            type(self).behave(self)
        except OSError:
            self.close_connection = True

    do_POST = do_GET

    def answer(self, status: int, body: bytes | str = b"", **headers: str) -> None:
        """A whole answer in one write. Header names with `_` for `-`."""
        body = body.encode() if isinstance(body, str) else body
        lines = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
        head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.wfile.write(head.encode() + b"\r\n" + body)

    def log_message(self, *args: object) -> None:
        pass


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def serving(behave: Behave, certificate: Path | None = None) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1 that answers every request by `behave`, over TLS with a certificate."""
    facts = Server("")
    handler = type("OneHandler", (Handler,), {"behave": staticmethod(behave), "server_facts": facts})
    server = _QuietServer(("127.0.0.1", 0), handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    facts.url = f"http://127.0.0.1:{server.server_port}/api"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield facts
    finally:
        facts.stopping.set()
        server.shutdown()
        server.server_close()


def own_certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that only it itself has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    draft = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - day, now + day)
    signed = draft.add_extension(names, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def always(status: int, body: bytes | str = b"", **headers: str) -> Behave:
    return lambda handler: handler.answer(status, body, **headers)


def hanging(handler: Handler) -> None:
    """Takes the request and says nothing."""
    handler.server_facts.stopping.wait(5)


def dripping(handler: Handler) -> None:
    """Says one byte at a time, so that no single read ever takes long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    while not handler.server_facts.stopping.wait(0.02):
        handler.wfile.write(b" ")


def dripping_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.server_facts.stopping.wait(0.02):
        handler.wfile.write(b"x")


def truncated(handler: Handler) -> None:
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[{"id":"a"}')
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def nonsense(handler: Handler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    handler.close_connection = True


def hanging_up(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def closed_port() -> int:
    """A port of the loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
