"""Small writes that come at the same time go through the pipeline together, each answered for itself.

One observation a request is how networks send. The more come, the more each fsync carries.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import pyarrow as pa

from beffroi.access import Scope, Views
from beffroi.acquisition.steps import Steps
from beffroi.api import formats
from beffroi.api.carrying import Carrier
from beffroi.api.formats import Observation
from beffroi.errors import BeffroiError
from beffroi.observations import Few, Quality
from beffroi.pipeline import Pipeline, Received

TOGETHER = 10_000
"""requests taken in at once"""


@dataclass(eq=False)
class _Waiting:
    scope: Scope
    rows: list[Observation]
    now: datetime
    answer: "asyncio.Future[Received]"


class Gathering:
    """Belongs to one event loop. Groups are by scope: what one caller may write says nothing of another's batch."""

    def __init__(self, pipeline: Pipeline, views: Views) -> None:
        self._pipeline, self._views = pipeline, views
        self._carriers: dict[int, Carrier[_Waiting]] = {}

    def put(self, scope: Scope, rows: list[Observation], *, now: datetime) -> "asyncio.Future[Received]":
        """As `Pipeline.receive`: the rows of one request are taken whole or not at all, whatever comes beside them."""
        waiting = _Waiting(scope, rows, now, asyncio.get_running_loop().create_future())
        key = id(scope)
        carrier = self._carriers.get(key)
        if carrier is None:
            ended = partial(self._carriers.pop, key)
            carrier = self._carriers[key] = Carrier(self._carry, most=TOGETHER, ended=ended)
        carrier.add(waiting)
        return waiting.answer

    def _carry(self, group: list[_Waiting]) -> Steps[None]:
        try:
            yield from self._together(group)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            _refuse(group, error)

    def _together(self, group: list[_Waiting]) -> Steps[None]:
        first = group[0]
        batch = formats.batch_of_rows([row for one in group for row in one.rows])
        try:
            begun = self._pipeline.begin_at_once(first.scope, batch, now=first.now)
            if begun is None:
                begun = yield lambda: self._pipeline.begin(first.scope, batch, now=first.now)
        except BeffroiError as error:
            if len(group) == 1:
                _refuse(group, error)
                return
            for one in group:  # one of them is at fault: it must not take the others along
                yield from self._together([one])
            return
        ack = yield begun.stored
        self._pipeline.live.publish(begun.batch)
        self._views.note(
            first.scope, "observations.write", owner=None, subject="observations", now=first.now, times=len(group)
        )
        flagged = _flagged(begun.batch) if begun.flagged else None
        start = 0
        for one in group:
            end = start + len(one.rows)
            distinct = end - start if end - start == 1 else len({(row.series, row.time) for row in one.rows})
            if not one.answer.done():
                bad = 0 if flagged is None else sum(flagged[start:end])
                one.answer.set_result(Received(ack.batch_id, distinct, bad))
            start = end


def _flagged(batch: pa.RecordBatch | Few) -> list[bool]:
    """Which rows are, by more than being simulated."""
    quality = batch.quality if isinstance(batch, Few) else batch.column("quality").to_pylist()
    return [(one & ~Quality.SIMULATED) != 0 for one in quality]


def _refuse(group: list[_Waiting], error: Exception) -> None:
    for one in group:
        if not one.answer.done():
            one.answer.set_exception(error)
