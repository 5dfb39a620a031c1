"""What networks send, as Beffroi reads it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl

import msgspec
import typer

from beffroi.acquisition.connector import Connector, Envelope
from beffroi.acquisition.connectors import CONNECTORS, MAPPED
from beffroi.acquisition.frames import merged
from beffroi.acquisition.messages import written
from beffroi.cli.say import console, language
from beffroi.errors import Text

connector = typer.Typer(no_args_is_help=True)
UNUSABLE = 2
"""the exit status of a kind or a file that is not there"""


@connector.command("list")
def list_() -> None:
    """Print the kinds of connectors."""
    for kind, one in CONNECTORS.items():
        name = one.manifest.name
        console.print(f"{kind:16} {Text(name.fr, name.en).said(language())}", markup=False)


@connector.command()
def read(
    kind: Annotated[str, typer.Argument(help="As `beffroi connector list` prints it.")],
    paths: Annotated[list[str], typer.Argument(metavar="FILE...", help="What was sent; `-` is standard input.")],
    topic: Annotated[str, typer.Option(help="The MQTT topic it came on.")] = "",
    query: Annotated[str, typer.Option(help="The query of the address it came to: event=up.")] = "",
    mapping: Annotated[
        Path | None,
        typer.Option(help="What the content means, in TOML, for `json` and `table`.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Print what is understood of what a network sent, one JSON line a message; what is told of one frame as one."""
    reader = _reader(kind)
    if mapping is not None and kind in MAPPED:
        reader = MAPPED[kind](mapping.read_text(encoding="utf-8"))
    parameters = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
    envelope = Envelope(datetime.now(UTC), "mqtt" if topic else "file", topic, parameters)
    found = [message for path in paths for message in reader.read(_content(path), envelope)]
    for message in merged(found):
        sys.stdout.write(msgspec.json.encode(written(message, language())).decode() + "\n")


def _reader(kind: str) -> Connector:
    if kind in CONNECTORS:
        return CONNECTORS[kind]
    known = ", ".join(CONNECTORS)
    raise _refused(
        Text(
            f"Connecteur inconnu : «\u00a0{kind}\u00a0». Connus : {known}.",
            f"Unknown connector: “{kind}”. Known: {known}.",
        )
    )


def _content(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise _refused(
            Text(f"{path} ne peut pas être lu : {error.strerror}.", f"{path} cannot be read: {error.strerror}.")
        ) from error


def _refused(text: Text) -> typer.Exit:
    sys.stderr.write(f"{text.said(language())}\n")
    return typer.Exit(UNUSABLE)
