"""Real servers to fetch from: HTTP that answers as a test says, SFTP over a real folder, and certificates for names."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Web:
    """`requests`: path and headers (lower case) of each, in order."""

    port: int
    host: str
    answer: Answer
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/data", host: str | None = None) -> str:
        return f"http://{host or self.host}:{self.port}{path}"


def says(
    content: bytes | str = b"",
    status: int = 200,
    *,
    kind: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Answer:
    """An answer that is always the same."""
    body = content.encode() if isinstance(content, str) else content

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def versioned(content: str, etag: str | None = None, modified: str | None = None) -> Answer:
    """As servers that know what they sent: 304 when it is what the asker has."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        same = etag is not None and request.headers.get("If-None-Match") == etag
        same = same or (modified is not None and request.headers.get("If-Modified-Since") == modified)
        headers = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}
        (says(status=304, headers=headers) if same else says(content, headers=headers))(request)

    return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: Web

    def do_GET(self) -> None:
        self.close_connection = True
        self.web.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        with suppress(OSError):  # who asked is gone
            self.web.answer(self)

    def log_message(self, *given: Any) -> None:
        pass


@contextmanager
def a_web(answer: Answer, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> Iterator[Web]:
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer((host, 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *given: None  # type: ignore[method-assign]  # of TLS that was refused
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    web = Web(server.server_address[1], host, answer)
    handler.web = web  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


USER, PASSWORD = "depot", "correct horse"


@dataclass
class Drops:
    """An SFTP server whose root is `folder`. `key`: a private key that it knows."""

    port: int
    folder: Path
    host_key: str
    key: str

    def way(self, **changes: Any) -> dict[str, Any]:
        return {"host": "127.0.0.1", "port": self.port, "username": USER, "host_key": self.host_key, **changes}


@contextmanager
def drops(folder: Path) -> Iterator[Drops]:
    folder.mkdir(parents=True, exist_ok=True)
    host_key, client_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    connections: list[asyncssh.SSHServerConnection] = []

    class Server(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            connections.append(conn)

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, PASSWORD)

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            return username == USER and key.public_data == client_key.public_data

    async def start() -> asyncssh.SSHAcceptor:
        rooted = lambda channel: asyncssh.SFTPServer(channel, chroot=str(folder).encode())  # noqa: E731
        return await asyncssh.listen(
            "127.0.0.1", 0, server_factory=Server, server_host_keys=[host_key], sftp_factory=rooted
        )

    async def stop(acceptor: asyncssh.SSHAcceptor) -> None:
        acceptor.close()
        await acceptor.wait_closed()
        for connection in connections:
            connection.abort()
            await connection.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    acceptor = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        public, private = host_key.export_public_key().decode().strip(), client_key.export_private_key().decode()
        yield Drops(acceptor.get_port(), folder, public, private)
    finally:
        asyncio.run_coroutine_threadsafe(stop(acceptor), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def named(monkeypatch: pytest.MonkeyPatch, **addresses: list[str]) -> None:
    """Names (`a_example` stands for a.example) that resolve to these, one after the other, the last for good."""
    real = socket.getaddrinfo
    told = {name.replace("_", "."): list(some) for name, some in addresses.items()}

    def resolve(host: Any, port: Any, *given: Any, **options: Any) -> Any:
        some = told.get(host)
        if some is None:
            return real(host, port, *given, **options)
        return real(some.pop(0) if len(some) > 1 else some[0], port, *given, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def certified(folder: Path, name: str) -> ssl.SSLContext:
    """A server's certificate for `name`, by an authority of its own; `authority.pem`, `server.pem`, `server.key`."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autorité d'essai")])
    now = datetime.now(UTC)

    def signed(subject: x509.Name, key: ec.EllipticCurvePrivateKey, *more: tuple[x509.ExtensionType, bool]) -> bytes:
        made = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        for extension, critical in more:
            made = made.add_extension(extension, critical)
        return made.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    basic = (x509.BasicConstraints(ca=True, path_length=0), True)
    mark = (x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), False)
    (folder / "authority.pem").write_bytes(signed(issuer, authority, basic, (usage, True), mark))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by = (x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), False)
    names = (x509.SubjectAlternativeName([x509.DNSName(name)]), False)
    (folder / "server.pem").write_bytes(signed(subject, server, names, by))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "server.key").write_bytes(server.private_bytes(serialization.Encoding.PEM, form, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context
