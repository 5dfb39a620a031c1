"""What passes between this process and a worker: a head, and the texts that the engine itself reads and writes."""

import socket
import struct
import time
from enum import IntEnum

import msgspec

SIZES = struct.Struct("<II")
LONGEST = 64 * 2**20
"""bytes of a head or a body; a worker that says more has been taken over"""
PIECE = 2**16
"""bytes received at once"""


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


def patient(link: socket.socket, seconds: float) -> None:
    """From now on, sending and receiving by it wait so long for the other side. The system counts: by Python's own
    timeouts, each call would be three."""
    told = struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))
    for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        link.setsockopt(socket.SOL_SOCKET, way, told)


def send(to: socket.socket, head: bytes, body: bytes) -> None:
    """Raises `TimeoutError`, `OSError`."""
    try:
        to.sendall(SIZES.pack(len(head), len(body)) + head + body)
    except BlockingIOError:
        raise TimeoutError from None


class Coming:
    """A head and a body, piece by piece."""

    def __init__(self) -> None:
        self._came = bytearray()

    def take(self, of: socket.socket, flags: int = 0) -> tuple[bytearray, bytearray] | None:
        """One piece more; both, once they are whole. Raises `Gone`, `BlockingIOError` when there is none, `OSError`."""
        piece = of.recv(PIECE, flags)
        if not piece:
            raise Gone
        self._came += piece
        if len(self._came) < SIZES.size:
            return None
        head, body = SIZES.unpack_from(self._came)
        if head > LONGEST or body > LONGEST:
            raise Gone
        begins, ends = SIZES.size + head, SIZES.size + head + body
        if len(self._came) < ends:
            return None
        return self._came[SIZES.size : begins], self._came[begins:ends]


def receive(of: socket.socket, within: float | None = None) -> tuple[bytearray, bytearray]:
    """A head and a body. Raises `Gone`, `TimeoutError` for what is not whole after `within` seconds (if the link is as
    `patient`), `OSError`."""
    deadline = None if within is None else time.monotonic() + within
    coming = Coming()
    while True:
        try:
            whole = coming.take(of)
        except BlockingIOError:
            raise TimeoutError from None
        if whole is not None:
            return whole
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError
