"""Who pays: fair shares of what is pooled."""

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from beffroi.cli.say import console, language
from beffroi.errors import Invalid, Text
from beffroi.pooling import game_file
from beffroi.pooling.answers import shared
from beffroi.pooling.methods import METHODS, method

pooling = typer.Typer(no_args_is_help=True)

GameFile = Annotated[
    str, typer.Argument(metavar="GAME", help="What each group would pay alone, in JSON; `-` is standard input.")
]
MethodName = Annotated[str, typer.Option("--method", help="As `beffroi pooling methods` prints it.")]


@pooling.command()
def methods() -> None:
    """Print the methods."""
    for one in METHODS.values():
        console.print(f"{one.name:24} {one.title.said(language())}", markup=False)


@pooling.command()
def share(path: GameFile, name: MethodName) -> None:
    """Print each one's share of a cost, and whether a group would pay less alone."""
    chosen = method(name)
    game = game_file.read(_content(path))
    _print(shared(game, name, chosen.share(game)))


def _content(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Invalid(
            path, Text(f"ne peut pas être lu : {error.strerror}", f"cannot be read: {error.strerror}")
        ) from error


def _print(answer: Any) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n")
