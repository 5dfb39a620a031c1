"""Where deliveries wait for each other: those that arrive together are taken in together, each answered for itself."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio.to_thread

from beffroi.acquisition import steps
from beffroi.acquisition.messages import Message
from beffroi.acquisition.recipes import Measured
from beffroi.errors import Text
from beffroi.pipeline.fates import Delivery, Fate, Outcome
from beffroi.pipeline.held import Cause
from beffroi.pipeline.reception import Reception

TOGETHER = 1000
"""deliveries taken in at once"""
FEW = 64
"""deliveries that are taken in on the event loop itself: handing them to a thread would cost more than they do"""
LINGER = 0.001
"""seconds for those just answered to come back with their next: a network posts by a few connections, each of which
waits for its answer, and one large group costs less than two small ones"""
REMEMBERED, CONNECTIONS_REMEMBERED = 50, 1000
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Remembered:
    """A message that came lately by a connection, and what became of it. `values`: channel's key, observed property,
    value, unit."""

    at: datetime
    message: Message
    outcome: Outcome
    cause: Cause | None
    reason: Text | None
    values: tuple[tuple[str, str, Any, str], ...]


class Inbox:
    """Belongs to one event loop, but for what it remembers."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._waiting: list[tuple[Delivery, asyncio.Future[list[Fate]]]] = []
        self._carrier: asyncio.Task[None] | None = None
        self._expected = 0
        self._come: asyncio.Event | None = None
        self._remembered: OrderedDict[str, deque[Remembered]] = OrderedDict()
        self._hours: dict[str, Counter[datetime]] = {}

    async def receive(self, delivery: Delivery) -> list[Fate]:
        """As `Reception.receive`, of one."""
        return await self.put(delivery)

    def put(self, delivery: Delivery) -> "asyncio.Future[list[Fate]]":
        """As `receive`, for whoever has many under way: a future costs less than a task."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Fate]] = loop.create_future()
        self._waiting.append((delivery, answer))
        if self._carrier is None:
            self._carrier = loop.create_task(self._carry())
        elif self._come is not None and len(self._waiting) >= self._expected:
            self._come.set()
        return answer

    def lately(self, connection: str) -> list[Remembered]:
        """The last messages of a connection since this process began, the newest first."""
        return list(reversed(self._remembered.get(connection, ())))

    def last(self, connection: str) -> datetime | None:
        """When a message last came by it."""
        newest = self.lately(connection)
        return newest[0].at if newest else None

    def since_a_day(self, connection: str, *, now: datetime) -> int:
        """Messages of the last 24 hours, to the hour."""
        return sum(count for hour, count in self._hours.get(connection, Counter()).items() if hour > now - DAY)

    async def _carry(self) -> None:
        """One group after another: while one is made durable, what arrives forms the next, and costs less together."""
        try:
            await asyncio.sleep(0)  # those that arrived in the same breath join
            while self._waiting:
                group, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                await self._together(group)
                await self._linger(len(group) + len(self._waiting))
        finally:  # before anything else arrives, which would wait for a carrier that goes no more
            self._carrier = None

    async def _linger(self, expected: int) -> None:
        """Until so many wait, or no longer."""
        if not len(self._waiting) < expected <= FEW:
            return
        self._expected, self._come = expected, asyncio.Event()
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                await self._come.wait()
        self._come = None

    async def _together(self, group: "list[tuple[Delivery, asyncio.Future[list[Fate]]]]") -> None:
        deliveries = [delivery for delivery, _ in group]
        now = datetime.now(UTC)
        try:
            if len(group) <= FEW:
                fates = await steps.driven(self._reception.receiving(deliveries, now=now))
            else:
                fates = await anyio.to_thread.run_sync(lambda: self._reception.receive(deliveries, now=now))
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            for _, answer in group:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (delivery, answer), some in zip(group, fates, strict=True):
            self._remember(delivery.connection.key, some, now)
            if not answer.done():
                answer.set_result(some)

    def _remember(self, connection: str, fates: Sequence[Fate], now: datetime) -> None:
        kept = self._remembered.setdefault(connection, deque(maxlen=REMEMBERED))
        self._remembered.move_to_end(connection)
        if len(self._remembered) > CONNECTIONS_REMEMBERED:
            forgotten, _ = self._remembered.popitem(last=False)
            del self._hours[forgotten]
        self._count(connection, len(fates), now)
        for fate in fates[-REMEMBERED:]:
            values = tuple(map(_told, fate.values))
            kept.append(Remembered(now, fate.message, fate.outcome, fate.cause, fate.reason, values))

    def _count(self, connection: str, messages: int, now: datetime) -> None:
        hours = self._hours.setdefault(connection, Counter())
        hours[now.replace(minute=0, second=0, microsecond=0)] += messages
        for hour in [hour for hour in hours if hour <= now - 2 * DAY]:
            del hours[hour]


def _told(one: Measured) -> tuple[str, str, Any, str]:
    channel = one.channel
    return channel.key, channel.observed_property, one.shown, channel.unit
