"""A connection by MQTT: it listens to its broker, begins again when cut, and tells its state."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.connectors import CONNECTORS
from beffroi.acquisition.downlinks.networks import Publication, is_command
from beffroi.acquisition.mqtt import NOT_OPEN, Lost, Session, Unheard, Version
from beffroi.acquisition.ways import Credentials
from beffroi.api.feeds import UNKNOWN_FAULT, Around, Backoff, State
from beffroi.errors import BeffroiError, Text
from beffroi.pipeline.fates import Delivery

log = structlog.get_logger()

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""seconds before trying again"""


class Subscription:
    """One connection: session after session, until cancelled."""

    def __init__(self, connection: Connection, credentials: Credentials, state: State, around: Around) -> None:
        self.connection, self.credentials, self.state = connection, credentials, state
        self._inbox, self._perimeter = around.inbox, around.bounds.perimeter
        self._backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
        self._version: Version = "5"
        self._session: Session | None = None
        self._task = asyncio.create_task(self._keep())

    async def publish(self, publication: Publication) -> None:
        """As `Session.publish`."""
        if self._session is None:
            raise Unheard(NOT_OPEN)
        await self._session.publish(*publication)

    def hurry(self) -> None:
        """It listens."""

    async def close(self, *, forgotten: bool = False) -> None:
        if self._session is not None:
            self._session.forgotten = forgotten
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self.state.told(connected=False)

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
        password = self.credentials.password
        return Session(broker, topics, client, password, self._take, self._ready, self._perimeter, self._version)

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
        self.state.next_try_at, self.state.failures = None, 0
        self.state.told(connected=True)

    def _failed(self, text: Text) -> None:
        now, state = datetime.now(UTC), self.state
        if state.connected and state.since and now - state.since > timedelta(seconds=LONGEST_WAIT):
            self._backoff.reset()  # one that lasted; those cut at once wait longer and longer
        state.failed(text)

    async def _pause(self) -> None:
        wait = self._backoff.wait()
        self.state.waits(wait)
        await asyncio.sleep(wait)
