"""What networks send, as Beffroi reads it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec
import typer

from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.connectors import CONNECTORS
from beffroi.acquisition.messages import merged, written
from beffroi.cli.say import console, language
from beffroi.errors import Text

connector = typer.Typer(no_args_is_help=True)
UNUSABLE = 2
"""the exit status of a kind or a file that is not there"""


@connector.command("list")
def list_() -> None:
    """Print the kinds of networks that are read."""
    for one in CONNECTORS.values():
        console.print(f"{one.kind:16} {one.name}", markup=False)


@connector.command()
def read(
    kind: Annotated[str, typer.Argument(help="As `beffroi connector list` prints it.")],
    paths: Annotated[list[str], typer.Argument(metavar="FILE...", help="Recorded messages; `-` is standard input.")],
    topic: Annotated[str, typer.Option(help="The MQTT topic they came on.")] = "",
    event: Annotated[str, typer.Option(help="The event that the address said, for networks that say it there.")] = "",
) -> None:
    """Print what is understood of messages, one JSON line each; the parts of one frame as one."""
    reader = CONNECTORS.get(kind)
    if reader is None:
        known = ", ".join(CONNECTORS)
        _refuse(
            Text(
                f"Réseau inconnu : «\u00a0{kind}\u00a0». Connus : {known}.",
                f"Unknown network: “{kind}”. Known: {known}.",
            )
        )
    envelope = Envelope(datetime.now(UTC), topic, {"event": event} if event else {})
    found = [message for path in paths for message in reader.read(_content(path), envelope)]
    for message in merged(found):
        sys.stdout.write(msgspec.json.encode(written(message)).decode() + "\n")


def _content(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        _refuse(Text(f"{path} ne peut pas être lu : {error.strerror}.", f"{path} cannot be read: {error.strerror}."))


def _refuse(text: Text) -> NoReturn:
    sys.stderr.write(f"{text.said(language())}\n")
    raise typer.Exit(UNUSABLE)
