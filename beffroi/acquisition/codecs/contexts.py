"""The engine's contexts in a worker: one a codec, none seeing another, the most recent kept warm."""

from collections import OrderedDict
from contextlib import suppress
from typing import Any

import quickjs

from beffroi.acquisition.codecs import scripts, statements
from beffroi.acquisition.codecs.confinement import Memory
from beffroi.acquisition.codecs.model import Limits
from beffroi.acquisition.codecs.wire import Kind, Reply, State, Unit

STACK = 512 * 1024
WORTHWHILE, FEWEST = 64, 4
"""messages served before a script's text is looked at; those of a unit for which it is then run once"""
LOADING = 4
"""times the share of one message, to read a script"""
CHECKED_EVERY = 1024
"""messages; a check takes as long as some of them"""
ROOM = 4 * 2**20
"""characters of answers, after which the rest of a unit is left for the next"""
THREW = str(int(Kind.THREW))
KEPT_SOURCES = 4
"""times as many as contexts"""


class Refused(Exception):
    """The script cannot be read."""


class Context:
    """One codec in a machine of its own."""

    def __init__(self, source: str, limits: Limits) -> None:
        self.source = source
        self._limits = limits
        self._context = quickjs.Context()
        self._context.set_max_stack_size(STACK)
        self._context.set_memory_limit(limits.memory_mib * 2**20)
        self._context.set_time_limit(limits.cpu_ms * LOADING / 1000)
        driver = self._context.eval(scripts.DRIVER)
        property_of = self._context.eval("(object, name) => object[name]")
        self._run, remember, self._evaluated, self._intact, self._so_far, self._answered = (
            property_of(driver, name) for name in ("run", "remember", "evaluated", "intact", "soFar", "answered")
        )
        for needed, part in ((scripts.NEEDS_BUFFER, scripts.BUFFER), (scripts.NEEDS_LOCALE, scripts.LOCALE)):
            if needed.search(source):
                self._context.eval(part)
        remember()
        self._script = self._read(source)
        self._unchecked = 0
        self._served = 0
        self._plain: bool | None = None
        """Whether all that the script holds is known (`statements`); looked for once it has served for a while."""

    def _read(self, source: str) -> Any:
        """The function that runs the script."""
        try:
            return self._evaluated(scripts.wrapped(source))
        except quickjs.JSException as error:
            if not scripts.MODULE.search(source):
                raise Refused(_first_line(error)) from None
        try:
            return self._evaluated(scripts.wrapped(scripts.plain(source)))
        except quickjs.JSException as error:
            raise Refused(_first_line(error)) from None

    def run(self, unit: Unit, inputs: str) -> tuple[Reply, str]:
        """The answers to a JSON list of inputs, a line each, as many as `done` says."""
        self._context.set_time_limit(unit.share_ms / 1000)
        plain = unit.count >= FEWEST and self._is_plain()
        self._served += unit.count
        longest = self._limits.answer_kib * 1024
        try:
            told = self._run(self._script, unit.routine, inputs, unit.count, plain, longest, ROOM, unit.share_ms / 2)
        except quickjs.JSException as error:
            return self._stopped(error)
        if told is None:
            return Reply(State.UNREAD), ""
        return Reply(State.DONE, self._answered()), told

    def _is_plain(self) -> bool:
        if self._plain is None and self._served >= WORTHWHILE:
            names = statements.held(self.source)
            self._plain = False
            with suppress(quickjs.JSException):
                if names is not None:
                    self._script = self._evaluated(scripts.wrapped(self.source, names))
                    self._plain = True
        return bool(self._plain)

    def _stopped(self, error: quickjs.JSException) -> tuple[Reply, str]:
        state = State.OVERRAN if "interrupted" in str(error) else State.BROKE
        try:
            told, done = self._so_far(), self._answered()
        except quickjs.JSException:
            return Reply(state), ""
        return Reply(state, done), told

    def is_as_new(self, reply: Reply, told: str) -> bool:
        """Whether it may be used again. What the script keeps in variables never passes on (`scripts.wrapped`); what it
        changes of the engine's own objects is looked for now and then, and whenever something went wrong."""
        if reply.state is not State.DONE:
            return False
        self._unchecked += reply.done
        if self._unchecked < CHECKED_EVERY and told[:1] != THREW and f"\n{THREW}" not in told:
            return True
        self._unchecked = 0
        try:
            return self._intact() is True
        except quickjs.JSException:
            return False


class Contexts:
    """By key, no more than the limits allow."""

    def __init__(self, limits: Limits, memory: Memory) -> None:
        self._limits = limits
        self._memory = memory
        self._sources: OrderedDict[str, str] = OrderedDict()
        self._warm: OrderedDict[str, Context] = OrderedDict()
        self._bound = memory.resident() + limits.worker_mib * 2**20

    def answer(self, unit: Unit, inputs: str) -> tuple[Reply, str]:
        if unit.source is not None:
            self._sources[unit.key] = unit.source
        if unit.key not in self._sources:
            return Reply(State.UNKNOWN), ""
        self._sources.move_to_end(unit.key)
        try:
            context = self._warm.get(unit.key) or Context(self._sources[unit.key], self._limits)
        except Refused as refusal:
            return Reply(State.REFUSED, why=str(refusal)), ""
        self._warm[unit.key] = context
        self._warm.move_to_end(unit.key)
        reply, told = context.run(unit, inputs)
        if not context.is_as_new(reply, told):
            del self._warm[unit.key]
        return reply, told

    def trim(self) -> None:
        """Closes the least recent ones; done once the answer is on its way."""
        while len(self._warm) > self._limits.contexts or (self._warm and self._memory.resident() > self._bound):
            self._warm.popitem(last=False)
        while len(self._sources) > KEPT_SOURCES * self._limits.contexts:
            self._sources.popitem(last=False)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:500]
