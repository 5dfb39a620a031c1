"""Answers leave in one piece, in order, whole, and what flows leaves as it comes."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from beffroi.api.writing import LARGE, OneWrite
from tests.conftest import running

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


async def pieces_read(*writes: bytes | float, close: bool = True) -> list[bytes]:
    """What a reader gets, piece by piece, of what is written in turns of the loop; a number is a time to wait."""
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    transport, _ = await loop.create_connection(asyncio.Protocol, sock=theirs)
    writing = OneWrite(transport, loop)
    found = []

    async def read() -> None:
        while piece := await loop.sock_recv(ours, 2**20):
            found.append(piece)

    reading = asyncio.create_task(read())
    for each in writes:
        if isinstance(each, bytes):
            writing.write(each)
        else:
            await asyncio.sleep(each)
    if close:
        writing.close()
    await asyncio.wait_for(reading, 10)
    ours.close()
    return found


def test_a_head_and_its_body_leave_together(loop: asyncio.AbstractEventLoop) -> None:
    assert loop.run_until_complete(pieces_read(HEAD, b"\r\n", b"body", 0.05)) == [HEAD + b"\r\nbody"]


def test_what_flows_does_not_wait_for_what_follows(loop: asyncio.AbstractEventLoop) -> None:
    assert loop.run_until_complete(pieces_read(HEAD, 0.05, b"event", 0.05)) == [HEAD, b"event"]


def test_what_is_large_leaves_at_once_and_in_order(loop: asyncio.AbstractEventLoop) -> None:
    large = bytes(range(256)) * (LARGE // 256 + 1)
    found = loop.run_until_complete(pieces_read(HEAD, large, b"end"))
    assert b"".join(found) == HEAD + large + b"end"


def test_a_transport_that_closes_loses_nothing(loop: asyncio.AbstractEventLoop) -> None:
    assert b"".join(loop.run_until_complete(pieces_read(HEAD, b"last"))) == HEAD + b"last"


def test_a_writer_of_many_small_pieces_is_told_when_its_reader_does_not_follow(
    loop: asyncio.AbstractEventLoop,
) -> None:
    class Told(asyncio.Protocol):
        paused = False

        def pause_writing(self) -> None:
            self.paused = True

    async def write_much() -> bool:
        ours, theirs = socket.socketpair()
        transport, told = await asyncio.get_running_loop().create_connection(Told, sock=theirs)
        writing = OneWrite(transport, asyncio.get_running_loop())
        for _ in range(1000):
            writing.write(bytes(2000))
        paused = told.paused
        transport.abort()
        await asyncio.sleep(0)
        ours.close()
        return paused

    assert loop.run_until_complete(write_much())


def test_an_instance_answers_in_one_piece(tmp_path: Path) -> None:
    with running("serve", data=tmp_path) as served:
        address = ("127.0.0.1", urlsplit(served.url).port)
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            head, _, body = connection.recv(2**16).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert body
