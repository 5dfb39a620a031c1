"""Months of use close while the instance answers."""

import asyncio
import threading
from datetime import UTC, datetime

import structlog

from beffroi.api.rooms import Rooms
from beffroi.pooling import metered

log = structlog.get_logger()

BEGINS = 120.0
"""seconds after the instance does: dashboards that come back are answered first"""
EVERY = 600.0
"""seconds between two looks at whether a month has ended whose use is to be counted"""


class Stopped(Exception):
    """Whoever counts is to end."""


async def keep(rooms: Rooms) -> None:
    """Until cancelled; the month that is being counted then is at the next start."""
    stopping = threading.Event()

    def rest(seconds: float) -> None:
        if stopping.wait(seconds):
            raise Stopped

    def turn() -> None:
        metered.turn(rooms.database, rooms.record, rooms.time_zone, now=datetime.now(UTC), rest=rest)

    await asyncio.sleep(BEGINS)
    try:
        while True:
            try:
                await asyncio.to_thread(turn)
            except Exception as error:  # months that are not closed yet are at a later turn
                log.error("what was used could not be counted, for now", exc_info=error)
            await asyncio.sleep(EVERY)
    finally:
        stopping.set()
