"""Codecs without code, answered in this process."""

from typing import Any

import msgspec

from beffroi.acquisition.codecs import cayenne, layouts
from beffroi.acquisition.codecs.model import Answer, Call
from beffroi.errors import BeffroiError, Text

NO_ROUTINE = Text("ce codec ne sait que décoder et encoder", "this codec only decodes and encodes")


class Given(msgspec.Struct):
    """What such a codec looks at of an input."""

    bytes: "list[int]" = []
    fPort: int | None = None  # noqa: N815 - TS013 spells it so
    data: Any = None


INPUTS = msgspec.json.Decoder(Given)


def answer(call: Call) -> Answer:
    try:
        return Answer(msgspec.json.encode(_result(call)))
    except msgspec.MsgspecError as error:
        return Answer(error=Text(f"l'entrée ne se lit pas : {error}", f"the input cannot be read: {error}"))
    except BeffroiError as error:
        return Answer(error=error.text)


def _result(call: Call) -> dict[str, Any]:
    codec: Any = cayenne if call.codec.form == "cayenne-lpp" else layouts.compiled(call.codec.source)
    given = INPUTS.decode(call.input)
    if call.routine in ("decodeUplink", "decodeDownlink"):
        return {"data": codec.decode(_bytes(given.bytes), given.fPort)}
    if call.routine == "encodeDownlink":
        payload, port = codec.encode(given.data, given.fPort)
        return {"bytes": list(payload), **({} if port is None else {"fPort": port})}
    raise BeffroiError(NO_ROUTINE)


def _bytes(numbers: list[int]) -> bytes:
    try:
        return bytes(numbers)
    except ValueError:
        raise BeffroiError(Text("un octet va de 0 à 255", "a byte is from 0 to 255")) from None
