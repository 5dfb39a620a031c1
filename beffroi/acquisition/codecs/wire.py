"""What passes between this process and a worker: a head, and the texts that the engine itself reads and writes."""

import socket
import struct
import time
from enum import IntEnum

import msgspec

SIZES = struct.Struct("<II")
LONGEST = 64 * 2**20
"""bytes of a head or a body; a worker that says more has been taken over"""


class State(IntEnum):
    """How a unit ended. Unless it is `DONE`, the message after those done is the one at which it stopped."""

    DONE = 0
    OVERRAN = 1
    BROKE = 2
    UNKNOWN = 3
    REFUSED = 4
    UNREAD = 5


class Unit(msgspec.Struct, array_like=True):
    """Messages of one codec, for one routine. `source` the first time only; `share_ms` for all of them together."""

    key: str
    routine: str
    share_ms: float
    count: int
    source: str | None = None


class Reply(msgspec.Struct, array_like=True):
    """`done`: how many messages, from the first, the lines of the body answer. `UNKNOWN`: the source is wanted.
    `REFUSED`: `why` it cannot be read. `UNREAD`: an input cannot."""

    state: State
    done: int = 0
    why: str = ""


class Kind(IntEnum):
    """What the line that answers a message begins with, as driver.js writes it; then comes a result, or a reason."""

    RETURNED = 0
    THREW = 1
    NOTHING = 2
    TOO_LONG = 3


class Gone(Exception):
    """The other side has closed, or says what cannot be."""


def send(to: socket.socket, head: bytes, body: bytes) -> None:
    to.sendall(SIZES.pack(len(head), len(body)) + head + body)


def receive(of: socket.socket, within: float | None = None) -> tuple[bytearray, bytearray]:
    """A head and a body, whole after `within` seconds. Raises `Gone`, `TimeoutError`, `OSError`."""
    deadline = None if within is None else time.monotonic() + within
    head, body = SIZES.unpack(_exactly(of, SIZES.size, deadline))
    if head > LONGEST or body > LONGEST:
        raise Gone
    whole = _exactly(of, head + body, deadline)
    return whole[:head], whole[head:]


def _exactly(of: socket.socket, size: int, deadline: float | None) -> bytearray:
    whole = bytearray(size)
    view, got = memoryview(whole), 0
    while got < size:
        if deadline is not None:
            of.settimeout(max(deadline - time.monotonic(), 0.001))
        count = of.recv_into(view[got:])
        if count == 0:
            raise Gone
        got += count
    return whole
