"""Small writes that come at the same time go through the pipeline together, each answered for itself.

One observation a request is how networks send. While a group is being made durable, the requests that arrive form the
next one: the more come, the more each fsync carries.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import anyio.to_thread
import numpy as np

from beffroi.access import Scope
from beffroi.api import formats
from beffroi.api.formats import Observation
from beffroi.errors import BeffroiError
from beffroi.observations import Quality, one_batch
from beffroi.pipeline import Pipeline, Received

FEW = 8
"""requests under way, up to which another does not wait for them: while they are made durable it is made ready. Beyond,
what each costs counts more, and larger groups cost less."""


@dataclass(eq=False)
class _Waiting:
    scope: Scope
    rows: list[Observation]
    now: datetime
    answer: "asyncio.Future[Received]"


class Gathering:
    """Belongs to one event loop. Groups are by scope: what one caller may write says nothing of another's batch."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._waiting: dict[int, list[_Waiting]] = {}
        self._under_way: Counter[int] = Counter()
        self._carrying: set[asyncio.Task[None]] = set()

    async def receive(self, scope: Scope, rows: list[Observation], *, now: datetime) -> Received:
        """As `Pipeline.receive`: the rows of one request are taken whole or not at all, whatever comes beside them."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(scope, rows, now, loop.create_future())
        key = id(scope)
        group = self._waiting.setdefault(key, [])
        group.append(waiting)
        if len(group) == 1 and self._under_way[key] <= FEW:
            task = loop.create_task(self._carry(key))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)
        return await waiting.answer

    async def _carry(self, key: int) -> None:
        await asyncio.sleep(0)  # those that arrived in the same breath join
        while group := self._waiting.pop(key, None):
            self._under_way[key] += len(group)
            try:
                await self._together(group)
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                _refuse(group, error)
            self._under_way[key] -= len(group)
        if not self._under_way[key]:
            del self._under_way[key]

    async def _together(self, group: list[_Waiting]) -> None:
        first = group[0]
        batch = one_batch(formats.batch_of_rows([row for one in group for row in one.rows]))
        try:
            if self._pipeline.knows(first.scope, batch):
                begun = self._pipeline.begin(first.scope, batch, now=first.now)
            else:
                begun = await anyio.to_thread.run_sync(lambda: self._pipeline.begin(first.scope, batch, now=first.now))
        except BeffroiError as error:
            if len(group) == 1:
                _refuse(group, error)
                return
            for one in group:  # one of them is at fault: it must not take the others along
                await self._together([one])
            return
        qualified, some, stored = begun
        ack = await asyncio.wrap_future(stored)
        self._pipeline.live.publish(qualified)
        flagged = (qualified["quality"].to_numpy() & ~np.uint16(Quality.SIMULATED)) != 0 if some else None
        start = 0
        for one in group:
            end = start + len(one.rows)
            distinct = end - start if end - start == 1 else len({(row.series, row.time) for row in one.rows})
            if not one.answer.done():
                bad = 0 if flagged is None else int(flagged[start:end].sum())
                one.answer.set_result(Received(ack.batch_id, distinct, bad))
            start = end


def _refuse(group: list[_Waiting], error: Exception) -> None:
    for one in group:
        if not one.answer.done():
            one.answer.set_exception(error)
