"""The device-repository form: `vendor/index.yaml`, and `vendor/<vendor>/` with index.yaml, one file a device, a profile
and a codec, and the scripts that codecs name."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from beffroi.acquisition.codecs import Routine
from beffroi.acquisition.repositories import versions
from beffroi.acquisition.repositories.contents import EXAMPLES, Example, Faulty, Published
from beffroi.acquisition.repositories.folder import Folder, Unreadable
from beffroi.acquisition.repositories.versions import EUROPE, Firmware, Profile, Sheet
from beffroi.errors import Text

VENDORS = "vendor"
INDEX = "index.yaml"
PARTS: tuple[tuple[str, Routine], ...] = (
    ("uplinkDecoder", "decodeUplink"),
    ("downlinkEncoder", "encodeDownlink"),
    ("downlinkDecoder", "decodeDownlink"),
)
Found = Iterator[Published | Faulty]


def vendors(folder: Folder) -> list[str]:
    return [name for name in folder.names(VENDORS) if folder.holds(VENDORS, name, INDEX)]


def read(folder: Folder, vendor: str) -> Found:
    try:
        listed = folder.yaml(VENDORS, vendor, INDEX).get("endDevices") or []
    except Unreadable as error:
        yield Faulty(f"{VENDORS}/{vendor}/{INDEX}", error.text)
        return
    about = _about(folder).get(vendor, {})
    for name in listed:
        try:
            yield from _Device(folder, vendor, about, str(name)).read()
        except Unreadable as error:
            yield Faulty(f"{VENDORS}/{vendor}/{name}.yaml", error.text)


@cache
def _about(folder: Folder) -> dict[str, dict[str, Any]]:
    """What the index says of vendors; it is not needed to read them."""
    try:
        listed = folder.yaml(VENDORS, INDEX).get("vendors") or []
    except Unreadable:
        return {}
    return {one["id"]: one for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str)}


class _Device:
    def __init__(self, folder: Folder, vendor: str, about: dict[str, Any], name: str) -> None:
        self.folder, self.vendor, self.about, self.name = folder, vendor, about, name
        self.faults: list[Faulty] = []

    def read(self) -> Found:
        told = self.folder.yaml(VENDORS, self.vendor, f"{self.name}.yaml")
        sheet = Sheet(
            vendor=self.vendor,
            maker=self.about.get("name"),
            vendor_id=self.about.get("vendorID"),
            device=self.name,
            name=told.get("name"),
            url=told.get("productURL"),
        )
        firmwares = [self._firmware(one) for one in told.get("firmwareVersions") or [] if isinstance(one, dict)]
        yield from versions.models(sheet, firmwares, self._codec)
        yield from self.faults

    def _firmware(self, told: dict[str, Any]) -> Firmware:
        listed = told.get("profiles")
        given = {str(region): one for region, one in listed.items()} if isinstance(listed, dict) else {}
        profiles = tuple(self._profile(region, one) for region, one in given.items() if isinstance(one, dict))
        named = [one for one in profiles if one.codec]
        chosen = next((one for one in named if one.region in EUROPE), named[0] if named else None)
        return Firmware(str(told.get("version", "")), profiles, chosen.codec if chosen else None)

    def _profile(self, region: str, told: dict[str, Any]) -> Profile:
        vendor, name = str(told.get("vendorID") or self.vendor), f"{told.get('id')}.yaml"
        one: dict[str, Any] = {}
        try:
            one = self.folder.yaml(VENDORS, vendor, name)
        except Unreadable as error:
            fault = Faulty(f"{VENDORS}/{vendor}/{name}", error.text)
            self.faults += [] if fault in self.faults else [fault]
        return Profile(
            region=region,
            mac_version=str(one.get("macVersion", "")),
            vendor_profile_id=one.get("vendorProfileID"),
            otaa=one.get("supportsJoin"),
            class_b=one.get("supportsClassB"),
            class_c=one.get("supportsClassC"),
            codec=told.get("codec"),
        )

    def _codec(self, name: str) -> tuple[str, list[Example], list[Faulty]]:
        """One script: that of the decoder, else of the encoder. Examples of another one are left out."""
        told = self.folder.yaml(VENDORS, self.vendor, f"{name}.yaml")
        parts = [(told[part], routine) for part, routine in PARTS if isinstance(told.get(part), dict)]
        files = [str(part["fileName"]) for part, _ in parts if part.get("fileName")]
        if not files:
            raise Unreadable(Text("ne nomme aucun script", "names no script"))
        source = self.folder.text(VENDORS, self.vendor, *files[0].split("/"))
        own = [(part, routine) for part, routine in parts if part.get("fileName") == files[0]]
        examples = [example for part, routine in own for example in _examples(part.get("examples"), routine)]
        return source, examples[:EXAMPLES], []


def _examples(told: Any, routine: Routine) -> Iterator[Example]:
    for one in told if isinstance(told, list) else []:
        if isinstance(one, dict) and isinstance(one.get("input"), dict):
            description = str(one.get("description") or "")[:500]
            yield Example(routine, one["input"], one.get("output"), description, one.get("normalizedOutput"))
