"""An open instance, served: its application, what it does of itself, its HTTP server, its logs."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import cast

import structlog
import uvicorn
from starlette.applications import Starlette
from structlog.stdlib import ProcessorFormatter

from beffroi.api import metering
from beffroi.api.application import application
from beffroi.api.first_run import FirstRun
from beffroi.api.rooms import Rooms
from beffroi.api.writing import Protocol
from beffroi.app import Instance
from beffroi.errors import Conflict, Text
from beffroi.settings import Settings

log = structlog.get_logger()

SWITCH_EVERY = 0.0005
"""seconds after which a thread that computes lets the event loop go on; Python's own 5 ms would be felt"""
COLLECTED_AFTER = (20_000, 20, 100)
"""objects made, and rounds, after which Python looks for those that hold each other; its own (700, 10, 10) took as long
as taking messages in, of which thousands are under way"""
IDLE_SECONDS = 75
"""a connection that says nothing is kept so long: dashboards come back every few seconds"""
KEEP_EVERY = 20.0
"""seconds between two looks at what was removed and is still on the disk, and at rules of retention"""
FLUSH_EVERY = 1.0
"""seconds between two writings of who saw what"""
BEHIND_EVERY = 10.0
"""seconds between two writings of how devices fare"""


def asgi(instance: Instance) -> FirstRun:
    """The HTTP application of an open instance."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        works = (_flush, _write_behind, _keep, metering.keep)
        tasks = [asyncio.create_task(work(instance.rooms)) for work in works]
        tasks.append(asyncio.create_task(instance.rooms.computing.keep()))
        tasks.append(asyncio.create_task(instance.rooms.notifying.keep()))
        listening = asyncio.create_task(instance.rooms.subscribers.keep())
        dispatching = asyncio.create_task(instance.rooms.dispatcher.keep())
        yield
        dispatching.cancel()
        await asyncio.wait([dispatching])  # what was begun is told of before the sessions it goes by are left
        for task in (*tasks, listening):
            task.cancel()
        await asyncio.wait([listening])  # what networks sent is made durable and acknowledged before the record closes

    return application(instance.rooms, lifespan)


async def _flush(rooms: Rooms) -> None:
    while True:
        await asyncio.sleep(FLUSH_EVERY)
        now = datetime.now(UTC)
        try:
            await asyncio.to_thread(rooms.views.flush, now)
            await asyncio.to_thread(rooms.doors.keeper.flush, now)
        except Exception as error:  # the trail is tried again at the next turn
            log.error("who saw what could not be written", exc_info=error)


async def _write_behind(rooms: Rooms) -> None:
    """How devices fare and where they are heard, of which a crash may take the last: each costs a row, however often it
    changed."""
    while True:
        await asyncio.sleep(BEHIND_EVERY)
        try:
            await asyncio.to_thread(rooms.ward.flush)
            await asyncio.to_thread(rooms.reach.flush)
        except Exception as error:  # what was not written changes again
            log.error("how devices fare could not be written", exc_info=error)


async def _keep(rooms: Rooms) -> None:
    while True:
        await asyncio.sleep(KEEP_EVERY)
        try:
            await asyncio.to_thread(rooms.keeping.turn, now=datetime.now(UTC))
        except Exception as error:  # what is not done yet is done at a later turn
            log.error("what is to be removed could not be, for now", exc_info=error)


def require_port(settings: Settings) -> None:
    """Raises `Conflict` when another program answers where the instance would."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((settings.host, settings.port))
        except OSError as error:
            told = f"{settings.host}:{settings.port} ({error.strerror})"
            raise Conflict(
                Text(
                    f"Impossible de répondre à {told} : choisissez un autre port (--port).",
                    f"Cannot answer at {told}: choose another port (--port).",
                )
            ) from error


class Server(uvicorn.Server):
    """An instance's server; `ready` is called once the address answers, live readings end before it stops."""

    def __init__(self, instance: Instance, ready: Callable[[], None] = lambda: None) -> None:
        settings, app = instance.settings, asgi(instance)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http=cast(type[asyncio.Protocol], partial(Protocol, app.thin)),
            log_config=None,
            access_log=False,
            proxy_headers=bool(settings.public_url),
            timeout_graceful_shutdown=5,
            timeout_keep_alive=IDLE_SECONDS,
            server_header=False,
        )
        super().__init__(config)
        self._live = instance.rooms.pipeline.live
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.close()
        await super().shutdown(sockets)


def serve(instance: Instance, *, ready: Callable[[], None] = lambda: None) -> None:
    """Answer until SIGINT or SIGTERM; what opened the instance then closes it."""
    for one in (signal.SIGINT, signal.SIGTERM):  # uvicorn raises them again once it has stopped
        signal.signal(one, lambda number, frame: sys.exit(0))
    sys.setswitchinterval(SWITCH_EVERY)
    gc.set_threshold(*COLLECTED_AFTER)
    Server(instance, ready).run()


def set_up_logs(settings: Settings) -> None:
    """Structured lines on standard error: for people, or one JSON object a line."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.log_format == "json":
        shared.append(structlog.processors.dict_tracebacks)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.log_level.upper())),
        cache_logger_on_first_use=True,
        logger_factory=structlog.WriteLoggerFactory(file=open(2, "w", closefd=False)),  # noqa: SIM115
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
