"""Keeping an instance well: backups, what is wrong with it, what can be set."""

import json
import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from beffroi import app
from beffroi.acquisition.downlinks import course
from beffroi.api.application import describe
from beffroi.api.backups import FOLDER
from beffroi.cli.checks import check_all
from beffroi.cli.options import Data
from beffroi.cli.running import answer_of, client_of
from beffroi.cli.say import bar, console, language, say
from beffroi.errors import Conflict, Text
from beffroi.pipeline import backup as backups
from beffroi.settings import Settings


def backup(
    to: Annotated[
        Path | None, typer.Argument(help="Folder to make; in the instance's `backups` when not said.")
    ] = None,
    data: Data = None,
) -> None:
    """Copy a whole instance, while it runs or not."""
    settings, now = Settings.load(data=data), datetime.now(UTC)
    name = now.strftime("%Y-%m-%dT%H%M%SZ")
    made = settings.data / FOLDER / name
    if to is not None and to.exists():
        raise Conflict(Text(f"{to} existe déjà.", f"{to} exists already."))
    with bar(Text("Sauvegarde…", "Backing up…")):
        if url := app.running_url(settings.data):
            with client_of(settings, url) as client:
                answer_of(client.post("/backups", json={"name": name}))
        else:
            with app.opened(settings) as instance:
                rooms = instance.rooms
                backups.back_up(rooms.database, rooms.record, settings.data, made, now=now)
    if to is not None:
        backups.move(made, to)
    cleaned = _clean(settings, (to or made).absolute().parent, now)
    kept = backups.check(to or made)
    say(
        Text(
            f"{to or made} : {len(kept.files)} fichiers, {kept.size} octets, sommes vérifiées.",
            f"{to or made}: {len(kept.files)} files, {kept.size} bytes, checksums verified.",
        )
    )
    for one in cleaned:
        say(
            Text(
                f"{one} : refaite sans ce qui a été supprimé depuis.",
                f"{one}: made anew without what was deleted since.",
            )
        )


def _clean(settings: Settings, folder: Path, now: datetime) -> list[str]:
    """Older backups of `folder` made anew without what was deleted since; the receipts say so."""
    database = app.database_of(settings)
    try:
        backups.write_register(database, folder)
        with bar(Text("Sauvegardes précédentes…", "Earlier backups…")):
            cleaned = backups.clean(folder, now=now, time_zone=settings.time_zone)
        backups.note(database, folder, cleaned, now=now)
    finally:
        database.close()
    return cleaned


def restore(
    source: Annotated[Path, typer.Argument(help="A folder made by `beffroi backup`.")],
    data: Annotated[Path, typer.Option(help="Folder to lay it into: absent or empty.")],
    deletions: Annotated[
        list[Path] | None,
        typer.Option(help="A register of deletions (deletions.json) kept elsewhere. Repeat as needed."),
    ] = None,
) -> None:
    """Lay a backup into a new folder, every file checked, without what was deleted since it was made."""
    with bar(Text("Restauration…", "Restoring…")) as progress:
        laid, gone = backups.restore(
            source,
            data,
            now=datetime.now(UTC),
            time_zone=Settings.load(data=source).time_zone,
            registers=deletions or [],
            progress=progress,
        )
    with app.database_of(Settings.load(data=data)).write() as tx:
        interrupted = course.laid_back(tx, now=datetime.now(UTC))
    if interrupted:
        say(
            Text(
                f"Commandes qui n'étaient pas parties, et ne partiront plus : {interrupted}.",
                f"Downlinks that had not left, and will not any more: {interrupted}.",
            )
        )
    if gone:
        say(
            Text(
                f"Suppressions demandées depuis cette sauvegarde, faites de nouveau : {gone}.",
                f"Deletions asked for since this backup, done again: {gone}.",
            )
        )
    say(
        Text(
            f"Sauvegarde du {laid.made_at:%d/%m/%Y %H:%M} UTC restaurée. Démarrez par : beffroi serve --data {data}",
            f"Backup of {laid.made_at:%Y-%m-%d %H:%M} UTC restored. Start with: beffroi serve --data {data}",
        )
    )


def doctor(data: Data = None) -> None:
    """Find what is wrong with an installation; exit status 1 when something is."""
    marks = {"good": "✓", "look": "!", "bad": "✗"}
    found = list(check_all(Settings.load(data=data)))
    for one in found:
        console.print(f"{marks[one.state]} {one.name.said(language())}: {one.told.said(language())}", markup=False)
    if any(one.state == "bad" for one in found):
        raise typer.Exit(1)


def settings(data: Data = None) -> None:
    """Print every setting: its value in force, and what it is for."""
    loaded = Settings.load(data=data)
    for one in fields(loaded):
        name = f"BEFFROI_{one.name.upper()}"
        console.print(f"{name}={getattr(loaded, one.name)}\n    {one.metadata['explained']}", markup=False)


def openapi() -> None:
    """Print the OpenAPI description of the interface, as JSON."""
    json.dump(describe(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
