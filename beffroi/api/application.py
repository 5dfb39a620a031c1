"""The ASGI application: every domain's routes under one prefix, one error table, the page at `/`."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from beffroi.api import (
    accessibility,
    agreements,
    assets,
    audit,
    backups,
    bulk,
    chirpstack,
    claims,
    collectivities,
    connections,
    cost_models,
    dashboards,
    deletions,
    device_states,
    devices,
    downlinks,
    experiments,
    failures,
    feeding,
    files,
    geography,
    groups,
    imports,
    invitations,
    keys,
    map,
    model_codecs,
    moves,
    notes,
    notifications,
    observations,
    people,
    photos,
    problems,
    programmes,
    purchases,
    quarantine,
    referential,
    relations,
    retention,
    returns,
    series,
    session,
    setup,
    sites,
    skills,
    stream,
    structure,
    territory,
    usage,
)
from beffroi.api.delivering import Delivering
from beffroi.api.docs import docs_page
from beffroi.api.first_run import FirstRun
from beffroi.api.ingestion import Ingestion
from beffroi.api.monitoring import Metrics, Observed, health
from beffroi.api.openapi import document
from beffroi.api.rooms import Rooms
from beffroi.api.routing import Branches, Routes
from beffroi.api.thin import Thin
from beffroi.errors import BeffroiError

PREFIX = "/api/v1"
DOMAINS: tuple[Routes, ...] = (
    stream.routes,
    observations.routes,
    files.routes,
    retention.routes,
    deletions.routes,
    quarantine.routes,
    connections.routes,
    feeding.routes,
    referential.routes,
    territory.routes,
    map.routes,
    geography.routes,
    structure.routes,
    collectivities.routes,
    sites.routes,
    assets.routes,
    downlinks.routes,
    claims.routes,
    chirpstack.routes,
    devices.routes,
    device_states.routes,
    model_codecs.routes,
    series.routes,
    relations.routes,
    moves.routes,
    bulk.routes,
    notes.routes,
    photos.routes,
    dashboards.routes,
    setup.routes,
    cost_models.routes,
    usage.routes,
    programmes.routes,
    experiments.routes,
    purchases.routes,
    failures.routes,
    groups.routes,
    skills.routes,
    returns.routes,
    session.routes,
    notifications.routes,
    people.routes,
    invitations.routes,
    keys.routes,
    agreements.routes,
    audit.routes,
    imports.routes,
    backups.routes,
    accessibility.routes,
)
"""in the order of the documentation; where two paths match, the first declared answers"""
PAGE = Path(__file__).parent / "page"


def application(rooms: Rooms, lifespan: Any = None) -> FirstRun:
    metrics = Metrics(rooms)
    routes: list[BaseRoute] = [
        Route("/health", health(rooms)),
        Route("/metrics", metrics.page),
        Route(f"{PREFIX}/openapi.json", lambda request: Response(_described(), media_type="application/json")),
        *docs_page(describe, PREFIX),
        Branches(PREFIX, [route for domain in DOMAINS for route in domain.starlette(rooms, PREFIX)]),
        *connections.influx.starlette(rooms, ""),
        *_page(PAGE),
    ]
    common = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(Observed, metrics=metrics, maps=rooms.backdrop.origin, embed_origins=rooms.embed_origins)
        ],
        exception_handlers={
            BeffroiError: problems.from_domain,
            HTTPException: problems.from_http,
            msgspec.DecodeError: problems.from_decoding,
            Exception: problems.from_bug,
        },
    )
    doors = (Ingestion(rooms, f"{PREFIX}/observations"), Delivering(rooms, PREFIX))
    return FirstRun(Thin(common, doors, metrics), rooms, PREFIX)


def _page(folder: Path) -> Sequence[BaseRoute]:
    """The built console; its own paths (`/sign-in`, `/series/12`…) all give its one document."""
    if not (folder / "index.html").is_file():
        return []

    async def index(request: Request) -> Response:
        if request.url.path.startswith("/api/"):
            raise HTTPException(404)
        return FileResponse(folder / "index.html", headers={"Cache-Control": "no-cache"})

    return [
        Mount("/static", GZipMiddleware(_Lasting(directory=folder / "static"))),
        Route("/", index),
        Route("/{path:path}", index),
    ]


class _Lasting(StaticFiles):
    """Files whose name changes with their content: a browser may keep them for good."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def describe() -> dict[str, Any]:
    """The OpenAPI document, without an instance."""
    return document(DOMAINS, PREFIX)


@cache
def _described() -> bytes:
    return msgspec.json.encode(describe())
