"""The wiring: from settings to an instance and its rooms. With `cli` and `serving`, the only reader of `Settings`."""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import structlog

from beffroi.access import Doorkeeper, Passwords, Scope, SignIns, Views, audit
from beffroi.access.sealing import Sealing
from beffroi.acquisition.codecs import Codecs
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Connector
from beffroi.acquisition.connectors import CONNECTORS, MAPPED
from beffroi.acquisition.downlinks.reach import Reach
from beffroi.acquisition.model_codecs import recipes
from beffroi.acquisition.outward import Outward
from beffroi.acquisition.perimeter import Perimeter
from beffroi.acquisition.ways import Bounds
from beffroi.api.backdrop import Backdrop
from beffroi.api.computing import Computing
from beffroi.api.conformity import Conformity
from beffroi.api.dispatching import Dispatcher
from beffroi.api.doors import Doors
from beffroi.api.gathering import Gathering
from beffroi.api.inbox import Inbox
from beffroi.api.notifying import Notifying
from beffroi.api.rooms import Rooms
from beffroi.api.secrets import Secrets
from beffroi.api.seen import Remembered
from beffroi.api.subscribers import Subscribers
from beffroi.api.turns import Turns
from beffroi.database import Database, upgrade
from beffroi.errors import Conflict, Invalid, Text, Unavailable
from beffroi.network.health import Ward
from beffroi.notifications.mail import Post
from beffroi.observations import EmbeddedRecord
from beffroi.pipeline import Live, Pipeline
from beffroi.pipeline.addressing import Addresses
from beffroi.pipeline.backup import PHOTOS
from beffroi.pipeline.keeping import Keeping
from beffroi.pipeline.reception import Reception
from beffroi.registry import kinds, structures
from beffroi.registry.geography import Geography, Sources
from beffroi.registry.photos import Photos
from beffroi.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Instance:
    """An open instance: its rooms, and the settings they were made from."""

    settings: Settings
    rooms: Rooms
    record: EmbeddedRecord

    def settle_unasked(self) -> None:
        """For an instance opened without it: ended days settle by themselves from now on."""
        self.record.settle_unasked(timedelta(hours=self.settings.settle_after_hours))


def database_of(settings: Settings) -> Database:
    """The relational side alone, which several processes may open at once."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url) if settings.database_url else Database.in_folder(settings.data)
    upgrade(database)
    audit.arm(database, secret_of(settings.data))
    return database


@contextmanager
def opened(settings: Settings, *, settles: bool = True) -> Iterator[Instance]:
    """An instance for the only process that may hold its record; `settles`: ended days do so by themselves.

    Raises `Conflict` when another process does.
    """
    bounds = bounds_of(settings)
    with _held(settings):
        database = database_of(settings)
        record = _record_of(settings, settles=settles)
        views = Views(database)
        _add_words(database)
        codecs = Codecs(settings.codec_workers)
        rooms = _wired(settings, bounds, database, record, views, codecs)
        with ExitStack() as closing:
            closing.callback(database.close)
            closing.callback(record.close)
            closing.callback(codecs.close)
            closing.callback(_written, rooms.ward.flush)
            closing.callback(_written, rooms.reach.flush)
            closing.callback(_written, lambda: rooms.doors.keeper.flush(datetime.now(UTC)))
            closing.callback(_written, lambda: views.close(datetime.now(UTC)))
            rooms.keeping.resume(now=datetime.now(UTC))
            with database.read() as tx:
                rooms.photos.sweep(tx)
            yield Instance(settings, rooms, record)


@contextmanager
def opened_record(settings: Settings) -> Iterator[EmbeddedRecord]:
    """The record alone, for the only process that may hold it; nothing settles unasked meanwhile.

    Raises `Conflict` when another process does.
    """
    with _held(settings):
        record = _record_of(settings, settles=False)
        try:
            yield record
        finally:
            record.close()


def _add_words(database: Database) -> None:
    """Those that came with this version, of open lists made by an earlier one."""
    with database.write() as tx:
        if structures.key(tx) is not None:
            kinds.seed(tx)


def _record_of(settings: Settings, *, settles: bool = True) -> EmbeddedRecord:
    return EmbeddedRecord(
        settings.data / "record",
        time_zone=settings.time_zone,
        memory_mib=settings.record_memory_mib,
        spill_mib=settings.record_spill_mib,
        lately_mib=settings.record_recent_mib,
        slices_mib=settings.record_settled_mib,
        threads=settings.record_threads,
        heavy=settings.record_heavy,
        settle_after=timedelta(hours=settings.settle_after_hours) if settles else None,
    )


def _wired(
    settings: Settings, bounds: Bounds, database: Database, record: EmbeddedRecord, views: Views, codecs: Codecs
) -> Rooms:
    pipeline = Pipeline(database, record, Live())
    secret = secret_of(settings.data)
    ward, reach = Ward(database), Reach(database)
    addresses = Addresses(database, recipes, Scope.system("reception"))
    reception = Reception(database, pipeline, addresses, codecs, _connector, ward, reach)
    inbox, sealing = Inbox(reception), Sealing(secret)
    subscribers = Subscribers(database, inbox, sealing, bounds)
    remembered, zone = Remembered(), settings.time_zone
    outward = Outward(bounds.perimeter)
    return Rooms(
        database=database,
        record=record,
        pipeline=pipeline,
        gathering=Gathering(pipeline, views),
        codecs=codecs,
        reception=reception,
        ward=ward,
        inbox=inbox,
        reach=reach,
        subscribers=subscribers,
        outward=outward,
        dispatcher=Dispatcher(database, subscribers, sealing, outward),
        computing=Computing(database, record),
        secrets=Secrets(database),
        sealing=sealing,
        bounds=bounds,
        keeping=Keeping(database, record, time_zone=settings.time_zone),
        doors=Doors(Doorkeeper(database, structures.key)),
        turns=Turns(),
        sign_ins=SignIns(database, Passwords()),
        views=views,
        remembered=remembered,
        notifying=Notifying(
            database, record, ward, remembered, subscribers, _post(settings), zone, settings.url.rstrip("/")
        ),
        photos=Photos(settings.data / PHOTOS),
        geography=Geography(settings.data, _sources(settings)),
        backdrop=Backdrop("" if settings.offline else settings.map_style_url, settings.map_file),
        conformity=_conformity(settings),
        data=settings.data,
        audit_secret=secret,
        time_zone=settings.time_zone,
        embed_origins=settings.embed_origins,
        upload_limit=settings.upload_limit_mib * 2**20,
        batch_limit=settings.batch_limit,
        query_seconds=settings.query_seconds,
    )


def _post(settings: Settings) -> Post | None:
    """Where e-mails are handed in. Raises `Invalid` for a server without a sender."""
    if not settings.smtp_host:
        return None
    if not settings.smtp_from:
        lacking = Text("champ obligatoire avec «\u00a0smtp_host\u00a0»", "required along with “smtp_host”")
        raise Invalid("smtp_from", lacking)
    return Post(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_from,
        settings.smtp_user,
        settings.smtp_password,
    )


def _conformity(settings: Settings) -> Conformity:
    audited = settings.accessibility_rate, settings.accessibility_audited, settings.accessibility_auditor
    return Conformity(settings.accessibility_contact, settings.accessibility_plan_url, *audited)


def _sources(settings: Settings) -> Sources:
    return Sources(settings.boundaries_url, settings.geocoder_url, settings.offline)


def bounds_of(settings: Settings) -> Bounds:
    """What the settings let connections use. Raises `Invalid`."""
    return Bounds(Perimeter.parse(settings.reachable), Path(settings.folders) if settings.folders else None)


def _connector(connection: Connection) -> Connector:
    mapping = connection.settings.mapping
    return CONNECTORS[connection.kind] if mapping is None else _mapped(connection.kind, mapping)


@lru_cache(256)
def _mapped(kind: str, mapping: str) -> Connector:
    return MAPPED[kind](mapping)


def secret_of(folder: Path) -> bytes:
    """The secret that seals the audit trail; made once, readable by the instance's own account alone."""
    path = folder / "secret"
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text())


@contextmanager
def _held(settings: Settings) -> Iterator[None]:
    """The lock of a data folder; `running.json` inside says who holds it and where it answers."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.data / "running.json"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                Text(
                    f"Une instance tourne déjà sur {settings.data} ({path.read_text() or 'elle démarre'}).",
                    f"An instance already runs on {settings.data} ({path.read_text() or 'starting'}).",
                )
            ) from error
        file.truncate(0)
        host = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::") else settings.host
        try:
            os.write(file.fileno(), json.dumps({"pid": os.getpid(), "url": f"http://{host}:{settings.port}"}).encode())
        except OSError as error:
            raise Unavailable(
                Text(
                    f"{path} ne peut pas être écrit ({error.strerror}) : faites de la place, puis démarrez.",
                    f"{path} cannot be written ({error.strerror}): make room, then start.",
                )
            ) from error
        try:
            yield
        finally:
            file.truncate(0)


def running_url(folder: Path) -> str | None:
    """Where the instance that holds `folder` answers; None when nobody does."""
    path = folder / "running.json"
    if not path.is_file():
        return None
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            url: str = json.loads(path.read_text())["url"]
            return url
    return None


def address(settings: Settings) -> str:
    """What users type to reach the instance: where it answers now, else where it will."""
    return settings.public_url or running_url(settings.data) or settings.url


def _written(write: Callable[[], object]) -> None:
    """The last of who saw what; a full disk keeps nothing else from closing."""
    try:
        write()
    except Exception as error:  # told, and there is no next turn
        log.error("who saw what could not be written", exc_info=error)
