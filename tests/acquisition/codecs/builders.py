"""Scripts, and what they are asked."""

import json
from typing import Any

from beffroi.acquisition.codecs import Answer, Call, CodecRef, Codecs, Limits, Routine

LIMITS = Limits(cpu_ms=120, wall_ms=1500, memory_mib=16, answer_kib=64)


def returning(expression: str) -> str:
    """A script of which each message gives this."""
    return f"function decodeUplink(input) {{ return {{ data: {expression} }}; }}"


def call(source: str, routine: Routine = "decodeUplink", *, owner: str = "roche", **given: Any) -> Call:
    return Call(CodecRef.of(owner, source), routine, json.dumps({"bytes": [1, 2], "fPort": 2} | given).encode())


def answer(codecs: Codecs, source: str, routine: Routine = "decodeUplink", **given: Any) -> Answer:
    return codecs.run([call(source, routine, **given)])[0]


def result(codecs: Codecs, source: str, routine: Routine = "decodeUplink", **given: Any) -> Any:
    """What the routine returned, as JSON says it."""
    found = answer(codecs, source, routine, **given)
    assert found.result is not None, found.error
    return json.loads(bytes(found.result))


def data(codecs: Codecs, source: str, **given: Any) -> Any:
    return result(codecs, source, **given)["data"]


def error(codecs: Codecs, source: str, **given: Any) -> str:
    found = answer(codecs, source, **given)
    assert found.error is not None, found.result
    return found.error.en
