"""A context as a worker holds it."""

import json

import pytest

from beffroi.acquisition.codecs.contexts import CHECKED_EVERY, Context
from beffroi.acquisition.codecs.model import Limits
from beffroi.acquisition.codecs.wire import State, Unit
from tests.acquisition.codecs.builders import returning


def unit(count: int) -> tuple[Unit, str]:
    return Unit("", "decodeUplink", 1000, count), json.dumps([{"bytes": [1, 2]}] * count)


@pytest.mark.parametrize(
    "expression",
    ["1", "atob('AQI=').length", "Buffer.from(input.bytes).length", "new Date(0).toLocaleString()", "this.x = 1"],
)
def test_a_context_that_nobody_changed_is_kept(expression: str) -> None:
    context = Context(returning(expression), Limits())
    reply, told = context.run(*unit(CHECKED_EVERY))
    assert reply.state is State.DONE
    assert len(set(told.split("\n"))) == 1
    assert context.is_as_new(reply, told)


@pytest.mark.parametrize("change", ["Array.prototype.map = 1", "Math.max = 1", "Object.prototype.a = 1", "JSON.a = 1"])
def test_a_context_that_was_changed_is_not(change: str) -> None:
    context = Context(f"{change}; {returning('1')}", Limits())
    reply, told = context.run(*unit(CHECKED_EVERY))
    assert not context.is_as_new(reply, told)
