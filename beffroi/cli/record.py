"""The record of observations, while the instance is stopped."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from beffroi import app
from beffroi.access import Scope
from beffroi.cli.options import Data
from beffroi.cli.say import bar, console, language, say
from beffroi.errors import Text
from beffroi.settings import Settings

record = typer.Typer(no_args_is_help=True)


@record.command()
def settle(data: Data = None) -> None:
    """Write the days that have ended as sorted Parquet files, with what came late in those written before."""
    with app.opened_record(Settings.load(data=data)) as opened, bar(Text("Jours terminés", "Ended days")) as progress:
        written = opened.settle(progress)
    say(Text(f"Fichiers écrits : {written}.", f"Files written: {written}."))


@record.command()
def compact(data: Data = None) -> None:
    """Merge the files of the days of each month that has ended, and by ten those of the month under way."""
    with app.opened_record(Settings.load(data=data)) as opened, bar(Text("Jours réunis", "Days merged")) as progress:
        written = opened.compact(progress)
    say(Text(f"Fichiers écrits : {written}.", f"Files written: {written}."))


@record.command()
def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what the rules would take.")] = False,
    data: Data = None,
) -> None:
    """Apply the rules of retention now, as the running instance does once a day."""
    now = datetime.now(UTC)
    with app.opened(Settings.load(data=data)) as instance:
        keeping = instance.rooms.keeping
        with bar(Text("Conservation", "Retention")) as progress:
            if dry_run:
                touched = keeping.dry_run(Scope.system("dry run of the retention rules"), now=now)
            else:
                touched = keeping.retain(now=now, progress=progress)
                keeping.finish(now=now)
    for one in touched:
        deed = Text("supprimées", "deleted") if one.deed == "delete" else Text("résumées", "summarised")
        say(
            Text(
                f"Règle {one.rule}, {one.owner} : {one.observations} observations {deed.fr}, de {one.series} séries.",
                f"Rule {one.rule}, {one.owner}: {one.observations} observations {deed.en}, of {one.series} series.",
            )
        )
    if not touched:
        say(Text("Rien à supprimer ni à résumer.", "Nothing to delete or summarise."))
    elif dry_run:
        say(Text("Essai : rien n'a été changé.", "Dry run: nothing was changed."))


@record.command()
def verify(data: Data = None) -> None:
    """Read every settled file whole and compare it with its checksum; exit status 1 when something is wrong."""
    with app.opened_record(Settings.load(data=data)) as opened, bar(Text("Vérification", "Checking")) as progress:
        damages = opened.verify(progress)
    for damage in damages:
        console.print(f"✗ {damage.name}: {damage.text.said(language())}", markup=False)
    if damages:
        raise typer.Exit(1)
    say(Text("✓ Tous les fichiers sont comme ils ont été écrits.", "✓ Every file is as it was written."))


@record.command()
def stats(data: Data = None) -> None:
    """Print how much is kept, and in how many bytes."""
    with app.opened_record(Settings.load(data=data)) as opened:
        found = opened.stats()
    each = f"{found.bytes_each:.2f}" if found.settled else "—"
    say(
        Text(
            f"Observations : {found.observations}, de {found.series} séries.\n"
            f"Dans des fichiers de jours terminés : {found.settled}, {each} octets chacune.\n"
            f"Du {found.first or '—'} au {found.last or '—'}.\n"
            f"Octets sur le disque : {found.bytes_on_disk}.",
            f"Observations: {found.observations}, of {found.series} series.\n"
            f"In files of ended days: {found.settled}, {each} bytes each.\n"
            f"From {found.first or '—'} to {found.last or '—'}.\n"
            f"Bytes on disk: {found.bytes_on_disk}.",
        )
    )
