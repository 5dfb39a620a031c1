"""Assets: /assets."""

import msgspec
from starlette.responses import Response

from beffroi.api.registry import FORMATS, Id, listed, noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.registry import assets, photos, relations
from beffroi.registry.assets import AssetPatch, AssetQuery, NewAsset
from beffroi.registry.model import Asset
from beffroi.registry.relations import Neighbour, RelatedQuery


class Counted(msgspec.Struct, frozen=True):
    count: int


routes = Routes("assets", "What collectivités look after: lamps, buildings, meters, containers…")


@routes.get("/assets", produces=FORMATS, answer=Page[Asset])
def list_assets(call: Call, query: AssetQuery) -> Page[Asset] | Response:
    """Assets the caller may see. As CSV or XLSX by `Accept`: all of them, unless a `limit` is asked."""
    return listed(call, "assets", "asset", query, assets.find, assets.every)


@routes.get("/assets/count")
def count(call: Call, query: AssetQuery) -> Counted:
    """How many assets the caller may see, of those that are asked."""
    with call.reading() as tx:
        return Counted(assets.count(call.scope, tx, query))


@routes.post("/assets", status=201)
def create(call: Call, body: NewAsset) -> Asset:
    """Add an asset."""
    with call.writing() as tx:
        return assets.create(call.scope, tx, body, now=call.now)


@routes.get("/assets/{id}")
def asset(call: Call, id: Id) -> Asset:
    """One asset."""
    with call.reading() as tx:
        found = assets.get(call.scope, tx, id)
    noted(call, "asset", [found], str(id))
    return found


@routes.patch("/assets/{id}")
def change(call: Call, id: Id, body: AssetPatch) -> Asset:
    """Change the fields that are given; moving to another collectivité goes through /moves."""
    with call.writing() as tx:
        return assets.change(call.scope, tx, id, body, now=call.now)


@routes.delete("/assets/{id}")
def remove(call: Call, id: Id) -> None:
    """Remove an asset; refused while a device, a series or a relation names it."""
    with call.writing() as tx:
        gone = photos.keys_of(tx, "asset", id)
        assets.remove(call.scope, tx, id, now=call.now)
    call.rooms.photos.erase(gone)


@routes.get("/assets/{id}/relations")
def related(call: Call, id: Id, query: RelatedQuery) -> Page[Neighbour]:
    """What is related to it, in either direction, with what stands at the other end."""
    with call.reading() as tx:
        found = assets.get(call.scope, tx, id)
        neighbours = relations.neighbours(call.scope, tx, "asset", id, at=query.at)
    noted(call, "asset", [found], str(id))
    return Page(neighbours)
