"""The connections where Beffroi begins, kept going: those that listen to a broker, and those that fetch."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import structlog

from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.downlinks.networks import Publication
from beffroi.acquisition.mqtt import NOT_OPEN, Unheard
from beffroi.acquisition.ways import Bounds, Credentials, Transport
from beffroi.api.feeds import Around, Feed, Open, State
from beffroi.api.fetching import Fetching, drop_of, poller_of, remote_drop_of
from beffroi.api.inbox import Inbox
from beffroi.api.subscription import Subscription
from beffroi.database import Database
from beffroi.errors import BeffroiError

log = structlog.get_logger()

SETTLES = 0.2
"""seconds after a change before connections are looked at: changes come many together"""
FEEDS: dict[Transport, Open] = {
    "mqtt": Subscription,
    "poll": Fetching.of(poller_of),
    "folder": Fetching.of(drop_of),
    "sftp": Fetching.of(remote_drop_of),
}
"""what keeps a connection of each transport going"""


class Subscribers:
    """Belongs to one event loop, but for `changed` and `state`."""

    def __init__(self, database: Database, inbox: Inbox, sealing: Sealing, bounds: Bounds) -> None:
        self._database, self._sealing = database, sealing
        self._around = Around(inbox, database, bounds)
        self._open: dict[str, Feed] = {}
        self._states: dict[str, State] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stale = asyncio.Event()

    def changed(self) -> None:
        """Connections may have been made, changed or ended; from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: nothing listens any more
                self._loop.call_soon_threadsafe(self._stale.set)

    def hurry(self, key: str) -> None:
        """A look now at what a connection fetches; from any thread."""
        if self._loop is not None and (feed := self._open.get(key)) is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(feed.hurry)

    def state(self, key: str) -> State:
        return self._states.get(key) or State()

    async def publish(self, key: str, publication: Publication) -> None:
        """By the session of that connection. Raises `Unheard` when nothing left, `Lost` when that is not known."""
        subscription = self._open.get(key)
        if not isinstance(subscription, Subscription):
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
        gone = [key for key, one in self._open.items() if wanted.get(key) != (one.connection, one.credentials)]
        await asyncio.gather(*(self._open.pop(key).close(forgotten=key not in wanted) for key in gone))
        for key in wanted.keys() - self._open.keys():
            connection, credentials = wanted[key]
            state = self._states[key] = State()
            self._open[key] = FEEDS[connection.transport](connection, credentials, state, self._around)

    def _wanted(self) -> dict[str, tuple[Connection, Credentials]]:
        """One whose credentials do not open is told so, and keeps no other from going on."""
        wanted: dict[str, tuple[Connection, Credentials]] = {}
        with self._database.read() as tx:
            for one in connections.all_open(tx):
                try:
                    wanted[one.key] = (one, connections.credentials_of(tx, self._sealing, one))
                except BeffroiError as error:
                    self._states[one.key] = State(error=error.text, error_at=datetime.now(UTC))
        return wanted
