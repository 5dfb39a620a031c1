"""Models of devices: those that makers publish, and how their messages are decoded."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from beffroi import app
from beffroi.access import Scope
from beffroi.acquisition import bench as benches
from beffroi.acquisition import examples, model_codecs, model_import, repositories
from beffroi.acquisition.codecs import Codecs, Request
from beffroi.acquisition.examples import Sample
from beffroi.acquisition.model_codecs import ChannelOf
from beffroi.acquisition.model_import import Imported
from beffroi.acquisition.proposals import ProposedChannel, proposed
from beffroi.acquisition.repositories import Defect, PublishedModel
from beffroi.cli.codec import Port, octets
from beffroi.cli.options import Data
from beffroi.cli.running import answer_of, client_of
from beffroi.cli.say import bar, console, language, note, notes, say
from beffroi.database import Database
from beffroi.errors import Invalid, NotFound, Text
from beffroi.registry import kinds
from beffroi.registry import models as catalogue
from beffroi.registry.models import DeviceModelQuery
from beffroi.settings import Settings

models = typer.Typer(no_args_is_help=True)
SYSTEM = Scope.system("command line")
SHOWN = 3
"""failed examples of a model"""

Code = Annotated[str, typer.Argument(help="As `beffroi models list` prints it: milesight-am103.")]


@models.command("import")
def import_(
    path: Annotated[
        Path,
        typer.Argument(
            help="A checkout of chirpstack-device-profiles, or of a repository with a folder `vendor`.",
            exists=True,
            file_okay=False,
        ),
    ],
    vendor: Annotated[str | None, typer.Option(help="Only the models in this vendor's folder.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report everything, write nothing.")] = False,
    data: Data = None,
) -> None:
    """Put published models in the catalogue, with their codecs, and try these on their makers' examples."""
    settings = Settings.load(data=data)
    with bar(Text("Lecture", "Reading")) as advance:
        found = list(_counted(path, vendor, advance))
    done: list[Imported | Defect] = []
    with bar(Text("Modèles", "Models")) as advance, Codecs(settings.codec_workers) as codecs, _database(settings) as db:

        def told(one: Imported | Defect) -> None:
            done.append(one)
            advance(len(done), len(found))

        model_import.load(SYSTEM, db, codecs, found, now=datetime.now(UTC), dry_run=dry_run, told=told)
    for one in done:
        _show(one)
    _sum_up([one for one in done if isinstance(one, Imported)], len(done), dry_run=dry_run)
    if not dry_run:
        _tell_running(settings, [one.code for one in done if isinstance(one, Imported) and one.codec])


def _counted(
    path: Path, vendor: str | None, advance: Callable[[float, float], None]
) -> Iterator[PublishedModel | Defect]:
    for count, one in enumerate(repositories.read(path, vendor), start=1):
        advance(count, 0)
        yield one


def _show(one: Imported | Defect) -> None:
    if isinstance(one, Defect):
        notes.print(f"{one.where}: {one.text.said(language())}", markup=False)
        return
    tried = one.passed + len(one.failures)
    mark = "✗" if one.failures else "✓" if tried else "·"
    counts = Text(f"exemples {one.passed}/{tried}", f"examples {one.passed}/{tried}") if one.codec else NO_CODEC
    console.print(f"{mark} {one.code}  {FATES[one.fate].said(language())}, {counts.said(language())}", markup=False)
    for failure in one.failures[:SHOWN]:
        console.print(f"    {failure.said(language())}", markup=False)


NO_EXAMPLE = Text(
    "Aucun exemple publié ne se décode : donnez un message par --hex.",
    "No published example decodes: give a message by --hex.",
)
NO_CODEC = Text("pas de codec", "no codec")
FATES = {
    "created": Text("nouveau", "new"),
    "changed": Text("changé", "changed"),
    "unchanged": Text("inchangé", "unchanged"),
}


def _sum_up(done: list[Imported], all_told: int, *, dry_run: bool) -> None:
    count = {fate: sum(one.fate == fate for one in done) for fate in FATES}
    passed, failed = sum(one.passed for one in done), sum(len(one.failures) for one in done)
    defects = all_told - len(done)
    written = Text("rien n'est écrit", "nothing written") if dry_run else Text("écrit", "written")
    say(
        Text(
            f"{len(done)} modèles : {count['created']} nouveaux, {count['changed']} changés, "
            f"{count['unchanged']} inchangés ; exemples : {passed} justes, {failed} non ; "
            f"{defects} fautes ; {written.fr}.",
            f"{len(done)} models: {count['created']} new, {count['changed']} changed, {count['unchanged']} unchanged; "
            f"examples: {passed} passed, {failed} failed; {defects} faults; {written.en}.",
        )
    )


def _tell_running(settings: Settings, codes: list[str]) -> None:
    """An instance that runs remembers codecs until something is changed through it: one is put as it stands, which
    makes no version."""
    url = app.running_url(settings.data)
    if url is None or not codes:
        return
    with _database(settings) as database, database.read() as tx:
        current = model_codecs.codec_of(tx, codes[0])
    with client_of(settings, url) as client:
        body = {"form": current.form, "source": current.source}
        answer_of(client.put(f"/device-models/{current.model}/codec", json=body))


@models.command("list")
def list_(
    maker: Annotated[str | None, typer.Option(help="Only this maker's.")] = None,
    data: Data = None,
) -> None:
    """Print the models of the catalogue: code, maker, name, and whether a codec and channels are known."""
    with _database(Settings.load(data=data)) as database, database.read() as tx:
        found = list(catalogue.every(SYSTEM, tx, DeviceModelQuery(maker=maker)))
        known = model_codecs.recipes(tx, [one.code for one in found])
    for one in found:
        recipe = known.get(one.code)
        codec = "codec" if recipe and recipe.codec else "-"
        confirmed = str(len(recipe.channels)) if recipe and recipe.confirmed else "-"
        _line(one.code, one.maker, one.name, codec, confirmed)


@models.command()
def show(code: Code, data: Data = None) -> None:
    """Print a model, its codec's version, and what was confirmed of its values, as JSON."""
    with _database(Settings.load(data=data)) as database, database.read() as tx:
        model = catalogue.get(SYSTEM, tx, code)
        versions = model_codecs.versions(tx, code)
        confirmed = model_codecs.channels_of(tx, code)
    shown = {
        **msgspec.to_builtins(model),
        "codecs": [
            {"version": one.version, "current": one.current, "form": one.form, "at": one.at} for one in versions
        ],
        "channels": confirmed,
    }
    _print(shown)


@models.command()
def bench(
    code: Code,
    fport: Port = None,
    hex_: Annotated[str | None, typer.Option("--hex", help="The bytes, in hexadecimal: 03 67 01 10.")] = None,
    base64_: Annotated[str | None, typer.Option("--base64", help="The bytes, in base64.")] = None,
    data: Data = None,
) -> None:
    """Print what a message of a model would become, as JSON; nothing is kept. Exit status 1 when it is not decoded."""
    payload = octets(hex_, base64_)
    with _database(Settings.load(data=data)) as database, database.read() as tx:
        catalogue.get(SYSTEM, tx, code)
        recipe = model_codecs.recipes(tx, [code]).get(code)
    if recipe is None or recipe.codec is None:
        raise NotFound(Text("codec", "codec"), code)
    with Codecs(workers=1) as codecs:
        request = Request(recipe.codec, payload, fport, datetime.now(UTC))
        trial = benches.tried(codecs, request, recipe, language())
    _print(trial)
    if trial.errors:
        raise typer.Exit(1)


@models.command()
def channels(
    code: Code,
    confirm_proposed: Annotated[
        bool, typer.Option("--confirm-proposed", help="Take what is proposed as it is.")
    ] = False,
    confirm: Annotated[
        Path | None,
        typer.Option(
            help="A JSON list of what the values are, as `PUT /device-models/…/channels` takes it.", exists=True
        ),
    ] = None,
    fport: Port = None,
    hex_: Annotated[str | None, typer.Option("--hex", help="A message to look at beside its maker's examples.")] = None,
    data: Data = None,
) -> None:
    """Print what the decoded values of a model could be, or confirm what they are, once for all its devices."""
    settings = Settings.load(data=data)
    if confirm is not None:
        _confirm(settings, code, _channels_in(confirm))
        return
    found = _proposals(settings, code, [] if hex_ is None else [Sample(octets(hex_, None), fport)])
    if not found:
        note(NO_EXAMPLE)
    if not confirm_proposed:
        for one in found:
            meant = f"{one.observed_property} [{one.unit}] ({one.confidence})" if one.observed_property else "?"
            told = ", ".join(str(value) for value in one.values)
            _line(one.key, told, meant, one.why)
        return
    kept = [
        ChannelOf(key=one.key, observed_property=one.observed_property, unit=one.unit)
        for one in found
        if one.observed_property
    ]
    if not kept:
        raise NotFound(Text("proposition pour le modèle", "proposal for the model"), code)
    _confirm(settings, code, kept)


def _proposals(settings: Settings, code: str, more: list[Sample]) -> list[ProposedChannel]:
    with _database(settings) as database, database.read() as tx:
        catalogue.get(SYSTEM, tx, code)
        asked = examples.asked(tx, code, more, datetime.now(UTC))
        known = kinds.known_properties(tx)
    with Codecs(workers=1) as codecs:
        return proposed(examples.decoded(codecs, asked), known, language())


def _channels_in(path: Path) -> list[ChannelOf]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[ChannelOf])
    except msgspec.DecodeError as error:
        raise Invalid(str(path), Text(f"ne se lit pas : {error}", f"cannot be read: {error}")) from error


def _confirm(settings: Settings, code: str, chosen: list[ChannelOf]) -> None:
    if url := app.running_url(settings.data):
        with client_of(settings, url) as client:
            answer_of(client.put(f"/device-models/{code}/channels", json=msgspec.to_builtins(chosen)))
    else:
        with _database(settings) as database, database.write() as tx:
            model_codecs.set_channels(SYSTEM, tx, code, chosen, now=datetime.now(UTC))
    say(Text(f"{code} : {len(chosen)} grandeurs confirmées.", f"{code}: {len(chosen)} channels confirmed."))


def _line(*cells: str) -> None:
    """With tabs as they are, for `cut` and spreadsheets."""
    sys.stdout.write("\t".join(cells) + "\n")


def _print(value: object) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value)).decode() + "\n")


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = app.database_of(settings)
    try:
        yield database
    finally:
        database.close()
