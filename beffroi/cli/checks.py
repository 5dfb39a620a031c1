"""What `beffroi doctor` looks at."""

import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from beffroi import app, serving
from beffroi.access import audit
from beffroi.api.application import PAGE
from beffroi.database import Database, schema_versions
from beffroi.errors import BeffroiError, Text
from beffroi.registry.referential import PACKAGED
from beffroi.settings import Settings

LOW_DISK = 2 * 2**30
"""bytes free below which an instance may soon refuse observations"""


class Checked(NamedTuple):
    """`good`, `bad` (does not work), or `look` (works, deserves a look)."""

    name: Text
    state: Literal["good", "look", "bad"]
    told: Text


Finding = tuple[Literal["good", "look", "bad"], Text]


def check_all(settings: Settings) -> Iterator[Checked]:
    """Each check in turn; one that fails unexpectedly is itself a finding."""
    for name, check in CHECKS:
        try:
            state, told = check(settings)
        except BeffroiError as error:
            state, told = "bad", error.text
        except (OSError, sqlite3.Error, ValueError) as error:
            state, told = "bad", Text(str(error), str(error))
        yield Checked(name, state, told)


def _python(settings: Settings) -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return ("good" if sys.version_info >= (3, 11) else "bad"), Text(version, version)


def _built(settings: Settings) -> Finding:
    missing = [str(path) for path in (PACKAGED, PAGE / "index.html") if not path.is_file()]
    if missing:
        told = ", ".join(missing)
        return "bad", Text(f"manque : {told} (lancez make install)", f"missing: {told} (run make install)")
    return "good", Text("référentiel et console en place", "referential and console in place")


def _folder(settings: Settings) -> Finding:
    if not settings.data.is_dir():
        return "bad", Text(f"{settings.data} n'existe pas (beffroi init)", f"{settings.data} is missing (beffroi init)")
    probe = settings.data / ".probe"
    probe.write_bytes(b"")
    probe.unlink()
    secret = settings.data / "secret"
    if secret.is_file() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        return "look", Text(f"{secret} est lisible par d'autres comptes", f"{secret} is readable by other accounts")
    return "good", Text(f"{settings.data} : écriture possible", f"{settings.data}: writable")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data if settings.data.is_dir() else ".").free
    told = Text(f"{free / 2**30:.1f} Gio libres", f"{free / 2**30:.1f} GiB free")
    return ("look" if free < LOW_DISK else "good"), told


def _schema(settings: Settings) -> Finding:
    database = _database(settings)
    try:
        here, program = schema_versions(database)
    finally:
        database.close()
    if here == program:
        return "good", Text(f"version {here}", f"version {here}")
    told = Text(
        f"version {here}, le programme attend {program} (sauvegardez, puis démarrez)",
        f"version {here}, the program expects {program} (back up, then start)",
    )
    return "look", told


def _database(settings: Settings) -> Database:
    if not settings.database_url and not (settings.data / "beffroi.sqlite").is_file():
        raise FileNotFoundError(f"{settings.data / 'beffroi.sqlite'}")
    return Database(settings.database_url) if settings.database_url else Database.in_folder(settings.data)


def _integrity(settings: Settings) -> Finding:
    database = _database(settings)
    try:
        if not database.is_sqlite:
            return "good", Text("PostgreSQL s'en charge", "PostgreSQL sees to it")
        with database.read() as tx:
            answer = str(tx.exec_driver_sql("PRAGMA integrity_check").scalar())
    finally:
        database.close()
    return ("good" if answer == "ok" else "bad"), Text(answer, answer)


def _trail(settings: Settings) -> Finding:
    database = _database(settings)
    try:
        with database.read() as tx:
            verified = audit.verify(tx, app.secret_of(settings.data))
    finally:
        database.close()
    if verified.whole:
        return "good", Text(f"{verified.rows} lignes, intacte", f"{verified.rows} lines, whole")
    first = verified.broken[0]
    return "bad", Text(f"altérée : {first.seq}, {first.why}", f"tampered with: {first.seq}, {first.why}")


def _record(settings: Settings) -> Finding:
    if url := app.running_url(settings.data):
        return "good", Text(f"ouvert par l'instance qui répond à {url}", f"held by the instance answering at {url}")
    with app.opened(settings) as instance:
        stats = instance.rooms.record.stats()
    if stats.last is not None and stats.last > datetime.now(UTC):
        told = Text(
            f"une observation est datée du futur : {stats.last}", f"an observation is in the future: {stats.last}"
        )
        return "look", told
    return "good", Text(
        f"{stats.observations} observations de {stats.series} séries, {stats.bytes_on_disk} octets",
        f"{stats.observations} observations of {stats.series} series, {stats.bytes_on_disk} bytes",
    )


def _port(settings: Settings) -> Finding:
    if app.running_url(settings.data):
        return "good", Text("tenu par l'instance", "held by the instance")
    serving.require_port(settings)
    return "good", Text(f"{settings.port} est libre", f"{settings.port} is free")


CHECKS: tuple[tuple[Text, Callable[[Settings], Finding]], ...] = (
    (Text("Python", "Python"), _python),
    (Text("Fichiers construits", "Built files"), _built),
    (Text("Dossier de données", "Data folder"), _folder),
    (Text("Espace disque", "Disk space"), _disk),
    (Text("Schéma de la base", "Database schema"), _schema),
    (Text("Intégrité de la base", "Database integrity"), _integrity),
    (Text("Piste d'audit", "Audit trail"), _trail),
    (Text("Registre des observations", "Record of observations"), _record),
    (Text("Port", "Port"), _port),
)
