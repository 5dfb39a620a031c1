"""What is asked of a codec, and what it answers."""

from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, get_args

import msgspec

from beffroi.errors import Text

Form = Literal["javascript", "layout", "cayenne-lpp"]
Routine = Literal["decodeUplink", "encodeDownlink", "decodeDownlink", "normalizeUplink"]
ROUTINES: tuple[Routine, ...] = get_args(Routine)


class CodecRef(msgspec.Struct, frozen=True):
    """A codec as one collectivité uses it. `hash` tells its sources apart: of the same owner, the same hash is the same
    source."""

    owner: str
    hash: str
    source: str = ""
    form: Form = "javascript"

    @classmethod
    def of(cls, owner: str, source: str, form: Form = "javascript") -> "CodecRef":
        """Hashed here; keep it rather than make it for each message."""
        return cls(owner, sha256(f"{form}\0{source}".encode(errors="surrogatepass")).hexdigest(), source, form)


class Limits(msgspec.Struct, frozen=True):
    """What one message may take. `cpu_ms`: of processor time, in JavaScript. `wall_ms`: until its worker is killed,
    for what the engine cannot interrupt. `memory_mib`: of its codec's context. `answer_kib`: of the result as JSON.

    `contexts` are kept warm in each worker, the least recent going first, also when all together are above
    `worker_mib`."""

    cpu_ms: int = 250
    wall_ms: int = 2000
    memory_mib: int = 32
    answer_kib: int = 256
    contexts: int = 200
    worker_mib: int = 256


class Request(msgspec.Struct, frozen=True, gc=False):
    """One message for a codec. `bytes` and `port` as the radio network gave them; `data` is what `encodeDownlink` and
    `normalizeUplink` take instead of bytes."""

    codec: CodecRef
    bytes: bytes = b""
    port: int | None = None
    recv_time: datetime | None = None
    variables: dict[str, str] = {}
    routine: Routine = "decodeUplink"
    data: Any = None

    def input(self) -> "Input":
        """As the routines of TS013 take it."""
        return Input(
            bytes=list(self.bytes) if self.routine.startswith("decode") else msgspec.UNSET,
            fPort=msgspec.UNSET if self.port is None else self.port,
            recvTime=msgspec.UNSET if self.recv_time is None else self.recv_time.timestamp() * 1000,
            variables=self.variables or msgspec.UNSET,
            data=msgspec.UNSET if self.data is None else self.data,
        )


class Input(msgspec.Struct, frozen=True, gc=False):
    """The one argument of a routine (LoRa Alliance TS013, section 3). `recvTime` is in milliseconds here and a Date in
    the script, as The Things Stack and ChirpStack give it."""

    bytes: "list[int] | msgspec.UnsetType" = msgspec.UNSET
    fPort: "int | msgspec.UnsetType" = msgspec.UNSET  # noqa: N815 - TS013 spells it so
    recvTime: "float | str | msgspec.UnsetType" = msgspec.UNSET  # noqa: N815
    variables: "dict[str, str] | msgspec.UnsetType" = msgspec.UNSET
    data: Any = msgspec.UNSET


class Call(msgspec.Struct, frozen=True, gc=False):
    """A request with its input as JSON text, whoever wrote it."""

    codec: CodecRef
    routine: Routine
    input: bytes | memoryview | msgspec.Raw


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What a routine returned, as the JSON text that `JSON.stringify` makes of it; or why it did not."""

    result: msgspec.Raw | bytes | None = None
    error: Text | None = None


class Decoded(msgspec.Struct, frozen=True, gc=False):
    """`errors` are the codec's own, which make the message undecoded as much as `error` does: what happened to it."""

    data: Any = None
    warnings: list[str] = []
    errors: list[str] = []
    error: Text | None = None


class Encoded(msgspec.Struct, frozen=True):
    bytes: bytes = b""
    port: int | None = None
    warnings: list[str] = []
    errors: list[str] = []
    error: Text | None = None
