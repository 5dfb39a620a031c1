"""Where deliveries wait for each other: those that arrive together are taken in together, each answered for itself."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from beffroi.acquisition.messages import Message
from beffroi.acquisition.recipes import Measured
from beffroi.acquisition.steps import Steps
from beffroi.api.carrying import Carrier
from beffroi.aside import aside
from beffroi.errors import Text
from beffroi.pipeline.fates import Delivery, Fate, Outcome
from beffroi.pipeline.held import Cause
from beffroi.pipeline.reception import Reception

TOGETHER = 1000
"""deliveries taken in at once"""
FEW = 64
"""deliveries that are taken in on the event loop itself: handing them to a thread would cost more than they do"""
LARGE, LARGE_AT_ONCE = 2**18, 2
"""bytes of a delivery that is taken in apart, in a thread: the others need not wait while it is read"""
REMEMBERED, CONNECTIONS_REMEMBERED = 50, 1000
DAY = timedelta(days=1)

Waiting = tuple[Delivery, "asyncio.Future[list[Fate]]"]


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
        self._carrier: Carrier[Waiting] = Carrier(self._together, most=TOGETHER)
        self._apart: set[asyncio.Task[None]] = set()
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._remembered: OrderedDict[str, deque[tuple[datetime, Fate]]] = OrderedDict()
        self._hours: dict[str, Counter[datetime]] = {}

    async def receive(self, delivery: Delivery) -> list[Fate]:
        """As `Reception.receive`, of one."""
        return await self.put(delivery)

    def put(self, delivery: Delivery) -> "asyncio.Future[list[Fate]]":
        """As `receive`, for whoever has many under way: a future costs less than a task."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Fate]] = loop.create_future()
        if len(delivery.content) > LARGE:
            _begin(self._alone(delivery, answer), self._apart)
            return answer
        self._carrier.add((delivery, answer))
        return answer

    def lately(self, connection: str) -> list[Remembered]:
        """The last messages of a connection since this process began, the newest first."""
        return [_remembered(at, fate) for at, fate in reversed(self._remembered.get(connection, ()))]

    def last(self, connection: str) -> datetime | None:
        """When a message last came by it."""
        kept = self._remembered.get(connection)
        return kept[-1][0] if kept else None

    def since_a_day(self, connection: str, *, now: datetime) -> int:
        """Messages of the last 24 hours, to the hour."""
        return sum(count for hour, count in self._hours.get(connection, Counter()).items() if hour > now - DAY)

    async def _alone(self, delivery: Delivery, answer: "asyncio.Future[list[Fate]]") -> None:
        async with self._large:
            now = datetime.now(UTC)
            try:
                fates = await aside(self._reception.receive, [delivery], now=now)
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                _refuse([(delivery, answer)], error)
            else:
                self._answer([(delivery, answer)], fates, now)

    def _together(self, group: list[Waiting]) -> Steps[None]:
        deliveries = [delivery for delivery, _ in group]
        now = datetime.now(UTC)
        try:
            if len(group) <= FEW:
                fates = yield from self._reception.receiving(deliveries, now=now)
            else:
                fates = yield lambda: self._reception.receive(deliveries, now=now)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            _refuse(group, error)
        else:
            self._answer(group, fates, now)

    def _answer(self, group: list[Waiting], fates: list[list[Fate]], now: datetime) -> None:
        by_connection: dict[str, list[Fate]] = {}
        for (delivery, answer), some in zip(group, fates, strict=True):
            by_connection.setdefault(delivery.connection.key, []).extend(some)
            if not answer.done():
                answer.set_result(some)
        for connection, told in by_connection.items():
            self._remember(connection, told, now)

    def _remember(self, connection: str, fates: Sequence[Fate], now: datetime) -> None:
        kept = self._remembered.setdefault(connection, deque(maxlen=REMEMBERED))
        self._remembered.move_to_end(connection)
        if len(self._remembered) > CONNECTIONS_REMEMBERED:
            forgotten, _ = self._remembered.popitem(last=False)
            del self._hours[forgotten]
        self._count(connection, len(fates), now)
        for fate in fates[-REMEMBERED:]:
            fate.content = None  # it is in quarantine, and may be large
            kept.append((now, fate))

    def _count(self, connection: str, messages: int, now: datetime) -> None:
        hours = self._hours.setdefault(connection, Counter())
        hours[now.replace(minute=0, second=0, microsecond=0)] += messages
        for hour in [hour for hour in hours if hour <= now - 2 * DAY]:
            del hours[hour]


def _refuse(group: list[Waiting], error: Exception) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)


def _begin(work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def _remembered(at: datetime, fate: Fate) -> Remembered:
    return Remembered(at, fate.message, fate.outcome, fate.cause, fate.reason, tuple(map(_told, fate.values)))


def _told(one: Measured) -> tuple[str, str, Any, str]:
    channel = one.channel
    return channel.key, channel.observed_property, one.shown, channel.unit
