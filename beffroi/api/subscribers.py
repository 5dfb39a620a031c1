"""The connections by MQTT, kept alive: each listens to its broker, begins again when cut, and tells its state."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.connectors import CONNECTORS
from beffroi.acquisition.downlinks.networks import Publication, is_command
from beffroi.acquisition.mqtt import NOT_OPEN, Lost, Session, Unheard, Version
from beffroi.api.inbox import Inbox
from beffroi.database import Database
from beffroi.errors import BeffroiError, Text
from beffroi.pipeline.fates import Delivery

log = structlog.get_logger()

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""seconds before trying again: doubled each time, and drawn from the upper half so that not all come back at once"""
SETTLES = 0.2
"""seconds after a change before connections are looked at: changes come many together"""
UNKNOWN_FAULT = Text(
    "Un message n'a pas pu être pris : voyez le journal.", "A message could not be taken: see the log."
)


@dataclass
class State:
    """Of a connection that listens, since the instance began. `since`: connected, or cut when `connected` is false.
    `error`: the last, which may be mended."""

    connected: bool = False
    since: datetime | None = None
    messages: int = 0
    latest_at: datetime | None = None
    error: Text | None = None
    error_at: datetime | None = None
    next_try_at: datetime | None = None


class Subscription:
    """One connection: session after session, until cancelled."""

    def __init__(self, connection: Connection, password: str | None, inbox: Inbox, state: State) -> None:
        self.connection, self.password, self.state = connection, password, state
        self._inbox, self._wait = inbox, FIRST_WAIT
        self._version: Version = "5"
        self._session: Session | None = None
        self._task = asyncio.create_task(self._keep())

    async def publish(self, publication: Publication) -> None:
        """As `Session.publish`."""
        if self._session is None:
            raise Unheard(NOT_OPEN)
        await self._session.publish(*publication)

    async def close(self, *, forgotten: bool = False) -> None:
        """`forgotten`: the connection is ended, and the broker need not wait for it."""
        if self._session is not None:
            self._session.forgotten = forgotten
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._told(connected=False)

    async def _keep(self) -> None:
        while True:
            try:
                self._session = self._begun()
                await self._session.serve()
            except Lost as error:
                self._failed(error.text)
                if error.misunderstood:
                    self._version = "3.1.1" if self._version == "5" else "5"
            except BeffroiError as error:
                self._failed(error.text)
            except Exception as error:  # the next session tries the same message again
                log.error("a message could not be taken", connection=self.connection.key, exc_info=error)
                self._failed(UNKNOWN_FAULT)
            await self._pause()

    def _begun(self) -> Session:
        connection = self.connection
        broker = connection.settings.broker
        assert broker is not None
        topics = broker.topics or CONNECTORS[connection.kind].manifest.topics
        client = broker.client or f"beffroi-{connection.key}"
        return Session(broker, topics, client, self.password, self._take, self._ready, self._version)

    def _take(self, topic: str, payload: bytes) -> "asyncio.Future[Any]":
        if is_command(topic):  # our own, or another program's
            passed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            passed.set_result(None)
            return passed
        now = datetime.now(UTC)
        self.state.messages += 1
        self.state.latest_at = now
        return self._inbox.put(Delivery(self.connection, payload, Envelope(now, "mqtt", topic)))

    def _ready(self) -> None:
        self.state.next_try_at = None
        self._told(connected=True)

    def _failed(self, text: Text) -> None:
        now, state = datetime.now(UTC), self.state
        if state.connected and state.since and now - state.since > timedelta(seconds=LONGEST_WAIT):
            self._wait = FIRST_WAIT  # one that lasted; those cut at once wait longer and longer
        state.error, state.error_at = text, now
        self._told(connected=False)

    def _told(self, *, connected: bool) -> None:
        if self.state.connected != connected:
            self.state.connected, self.state.since = connected, datetime.now(UTC)

    async def _pause(self) -> None:
        wait = self._wait * random.uniform(0.5, 1)
        self._wait = min(2 * self._wait, LONGEST_WAIT)
        self.state.next_try_at = datetime.now(UTC) + timedelta(seconds=wait)
        await asyncio.sleep(wait)


class Subscribers:
    """Belongs to one event loop, but for `changed` and `state`."""

    def __init__(self, database: Database, inbox: Inbox, sealing: Sealing) -> None:
        self._database, self._inbox, self._sealing = database, inbox, sealing
        self._open: dict[str, Subscription] = {}
        self._states: dict[str, State] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stale = asyncio.Event()

    def changed(self) -> None:
        """Connections may have been made, changed or ended; from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: nothing listens any more
                self._loop.call_soon_threadsafe(self._stale.set)

    def state(self, key: str) -> State:
        return self._states.get(key) or State()

    async def publish(self, key: str, publication: Publication) -> None:
        """By the session of that connection. Raises `Unheard` when nothing left, `Lost` when that is not known."""
        subscription = self._open.get(key)
        if subscription is None:
            raise Unheard(NOT_OPEN)
        await subscription.publish(publication)

    async def keep(self) -> None:
        """Until cancelled; then every session is left with nothing acknowledged that is not durable."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                self._stale.clear()
                await self._look()
                await self._stale.wait()
                await asyncio.sleep(SETTLES)
        finally:
            self._loop = None
            await asyncio.gather(*(one.close() for one in self._open.values()))
            self._open.clear()

    async def _look(self) -> None:
        try:
            wanted = await asyncio.to_thread(self._wanted)
        except Exception as error:  # those that listen go on
            log.error("connections could not be read", exc_info=error)
            return
        gone = [
            key for key, one in self._open.items() if wanted.get(key, (None, None)) != (one.connection, one.password)
        ]
        await asyncio.gather(*(self._open.pop(key).close(forgotten=key not in wanted) for key in gone))
        for key in wanted.keys() - self._open.keys():
            connection, password = wanted[key]
            state = self._states[key] = State()
            self._open[key] = Subscription(connection, password, self._inbox, state)

    def _wanted(self) -> dict[str, tuple[Connection, str | None]]:
        """One whose password does not open is told so, and keeps no other from listening."""
        wanted: dict[str, tuple[Connection, str | None]] = {}
        with self._database.read() as tx:
            for one in connections.all_open(tx, "mqtt"):
                try:
                    wanted[one.key] = (one, connections.password_of(tx, self._sealing, one.key))
                except BeffroiError as error:
                    self._states[one.key] = State(error=error.text, error_at=datetime.now(UTC))
        return wanted
