"""Connections of networks, for whoever holds the instance's folder."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from beffroi import app
from beffroi.access import Scope
from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections
from beffroi.acquisition.connections import Broker, ConnectionQuery, Issued, NewConnection
from beffroi.cli.options import Data
from beffroi.cli.say import console, say
from beffroi.errors import Text
from beffroi.registry import structures
from beffroi.settings import Settings

connection = typer.Typer(no_args_is_help=True)
Key = Annotated[str, typer.Argument(help="As `beffroi connection list` prints it.")]


@connection.command("add")
def add(
    kind: Annotated[str, typer.Argument(help="As `beffroi connector list` prints it.")],
    name: Annotated[str, typer.Option(help="As shown to others.")],
    owner: Annotated[str | None, typer.Option(help="Key of a collectivité; the structure's when not said.")] = None,
    broker: Annotated[str | None, typer.Option(help="MQTT broker to subscribe to: host or host:port.")] = None,
    username: Annotated[str | None, typer.Option(help="The broker's user.")] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="File that holds the broker's password.", exists=True, dir_okay=False)
    ] = None,
    tls: Annotated[bool, typer.Option(help="Whether the broker is reached over TLS.")] = True,
    topic: Annotated[list[str] | None, typer.Option(help="Topics to listen to; the network's own if none.")] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="What the JSON means, in TOML, for `json`.", exists=True, dir_okay=False)
    ] = None,
    data: Data = None,
) -> None:
    """Connect a network; prints where it delivers, and the secret, told this once."""
    settings, now, system = Settings.load(data=data), datetime.now(UTC), Scope.system("command line")
    host, _, port = (broker or "").partition(":")
    place = Broker(host=host, port=int(port or (8883 if tls else 1883)), tls=tls, username=username, topics=topic or [])
    with app.database_of(settings).write() as tx:
        new = NewConnection(
            owner=owner or structures.get(system, tx).key,
            kind=kind,
            name=name,
            broker=place if broker else None,
            password=None if password_file is None else password_file.read_text().strip(),
            mapping=None if mapping is None else mapping.read_text(encoding="utf-8"),
        )
        made = connections.make(system, tx, new, Sealing(app.secret_of(settings.data)), now=now)
    _show(settings, made)


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


def _show(settings: Settings, made: Issued) -> None:
    console.print(f"{app.address(settings)}/api/v1/connections/{made.connection.key}/messages", markup=False)
    console.print(f"Authorization: Bearer {made.secret}", markup=False)
