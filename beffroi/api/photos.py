"""Photos of assets and devices: /assets/{id}/photos, /devices/{id}/photos."""

from typing import Annotated, Any

import msgspec
from starlette.responses import Response

from beffroi.api.registry import Id
from beffroi.api.routing import Call, Routes, read_body
from beffroi.aside import aside
from beffroi.registry import photos
from beffroi.registry.fields import Key
from beffroi.registry.notes import Noted
from beffroi.registry.photos import LARGEST, Alt, Photo, Size

routes = Routes("photos", "Photos of assets and devices, for whoever sees the thing.")

SENT = ("image/jpeg", "image/png", "image/webp")
WEBP = "image/webp"
Binary = Annotated[str, msgspec.Meta(extra_json_schema={"format": "binary"})]


class PhotoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    alt: Alt


@routes.get("/assets/{id}/photos")
def of_asset(call: Call, id: Id) -> list[Photo]:
    """Photos of an asset, the newest first."""
    return _of(call, "asset", id)


@routes.get("/devices/{id}/photos")
def of_device(call: Call, id: Id) -> list[Photo]:
    """Photos of a device, the newest first."""
    return _of(call, "device", id)


@routes.post("/assets/{id}/photos", status=201, consumes=SENT, raw_body=Binary, answer=Photo)
async def add_to_asset(call: Call, id: Id, query: PhotoQuery) -> Any:
    """Add a photo: JPEG, PNG or WebP, 20 MiB at most. It is kept without what the file said of place and time."""
    return await _add(call, "asset", id, query.alt)


@routes.post("/devices/{id}/photos", status=201, consumes=SENT, raw_body=Binary, answer=Photo)
async def add_to_device(call: Call, id: Id, query: PhotoQuery) -> Any:
    """Add a photo: JPEG, PNG or WebP, 20 MiB at most. It is kept without what the file said of place and time."""
    return await _add(call, "device", id, query.alt)


@routes.get("/assets/{id}/photos/{photo}/{size}", produces=(WEBP,), answer=Binary)
def picture_of_asset(call: Call, id: Id, photo: Key, size: Size) -> Response:
    """The picture itself, `large` or `small`."""
    return _picture(call, "asset", id, photo, size)


@routes.get("/devices/{id}/photos/{photo}/{size}", produces=(WEBP,), answer=Binary)
def picture_of_device(call: Call, id: Id, photo: Key, size: Size) -> Response:
    """The picture itself, `large` or `small`."""
    return _picture(call, "device", id, photo, size)


@routes.delete("/assets/{id}/photos/{photo}")
def remove_from_asset(call: Call, id: Id, photo: Key) -> None:
    """Remove a photo, for good."""
    _remove(call, "asset", id, photo)


@routes.delete("/devices/{id}/photos/{photo}")
def remove_from_device(call: Call, id: Id, photo: Key) -> None:
    """Remove a photo, for good."""
    _remove(call, "device", id, photo)


def _of(call: Call, type_: Noted, id_: int) -> list[Photo]:
    with call.reading() as tx:
        return photos.of(call.scope, tx, type_, id_)


async def _add(call: Call, type_: Noted, id_: int, alt: str) -> Photo:
    await aside(_check, call, type_, id_)  # before anything is taken in
    content = await read_body(call.request, LARGEST)
    return await aside(_kept, call, type_, id_, alt, content)


def _check(call: Call, type_: Noted, id_: int) -> None:
    with call.reading() as tx:
        photos.check(call.scope, tx, type_, id_)


def _kept(call: Call, type_: Noted, id_: int, alt: str, content: bytes) -> Photo:
    kept, key = call.rooms.photos, photos.a_key()
    picture = kept.made_anew(content)
    kept.keep(key, picture)
    try:
        with call.rooms.database.write() as tx:
            return photos.add(call.scope, tx, type_, id_, key, alt, picture, now=call.now)
    except BaseException:
        kept.erase([key])
        raise


def _picture(call: Call, type_: Noted, id_: int, key: str, size: Size) -> Response:
    with call.reading() as tx:
        photos.seen(call.scope, tx, type_, id_, key)
    # asked again each time: who no longer sees the thing no longer sees it
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{key}"', "Vary": "Cookie, Authorization"}
    if call.request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(call.rooms.photos.read(key, size), media_type=WEBP, headers=headers)


def _remove(call: Call, type_: Noted, id_: int, key: str) -> None:
    with call.rooms.database.write() as tx:
        photos.remove(call.scope, tx, type_, id_, key, now=call.now)
    call.rooms.photos.erase([key])
