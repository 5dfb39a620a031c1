"""How a connection is fed when Beffroi begins: a broker it listens to, an address it asks, a folder or a server it
empties. What opens (passwords, keys, the values of headers) is apart: it is kept encrypted, and never shown again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from beffroi.acquisition.perimeter import Perimeter
from beffroi.errors import Fault, Text
from beffroi.later import Later

if TYPE_CHECKING:
    import asyncssh
else:
    asyncssh = Later("asyncssh")

Transport = Literal["http", "mqtt", "poll", "folder", "sftp"]
FETCHED: tuple[Transport, ...] = ("poll", "folder", "sftp")
"""those by which Beffroi fetches, whatever the kind"""
Host = Annotated[str, msgspec.Meta(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$")]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Period = Annotated[int, msgspec.Meta(ge=10, le=7 * 86400)]
"""seconds"""
Topic = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Words = Annotated[str, msgspec.Meta(max_length=500)]
Pattern = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^/\x00]+$")]

HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
OURS = frozenset(
    [
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "if-modified-since",
        "if-none-match",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
"""headers that a request needs for itself"""
SECRET = "{password}"
"""in an address, where the password goes"""


class Broker(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An MQTT broker to subscribe to. `topics`: those of the kind's manifest when none is given."""

    host: Host
    port: Port = 8883
    tls: bool = True
    username: Words | None = None
    client: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    topics: Annotated[list[Topic], msgspec.Meta(max_length=50)] = []


class Poll(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A document to ask for every `period` seconds. The password goes where `url` says `{password}`; else with
    `username`, as HTTP's Basic; else as Bearer."""

    url: Annotated[str, msgspec.Meta(min_length=8, max_length=2000)]
    period: Period = 300
    username: Words | None = None


class Folder(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A folder of this machine to look into every `period` seconds: `path` within the owner's own. Files whose names
    fit `pattern` (`*.csv`) are taken."""

    path: Words = ""
    pattern: Pattern = "*"
    period: Period = 60


class Sftp(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A folder of an SFTP server. `host_key`: the server's, as OpenSSH writes it (`ssh-ed25519 AAAA…`); no other is
    trusted."""

    host: Host
    port: Port = 22
    username: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    host_key: Annotated[str, msgspec.Meta(min_length=1, max_length=5000)]
    path: Words = ""
    pattern: Pattern = "*"
    period: Period = 300


class Credentials(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What opens. `password`: also that of the private key, when there is one."""

    password: str | None = None
    private_key: str | None = None
    headers: dict[str, str] = {}


@dataclass(frozen=True)
class Bounds:
    """What the operator lets connections use. `folders`: under which folders are watched, each in that of its owner."""

    perimeter: Perimeter = field(default_factory=Perimeter)
    folders: Path | None = None


def faults_of_poll(poll: Poll) -> Iterator[Fault]:
    try:
        parts = urlsplit(poll.url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or not poll.url.isprintable() or " " in poll.url:
        yield Fault("poll.url", Text("une adresse http:// ou https:// attendue", "an http:// or https:// address"))
    elif parts.username is not None or parts.password is not None:
        said = Text("identifiants hors de l'adresse, s'il vous plaît", "credentials go apart from the address, please")
        yield Fault("poll.url", said)
    elif SECRET in f"{parts.scheme}{parts.netloc}":
        said = Text("le mot de passe ne fait pas le nom du serveur", "the password cannot be part of the server's name")
        yield Fault("poll.url", said)


def faults_of_headers(headers: dict[str, str]) -> Iterator[Fault]:
    for name, value in headers.items():
        if not HEADER.fullmatch(name) or name.lower() in OURS:
            yield Fault(f"headers.{name[:100]}", Text("en-tête refusé", "refused header"))
        elif not value.isprintable() or not value.isascii():
            said = Text("caractères non admis dans un en-tête", "characters that a header cannot hold")
            yield Fault(f"headers.{name}", said)


def faults_of_folder(folder: Folder, bounds: Bounds) -> Iterator[Fault]:
    if bounds.folders is None:
        said = Text(
            "cette instance ne surveille aucun dossier : son exploitant le permet par le réglage «\u00a0folders\u00a0»",
            "this instance watches no folder: its operator allows it by the setting “folders”",
        )
        yield Fault("folder", said)
    if not all(map(_is_plain, steps(folder.path))) or folder.path.startswith("/"):
        said = Text("un chemin dans le dossier du propriétaire : releves/eau", "a path within the owner's folder: a/b")
        yield Fault("folder.path", said)


def faults_of_sftp(sftp: Sftp, credentials: Credentials) -> Iterator[Fault]:
    try:
        asyncssh.import_public_key(sftp.host_key)
    except (asyncssh.KeyImportError, ValueError):
        said = Text("pas une clé de serveur : ssh-ed25519 AAAA…", "not the key of a server: ssh-ed25519 AAAA…")
        yield Fault("sftp.host_key", said)
    if not all(map(_is_step, steps(sftp.path))):
        yield Fault("sftp.path", Text("un chemin sans «\u00a0..\u00a0» attendu", "a path without “..” expected"))
    if credentials.private_key is None and credentials.password is None:
        yield Fault("password", Text("un mot de passe ou une clé privée", "a password or a private key"))
    if credentials.private_key is not None:
        try:
            asyncssh.import_private_key(credentials.private_key, credentials.password)
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
            said = Text(
                "clé privée illisible, ou son mot de passe n'est pas le bon", "unreadable, or its password is wrong"
            )
            yield Fault("private_key", said)


def steps(path: str) -> list[str]:
    """Of a path, those that say nothing left out."""
    return [one for one in path.split("/") if one not in ("", ".")]


def _is_plain(step: str) -> bool:
    return _is_step(step) and not step.startswith(".")


def _is_step(step: str) -> bool:
    return step != ".." and "\0" not in step and "\\" not in step and step.isprintable()
