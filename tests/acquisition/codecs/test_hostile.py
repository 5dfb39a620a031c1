"""Hostile codecs are contained, and whoever decodes beside them or after them notices nothing."""

import json
import random
import threading
from typing import Any

import pytest

from beffroi.acquisition.codecs import Call, CodecRef, Codecs, Request, answers
from tests.acquisition.codecs.builders import LIMITS, call, returning
from tests.acquisition.codecs.hostile import HOSTILE, TAMPERING

NEIGHBOUR = returning("input.bytes.map(b => b * 2)")


def decoding(body: str) -> str:
    return f"function decodeUplink(input) {{ {body} }}"


def neighbours() -> list[Call]:
    """Of another owner, of another codec of the same owner, and of the same source for another owner."""
    return [call(NEIGHBOUR, owner=owner, bytes=[place]) for owner in ("roche", "olonne") for place in range(20)]


def undisturbed(codecs: Codecs) -> bool:
    found = [json.loads(bytes(one.result or b"{}")) for one in codecs.run(neighbours())]
    return found == [{"data": [place * 2]} for _ in range(2) for place in range(20)]


class Beside(threading.Thread):
    """Decodes well-behaved messages until told to stop."""

    def __init__(self, codecs: Codecs) -> None:
        super().__init__()
        self.codecs, self.enough, self.rounds, self.well = codecs, threading.Event(), 0, True

    def run(self) -> None:
        while not self.enough.wait(0.01) or not self.rounds:
            self.well = undisturbed(self.codecs) and self.well
            self.rounds += 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_codec_gets_an_error_and_its_neighbours_their_answers(codecs: Codecs, name: str) -> None:
    beside = Beside(codecs)
    beside.start()
    hostile = call(decoding(HOSTILE[name]), owner="roche")
    found = codecs.run([*neighbours(), hostile, *neighbours()])
    beside.enough.set()
    beside.join()
    assert _failed(found[len(found) // 2]), found[len(found) // 2]
    assert all(one.result is not None for one in found[: len(found) // 2] + found[len(found) // 2 + 1 :])
    assert beside.well
    assert undisturbed(codecs)


def _failed(answer: Any) -> bool:
    """No result; or one that no reader takes."""
    return answer.error is not None or bytes(answer.result).startswith(b'{"data":[[[')


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_reaches_nobody_else_and_not_the_answer(codecs: Codecs, name: str) -> None:
    tampering = f"function decodeUplink(input) {{ {TAMPERING[name]}; return {{ data: 1 }}; }}"
    mixed = codecs.run([*neighbours(), *[call(tampering)] * 3, *neighbours()])
    assert all(one.result is not None or one.error is not None for one in mixed)
    assert undisturbed(codecs)


@pytest.mark.parametrize("bad", ["for (;;);", "throw new Error('x')", "var s = 'x'; for (;;) s += s;"])
def test_only_the_bad_message_of_a_codec_fails(codecs: Codecs, bad: str) -> None:
    source = f"function decodeUplink(i) {{ if (i.bytes[0] === 7) {{ {bad} }} return {{ data: i.bytes[0] }}; }}"
    found = codecs.run([call(source, bytes=[place]) for place in range(40)])
    assert [place for place, one in enumerate(found) if one.result is None] == [7]


def test_what_a_codec_changed_of_the_engine_is_put_right(codecs: Codecs) -> None:
    """Noticed at the first fault, and after 1,024 messages at the latest."""
    source = (
        "function decodeUplink(i) { if (i.bytes[0] === 9) { Array.prototype.map = () => 'tampered'; throw 1; }"
        " return { data: i.bytes.map(b => b + 1) }; }"
    )
    codecs.run([call(source, bytes=[9])])
    assert json.loads(bytes(codecs.run([call(source, bytes=[1])])[0].result or b"")) == {"data": [2]}


def test_a_script_that_leaves_its_wrapper_gains_nothing(codecs: Codecs) -> None:
    source = "})(); }); Array.prototype.map = JSON.stringify = 1; (function () { return (() => {" + returning("7")
    assert json.loads(bytes(codecs.run([call(source)])[0].result or b"")) == {"data": 7}
    assert undisturbed(codecs)


def test_what_is_nested_too_deep_for_a_reader_is_an_error_in_python(codecs: Codecs) -> None:
    ref = CodecRef.of("roche", decoding("var a = []; for (var i = 0; i < 1500; i++) a = [a]; return { data: a };"))
    assert codecs.decode_many([Request(ref)])[0].error == answers.UNREADABLE


def test_a_worker_holds_no_door_to_the_host(codecs: Codecs) -> None:
    names = ["process", "os", "std", "Deno", "fetch", "XMLHttpRequest", "WebAssembly", "Worker", "print", "load"]
    expression = f"{json.dumps(names)}.filter(n => typeof globalThis[n] !== 'undefined')"
    assert json.loads(bytes(codecs.run([call(returning(expression))])[0].result or b"")) == {"data": []}


def test_a_slow_codec_delays_its_neighbours_by_its_own_turns_only() -> None:
    with Codecs(workers=1, limits=LIMITS) as one:
        endless = one.submit([call(decoding("for (;;);"))] * 20)
        assert undisturbed(one)
        assert not endless.done()
        assert all(answer.error is not None for answer in endless.answers())


def test_all_of_them_at_once_disturb_nobody(codecs: Codecs, soak: bool) -> None:
    """In many orders when the long campaigns are asked for."""
    chance = random.Random(7)
    for _ in range(20 if soak else 1):
        names = [*HOSTILE] * (2 if soak else 1)
        chance.shuffle(names)
        hostile = codecs.submit([call(decoding(HOSTILE[name])) for name in names])
        while not hostile.done():
            assert undisturbed(codecs)
        assert all(map(_failed, hostile.answers()))
