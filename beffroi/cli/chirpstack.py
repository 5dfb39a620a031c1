"""A ChirpStack server through its API, for whoever holds the folder of the instance, running or not."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from beffroi import app
from beffroi.access import Scope
from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections
from beffroi.acquisition.chirpstack import declaring, keys
from beffroi.acquisition.chirpstack.declaring import Declaration, Declaring, Plan
from beffroi.acquisition.chirpstack.keys import KeysOf
from beffroi.acquisition.connections import NewApi
from beffroi.acquisition.outward import Outward
from beffroi.cli.options import Data
from beffroi.cli.say import bar, console, language, say
from beffroi.errors import Fault, Invalid, Text
from beffroi.settings import Settings

chirpstack = typer.Typer(no_args_is_help=True)
Connection = Annotated[str, typer.Argument(help="As `beffroi connection list` prints it.")]
Application = Annotated[str, typer.Option(help="Its name in ChirpStack.")]
COLUMNS = ("dev_eui", "app_key", "nwk_key", "owner")


@chirpstack.command()
def api(
    connection: Connection,
    url: Annotated[str, typer.Argument(help="Address of its web page.")],
    token_file: Annotated[
        Path | None, typer.Option(help="File that holds an API key of it.", exists=True, dir_okay=False)
    ] = None,
    tenant: Annotated[str | None, typer.Option(help="Identifier of the tenant the key is of.")] = None,
    data: Data = None,
) -> None:
    """Say by which API a connection's ChirpStack is written to; the key is kept encrypted."""
    settings = Settings.load(data=data)
    given = {"url": url, "tenant": tenant, "token": token_file and token_file.read_text().strip()}
    try:
        new = msgspec.convert({name: value for name, value in given.items() if value is not None}, NewApi)
    except msgspec.ValidationError as error:
        raise Invalid("url", Text(str(error), str(error))) from error
    with app.database_of(settings).write() as tx:
        sealing = Sealing(app.secret_of(settings.data))
        connections.set_api(_scope(), tx, connection, new, sealing, now=datetime.now(UTC))
    say(Text("Adresse gardée.", "Address kept."))


@chirpstack.command("keys")
def keep_keys(
    file: Annotated[Path, typer.Argument(help="CSV: dev_eui, app_key, nwk_key, owner.", exists=True, dir_okay=False)],
    owner: Annotated[str | None, typer.Option(help="Key of the collectivité of rows that name none.")] = None,
    data: Data = None,
) -> None:
    """Keep root keys of devices, encrypted; they are never shown again."""
    settings = Settings.load(data=data)
    given = _read(file, owner)
    with app.database_of(settings).write() as tx:
        kept = keys.keep(_scope(), tx, given, Sealing(app.secret_of(settings.data)), now=datetime.now(UTC))
    say(Text(f"Clés gardées : {kept.devices} appareils.", f"Keys kept: {kept.devices} devices."))


@chirpstack.command()
def declare(
    connection: Connection,
    application: Application = "Beffroi",
    owner: Annotated[list[str] | None, typer.Option(help="Only devices of a collectivité. Repeat as needed.")] = None,
    model: Annotated[list[str] | None, typer.Option(help="Only devices of a model. Repeat as needed.")] = None,
    do: Annotated[bool, typer.Option("--do", help="Do it; without, only tell what would be done.")] = False,
    data: Data = None,
) -> None:
    """Declare devices of the registry in ChirpStack; what is there already stays. Exit status 1 when one failed."""
    asked = Declaring(application=application, owner=owner or None, model=model or None, dry_run=not do)
    with _prepared(connection, asked, data) as plan, bar(Text("Appareils", "Devices")) as advance:
        told = declaring.declare(_scope(), plan, asked, advance)
    for made in told.makes:
        console.print(f"+ {made}", markup=False)
    for one in told.outcomes:
        _show(one)
    if do and any(not one.done and one.action == "create" for one in told.outcomes):
        raise typer.Exit(1)


@chirpstack.command()
def compare(connection: Connection, application: Application = "Beffroi", data: Data = None) -> None:
    """Print what lacks on either side, and what differs; exit status 1 when anything does."""
    with _prepared(connection, Declaring(application=application), data) as plan:
        told = declaring.compare(_scope(), plan, application)
    for one in (*told.missing_there, *told.differing):
        _show(one)
    for stranger in told.missing_here:
        said = Text("pas dans le registre", "not in the registry").said(language())
        console.print(f"{stranger.code} {stranger.name}: {said}", markup=False)
    say(Text(f"{told.same} identiques.", f"{told.same} the same."))
    if told.missing_there or told.differing or told.missing_here:
        raise typer.Exit(1)


def _scope() -> Scope:
    return msgspec.structs.replace(Scope.system("command line"), language=language())


@contextmanager
def _prepared(connection: str, asked: Declaring, data: Path | None) -> Iterator[Plan]:
    settings = Settings.load(data=data)
    outward, sealing = Outward(), Sealing(app.secret_of(settings.data))
    try:
        with app.database_of(settings).read() as tx:
            site = declaring.site_of(_scope(), tx, outward, sealing, connection)
            plan = declaring.plan(_scope(), tx, site, asked, sealing)
        yield plan
    finally:
        outward.close()


def _read(file: Path, owner: str | None) -> list[KeysOf]:
    """Raises `Invalid` naming line and column; no key is told."""
    given, faults = list[KeysOf](), list[Fault]()
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for line, row in enumerate(csv.DictReader(opened), start=2):
            told: dict[str, Any] = {name: (row.get(name) or "").strip() for name in COLUMNS}
            new = {"code": told["dev_eui"], "app_key": told["app_key"], "owner": told["owner"] or owner}
            if told["nwk_key"]:
                new["nwk_key"] = told["nwk_key"]
            try:
                given.append(msgspec.convert(new, KeysOf))
            except msgspec.ValidationError as error:
                faults.append(Fault(f"{file.name}:{line}", Text(str(error), str(error))))
    if faults:
        raise Invalid.of(faults)
    return given


def _show(one: Declaration) -> None:
    mark = "=" if one.action == "there" else "+" if one.done else {"create": "+?", "differs": "≠"}.get(one.action, "!")
    console.print(f"{mark:2} {one.code} {one.name} {one.profile} {one.why or ''}".rstrip(), markup=False)
