"""Connections of networks, for whoever holds the instance's folder."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from beffroi import app
from beffroi.access import Scope
from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections
from beffroi.acquisition.connections import ConnectionQuery, Issued, NewConnection
from beffroi.acquisition.fetching.sftp import host_key_of
from beffroi.acquisition.ways import Broker, Folder, Poll, Sftp
from beffroi.cli.options import Data
from beffroi.cli.say import console, say
from beffroi.errors import Invalid, Text
from beffroi.registry import structures
from beffroi.settings import Settings

connection = typer.Typer(no_args_is_help=True)
SERVER = re.compile(r"([^@/]+)@([^:/]+)(?::(\d{1,5}))?(?:/(.*))?")
Secret = Annotated[
    Path | None, typer.Option(help="File that holds the password, or the token.", exists=True, dir_okay=False)
]
Key = Annotated[str, typer.Argument(help="As `beffroi connection list` prints it.")]


@connection.command("add")
def add(
    kind: Annotated[str, typer.Argument(help="As `beffroi connector list` prints it.")],
    name: Annotated[str, typer.Option(help="As shown to others.")],
    owner: Annotated[str | None, typer.Option(help="Key of a collectivité; the structure's when not said.")] = None,
    broker: Annotated[str | None, typer.Option(help="MQTT broker to subscribe to: host or host:port.")] = None,
    poll: Annotated[
        str | None, typer.Option(help="Address to ask again and again; `{password}` stands for the password.")
    ] = None,
    folder: Annotated[
        str | None, typer.Option(help="Folder to watch, within the owner's; `.` for the owner's itself.")
    ] = None,
    sftp: Annotated[
        str | None, typer.Option(help="SFTP server to empty: user@host/path or user@host:port/path.")
    ] = None,
    period: Annotated[int | None, typer.Option(help="Seconds between two looks.")] = None,
    pattern: Annotated[str, typer.Option(help="Names of the files to take: `*.csv`.")] = "*",
    username: Annotated[str | None, typer.Option(help="The user, of a broker or of HTTP's Basic.")] = None,
    password_file: Secret = None,
    headers_file: Annotated[
        Path | None,
        typer.Option(help="File of headers to send, one a line: `X-Api-Key: …`.", exists=True, dir_okay=False),
    ] = None,
    private_key_file: Annotated[
        Path | None, typer.Option(help="File that holds the private key for SFTP.", exists=True, dir_okay=False)
    ] = None,
    host_key: Annotated[
        str | None, typer.Option(help="The SFTP server's key, as `beffroi connection host-key` prints it.")
    ] = None,
    tls: Annotated[bool, typer.Option(help="Whether the broker is reached over TLS.")] = True,
    topic: Annotated[list[str] | None, typer.Option(help="Topics to listen to; the network's own if none.")] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="What the content means, in TOML, for `json` and `table`.", exists=True, dir_okay=False),
    ] = None,
    data: Data = None,
) -> None:
    """Connect a network, or what is to be fetched; prints where a network delivers, and the secret, told this once."""
    settings, now, system = Settings.load(data=data), datetime.now(UTC), Scope.system("command line")
    every = {} if period is None else {"period": period}
    with app.database_of(settings).read() as tx:
        given = owner or structures.get(system, tx).key
    new = NewConnection(
        owner=given,
        kind=kind,
        name=name,
        broker=None if broker is None else _broker(broker, tls, username, topic or []),
        poll=None if poll is None else Poll(url=poll, username=username, **every),
        folder=None if folder is None else Folder(path=folder, pattern=pattern, **every),
        sftp=None if sftp is None else _sftp(sftp, host_key or "", pattern, every),
        password=_read(password_file),
        private_key=_read(private_key_file),
        headers=_headers(headers_file),
        mapping=None if mapping is None else mapping.read_text(encoding="utf-8"),
    )
    checked, bounds = msgspec.convert(msgspec.to_builtins(new), NewConnection), app.bounds_of(settings)
    connections.refuse_out_of_reach(system, checked, bounds)
    with app.database_of(settings).write() as tx:
        made = connections.make(system, tx, checked, Sealing(app.secret_of(settings.data)), bounds, now=now)
    _show(settings, made)


@connection.command("host-key")
def host_key(
    server: Annotated[str, typer.Argument(metavar="HOST[:PORT]", help="An SFTP server.")], data: Data = None
) -> None:
    """Print the key that an SFTP server shows, and its fingerprint: compare it before you trust it."""
    host, _, port = server.partition(":")
    perimeter = app.bounds_of(Settings.load(data=data)).perimeter
    key, mark = asyncio.run(host_key_of(host, int(port or 22), perimeter))
    console.print(key, markup=False, soft_wrap=True)
    console.print(mark, markup=False)


@connection.command("list")
def list_(data: Data = None) -> None:
    """Print the connections."""
    with app.database_of(Settings.load(data=data)).read() as tx:
        found = connections.find(Scope.system("command line"), tx, ConnectionQuery(limit=1000)).items
    for one in found:
        ended = "" if one.ended_at is None else f" †{one.ended_at:%Y-%m-%d}"
        console.print(f"{one.key} {one.kind:15} {one.transport} {one.owner} {one.name}{ended}", markup=False)


@connection.command()
def renew(key: Key, data: Data = None) -> None:
    """Give a connection another secret; the former opens nothing any more."""
    settings = Settings.load(data=data)
    with app.database_of(settings).write() as tx:
        made = connections.renew(Scope.system("command line"), tx, key, now=datetime.now(UTC))
    _show(settings, made)


@connection.command()
def end(key: Key, data: Data = None) -> None:
    """End a connection: it takes nothing any more, and what it brought stays."""
    with app.database_of(Settings.load(data=data)).write() as tx:
        connections.end(Scope.system("command line"), tx, key, now=datetime.now(UTC))
    say(Text("Connexion terminée.", "Connection ended."))


def _broker(told: str, tls: bool, username: str | None, topics: list[str]) -> Broker:
    host, _, port = told.partition(":")
    return Broker(host=host, port=int(port or (8883 if tls else 1883)), tls=tls, username=username, topics=topics)


def _sftp(told: str, host_key: str, pattern: str, every: dict[str, int]) -> Sftp:
    found = SERVER.fullmatch(told)
    if found is None:
        raise Invalid("sftp", Text("attendu : nom@serveur/chemin", "expected: user@host/path"))
    user, host, port, path = found.groups()
    return Sftp(
        username=user, host=host, port=int(port or 22), path=path or "", host_key=host_key, pattern=pattern, **every
    )


def _read(file: Path | None) -> str | None:
    return None if file is None else file.read_text(encoding="utf-8").strip()


def _headers(file: Path | None) -> dict[str, str]:
    lines = (_read(file) or "").splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines if line.strip())}


def _show(settings: Settings, made: Issued) -> None:
    console.print(f"{app.address(settings)}/api/v1/connections/{made.connection.key}/messages", markup=False)
    console.print(f"Authorization: Bearer {made.secret}", markup=False)
