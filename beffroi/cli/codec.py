"""Codecs at the prompt: one message, or lines of them."""

import base64
import binascii
import sys
from datetime import datetime
from typing import Annotated

import msgspec
import typer

from beffroi.acquisition.codecs import Call, Codecs, Routine, answers
from beffroi.acquisition.codecs.files import codec_at
from beffroi.acquisition.codecs.model import Input
from beffroi.cli import batches
from beffroi.cli.say import language
from beffroi.errors import Invalid, Text

CodecFile = Annotated[
    str | None,
    typer.Option(help="A script, a layout in TOML or JSON, or `cayenne-lpp`.", metavar="FILE"),
]
Port = Annotated[int | None, typer.Option(help="LoRaWAN's FPort.", min=0, max=255)]


def decode(
    codec: CodecFile = None,
    fport: Port = None,
    hex_: Annotated[str | None, typer.Option("--hex", help="The bytes, in hexadecimal: 03 67 01 10.")] = None,
    base64_: Annotated[str | None, typer.Option("--base64", help="The bytes, in base64.")] = None,
    recv_time: Annotated[str | None, typer.Option(help="When it was received: 2026-11-26T08:00:00Z.")] = None,
    downlink: Annotated[bool, typer.Option("--downlink", help="The bytes were sent to the device.")] = False,
    batch: Annotated[
        str | None,
        typer.Option(help="JSON lines of `codec`, `routine` and `input`, answered one by one; `-` is standard input."),
    ] = None,
) -> None:
    """Print what a codec makes of a message, as JSON; exit status 1 when it fails."""
    if batch is not None:
        batches.answer(batch)
        return
    given = Input(bytes=list(octets(hex_, base64_)), fPort=_known(fport), recvTime=_instant(recv_time))
    _print(codec, "decodeDownlink" if downlink else "decodeUplink", given)


def encode(
    data: Annotated[str, typer.Option(help="What to tell the device, in JSON.")],
    codec: CodecFile = None,
    fport: Port = None,
) -> None:
    """Print the bytes a codec makes of a command, as JSON; exit status 1 when it fails."""
    try:
        told = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise Invalid("--data", Text(f"n'est pas du JSON : {error}", f"is not JSON: {error}")) from error
    _print(codec, "encodeDownlink", Input(fPort=_known(fport), data=told))


def _print(codec: str | None, routine: Routine, given: Input) -> None:
    if codec is None:
        raise Invalid("--codec", Text("quel codec ?", "which codec?"))
    with Codecs(workers=1) as codecs:
        answer = codecs.run([Call(codec_at(codec), routine, msgspec.json.encode(given))])[0]
    if answer.result is not None:
        sys.stdout.write(f"{bytes(answer.result).decode()}\n")
    why = answers.fault(answer)
    if why is not None:
        sys.stderr.write(f"{codec}: {why.said(language())}\n")
        raise typer.Exit(1)


def octets(hexadecimal: str | None, base_64: str | None) -> bytes:
    if (hexadecimal is None) == (base_64 is None):
        raise Invalid("--hex", Text("donner --hex ou --base64, l'un des deux", "give --hex or --base64, one of them"))
    try:
        if hexadecimal is not None:
            return bytes.fromhex(hexadecimal.removeprefix("0x").replace(":", ""))
        return base64.b64decode(base_64 or "", validate=True)
    except (ValueError, binascii.Error) as error:
        name = "--hex" if hexadecimal is not None else "--base64"
        raise Invalid(name, Text("ne se lit pas comme des octets", "cannot be read as bytes")) from error


def _known(value: int | None) -> int | msgspec.UnsetType:
    return msgspec.UNSET if value is None else value


def _instant(told: str | None) -> str | msgspec.UnsetType:
    if told is None:
        return msgspec.UNSET
    try:
        if datetime.fromisoformat(told).tzinfo:
            return told
    except ValueError:
        pass
    raise Invalid("--recv-time", Text("n'est pas un instant (RFC 3339)", "is no instant (RFC 3339)"))
