"""Files in and out: observations by a mapping, the registry by its columns."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from beffroi import app
from beffroi.access import Scope
from beffroi.acquisition.mapping import parse
from beffroi.cli.options import Data
from beffroi.cli.running import answer_of, client_of
from beffroi.cli.say import bar, console, language, note, notes, say
from beffroi.errors import Invalid, Text
from beffroi.pipeline import files
from beffroi.pipeline.files import Report
from beffroi.registry import assets, devices, exports, imports, models, relations, series, sheets, sites
from beffroi.registry.columns import SheetNoun
from beffroi.registry.imports import ImportReport, Options
from beffroi.settings import Settings

Owner = Annotated[str | None, typer.Option(help="Key of the collectivité whose data this is: commune-85191.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report everything, write nothing.")]
MEDIA = {".csv": sheets.CSV, ".xlsx": sheets.XLSX}

COUNTS = (
    ("rows", Text("lignes", "rows")),
    ("cells", Text("cellules", "cells")),
    ("observations", Text("observations", "observations")),
    ("repeated", Text("répétées", "repeated")),
    ("missing", Text("absentes", "missing")),
    ("flagged", Text("signalées", "flagged")),
    ("quarantined", Text("en quarantaine", "in quarantine")),
    ("created", Text("séries créées", "series made")),
)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="CSV, XLSX, Parquet or JSON files.", exists=True, dir_okay=False)],
    mapping: Annotated[Path, typer.Option(help="What the files mean, in TOML.", exists=True, dir_okay=False)],
    stations: Annotated[
        Path | None, typer.Option(help="The second file that the mapping joins.", exists=True, dir_okay=False)
    ] = None,
    owner: Owner = None,
    dry_run: DryRun = False,
    data: Data = None,
) -> None:
    """Take files of observations in; what cannot be read is told by row and column, and kept in quarantine."""
    settings, now = Settings.load(data=data), datetime.now(UTC)
    parsed = parse(mapping.read_text(encoding="utf-8"))
    holder = owner or parsed.series.owner
    if holder is None:
        raise Invalid("--owner", Text("à qui sont ces observations ?", "whose observations are these?"))
    with bar(Text("Lecture", "Reading")) as advance:
        if url := app.running_url(settings.data):
            reports = [
                _send(settings, url, path, mapping, stations, holder, dry_run=dry_run, advance=advance)
                for path in paths
            ]
        else:
            with app.opened(settings) as instance:
                whole = files.ingest(
                    Scope.system("command line"),
                    instance.rooms.database,
                    instance.rooms.pipeline,
                    paths,
                    parsed,
                    now=now,
                    owner=holder,
                    stations=stations,
                    dry_run=dry_run,
                    progress=lambda name, done, size: advance(done, size),
                )
            reports = [whole]
    for report in reports:
        _show(report)


def _send(
    settings: Settings,
    url: str,
    path: Path,
    mapping: Path,
    stations: Path | None,
    owner: str,
    *,
    dry_run: bool,
    advance: Any,
) -> Report:
    """The same through the API of the instance that runs."""
    with client_of(settings, url, owner) as client, path.open("rb") as file:
        form: dict[str, Any] = {"file": (path.name, file)}
        if stations is not None:
            form["stations"] = (stations.name, stations.read_bytes())
        advance(0, 1)
        response = client.post(
            "/files",
            params={"owner": owner, "dry_run": str(dry_run).lower()},
            data={"mapping": mapping.read_text(encoding="utf-8")},
            files=form,
        )
        advance(1, 1)
        return msgspec.convert(answer_of(response), Report)


def _show(report: Report) -> None:
    if report.dry_run:
        say(Text("Essai, rien n'est écrit.", "Dry run, nothing written."))
    for file in report.files:
        counts = ", ".join(f"{getattr(file, name)} {title.said(language())}" for name, title in COUNTS)
        console.print(f"{file.file}: {counts}", markup=False)
        for fault in file.first_faults:
            reason = Text(fault.reason_fr, fault.reason_en).said(language())
            notes.print(f"{file.file} {fault.row} {fault.column}: {fault.raw!r}: {reason}", markup=False)
        if file.faults > len(file.first_faults):
            rest = file.faults - len(file.first_faults)
            note(Text(f"… et {rest} autres en quarantaine", f"… and {rest} more in quarantine"))


def import_(
    noun: Annotated[SheetNoun, typer.Argument(help="What the file lists.")],
    path: Annotated[Path, typer.Argument(help="A CSV or XLSX file.", exists=True, dir_okay=False)],
    owner: Owner = None,
    dry_run: DryRun = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Write the good rows although others are wrong.")
    ] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Change what exists already, instead of calling it a fault.")
    ] = False,
    data: Data = None,
) -> None:
    """Read sites, assets, devices, models, series or relations; nothing is written unless all rows are right."""
    settings, now = Settings.load(data=data), datetime.now(UTC)
    options = Options(owner, dry_run, skip_bad, update, settings.time_zone)
    media = _media(path)
    if url := app.running_url(settings.data):
        flags = {"dry_run": dry_run, "skip_bad": skip_bad, "update": update}
        params = {name: str(value).lower() for name, value in flags.items()} | ({"owner": owner} if owner else {})
        with client_of(settings, url, owner) as client:
            content = path.read_bytes()
            answer = client.post(f"/imports/{noun}", params=params, content=content, headers={"Content-Type": media})
            report = msgspec.convert(answer_of(answer), ImportReport)
    else:
        sheet = sheets.read(path.read_bytes(), media)
        system = msgspec.structs.replace(Scope.system("command line"), language=language())
        with app.database_of(settings).write() as tx:
            report = imports.load(system, tx, noun, sheet, options, now=now)
    for fault in report.faults:
        notes.print(f"{path.name} {fault.row} {fault.column}: {fault.detail}", markup=False)
    say(
        Text(
            f"{report.rows} lignes : {report.created} nouvelles, {report.updated} changées, "
            f"{len(report.faults)} fautes ; {'écrit' if report.written else 'rien n’est écrit'}.",
            f"{report.rows} rows: {report.created} new, {report.updated} changed, "
            f"{len(report.faults)} faults; {'written' if report.written else 'nothing written'}.",
        )
    )
    if report.faults and not report.written:
        raise typer.Exit(1)


FOUND: dict[str, Any] = {
    "sites": (sites, sites.SiteQuery),
    "assets": (assets, assets.AssetQuery),
    "devices": (devices, devices.DeviceQuery),
    "device-models": (models, models.DeviceModelQuery),
    "series": (series, series.SeriesQuery),
    "relations": (relations, relations.RelationQuery),
}


def export(
    noun: Annotated[SheetNoun, typer.Argument(help="What to list.")],
    path: Annotated[Path, typer.Argument(help="The CSV or XLSX file to write.", dir_okay=False)],
    owner: Owner = None,
    data: Data = None,
) -> None:
    """Write sites, assets, devices, models, series or relations, as `import` reads them."""
    system = Scope.system("command line")
    with app.database_of(Settings.load(data=data)).read() as tx:
        module, query = FOUND[noun]
        asked = query(owner=[owner]) if owner and noun != "device-models" else query()
        found = list(module.every(system, tx, asked))
        path.write_bytes(exports.dump(system, tx, noun, found, _media(path)))
    say(Text(f"{path} : {len(found)} lignes.", f"{path}: {len(found)} rows."))


def _media(path: Path) -> str:
    if path.suffix.lower() not in MEDIA:
        raise Invalid(str(path), Text("fichier .csv ou .xlsx attendu", "expected a .csv or .xlsx file"))
    return MEDIA[path.suffix.lower()]
