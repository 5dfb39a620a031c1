"""Months of use close while the instance answers."""

import asyncio
from datetime import UTC, datetime

import structlog

from beffroi.api.rooms import Rooms
from beffroi.pooling import metered

log = structlog.get_logger()

BEGINS = 120.0
"""seconds after the instance does: dashboards that come back are answered first"""
EVERY = 600.0
"""seconds between two looks at whether a month has ended whose use is to be counted"""


async def keep(rooms: Rooms) -> None:
    """Until cancelled."""
    await asyncio.sleep(BEGINS)
    while True:
        try:
            await asyncio.to_thread(metered.turn, rooms.database, rooms.record, rooms.time_zone, now=datetime.now(UTC))
        except Exception as error:  # months that are not closed yet are at a later turn
            log.error("what was used could not be counted, for now", exc_info=error)
        await asyncio.sleep(EVERY)
