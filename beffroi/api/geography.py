"""What a map is drawn on: outlines of communes, a background, addresses."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import FileResponse, Response

from beffroi.api.routing import Call, Routes
from beffroi.api.tagged import tagged
from beffroi.api.territory import outline_of
from beffroi.database import Page
from beffroi.errors import NotFound, Text
from beffroi.registry import structures
from beffroi.registry.geography import Address, Boundaries

routes = Routes("geography", "What a map is drawn on: outlines of communes, a background, addresses.")

TILES = "application/vnd.pmtiles"
FILE = "/map/background.pmtiles"


class Background(msgspec.Struct, frozen=True, omit_defaults=True):
    """`style`: the address of a MapLibre style that browsers may fetch. `tiles`: that of a PMTiles file, on this
    instance. `addresses`: whether addresses are looked for."""

    offline: bool
    addresses: bool
    style: str | None = None
    tiles: str | None = None


class AddressQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    q: Annotated[str, Meta(min_length=3, max_length=200)]
    limit: Annotated[int, Meta(ge=1, le=20)] = 5


@routes.get("/map/background")
def background(call: Call) -> Background:
    """What to draw under the territory: a file of this instance before anything from outside, nothing when offline."""
    backdrop, geography = call.rooms.backdrop, call.rooms.geography
    return Background(
        geography.sources.offline,
        geography.finds_addresses,
        style=backdrop.style_url if backdrop.origin else None,
        tiles=f"/api/v1{FILE}" if backdrop.file else None,
    )


@routes.get(FILE, produces=(TILES,), answer=str)
def tiles(call: Call) -> Response:
    """The PMTiles file of the setting `map_file`; parts of it by `Range`."""
    file = call.rooms.backdrop.file
    if file is None:
        raise NotFound(Text("fond de carte", "map background"), "map_file")
    return FileResponse(file, media_type=TILES, headers={"Cache-Control": "private, max-age=86400"})


@routes.get("/map/boundaries", answer=Boundaries)
def boundaries(call: Call) -> Response:
    """The outlines of the communes of this instance, as GeoJSON. Has an `ETag`.

    The official ones where they are known, schematic cells elsewhere.
    """
    with call.reading() as tx:
        communes = structures.communes(tx)
    return tagged(call.request, call.rooms.geography.boundaries(communes, outline_of(call)))


@routes.get("/map/addresses")
def addresses(call: Call, query: AddressQuery) -> Page[Address]:
    """Find an address. What is typed goes to the geocoder of the settings; 404 when the instance asks none."""
    return Page(call.rooms.geography.addresses(query.q, limit=query.limit))
