"""A connection said anew: its name, where it looks, how it is read. It stays of its kind, its owner and its way in."""

from datetime import datetime
from typing import Annotated

import msgspec
from sqlalchemy import update

from beffroi.access import Right, Scope
from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections
from beffroi.acquisition.connections import WAYS, Connection, NewConnection, Reading
from beffroi.acquisition.fetching.memory import forget_all
from beffroi.acquisition.ways import Bounds, Broker, Credentials, Folder, Poll, Sftp
from beffroi.database import Transaction
from beffroi.errors import Conflict, Fault, Invalid, Text
from beffroi.registry.fields import Name

ELSEWHERE = Text("à redonner : ce qu'il ouvre a changé", "to be given again: what it opens has changed")


class ConnectionChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """As a connection is to be from now on: what is left out is no more. Only what opens (`password`, `private_key`,
    all `headers` together) stays as it was where none is given; an empty password takes it away."""

    name: Name
    broker: Broker | None = None
    poll: Poll | None = None
    folder: Folder | None = None
    sftp: Sftp | None = None
    password: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    private_key: Annotated[str, msgspec.Meta(max_length=20_000)] | None = None
    headers: Annotated[dict[str, Annotated[str, msgspec.Meta(max_length=2000)]], msgspec.Meta(max_length=20)] | None = (
        None
    )
    mapping: Annotated[str, msgspec.Meta(max_length=100_000)] | None = None


def to_be(scope: Scope, tx: Transaction, key: str, change: ConnectionChange, sealing: Sealing) -> NewConnection:
    """The connection as it would be made today. Raises `Conflict` for one that is ended, `Invalid` naming what has to
    be given again."""
    found = connections.get(scope, tx, key, Right.ADMINISTER)
    if found.ended_at is not None:
        raise Conflict(Text("Cette connexion est terminée.", "This connection is ended."))
    kept = _kept(connections.credentials_of(tx, sealing, found), change)
    new = NewConnection(
        owner=found.owner,
        kind=found.kind,
        name=change.name,
        broker=change.broker,
        poll=change.poll,
        folder=change.folder,
        sftp=change.sftp,
        password=(change.password or None) if change.password is not None else kept.password,
        private_key=change.private_key if change.private_key is not None else kept.private_key,
        headers=change.headers if change.headers is not None else kept.headers,
        mapping=change.mapping,
    )
    if [WAYS[way] for way in new.ways] != ([found.transport] if found.transport != "http" else []):
        said = Text(
            f"reste « {found.transport} » : sinon, faites-en une autre", f"stays “{found.transport}”: or make another"
        )
        raise Invalid.of([Fault("transport", said)])
    if _place(new) != _place(found.settings) and kept != Credentials():
        names = [name for name in ("password", "private_key", "headers") if getattr(kept, name)]
        raise Invalid.of([Fault(name, ELSEWHERE) for name in names])
    return new


def change(
    scope: Scope,
    tx: Transaction,
    key: str,
    asked: ConnectionChange,
    sealing: Sealing,
    bounds: Bounds,
    *,
    now: datetime,
) -> Connection:
    """Of a collectivité that the actor administers. What was fetched is fetched again only from elsewhere."""
    new = to_be(scope, tx, key, asked, sealing)
    connections.refuse_unusable(new, bounds)
    found = connections.get(scope, tx, key)
    settings = Reading(
        broker=new.broker,
        poll=new.poll,
        folder=new.folder,
        sftp=new.sftp,
        headers=sorted(new.headers),
        api=found.settings.api,
        mapping=new.mapping,
    )
    values = {
        "name": new.name.strip(),
        "settings": msgspec.to_builtins(settings),
        "sealed": connections.sealed(new, found, sealing),
    }
    tx.execute(update(connections.connection).where(connections.connection.c.key == key).values(values))
    if _place(new) != _place(found.settings):
        forget_all(tx, key)
    changed = connections.get(scope, tx, key)
    connections.record(scope, tx, "change", changed, now)
    return changed


def _kept(former: Credentials, change: ConnectionChange) -> Credentials:
    """What stays. A private key that is given comes with its own password, or has none."""
    keyed = change.private_key is not None
    return Credentials(
        password=None if keyed or change.password is not None else former.password,
        private_key=None if keyed else former.private_key,
        headers={} if change.headers is not None else former.headers,
    )


def _place(of: NewConnection | Reading) -> tuple[object, ...]:
    """What credentials open, and what was already fetched from."""
    broker, poll, sftp, folder = of.broker, of.poll, of.sftp, of.folder
    return (
        broker and (broker.host, broker.port, broker.tls, broker.username),
        poll and (poll.url, poll.username),
        sftp and (sftp.host, sftp.port, sftp.username, sftp.host_key, sftp.path),
        folder and folder.path,
    )
