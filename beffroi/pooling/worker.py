"""The process that computes: told what to on standard input, it tells how far it is, then what it found, a line each.

HiGHS holds the interpreter for as long as it likes; here that delays nobody. The process ends with whoever started it,
whose end of the pipe it watches, and lets everything else on the machine go first.
"""

import os
import sys
import threading
from typing import Literal

import msgspec

from beffroi.errors import BeffroiError, Text
from beffroi.pooling.groups.proposing import proposed
from beffroi.pooling.groups.question import Question
from beffroi.pooling.keys import Key
from beffroi.pooling.programme.model import Programme
from beffroi.pooling.programme.plan import Said
from beffroi.pooling.programme.planning import planned
from beffroi.pooling.programme.solving import Effort
from beffroi.pooling.services import Service
from beffroi.pooling.sharing import looked_at
from beffroi.pooling.trying import effect
from beffroi.pooling.trying.effect import Gathered

NICENESS = 10
THREADS = 1


class SharesGiven(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="shares"):
    service: Service
    sharing_key: Key


class PlanGiven(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="plan"):
    programme: Programme
    seconds: float
    gap: float


class EffectGiven(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="effect"):
    gathered: Gathered


class GroupsGiven(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="groups"):
    question: Question


Given = SharesGiven | PlanGiven | EffectGiven | GroupsGiven


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """`found`: as JSON, when `what` is `found`; `said`: the step, or why nothing was found."""

    what: Literal["step", "found", "fault"]
    said: Said | None = None
    done: float = 0.0
    whole: float = 0.0
    gap: float | None = None
    found: msgspec.Raw = msgspec.Raw(b"null")


def main() -> None:
    os.nice(NICENESS)
    given = msgspec.json.decode(sys.stdin.buffer.readline(), type=Given)
    threading.Thread(target=_watch, daemon=True).start()
    try:
        _tell(Line("found", found=msgspec.Raw(_computed(given))))
    except BeffroiError as error:
        _tell(Line("fault", Said(*error.text)))


def _computed(given: Given) -> bytes:
    if isinstance(given, SharesGiven):
        return msgspec.json.encode(looked_at(given.service, given.sharing_key, _step))
    if isinstance(given, EffectGiven):
        return msgspec.json.encode(effect.told(given.gathered))
    if isinstance(given, GroupsGiven):
        return msgspec.json.encode(proposed(given.question, _step))
    effort = Effort(given.seconds, given.gap, THREADS)
    return msgspec.json.encode(planned(given.programme, effort, told=_step))


def _step(said: Text, done: float, whole: float, gap: float | None) -> None:
    _tell(Line("step", Said(*said), done, whole, gap))


def _tell(line: Line) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def _watch() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
