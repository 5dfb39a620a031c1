"""Downlinks on their way out: what is durable and approved is handed to its network, once; the clock ends others."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime

import structlog

from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.downlinks import course
from beffroi.acquisition.downlinks.course import GONE, INTERRUPTED, Due
from beffroi.acquisition.downlinks.networks import PUBLICATIONS, Parcel, Publication
from beffroi.acquisition.downlinks.posting import NotTaken, post
from beffroi.acquisition.mqtt import Lost, Unheard
from beffroi.acquisition.outward import CallFailed, Outward
from beffroi.api.subscribers import Subscribers
from beffroi.database import Database
from beffroi.errors import BeffroiError, Text

log = structlog.get_logger()

EVERY = 2.0
"""seconds between two looks at what is due and what has expired, when nothing was asked meanwhile"""
NO_TOKEN = Text("Le jeton de l'API du réseau manque.", "The token of the network's API is missing.")


class Dispatcher:
    """Belongs to one event loop, but for `changed`."""

    def __init__(self, database: Database, subscribers: Subscribers, sealing: Sealing, outward: Outward) -> None:
        self._database, self._subscribers = database, subscribers
        self._sealing, self._outward = sealing, outward
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = asyncio.Event()

    def changed(self) -> None:
        """Something may be due; from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: nothing leaves any more
                self._loop.call_soon_threadsafe(self._asked.set)

    async def keep(self) -> None:
        """Until cancelled."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._resume)
        while True:
            self._asked.clear()
            try:
                await self._turn()
            except Exception as error:  # the next turn tries again
                log.error("downlinks could not be handed over, for now", exc_info=error)
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._asked.wait()

    def _resume(self) -> None:
        with self._database.write() as tx:
            interrupted = course.resume(tx, now=datetime.now(UTC))
        if interrupted:
            log.warning("downlinks were being handed over when the program stopped", downlinks=interrupted)

    async def _turn(self) -> None:
        """Networks beside each other; the downlinks of one, one after the other."""
        waiting, ways = await asyncio.to_thread(self._look)
        by_connection: dict[str, list[Due]] = defaultdict(list)
        for one in waiting:
            by_connection[one.connection].append(one)
        await asyncio.gather(*(self._hand_over(ways.get(key), some) for key, some in by_connection.items()))

    def _look(self) -> tuple[list[Due], dict[str, Connection]]:
        now = datetime.now(UTC)
        with self._database.read() as tx:
            waiting = course.due(tx, now=now)
            late = course.any_late(tx, now=now)
            ways = connections.by_key(tx, {one.connection for one in waiting}) if waiting else {}
        if late:
            with self._database.write() as tx:
                course.expire(tx, now=now)
        return waiting, ways

    async def _hand_over(self, connection: Connection | None, some: list[Due]) -> None:
        for one in some:
            if connection is None or connection.ended_at is not None or not one.whole:
                await asyncio.to_thread(self._fail, one, GONE)
            elif not await self._handed(connection, one):
                return  # the network is away: its others wait too

    async def _handed(self, connection: Connection, one: Due) -> bool:
        """Whether its turn is over. False: nothing left, and it is tried again at a later turn."""
        parcel = Parcel(
            one.key, one.code, one.port, one.payload, one.confirmed, one.expires_at, one.application, one.name
        )
        by_api = connection.settings.api is not None
        try:
            publication = None if by_api else PUBLICATIONS[connection.kind](parcel, connection)
        except BeffroiError as error:
            await asyncio.to_thread(self._fail, one, error.text)
            return True
        if publication is not None and not self._subscribers.state(connection.key).connected:
            return False
        if not await asyncio.to_thread(self._begin, one):
            return True
        if publication is None:
            return await asyncio.to_thread(self._post, connection, one, parcel)
        return await self._publish(connection, one, publication)

    async def _publish(self, connection: Connection, one: Due, publication: Publication) -> bool:
        try:
            await self._subscribers.publish(connection.key, publication)
        except Unheard as error:
            return await asyncio.to_thread(self._put_off, one, error.text)
        except Lost:
            await asyncio.to_thread(self._fail, one, INTERRUPTED, uncertain=True)
            return True
        await asyncio.to_thread(self._settle, one, one.key)
        return True

    def _post(self, connection: Connection, one: Due, parcel: Parcel) -> bool:
        try:
            with self._database.read() as tx:
                token = connections.token_of(tx, self._sealing, connection.key)
            if token is None:
                raise NotTaken(NO_TOKEN)
            told = post(self._outward, connection, token, parcel)
        except CallFailed as error:
            if not error.left:
                return self._put_off(one, error.text)
            self._fail(one, INTERRUPTED, uncertain=True)
        except BeffroiError as error:
            self._fail(one, error.text)
        else:
            self._settle(one, told)
        return True

    def _begin(self, one: Due) -> bool:
        with self._database.write() as tx:
            return course.begin(tx, one.id, now=datetime.now(UTC))

    def _settle(self, one: Due, network_key: str) -> None:
        with self._database.write() as tx:
            course.handed(tx, one.id, network_key=network_key, now=datetime.now(UTC))

    def _put_off(self, one: Due, why: Text) -> bool:
        with self._database.write() as tx:
            course.postpone(tx, one.id, why)
        return False

    def _fail(self, one: Due, reason: Text, *, uncertain: bool = False) -> None:
        with self._database.write() as tx:
            course.fail(tx, one.id, reason, now=datetime.now(UTC), uncertain=uncertain)
