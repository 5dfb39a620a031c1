"""An instance: made, run, or shown as a demonstration."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from beffroi import app, serving
from beffroi.access import Scope, people, sessions, setup
from beffroi.cli.options import Data, Host, Port
from beffroi.cli.say import console, say, steps
from beffroi.database import Database
from beffroi.demo.live import LiveFeed
from beffroi.demo.preparation import prepare
from beffroi.demo.roster import SCALES, RosterName
from beffroi.errors import Text
from beffroi.registry import founding, structures
from beffroi.registry.model import StructureForm
from beffroi.registry.referential import REFERENTIAL
from beffroi.settings import Settings


def init(
    structure: Annotated[str, typer.Option(help="Name of the structure that operates the instance.")],
    admin: Annotated[str, typer.Option(help="E-mail of its first administrator.")],
    form: Annotated[StructureForm, typer.Option(help="Its legal form.")] = "syndicat",
    entry: Annotated[
        str | None, typer.Option(help="The structure's own key in the referential, if it has one: epci-248500415.")
    ] = None,
    siren: Annotated[str | None, typer.Option(help="Its SIREN, when it is not in the referential.")] = None,
    member: Annotated[
        list[str] | None, typer.Option(help="A member by its key: commune-85191, epci-200023778. Repeat as needed.")
    ] = None,
    departement: Annotated[
        list[str] | None, typer.Option(help="Every commune and EPCI of a département, by its code: 85.")
    ] = None,
    service: Annotated[
        list[str] | None, typer.Option(help="A service it offers: water. Repeat as needed; all of them without.")
    ] = None,
    data: Data = None,
) -> None:
    """Create an instance for a structure and its collectivités; prints a one-time sign-in link."""
    settings, now = Settings.load(data=data), datetime.now(UTC)
    database = app.database_of(settings)
    new = structures.NewStructure(
        form=form, name=structure, siren=siren, entry=entry, time_zone=settings.time_zone, since=now.date()
    )
    with database.write() as tx:
        founded = founding.found(
            Scope.system("init"),
            tx,
            new,
            people.NewPerson(name=admin, email=admin),
            members=_members(member or [], departement or []),
            services=service,
            hashed=None,
            now=now,
        )
    made, joined = founded.structure, founded.members
    say(
        Text(
            f"{made.name} ({made.key}) : {len(joined)} membres. Démarrez par : beffroi serve --data {settings.data}",
            f"{made.name} ({made.key}): {len(joined)} members. Start with: beffroi serve --data {settings.data}",
        )
    )
    _say_link(settings, database, founded.person.key)
    database.close()


def _members(keys: list[str], departements: list[str]) -> list[str]:
    for code in departements:
        keys = [*keys, *(one.key for kind in ("epci", "commune") for one in REFERENTIAL.of_departement(code, kind))]
    return keys


def serve(data: Data = None, port: Port = None, host: Host = None) -> None:
    """Run an instance until Ctrl-C; of an empty folder, it prints the one-time address where it is made."""
    settings = Settings.load(data=data, port=port, host=host)
    serving.set_up_logs(settings)
    with app.opened(settings) as instance:
        serving.require_port(settings)
        serving.serve(instance, ready=lambda: _say_where(settings, instance.rooms.database))


def _say_where(settings: Settings, database: Database) -> None:
    """Where the instance answers; while it has no structure, where one is made, by an address that works once."""
    with database.write() as tx:
        token = None if structures.key(tx) is not None else setup.make_link(tx, datetime.now(UTC))
    if token is None:
        console.print(settings.url, markup=False)
        return
    say(
        Text(
            f"Aucune structure dans {settings.data} : créez-la à cette adresse, qui sert une fois, d'ici 24 heures :",
            f"No structure in {settings.data}: make it at this address, which works once, within 24 hours:",
        )
    )
    console.print(f"{settings.url}/setup#token={token}", markup=False)


def demo(
    data: Annotated[Path, typer.Option(help="Folder of the demonstration.", envvar="BEFFROI_DATA")] = Path("data/demo"),
    port: Port = None,
    host: Host = None,
    scale: Annotated[
        RosterName,
        typer.Option(
            help="How much, at the first start: 2,000 devices, or a whole département: 450,000 water meters and 70,000 "
            "other devices."
        ),
    ] = "sample",
    days: Annotated[int, typer.Option(help="Days of history, at the first start.", min=1, max=366)] = 30,
) -> None:
    """Run the demonstration territory: Vendée, its real communes, a simulated day-to-day life."""
    settings = Settings.load(data=data, port=port, host=host)
    serving.set_up_logs(settings)
    with app.opened(settings, settles=False) as instance:
        serving.require_port(settings)
        rooms = instance.rooms
        with steps() as advance:
            prepared = prepare(
                rooms.database,
                rooms.record,
                settings.data,
                now=datetime.now(UTC),
                scale=replace(SCALES[scale], days=days),
                progress=advance,
            )
        instance.settle_unasked()
        feed = LiveFeed(f"http://127.0.0.1:{settings.port}", prepared)

        def ready() -> None:
            say(Text(f"Beffroi répond à {settings.url}", f"Beffroi answers at {settings.url}"))
            _say_link(settings, rooms.database, prepared.administrator)
            feed.start()

        try:
            serving.serve(instance, ready=ready)
        finally:
            feed.stop()


def _say_link(settings: Settings, database: Database, person: str) -> None:
    with database.write() as tx:
        found = people.get(tx, person)
        token = sessions.make_link(tx, found.key, datetime.now(UTC))
    say(
        Text(
            f"Lien de connexion de {found.name}, à usage unique :",
            f"One-time sign-in link of {found.name}:",
        )
    )
    console.print(f"{settings.url}/sign-in#token={token}", markup=False)
