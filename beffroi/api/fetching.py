"""A connection that fetches: look after look at its source, each document stored or held before it is settled there."""

import asyncio
import random
from collections.abc import Callable
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from functools import partial

import structlog

from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.fetching.drops import Drop
from beffroi.acquisition.fetching.folder import local_files
from beffroi.acquisition.fetching.memory import Memory
from beffroi.acquisition.fetching.poll import Poller
from beffroi.acquisition.fetching.sftp import remote_files
from beffroi.acquisition.fetching.source import Failed, Found, Source
from beffroi.acquisition.ways import Credentials, Folder, Poll, Sftp, steps
from beffroi.api.feeds import UNKNOWN_FAULT, Around, Backoff, Open, State
from beffroi.errors import BeffroiError, Text
from beffroi.pipeline.fates import Delivery

log = structlog.get_logger()

FIRST_WAIT, LONGEST_WAIT = 5.0, 3600.0
"""seconds before trying again; never oftener than the connection's period, but for the first failures of a long one"""
AT_BEGINNING = 2.0
"""seconds over which connections begin, so that not all look at once"""
EARLY = 0.05
"""of a period, by which looks are spread"""

SourceOf = Callable[[Connection, Credentials, Around], Source]


class Fetching:
    """One connection: look after look, until cancelled."""

    def __init__(
        self, source_of: SourceOf, connection: Connection, credentials: Credentials, state: State, around: Around
    ) -> None:
        self.connection, self.credentials, self.state = connection, credentials, state
        self._lane = around.lanes[connection.owner]
        self._inbox, self._source = around.inbox, source_of(connection, credentials, around)
        self._period = period_of(connection)
        self._backoff = Backoff(min(FIRST_WAIT, self._period), max(self._period, LONGEST_WAIT))
        self._hurried = asyncio.Event()
        self._task = asyncio.create_task(self._keep())

    @classmethod
    def of(cls, source_of: SourceOf) -> Open:
        return partial(cls, source_of)

    def hurry(self) -> None:
        self._hurried.set()

    async def close(self, *, forgotten: bool = False) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self.state.told(connected=False)

    async def _keep(self) -> None:
        await self._pause(random.uniform(0, AT_BEGINNING))
        while True:
            await self._pause(await self._look())

    async def _look(self) -> float:
        """Seconds until the next."""
        error, asked = await self._looked()
        self.state.looked(self._source.status, error)
        if error is not None:
            return max(self._backoff.wait(), asked)
        self._backoff.reset()
        return self._period * random.uniform(1 - EARLY, 1)

    async def _looked(self) -> tuple[Text | None, float]:
        """What went wrong, and for how many seconds the other side asks to be left alone."""
        try:
            async with self._lane, aclosing(self._source.found()) as found:
                async for document in found:
                    await self._take(document)
        except Failed as error:
            return error.text, error.retry_after or 0
        except BeffroiError as error:
            return error.text, 0
        except OSError as error:
            return Text(f"Lecture impossible : {error.strerror}.", f"Cannot be read: {error.strerror}."), 0
        except Exception as error:  # the next look finds the same document again
            log.error("a document could not be taken", connection=self.connection.key, exc_info=error)
            return UNKNOWN_FAULT, 0
        return None, 0

    async def _take(self, document: Found) -> None:
        self.state.documents += 1
        envelope = Envelope(
            document.received_at,
            self.connection.transport,
            topic=document.name,
            content_type=document.content_type,
        )
        delivery = Delivery(self.connection, document.content, envelope, document.refused)
        fates = await self._inbox.put(delivery)
        self.state.messages += len(fates)
        self.state.latest_at = datetime.now(UTC)
        await document.settle(all(fate.cause != "unread" for fate in fates))

    async def _pause(self, seconds: float) -> None:
        self.state.waits(seconds)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), seconds)
        self._hurried.clear()


def poller_of(connection: Connection, credentials: Credentials, around: Around) -> Source:
    poll = connection.settings.poll
    assert poll is not None
    return Poller(poll, credentials, Memory(around.database, connection.key), around.bounds.perimeter)


def drop_of(connection: Connection, credentials: Credentials, around: Around) -> Source:
    folder, root = connection.settings.folder, around.bounds.folders
    assert folder is not None
    path = [connection.owner, *steps(folder.path)]
    return Drop(partial(local_files, root, path), folder.pattern, Memory(around.database, connection.key))


def remote_drop_of(connection: Connection, credentials: Credentials, around: Around) -> Source:
    sftp = connection.settings.sftp
    assert sftp is not None
    opened = partial(remote_files, sftp, credentials, around.bounds.perimeter)
    return Drop(opened, sftp.pattern, Memory(around.database, connection.key))


def period_of(connection: Connection) -> int:
    way = connection.settings
    found: Poll | Folder | Sftp | None = way.poll or way.folder or way.sftp
    assert found is not None
    return found.period
