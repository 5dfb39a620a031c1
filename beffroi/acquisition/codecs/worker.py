"""The program of a worker: answers units until its socket, its standard input, closes.

It is started by `workers.py` in an environment with nothing in it, holds no secret, and closes its doors before it has
seen a line of any codec.
"""

import os
import socket
import sys

import msgspec

from beffroi.acquisition.codecs import wire
from beffroi.acquisition.codecs.confinement import Memory, bind_to_parent, close_doors, grant_seconds
from beffroi.acquisition.codecs.contexts import Contexts
from beffroi.acquisition.codecs.model import Limits
from beffroi.acquisition.codecs.wire import Unit

UNITS = msgspec.msgpack.Decoder(Unit)


def main(parent: int) -> None:
    bind_to_parent(parent)
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as link:
        head, _ = wire.receive(link)
        limits, memory = msgspec.msgpack.decode(head, type=Limits), Memory()
        contexts = Contexts(limits, memory)
        close_doors(memory.mapped() + (limits.worker_mib + 4 * limits.memory_mib) * 2**20)
        wire.send(link, b"", b"")
        while True:
            grant_seconds(2 * limits.wall_ms / 1000)
            serve(link, contexts)


def serve(link: socket.socket, contexts: Contexts) -> None:
    try:
        head, body = wire.receive(link)
    except wire.Gone:
        os._exit(0)  # at once, rather than free every context first
    try:
        reply, told = contexts.answer(UNITS.decode(head), body.decode(errors="replace"))
        wire.send(link, msgspec.msgpack.encode(reply), told.encode())
    except MemoryError:
        os._exit(1)
    contexts.trim()


if __name__ == "__main__":
    main(int(sys.argv[1]))
