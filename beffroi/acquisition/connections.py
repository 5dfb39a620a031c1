"""Connections: by which a network, or a program, brings what it heard. Each belongs to a collectivité, whose devices it
serves, or to the structure, which serves those of all its members."""

import hmac
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import JSON, Column, LargeBinary, String, Table, insert, select, true, update

from beffroi.access import Right, Scope, audit
from beffroi.access.credentials import digest
from beffroi.access.sealing import Sealing
from beffroi.acquisition.connectors import CONNECTORS, MAPPED
from beffroi.acquisition.connectors.table import Tables
from beffroi.acquisition.fetching.memory import forget_all
from beffroi.acquisition.perimeter import Forbidding, Unreached
from beffroi.acquisition.ways import (
    Bounds,
    Broker,
    Credentials,
    Folder,
    Poll,
    Sftp,
    Transport,
    faults_of_folder,
    faults_of_headers,
    faults_of_poll,
    faults_of_sftp,
)
from beffroi.database import Page, Transaction, Utc, metadata, new_key, page_of
from beffroi.errors import Fault, Invalid, NotFound, Text
from beffroi.registry.fields import Limit, Name, Owner
from beffroi.registry.tables import owner

TOKEN = "bfc"
"""how the secrets of connections begin, so that a leaked one is recognised"""
TOKEN_OF = "/api"
"""after a connection's key: to what the token of its network's API is bound"""

connection = Table(
    "connection",
    metadata,
    Column("key", String, primary_key=True),
    owner(),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("transport", String, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("sealed", LargeBinary),
    Column("sealed_token", LargeBinary),
    Column("made_at", Utc, nullable=False),
    Column("made_by", String, nullable=False),
    Column("ended_at", Utc),
)


class Api(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A network's own API, by which Beffroi sends and declares. ChirpStack v4: the address of its web page; `tenant`
    (its identifier) only where the token is of more than one. The Things Stack v3: the cluster's address, `application`
    and `webhook` as it calls them."""

    url: Annotated[str, msgspec.Meta(max_length=500, pattern=r"^https?://[^\s/?#]+(?:/[^\s?#]*)?$(?!\n)")]
    tenant: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    application: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    webhook: Annotated[str, msgspec.Meta(max_length=100)] | None = None


Token = Annotated[str, msgspec.Meta(min_length=1, max_length=4000, pattern=r"^[\x21-\x7e]+$(?!\n)")]
API_NEEDS: dict[str, tuple[str, ...]] = {"chirpstack-v4": (), "tts-v3": ("application", "webhook")}
"""kinds whose API is spoken, and what must be said of it"""


class Reading(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How a connection is read: from where, when Beffroi begins, and by which `mapping` (TOML) for kinds that need one.
    `headers`: names of those that are sent to an address. `api`: by which its network is written to, where it is not by
    the broker."""

    broker: Broker | None = None
    poll: Poll | None = None
    folder: Folder | None = None
    sftp: Sftp | None = None
    headers: list[str] = []
    api: Api | None = None
    mapping: Annotated[str, msgspec.Meta(max_length=100_000)] | None = None


WAYS: dict[str, Transport] = {"broker": "mqtt", "poll": "poll", "folder": "folder", "sftp": "sftp"}
"""what a connection is made with, where Beffroi begins"""


class Connection(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A connection without what opens. `kind`: of a connector."""

    key: str
    owner: str
    kind: str
    name: str
    transport: Transport
    settings: Reading
    made_at: datetime
    made_by: str
    ended_at: datetime | None = None


class NewConnection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Reached by HTTP unless one of `broker`, `poll`, `folder`, `sftp` is given. `password`, `private_key` (OpenSSH's
    or PEM), the values of `headers`, sent to an address, and `token`, that of the network's `api`: kept encrypted and
    never shown again."""

    owner: Owner
    kind: str
    name: Name
    broker: Broker | None = None
    poll: Poll | None = None
    folder: Folder | None = None
    sftp: Sftp | None = None
    password: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    private_key: Annotated[str, msgspec.Meta(max_length=20_000)] | None = None
    headers: Annotated[dict[str, Annotated[str, msgspec.Meta(max_length=2000)]], msgspec.Meta(max_length=20)] = {}
    api: Api | None = None
    token: Token | None = None
    mapping: Annotated[str, msgspec.Meta(max_length=100_000)] | None = None

    @property
    def ways(self) -> list[str]:
        return [one for one in WAYS if getattr(self, one) is not None]

    @property
    def credentials(self) -> Credentials:
        return Credentials(password=self.password, private_key=self.private_key, headers=self.headers)


class NewApi(Api, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """`token`: kept encrypted and never shown again; the former stays when none is given."""

    token: Token | None = None

    def address(self) -> Api:
        return Api(**{name: getattr(self, name) for name in Api.__struct_fields__})


class ConnectionQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: Owner | None = None
    kind: str | None = None
    after: str | None = None
    limit: Limit = 100


class Issued(msgspec.Struct, frozen=True):
    """`secret` is told this once, and kept nowhere."""

    connection: Connection
    secret: str


COLUMNS = [connection.c[name] for name in Connection.__struct_fields__]


def make(
    scope: Scope, tx: Transaction, new: NewConnection, sealing: Sealing, bounds: Bounds, *, now: datetime
) -> Issued:
    """A connection of a collectivité that the actor administers."""
    scope.require(Right.ADMINISTER, new.owner)
    refuse_unusable(new, bounds)
    way = next(iter(new.ways), None)
    made = Connection(
        key=new_key("con"),
        owner=new.owner,
        kind=new.kind,
        name=new.name.strip(),
        transport="http" if way is None else WAYS[way],
        settings=Reading(
            broker=new.broker,
            poll=new.poll,
            folder=new.folder,
            sftp=new.sftp,
            headers=sorted(new.headers),
            api=new.api,
            mapping=new.mapping,
        ),
        made_at=now,
        made_by=scope.actor.key,
    )
    secret = _new_secret()
    values = msgspec.structs.asdict(made) | {"settings": msgspec.to_builtins(made.settings)}
    locked = sealed(new, made, sealing)
    token = None if new.token is None else sealing.seal(new.token, made.key + TOKEN_OF)
    tx.execute(insert(connection).values(**values, secret_hash=digest(secret), sealed=locked, sealed_token=token))
    record(scope, tx, "make", made, now)
    return Issued(made, _token(made, secret))


def refuse_out_of_reach(scope: Scope, new: NewConnection, bounds: Bounds) -> None:
    """Raises `Invalid` when what is to be connected may not be reached. Asks for its name's addresses, which takes
    time; they are asked for again at each connection."""
    scope.require(Right.ADMINISTER, new.owner)
    for field, host, port in _hosts(new):
        try:
            bounds.perimeter.addresses(host, port)
        except Forbidding as error:
            raise Invalid(field, error.text) from error
        except Unreached:  # a name may be unknown today
            continue


def _hosts(new: NewConnection) -> Iterator[tuple[str, str, int]]:
    if new.broker is not None:
        yield "broker.host", new.broker.host, new.broker.port
    if new.sftp is not None:
        yield "sftp.host", new.sftp.host, new.sftp.port
    if new.poll is not None and not list(faults_of_poll(new.poll)):
        parts = urlsplit(new.poll.url)
        yield "poll.url", parts.hostname or "", parts.port or 443
    if new.api is not None:
        yield "api.url", _host_in(new.api.url), 443


def _host_in(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # of brackets: said elsewhere
        return ""


def sealed(new: NewConnection, made: Connection, sealing: Sealing) -> bytes | None:
    """A broker's password as it is; of the others, all that opens."""
    credentials = new.credentials
    if credentials == Credentials():
        return None
    if made.transport == "mqtt":
        return sealing.seal(credentials.password or "", made.key)
    return sealing.seal(msgspec.json.encode(credentials).decode(), made.key)


def renew(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Issued:
    """Another secret; the former opens nothing from now on."""
    found = get(scope, tx, key, Right.ADMINISTER)
    secret = _new_secret()
    tx.execute(update(connection).where(connection.c.key == key).values(secret_hash=digest(secret)))
    record(scope, tx, "renew", found, now)
    return Issued(found, _token(found, secret))


def set_api(scope: Scope, tx: Transaction, key: str, new: NewApi, sealing: Sealing, *, now: datetime) -> Connection:
    """Say by which API the network is written to."""
    found = get(scope, tx, key, Right.ADMINISTER)
    address = new.address()
    if faults := list(_faults_of_api(found.kind, address)):
        raise Invalid.of(faults)
    former = found.settings.api
    if new.token is None and former is not None and former.url != address.url:
        said = Text("à redonner : l'adresse change", "to be given again: the address changes")
        raise Invalid.of([Fault("token", said)])
    settings = msgspec.structs.replace(found.settings, api=address)
    values: dict[str, Any] = {"settings": msgspec.to_builtins(settings)}
    if new.token is not None:
        values["sealed_token"] = sealing.seal(new.token, key + TOKEN_OF)
    tx.execute(update(connection).where(connection.c.key == key).values(values))
    record(scope, tx, "set-api", found, now)
    return get(scope, tx, key)


def end(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> None:
    """It takes nothing any more; what it brought stays. Ending twice is once."""
    found = get(scope, tx, key, Right.ADMINISTER)
    if found.ended_at is None:
        ended = update(connection).where(connection.c.key == key)
        tx.execute(ended.values(ended_at=now, secret_hash=digest(_new_secret()), sealed=None, sealed_token=None))
        forget_all(tx, key)
        record(scope, tx, "end", found, now)


def find(scope: Scope, tx: Transaction, query: ConnectionQuery) -> Page[Connection]:
    """Those of what the actor operates, ended ones too."""
    asked = [connection.c[name] == value for name in ("owner", "kind") if (value := getattr(query, name)) is not None]
    statement = select(*COLUMNS).where(_visible(scope), *asked)
    return page_of(tx, statement, Connection, key=connection.c.key, after=query.after, limit=query.limit)


def get(scope: Scope, tx: Transaction, key: str, right: Right = Right.OPERATE) -> Connection:
    row = tx.execute(select(*COLUMNS).where(_visible(scope), connection.c.key == key)).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("connexion", "connection"), key)
    scope.require(right, row["owner"])
    return _connection(row)


def all_open(tx: Transaction) -> list[Connection]:
    """Those where Beffroi begins; for the program itself, which keeps them alive."""
    asked = select(*COLUMNS).where(connection.c.ended_at.is_(None), connection.c.transport != "http")
    return [_connection(row) for row in tx.execute(asked).mappings()]


def credentials_of(tx: Transaction, sealing: Sealing, one: Connection) -> Credentials:
    """Raises `Unavailable` when they do not open."""
    sealed = tx.execute(select(connection.c.sealed).where(connection.c.key == one.key)).scalar()
    if sealed is None:
        return Credentials()
    told = sealing.open(sealed, one.key)
    return Credentials(password=told) if one.transport == "mqtt" else msgspec.json.decode(told, type=Credentials)


def token_of(tx: Transaction, sealing: Sealing, key: str) -> str | None:
    sealed = tx.execute(select(connection.c.sealed_token).where(connection.c.key == key)).scalar()
    return None if sealed is None else sealing.open(sealed, key + TOKEN_OF)


def by_secret(tx: Transaction, token: str) -> Connection | None:
    """The connection that `bfc_<key>_<secret>` opens, unless it is ended."""
    match token.split("_"):
        case [begins, key, secret] if begins == TOKEN:
            asked = select(*COLUMNS, connection.c.secret_hash).where(connection.c.key == f"con-{key}")
            row = tx.execute(asked.where(connection.c.ended_at.is_(None))).mappings().first()
            if row is None or not hmac.compare_digest(row["secret_hash"], digest(secret)):
                return None
            return _connection(row)
        case _:
            return None


def by_key(tx: Transaction, keys: set[str]) -> dict[str, Connection]:
    """For the program itself: those of what is held, open or ended."""
    rows = tx.execute(select(*COLUMNS).where(connection.c.key.in_(keys))).mappings()
    return {row["key"]: _connection(row) for row in rows}


def refuse_unusable(new: NewConnection, bounds: Bounds) -> None:
    faults: list[Fault] = []
    if new.kind not in CONNECTORS:
        known = ", ".join(CONNECTORS)
        faults.append(Fault("kind", Text(f"inconnu ; connus : {known}", f"unknown; known: {known}")))
    else:
        faults += _faults_of_mapping(new)
    if len(new.ways) > 1:
        listed = ", ".join(new.ways)
        faults.append(Fault(new.ways[1], Text(f"un seul à la fois : {listed}", f"one at a time: {listed}")))
    faults += _faults_of_way(new, bounds)
    faults += _faults_of_credentials(new)
    if new.api is not None:
        faults += _faults_of_api(new.kind, new.api)
    elif new.token is not None:
        faults.append(Fault("token", Text("sans adresse d'API", "without an API's address")))
    if faults:
        raise Invalid.of(faults)


def _faults_of_way(new: NewConnection, bounds: Bounds) -> Iterator[Fault]:
    if new.broker is not None and new.kind in CONNECTORS:
        yield from _faults_of_broker(new.broker, new.kind)
    if new.poll is not None:
        yield from faults_of_poll(new.poll)
        yield from faults_of_headers(new.headers)
    if new.folder is not None:
        yield from faults_of_folder(new.folder, bounds)
    if new.sftp is not None:
        yield from faults_of_sftp(new.sftp, new.credentials)


def _faults_of_broker(broker: Broker, kind: str) -> Iterator[Fault]:
    manifest = CONNECTORS[kind].manifest
    if "mqtt" not in manifest.transports:
        yield Fault("broker", Text("ce réseau n'est pas lu par MQTT", "this network is not read over MQTT"))
    elif not (broker.topics or manifest.topics):
        yield Fault("broker.topics", Text("sujets à écouter : aucun", "topics to listen to: none"))


def _faults_of_credentials(new: NewConnection) -> Iterator[Fault]:
    """Of those given where nothing would take them."""
    if new.password is not None and not {"broker", "poll", "sftp"}.intersection(new.ways):
        said = Text("réservé à un courtier, à une adresse ou à un serveur", "only for a broker, an address or a server")
        yield Fault("password", said)
    if new.private_key is not None and new.sftp is None:
        yield Fault("private_key", Text("réservée à un serveur SFTP", "only for an SFTP server"))
    if new.headers and new.poll is None:
        yield Fault("headers", Text("réservés à une adresse relevée", "only for an address that is asked"))


def _faults_of_api(kind: str, api: Api) -> Iterator[Fault]:
    if kind not in API_NEEDS:
        yield Fault("api", Text("l'API de ce réseau n'est pas parlée", "this network's API is not spoken"))
        return
    for name in API_NEEDS[kind]:
        if not getattr(api, name):
            yield Fault(f"api.{name}", Text("obligatoire pour ce réseau", "required for this network"))


def _faults_of_mapping(new: NewConnection) -> list[Fault]:
    if new.mapping is None:
        needed = Text("ce qu'est chaque colonne, en TOML", "what each column is, in TOML")
        return [Fault("mapping", needed)] if new.kind == Tables.kind else []
    if new.kind not in MAPPED:
        return [Fault("mapping", Text("réservé au JSON quelconque et aux tableaux", "only for any JSON and tables"))]
    try:
        MAPPED[new.kind](new.mapping)
    except Invalid as error:
        return [
            Fault(one.field if one.field == "mapping" else f"mapping.{one.field}", one.text) for one in error.faults
        ]
    return []


def _new_secret() -> str:
    return secrets.token_hex(24)


def _token(made: Connection, secret: str) -> str:
    return f"{TOKEN}_{made.key.removeprefix('con-')}_{secret}"


def _connection(row: Mapping[Any, Any]) -> Connection:
    return msgspec.convert({name: row[name] for name in Connection.__struct_fields__}, Connection)


def _visible(scope: Scope) -> Any:
    if scope.everything:
        return true()
    return connection.c.owner.in_(scope.owners(Right.OPERATE) if scope.services is None else ())


def record(scope: Scope, tx: Transaction, verb: str, found: Connection, now: datetime) -> None:
    detail = {"kind": found.kind, "name": found.name, "transport": found.transport}
    audit.record(scope, tx, f"connection.{verb}", now=now, owner=found.owner, subject=found.key, detail=detail)
