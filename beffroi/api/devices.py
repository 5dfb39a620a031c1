"""Devices and their models: /devices."""

from typing import Annotated

import msgspec
from starlette.responses import Response

from beffroi.acquisition import tr005
from beffroi.api.registry import FORMATS, Id, listed, noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.network.health import DeviceHealth
from beffroi.registry import devices, models, photos, relations
from beffroi.registry.devices import DevicePatch, DeviceQuery, NewDevice
from beffroi.registry.fields import Known, Name, Owner, ThingId
from beffroi.registry.model import Device, DeviceModel
from beffroi.registry.models import DeviceModelPatch, DeviceModelQuery, ModelCode, NewDeviceModel
from beffroi.registry.relations import Neighbour, RelatedQuery

routes = Routes("devices", "What measures, acts or relays, and the catalogue of models.")


@routes.get("/devices", produces=FORMATS, answer=Page[Device])
def list_devices(call: Call, query: DeviceQuery) -> Page[Device] | Response:
    """Devices the caller may see. As CSV or XLSX by `Accept`: all of them, unless a `limit` is asked."""
    return listed(call, "devices", "device", query, devices.find, devices.every)


@routes.post("/devices", status=201)
def create(call: Call, body: NewDevice) -> Device:
    """Add a device."""
    with call.writing() as tx:
        return devices.create(call.scope, tx, body, now=call.now)


class HealthQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: list[ThingId] | None = None
    owner: list[Owner] | None = None
    model: list[Known] | None = None
    silent: bool | None = None


@routes.get("/devices/health")
def health(call: Call, query: HealthQuery) -> list[DeviceHealth]:
    """How devices that networks hear fare: frames lost, signal, battery, doubtful values, silence by their own habit.

    Of those that spoke since they were declared."""
    asked = devices.DeviceQuery(id=query.id, owner=query.owner, model=query.model)
    with call.reading() as tx:
        found = call.rooms.ward.seen(call.scope, tx, asked, now=call.now)
    return [one for one in found if query.silent in (None, one.silent)]


class FromLabel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`label`: the text of the QR code (LoRa Alliance TR005). `name`: the DevEUI when none is given."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=tr005.LONGEST)]
    owner: Owner
    service: Known
    model: Known | None = None
    name: Name | None = None


@routes.post("/devices/from-label", status=201)
def create_from_label(call: Call, body: FromLabel) -> Device:
    """Add a LoRaWAN sensor by the QR code on it. Its owner token is not kept."""
    label = tr005.parse(body.label)
    told = {
        "join_eui": label.join_eui,
        "vendor_id": label.vendor,
        "vendor_profile_id": label.profile,
        "serial_number": label.serial,
        "proprietary": label.proprietary,
    }
    new = NewDevice(
        owner=body.owner,
        kind="sensor",
        code=label.dev_eui,
        name=body.name or label.dev_eui,
        service=body.service,
        model=body.model,
        properties={name: value for name, value in told.items() if value is not None},
    )
    with call.writing() as tx:
        return devices.create(call.scope, tx, new, now=call.now)


@routes.get("/devices/{id}")
def device(call: Call, id: Id) -> Device:
    """One device."""
    with call.reading() as tx:
        found = devices.get(call.scope, tx, id)
    noted(call, "device", [found], str(id))
    return found


@routes.patch("/devices/{id}")
def change(call: Call, id: Id, body: DevicePatch) -> Device:
    """Change the fields that are given; moving to another collectivité goes through /moves."""
    with call.writing() as tx:
        return devices.change(call.scope, tx, id, body, now=call.now)


@routes.delete("/devices/{id}")
def remove(call: Call, id: Id) -> None:
    """Remove a device; refused while a series or a relation names it."""
    with call.writing() as tx:
        gone = photos.keys_of(tx, "device", id)
        devices.remove(call.scope, tx, id, now=call.now)
    call.rooms.photos.erase(gone)


@routes.get("/devices/{id}/relations")
def related(call: Call, id: Id, query: RelatedQuery) -> Page[Neighbour]:
    """What is related to it, in either direction, with what stands at the other end."""
    with call.reading() as tx:
        found = devices.get(call.scope, tx, id)
        neighbours = relations.neighbours(call.scope, tx, "device", id, at=query.at)
    noted(call, "device", [found], str(id))
    return Page(neighbours)


@routes.get("/device-models", produces=FORMATS, answer=Page[DeviceModel])
def list_models(call: Call, query: DeviceModelQuery) -> Page[DeviceModel] | Response:
    """The catalogue of models, the same for the whole instance. As CSV or XLSX by `Accept`."""
    return listed(call, "device-models", "device-model", query, models.find, models.every)


@routes.post("/device-models", status=201)
def create_model(call: Call, body: NewDeviceModel) -> DeviceModel:
    """Add a model. For the instance's administrators."""
    with call.writing() as tx:
        return models.create(call.scope, tx, body, now=call.now)


@routes.get("/device-models/{code}")
def model(call: Call, code: ModelCode) -> DeviceModel:
    """One model."""
    with call.reading() as tx:
        return models.get(call.scope, tx, code)


@routes.patch("/device-models/{code}")
def change_model(call: Call, code: ModelCode, body: DeviceModelPatch) -> DeviceModel:
    """Change the fields that are given. For the instance's administrators."""
    with call.writing() as tx:
        return models.change(call.scope, tx, code, body, now=call.now)


@routes.delete("/device-models/{code}")
def remove_model(call: Call, code: ModelCode) -> None:
    """Remove a model; refused while a device is of it. For the instance's administrators."""
    with call.writing() as tx:
        models.remove(call.scope, tx, code, now=call.now)
