"""Lines of messages for codecs, answered in their order while they come."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import BinaryIO

import msgspec

from beffroi.acquisition.codecs import Answer, Call, CodecRef, Codecs, Pending, Routine
from beffroi.acquisition.codecs.files import codec_at
from beffroi.cli.say import language
from beffroi.errors import BeffroiError, Invalid, Text

READ = 256 * 1024
UNDER_WAY = 6
"""readings submitted before the first of them is answered: enough for every worker, bounded for memory"""
NO_LINE = Text("cette ligne n'est pas une demande", "this line is no request")


class Line(msgspec.Struct):
    codec: str
    input: msgspec.Raw
    routine: Routine = "decodeUplink"


LINES = msgspec.json.Decoder(Line)
Asked = list[Call | Text]
Submitted = tuple[Asked, Pending]


def answer(path: str) -> None:
    """One line for each; standard output is flushed as soon as nothing more is under way."""
    with _opened(path) as source, Codecs() as codecs:
        under_way: Queue[Submitted | BaseException | None] = Queue(UNDER_WAY)
        threading.Thread(target=_submit, args=(source, codecs, under_way), daemon=True).start()
        for asked, pending in _submitted(under_way):
            sys.stdout.buffer.writelines(_written(asked, pending))
            if under_way.empty():
                sys.stdout.buffer.flush()


def _opened(path: str) -> BinaryIO:
    if path == "-":
        return sys.stdin.buffer
    try:
        return Path(path).open("rb")
    except OSError as error:
        why = error.strerror
        raise Invalid(path, Text(f"ne peut pas être lu : {why}", f"cannot be read: {why}")) from error


def _submit(source: BinaryIO, codecs: Codecs, under_way: "Queue[Submitted | BaseException | None]") -> None:
    """Reads while answers are waited for; what goes wrong here is raised where the queue is read."""
    try:
        known: dict[str, CodecRef | Text] = {}
        for lines in _readings(source):
            asked = [_call(line, known) for line in lines if line.strip()]
            under_way.put((asked, codecs.submit([one for one in asked if isinstance(one, Call)])))
        under_way.put(None)
    except BaseException as error:  # noqa: BLE001 - told to the other thread
        under_way.put(error)


def _submitted(under_way: "Queue[Submitted | BaseException | None]") -> Iterator[Submitted]:
    while (one := under_way.get()) is not None:
        if isinstance(one, BaseException):
            raise one
        yield one


def _readings(source: BinaryIO) -> Iterator[list[bytes]]:
    """Whole lines, as many as have come: nobody waits for others to come."""
    parts: list[bytes] = []
    while read := source.read1(READ):  # type: ignore[attr-defined]
        *whole, last = read.split(b"\n")
        if whole:
            whole[0] = b"".join([*parts, whole[0]])
            parts.clear()
            yield whole
        parts.append(last)
    yield [b"".join(parts)]


def _call(line: bytes, known: dict[str, CodecRef | Text]) -> Call | Text:
    """One request; or why it is none."""
    try:
        read = LINES.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Text(f"{NO_LINE.fr} : {error}", f"{NO_LINE.en}: {error}")
    if read.codec not in known:
        known[read.codec] = _codec(read.codec)
    codec = known[read.codec]
    return codec if isinstance(codec, Text) else Call(codec, read.routine, read.input)


def _codec(path: str) -> CodecRef | Text:
    """A codec a path, even of the same source: each has a context of its own."""
    try:
        return codec_at(path, owner=path)
    except BeffroiError as error:
        told = error.faults[0].text if isinstance(error, Invalid) else error.text
        return Text(f"{path} : {told.fr}", f"{path}: {told.en}")


def _written(asked: Asked, pending: Pending) -> Iterator[bytes]:
    found = iter(pending.answers())
    for one in asked:
        yield _line(next(found) if isinstance(one, Call) else Answer(error=one)) + b"\n"


def _line(answer: Answer) -> bytes:
    if answer.result is not None:
        return bytes(answer.result)
    return msgspec.json.encode({"error": answer.error.said(language()) if answer.error else ""})
