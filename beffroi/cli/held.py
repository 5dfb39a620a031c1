"""Messages that are held, and those stored that another codec decodes: tried again."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer

from beffroi import app
from beffroi.access import Scope
from beffroi.cli.options import Data
from beffroi.cli.running import answer_of, client_of, long_answer_of
from beffroi.cli.say import bar, console, language, say
from beffroi.errors import Fault, Invalid, Text
from beffroi.pipeline import held, replaying
from beffroi.pipeline.held import CAUSES, Which
from beffroi.pipeline.replaying import Redecoded, Replay
from beffroi.settings import Settings

quarantine = typer.Typer(no_args_is_help=True)

Cause = Annotated[str | None, typer.Option(help=f"Why they are held: {', '.join(CAUSES)}.")]
Device = Annotated[str | None, typer.Option(help="As the network calls it: a DevEUI.")]
Model = Annotated[str | None, typer.Option(help="Code of a device model.")]
Connection = Annotated[str | None, typer.Option(help="Key of the connection by which they came.")]
Moment = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"])]


@quarantine.command("list")
def list_(data: Data = None) -> None:
    """Print the messages that are held, by cause."""
    system = msgspec.structs.replace(Scope.system("command line"), language=language())
    with app.database_of(Settings.load(data=data)).read() as tx:
        found = held.groups(system, tx)
    for one in found:
        about = " ".join(word for word in (one.device, one.model) if word)
        reason = Text(one.reason_fr, one.reason_en).said(language())
        console.print(f"{one.messages:8} {one.cause:15} {one.owner} {about}: {reason}", markup=False)
    if not found:
        say(Text("Rien n'attend.", "Nothing waits."))


@quarantine.command()
def replay(
    cause: Cause = None, device: Device = None, model: Model = None, connection: Connection = None, data: Data = None
) -> None:
    """Try again the messages that are held, in the order of the times they tell, each once."""
    which, settings = _which(cause, device, model, connection), Settings.load(data=data)
    with bar(Text("Messages", "Messages")) as advance:
        if url := app.running_url(settings.data):
            with client_of(settings, url) as client:
                told = long_answer_of(client, "/held-messages/replay", _said(which), advance)
                done = msgspec.convert(told, Replay)
        else:
            with app.opened(settings) as instance:
                done = replaying.replay(
                    Scope.system("command line"),
                    instance.rooms.database,
                    instance.rooms.reception,
                    which,
                    now=datetime.now(UTC),
                    progress=advance,
                )
    say(
        Text(
            f"{done.replayed} messages repris, {done.observations} observations ; {done.waiting} attendent encore.",
            f"{done.replayed} messages replayed, {done.observations} observations; {done.waiting} still wait.",
        )
    )


@quarantine.command()
def discard(
    reason: Annotated[str, typer.Option(help="Why they are given up; kept with them.")],
    cause: Cause = None,
    device: Device = None,
    model: Model = None,
    connection: Connection = None,
    data: Data = None,
) -> None:
    """Give up messages that are held; they stay in the list."""
    which, settings = _which(cause, device, model, connection), Settings.load(data=data)
    if not _said(which):
        raise Invalid.of([Fault("--cause", Text("dites lesquels", "say which"))])
    if url := app.running_url(settings.data):
        with client_of(settings, url) as client:
            answer = answer_of(client.post("/held-messages/discard", json={**_said(which), "reason": reason}))
            done = int(answer["messages"])
    else:
        with app.database_of(settings).write() as tx:
            done = held.discard(Scope.system("command line"), tx, which, reason, now=datetime.now(UTC))
    say(Text(f"{done} messages abandonnés.", f"{done} messages given up."))


def redecode(
    devices: Annotated[list[int], typer.Argument(help="Ids of devices.")],
    since: Moment = None,
    until: Moment = None,
    data: Data = None,
) -> None:
    """Decode again what devices sent, by their model's codec and channels of now."""
    settings = Settings.load(data=data)
    first, last = (one if one is None or one.tzinfo else one.replace(tzinfo=UTC) for one in (since, until))
    with bar(Text("Messages", "Messages")) as advance:
        if url := app.running_url(settings.data):
            body = {"devices": devices, "since": first and first.isoformat(), "until": last and last.isoformat()}
            with client_of(settings, url) as client:
                done = msgspec.convert(long_answer_of(client, "/messages/redecode", body, advance), Redecoded)
        else:
            with app.opened(settings) as instance:
                done = replaying.redecode(
                    Scope.system("command line"),
                    instance.rooms.database,
                    instance.rooms.pipeline,
                    instance.rooms.reception,
                    devices,
                    since=first,
                    until=last,
                    now=datetime.now(UTC),
                    progress=advance,
                )
    say(
        Text(
            f"{done.messages} messages, {done.observations} observations ; {done.held} que le codec ne lit pas.",
            f"{done.messages} messages, {done.observations} observations; {done.held} that the codec fails on.",
        )
    )


def _which(cause: str | None, device: str | None, model: str | None, connection: str | None) -> Which:
    given = {"cause": cause, "device": device, "model": model, "connection": connection}
    try:
        return msgspec.convert({name: value for name, value in given.items() if value is not None}, Which)
    except msgspec.ValidationError as error:
        known = ", ".join(CAUSES)
        raise Invalid.of([Fault("--cause", Text(f"connues : {known}", f"known: {known}"))]) from error


def _said(which: Which) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(which).items() if value is not None}
