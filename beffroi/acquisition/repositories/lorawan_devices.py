"""The form of The Things Network's device repository: `vendor/<name>/` with index.yaml, a file a device, profile and
codec, and the scripts."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from beffroi.acquisition.repositories.codes import code_of
from beffroi.acquisition.repositories.folder import Folder
from beffroi.acquisition.repositories.model import Defect, Example, Profile, PublishedModel
from beffroi.errors import Invalid, Text


class VendorEntry(msgspec.Struct):
    id: str
    name: str


class Vendors(msgspec.Struct):
    vendors: list[VendorEntry] = []


class Index(msgspec.Struct):
    endDevices: list[str] = []  # noqa: N815 - as the files spell it


class ProfileUse(msgspec.Struct):
    id: str | None = None
    codec: str | None = None
    vendorID: str | None = None  # noqa: N815


class FirmwareEntry(msgspec.Struct):
    version: str = ""
    profiles: dict[str, ProfileUse | None] | None = None


class DeviceFile(msgspec.Struct):
    name: str
    description: str | None = None
    firmwareVersions: list[FirmwareEntry] | None = None  # noqa: N815
    productURL: str | None = None  # noqa: N815


class ProfileFile(msgspec.Struct):
    macVersion: str | None = None  # noqa: N815
    regionalParametersVersion: str | None = None  # noqa: N815
    supportsJoin: bool = True  # noqa: N815
    supportsClassB: bool = False  # noqa: N815
    supportsClassC: bool = False  # noqa: N815


class Input(msgspec.Struct):
    bytes: list[int] = []
    fPort: int | None = None  # noqa: N815


class Output(msgspec.Struct):
    data: Any = None
    errors: list[Any] | None = None


class ExampleEntry(msgspec.Struct):
    input: Input
    output: Output | None = None
    normalizedOutput: Output | None = None  # noqa: N815


class Decoder(msgspec.Struct):
    fileName: str  # noqa: N815
    examples: list[Any] | None = None


class CodecFile(msgspec.Struct):
    uplinkDecoder: Decoder | None = None  # noqa: N815


def vendors(folder: Folder, names: Iterable[str]) -> Iterator[PublishedModel | Defect]:
    makers: dict[str, str] = {}
    try:
        makers = {one.id: one.name for one in folder.yaml("index.yaml", Vendors).vendors}
    except Invalid as error:
        yield from _defects(error)
    for vendor in names:
        yield from _vendor(folder.within(vendor), vendor, makers.get(vendor, vendor))


def _vendor(folder: Folder, vendor: str, maker: str) -> Iterator[PublishedModel | Defect]:
    try:
        index = folder.yaml("index.yaml", Index)
    except Invalid as error:
        yield from _defects(error)
        return
    for name in index.endDevices:
        try:
            device = folder.yaml(f"{name}.yaml", DeviceFile)
        except Invalid as error:
            yield from _defects(error)
            continue
        yield from _model(folder, vendor, maker, name, device)


def _model(folder: Folder, vendor: str, maker: str, name: str, device: DeviceFile) -> Iterator[PublishedModel | Defect]:
    defects: list[Defect] = []
    versions = device.firmwareVersions or []
    uses = {(region, use.id): use for one in versions for region, use in (one.profiles or {}).items() if use}
    found = [_profile(folder, region, use, defects) for (region, _), use in uses.items()]
    codecs = [use.codec for one in versions for use in (one.profiles or {}).values() if use and use.codec]
    codec, examples = _codec(folder, codecs[-1], defects) if codecs else (None, [])
    yield from defects
    yield PublishedModel(
        where=folder.place(f"{name}.yaml"),
        vendor=vendor,
        code=code_of(vendor, name),
        maker=maker,
        name=device.name,
        description=device.description,
        page=device.productURL,
        firmware=[one.version for one in versions if one.version],
        profiles=[one for one in found if one is not None],
        codec=codec,
        examples=examples,
    )


def _profile(folder: Folder, region: str, use: ProfileUse, defects: list[Defect]) -> Profile | None:
    """None for one that another vendor publishes, or none at all."""
    if use.id is None or use.vendorID is not None:
        return None
    try:
        told = folder.yaml(f"{use.id}.yaml", ProfileFile)
    except Invalid as error:
        defects += _defects(error)
        return None
    return Profile(
        name=use.id,
        region=region,
        mac_version=told.macVersion,
        regional_parameters=told.regionalParametersVersion,
        class_b=told.supportsClassB,
        class_c=told.supportsClassC,
        otaa=told.supportsJoin,
    )


def _codec(folder: Folder, name: str, defects: list[Defect]) -> tuple[str | None, list[Example]]:
    try:
        decoder = folder.yaml(f"{name}.yaml", CodecFile).uplinkDecoder
        if decoder is None:
            return None, []
        source = folder.text(decoder.fileName)
    except Invalid as error:
        defects += _defects(error)
        return None, []
    place = folder.place(f"{name}.yaml")
    found = [_example(place, number, one, defects) for number, one in enumerate(decoder.examples or [], start=1)]
    return source, [one for one in found if one is not None]


def _example(place: str, number: int, entry: Any, defects: list[Defect]) -> Example | None:
    try:
        told = msgspec.convert(entry, ExampleEntry, strict=False)
        output, normalised = told.output or Output(), told.normalizedOutput
        return Example(
            payload=bytes(told.input.bytes),
            port=told.input.fPort,
            expected=output.data,
            normalised=normalised.data if normalised else None,
            fails=bool(output.errors),
        )
    except (msgspec.ValidationError, ValueError) as error:
        defects.append(Defect(place, Text(f"exemple {number} : {error}", f"example {number}: {error}")))
        return None


def _defects(error: Invalid) -> list[Defect]:
    return [Defect(fault.field, fault.text) for fault in error.faults]
