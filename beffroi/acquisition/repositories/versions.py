"""From a device's firmware versions, each with profiles by region and a codec, to models: one for each codec."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from beffroi.acquisition.model_codecs import LONGEST, NewCodec
from beffroi.acquisition.repositories.contents import RADIO, Example, Faulty, Published, code_of, line, told
from beffroi.acquisition.repositories.folder import Unreadable
from beffroi.errors import Text
from beffroi.registry.models import NewDeviceModel

EUROPE = ("EU868", "EU863-870")


class Sheet(NamedTuple):
    """What holds for every version of a device, as its repository says it."""

    vendor: str
    maker: Any
    vendor_id: Any
    device: str
    name: Any
    url: Any


class Profile(NamedTuple):
    """A LoRaWAN profile, in one region."""

    region: str
    mac_version: str
    vendor_profile_id: Any
    otaa: Any
    class_b: Any
    class_c: Any
    codec: Any


class Firmware(NamedTuple):
    """`codec`: the name of that of its European profile, else of its first one that has any."""

    version: str
    profiles: tuple[Profile, ...]
    codec: Any

    @property
    def profile(self) -> Profile | None:
        european = [one for one in self.profiles if one.region in EUROPE]
        return next(iter([*european, *self.profiles]), None)


def models(
    sheet: Sheet,
    firmwares: Sequence[Firmware],
    codec: Callable[[str], tuple[str, list[Example], list[Faulty]]],
) -> Iterator[Published | Faulty]:
    """Versions with the same codec are one model, whose code is that of the device when it holds the last version, and
    tells the version otherwise. A codec that cannot be read leaves its model without."""
    groups: dict[str | None, list[Firmware]] = {}
    for one in firmwares:
        groups.setdefault(str(one.codec) if one.codec else None, []).append(one)
    last = str(firmwares[-1].codec) if firmwares and firmwares[-1].codec else None
    for name, group in (groups or {None: []}).items():
        suffix = "" if name == last else f"fw{group[-1].version}"
        yield from _model(sheet, group, name, suffix, codec)


def _model(
    sheet: Sheet,
    group: list[Firmware],
    name: str | None,
    suffix: str,
    codec: Callable[[str], tuple[str, list[Example], list[Faulty]]],
) -> Iterator[Published | Faulty]:
    said = f"{sheet.vendor}/{sheet.device}{f' {suffix}' if suffix else ''}"
    new, examples = None, []
    if name is not None:
        try:
            source, examples, faults = codec(name)
            yield from faults
            new = NewCodec(source=source) if len(source) <= LONGEST else None
            if new is None:
                yield Faulty(f"{said}: {name}", Text("ce codec est trop long", "this codec is too long"))
        except Unreadable as error:
            yield Faulty(f"{said}: {name}", error.text)
    try:
        yield Published(said, _device_model(sheet, group, suffix), new, examples if new else [])
    except ValueError:
        yield Faulty(said, Text("n'a pas de nom", "has no name"))


def _device_model(sheet: Sheet, group: list[Firmware], suffix: str) -> NewDeviceModel:
    code, maker = code_of(sheet.vendor, sheet.device, suffix), line(sheet.maker or sheet.vendor)
    name = line(f"{sheet.name or sheet.device}{f' ({suffix})' if suffix else ''}")
    if not (code and maker and name):
        raise ValueError(said := f"{sheet.vendor}/{sheet.device}", said)
    profile = group[-1].profile if group else None
    return NewDeviceModel(
        code=code,
        maker=maker,
        name=name,
        radio=RADIO,
        properties=told(
            vendor=sheet.vendor,
            vendor_id=sheet.vendor_id,
            device=sheet.device,
            firmware=[one.version for one in group if one.version],
            regions=[one.region for firmware in group for one in firmware.profiles if one.region],
            url=sheet.url,
            **({} if profile is None else _of_profile(profile)),
        ),
    )


def _of_profile(profile: Profile) -> dict[str, Any]:
    classes = ["A", *(["B"] if profile.class_b is True else []), *(["C"] if profile.class_c is True else [])]
    return {
        "mac_version": profile.mac_version,
        "vendor_profile_id": profile.vendor_profile_id,
        "activation": None if profile.otaa is None else "OTAA" if profile.otaa else "ABP",
        "classes": classes,
    }
