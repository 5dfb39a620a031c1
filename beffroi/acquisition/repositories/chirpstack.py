"""The form of chirpstack-device-profiles: `vendors/<name>/` with vendor.toml, and folders of devices, profiles and
codecs; beside a codec, `test_decode_<codec>.json` holds its examples."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from beffroi.acquisition.repositories.codes import code_of
from beffroi.acquisition.repositories.folder import Folder
from beffroi.acquisition.repositories.model import Defect, Example, Profile, PublishedModel
from beffroi.errors import Invalid, Text


class VendorTable(msgspec.Struct):
    name: str
    devices: list[str] = []


class VendorFile(msgspec.Struct):
    vendor: VendorTable


class FirmwareTable(msgspec.Struct):
    version: str = ""
    profiles: list[str] = []
    codec: str | None = None


class Metadata(msgspec.Struct):
    product_url: str | None = None


class DeviceTable(msgspec.Struct):
    name: str
    description: str | None = None
    firmware: list[FirmwareTable] = []
    metadata: Metadata = msgspec.field(default_factory=Metadata)


class DeviceFile(msgspec.Struct):
    device: DeviceTable


class ProfileTable(msgspec.Struct):
    region: str
    mac_version: str | None = None
    reg_params_revision: str | None = None
    supports_otaa: bool = True
    supports_class_b: bool = False
    supports_class_c: bool = False


class ProfileFile(msgspec.Struct):
    profile: ProfileTable


class Input(msgspec.Struct):
    bytes: list[int] = []
    fPort: int | None = None  # noqa: N815 - as the files spell it


class Output(msgspec.Struct):
    data: Any = None
    errors: list[Any] | None = None


class Test(msgspec.Struct):
    input: Input
    expected: Output | None = None


def vendors(folder: Folder, names: Iterable[str]) -> Iterator[PublishedModel | Defect]:
    for vendor in names:
        yield from _vendor(folder.within(vendor), vendor)


def _vendor(folder: Folder, vendor: str) -> Iterator[PublishedModel | Defect]:
    """The devices that its folder holds; many vendors list none of them."""
    try:
        about = folder.toml("vendor.toml", VendorFile).vendor
    except Invalid as error:
        yield from _defects(error)
        return
    for name in dict.fromkeys([*folder.within("devices").names(".toml"), *about.devices]):
        try:
            device = folder.within("devices").toml(name, DeviceFile).device
        except Invalid as error:
            yield from _defects(error)
            continue
        yield from _model(folder, vendor, about.name, name, device)


def _model(
    folder: Folder, vendor: str, maker: str, name: str, device: DeviceTable
) -> Iterator[PublishedModel | Defect]:
    defects: list[Defect] = []
    named = dict.fromkeys(name for one in device.firmware for name in one.profiles)
    profiles = [_profile(folder.within("profiles"), profile, defects) for profile in named]
    codecs = [one.codec for one in device.firmware if one.codec]
    codec, examples = _codec(folder.within("codecs"), codecs[-1], defects) if codecs else (None, [])
    yield from defects
    yield PublishedModel(
        where=folder.within("devices").place(name),
        vendor=vendor,
        code=code_of(vendor, name.removesuffix(".toml")),
        maker=maker,
        name=device.name,
        description=device.description,
        page=device.metadata.product_url,
        firmware=[one.version for one in device.firmware if one.version],
        profiles=[one for one in profiles if one is not None],
        codec=codec,
        examples=examples,
    )


def _profile(folder: Folder, name: str, defects: list[Defect]) -> Profile | None:
    try:
        told = folder.toml(name, ProfileFile).profile
    except Invalid as error:
        defects += _defects(error)
        return None
    return Profile(
        name=name.removesuffix(".toml"),
        region=told.region,
        mac_version=told.mac_version,
        regional_parameters=told.reg_params_revision,
        class_b=told.supports_class_b,
        class_c=told.supports_class_c,
        otaa=told.supports_otaa,
    )


def _codec(folder: Folder, name: str, defects: list[Defect]) -> tuple[str | None, list[Example]]:
    try:
        source = folder.text(name)
    except Invalid as error:
        defects += _defects(error)
        return None, []
    file = f"test_decode_{name.removesuffix('.js')}.json"
    try:
        tests = folder.json(file, list[Any]) if folder.holds(file) else []
    except Invalid as error:
        defects += _defects(error)
        tests = []
    found = [_example(folder.place(file), number, one, defects) for number, one in enumerate(tests, start=1)]
    return source, [one for one in found if one is not None]


def _example(place: str, number: int, test: Any, defects: list[Defect]) -> Example | None:
    try:
        told = msgspec.convert(test, Test, strict=False)
        output = told.expected or Output()
        return Example(
            payload=bytes(told.input.bytes),
            port=told.input.fPort,
            expected=output.data,
            fails=bool(output.errors),
        )
    except (msgspec.ValidationError, ValueError) as error:
        defects.append(Defect(place, Text(f"exemple {number} : {error}", f"example {number}: {error}")))
        return None


def _defects(error: Invalid) -> list[Defect]:
    return [Defect(fault.field, fault.text) for fault in error.faults]
