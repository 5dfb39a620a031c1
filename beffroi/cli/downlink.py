"""Downlinks, for whoever holds the folder of a running instance."""

from typing import Annotated, Any
from uuid import uuid4

import msgspec
import typer

from beffroi import app
from beffroi.acquisition.downlinks.model import STATES
from beffroi.cli.options import Data
from beffroi.cli.running import answer_of, client_of
from beffroi.cli.say import console, language, say
from beffroi.errors import Conflict, Invalid, Text
from beffroi.settings import Settings

downlink = typer.Typer(no_args_is_help=True)
DeviceId = Annotated[int, typer.Argument(help="Id of a device.", min=1)]
Key = Annotated[str, typer.Argument(help="As `beffroi downlink list` prints it.")]


@downlink.command()
def ask(
    device: DeviceId,
    hex_: Annotated[str | None, typer.Option("--hex", help="The bytes, in hexadecimal.")] = None,
    fport: Annotated[int | None, typer.Option(help="LoRaWAN's FPort.", min=1, max=223)] = None,
    command: Annotated[str | None, typer.Option(help="What to tell the device, in JSON, for its codec.")] = None,
    confirmed: Annotated[bool, typer.Option("--confirmed", help="The device must acknowledge it.")] = False,
    connection: Annotated[str | None, typer.Option(help="By which; the one that hears the device if none.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be sent.")] = False,
    data: Data = None,
) -> None:
    """Ask for a downlink: it leaves at once, or once a person has approved it where that is asked."""
    body: dict[str, Any] = {"confirmed": confirmed}
    if hex_ is not None:
        body["payload"] = hex_.removeprefix("0x").replace(" ", "").replace(":", "")
    if command is not None:
        try:
            body["command"] = msgspec.json.decode(command)
        except msgspec.DecodeError as error:
            raise Invalid("--command", Text(f"n'est pas du JSON : {error}", f"is not JSON: {error}")) from error
    body |= {name: value for name, value in (("port", fport), ("connection", connection)) if value is not None}
    path = f"/devices/{device}/downlinks"
    if dry_run:
        told = _asked("POST", f"{path}/preview", body, data)
        console.print(f"{told['payload']} fPort {told['port']} {told['connection_name']}", markup=False)
        return
    _show(_asked("POST", path, body | {"key": str(uuid4())}, data))


@downlink.command("list")
def list_(
    device: Annotated[int | None, typer.Option(help="Id of a device.")] = None,
    state: Annotated[str | None, typer.Option(help=f"One of {', '.join(STATES)}.")] = None,
    data: Data = None,
) -> None:
    """Print downlinks, the eldest first."""
    query: dict[str, Any] = {"limit": 1000}
    query |= {name: value for name, value in (("device", device), ("state", state)) if value is not None}
    settings = Settings.load(data=data)
    with client_of(settings, _url(settings)) as client:
        while True:
            page = answer_of(client.get("/downlinks", params=query))
            for one in page["items"]:
                _show(one)
            if "next" not in page:
                return
            query["after"] = page["next"]


@downlink.command()
def cancel(key: Key, data: Data = None) -> None:
    """Take a downlink back, while its network does not have it."""
    _show(_asked("POST", f"/downlinks/{key}/cancel", None, data))


@downlink.command()
def demand(
    asset_kind: Annotated[list[str] | None, typer.Option(help="Code of a kind of assets. Repeat as needed.")] = None,
    model: Annotated[list[str] | None, typer.Option(help="Code of a device model. Repeat as needed.")] = None,
    none: Annotated[bool, typer.Option("--none", help="No downlink needs a second person any more.")] = False,
    data: Data = None,
) -> None:
    """Say for which kinds and models a second person must approve, all of them; or print them."""
    if asset_kind or model or none:
        body = {"asset_kinds": asset_kind or [], "device_models": model or []}
        told = _asked("PUT", "/downlink-approvals", body, data)
    else:
        told = _asked("GET", "/downlink-approvals", None, data)
    for noun, name in (("asset-kind", "asset_kinds"), ("model", "device_models")):
        for code in told[name]:
            console.print(f"{noun} {code}", markup=False)
    if not any(told.values()):
        say(Text("Aucune commande ne demande d'approbation.", "No downlink needs an approval."))


def _asked(method: str, path: str, body: Any, data: Any) -> Any:
    settings = Settings.load(data=data)
    with client_of(settings, _url(settings)) as client:
        return answer_of(client.request(method, path, **({} if body is None else {"json": body})))


def _url(settings: Settings) -> str:
    url = app.running_url(settings.data)
    if url is None:
        said = Text(
            "L'instance ne tourne pas : rien ne part sans elle.", "The instance is not running: nothing leaves."
        )
        raise Conflict(said)
    return url


def _show(one: dict[str, Any]) -> None:
    why = one.get(f"reason_{language()}", "")
    line = f"{one['key']} {one['state']:17} {one['device_code']} fPort {one['port']} {one['payload']}"
    console.print(f"{line} {one['asked_by']} {why}".rstrip(), markup=False)
