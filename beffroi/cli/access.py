"""People, API keys and the audit trail, for whoever holds the instance's folder."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from beffroi import app
from beffroi.access import Scope, keys, people, receipts, roles, sessions
from beffroi.access import audit as trail
from beffroi.access.keys import RightName
from beffroi.access.roles import RoleName
from beffroi.cli.options import Data
from beffroi.cli.say import console, say
from beffroi.errors import NotFound, Text
from beffroi.registry import structures
from beffroi.settings import Settings

person = typer.Typer(no_args_is_help=True)
key = typer.Typer(no_args_is_help=True)
audit = typer.Typer(no_args_is_help=True)
deletions = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="E-mail address.")]


@person.command("add")
def add_person(
    email: Email,
    collectivity: Annotated[str, typer.Option(help="Key of a collectivité: commune-85191.")],
    role: Annotated[RoleName, typer.Option(help="What the person may do there.")] = "reader",
    name: Annotated[str | None, typer.Option(help="As shown to others.")] = None,
    data: Data = None,
) -> None:
    """Add a person, with a role; prints a one-time sign-in link."""
    settings, now, system = Settings.load(data=data), datetime.now(UTC), Scope.system("command line")
    with app.database_of(settings).write() as tx:
        structures.collectivity(system, tx, collectivity)
        found = people.by_email(tx, email) or people.add(
            system, tx, people.NewPerson(email=email, name=name or email), now=now
        )
        roles.grant(system, tx, found.key, collectivity, role, now=now)
        token = sessions.make_link(tx, found.key, now)
    console.print(f"{app.address(settings)}/sign-in#token={token}", markup=False)


@person.command("link")
def link_person(email: Email, data: Data = None) -> None:
    """Print a one-time sign-in link for a person."""
    settings, now = Settings.load(data=data), datetime.now(UTC)
    with app.database_of(settings).write() as tx:
        found = people.by_email(tx, email)
        if found is None:
            raise NotFound(Text("personne", "person"), email)
        token = sessions.make_link(tx, found.key, now)
        trail.record(Scope.system("command line"), tx, "session.link", subject=found.key, now=now)
    console.print(f"{app.address(settings)}/sign-in#token={token}", markup=False)


@key.command("create")
def create_key(
    collectivity: Annotated[str, typer.Argument(help="Key of a collectivité: commune-85191.")],
    right: Annotated[RightName, typer.Option(help="What the key may do there.")] = "read",
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    days: Annotated[int | None, typer.Option(help="Days it stays valid; no limit when not said.", min=1)] = None,
    service: Annotated[list[str] | None, typer.Option(help="Narrow it to a service. Repeat as needed.")] = None,
    data: Data = None,
) -> None:
    """Make an API key and print it: it is shown this once, and kept nowhere."""
    now = datetime.now(UTC)
    expires = now + timedelta(days=days) if days else None
    new = keys.NewKey(collectivity=collectivity, name=name, right=right, services=service, expires=expires)
    system = Scope.system("command line")
    with app.database_of(Settings.load(data=data)).write() as tx:
        structures.collectivity(system, tx, collectivity)
        made = keys.make(system, tx, new, now=now)
    console.print(made.token)


@deletions.command("verify")
def verify_deletions(data: Data = None) -> None:
    """Check the seals of every receipt, and that the audit trail agrees; exit status 1 when one does not hold."""
    system, wrong = Scope.system("command line"), 0
    with app.database_of(Settings.load(data=data)).read() as tx:
        found = receipts.all_of(system, tx)
        for receipt in found:
            for fault in receipts.faults(tx, receipt):
                wrong += 1
                console.print(f"{receipt.key}: {fault}", markup=False)
    if wrong:
        say(Text("Des reçus ont été altérés.", "Receipts were tampered with."))
        raise typer.Exit(1)
    say(Text(f"Reçus intacts : {len(found)}.", f"Receipts whole: {len(found)}."))


@audit.command("verify")
def verify_audit(data: Data = None) -> None:
    """Check that no line of the trail was changed, removed, added or moved; exit status 1 when one was."""
    settings = Settings.load(data=data)
    with app.database_of(settings).read() as tx:
        verified = trail.verify(tx, app.secret_of(settings.data))
    for broken in verified.broken:
        console.print(f"{broken.seq}: {broken.why}", markup=False)
    if not verified.whole:
        say(Text("La piste d'audit a été altérée.", "The audit trail was tampered with."))
        raise typer.Exit(1)
    say(
        Text(
            f"Piste d'audit intacte : {verified.rows} lignes, tête {verified.head}.",
            f"Audit trail whole: {verified.rows} lines, head {verified.head}.",
        )
    )
