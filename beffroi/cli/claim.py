"""Whose a device is, for whoever holds the instance's folder."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from beffroi import app
from beffroi.access import Scope
from beffroi.api.claims import CAUSES
from beffroi.cli.options import Data
from beffroi.cli.running import answer_of, client_of
from beffroi.cli.say import console, say
from beffroi.errors import Text
from beffroi.pipeline import held
from beffroi.registry import claims
from beffroi.settings import Settings

claim = typer.Typer(no_args_is_help=True)


@claim.command("list")
def list_(data: Data = None) -> None:
    """Print the devices that several declare, or that nobody confirmed, with who declares them."""
    system = Scope.system("command line")
    with app.database_of(Settings.load(data=data)).read() as tx:
        heard = held.by_device(system, tx, CAUSES)
        found = claims.find(system, tx, heard)
    for one in found:
        waiting = sum(group.messages for group in heard.get(one.identifier, []))
        for said in one.claims:
            since = "" if said.declared_at is None else f" {said.declared_at:%Y-%m-%d %H:%M}"
            console.print(f"{one.identifier} {said.device} {said.state} {said.owner}{since} {waiting}", markup=False)
    if not found:
        say(Text("Rien à décider.", "Nothing to decide."))


@claim.command()
def settle(
    identifier: Annotated[str, typer.Argument(help="The DevEUI.")],
    device: Annotated[int, typer.Argument(help="Id of the device whose owner is right.")],
    reason: Annotated[str, typer.Option(help="Told to the others.")],
    data: Data = None,
) -> None:
    """Say whose a device is; the other declarations are refused."""
    settings = Settings.load(data=data)
    if url := app.running_url(settings.data):
        with client_of(settings, url) as client:
            answer_of(client.post(f"/claims/{identifier}/settle", json={"device": device, "reason": reason}))
    else:
        with app.database_of(settings).write() as tx:
            system = Scope.system("command line")
            claims.settle(system, tx, identifier, device, reason, now=datetime.now(UTC))
    _told(running=url is not None)


@claim.command()
def confirm(
    devices: Annotated[list[int], typer.Argument(help="Ids of devices.")],
    data: Data = None,
) -> None:
    """Believe what members declare of these devices."""
    settings = Settings.load(data=data)
    if url := app.running_url(settings.data):
        with client_of(settings, url) as client:
            answer_of(client.post("/claims/confirm", json={"devices": devices}))
    else:
        with app.database_of(settings).write() as tx:
            claims.confirm(Scope.system("command line"), tx, devices, now=datetime.now(UTC))
    _told(running=url is not None)


def _told(*, running: bool) -> None:
    if running:
        say(Text("Dit ; ce qui attendait est repris.", "Said; what waited is tried again."))
    else:
        say(Text("Dit. Ensuite : beffroi quarantine replay.", "Said. Then: beffroi quarantine replay."))
