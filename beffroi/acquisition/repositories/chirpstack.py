"""chirpstack-device-profiles: `vendors/<vendor>/` with vendor.toml, devices/, profiles/, codecs/ and, beside each codec,
`test_decode_<codec>.json` and `test_encode_<codec>.json`."""

from collections.abc import Iterator
from typing import Any

from beffroi.acquisition.codecs import Routine
from beffroi.acquisition.repositories import versions
from beffroi.acquisition.repositories.contents import EXAMPLES, Example, Faulty, Published
from beffroi.acquisition.repositories.folder import Folder, Unreadable
from beffroi.acquisition.repositories.versions import Firmware, Profile, Sheet
from beffroi.errors import Text

VENDORS = "vendors"
TESTS: tuple[tuple[str, Routine], ...] = (("test_decode_", "decodeUplink"), ("test_encode_", "encodeDownlink"))
Found = Iterator[Published | Faulty]


def vendors(folder: Folder) -> list[str]:
    return [name for name in folder.names(VENDORS) if folder.holds(VENDORS, name, "vendor.toml")]


def read(folder: Folder, vendor: str) -> Found:
    where = f"{VENDORS}/{vendor}/vendor.toml"
    try:
        about = _table(folder.toml(VENDORS, vendor, "vendor.toml"), "vendor")
    except Unreadable as error:
        yield Faulty(where, error.text)
        return
    for name in about.get("devices") or []:
        place = f"{VENDORS}/{vendor}/devices/{name}"
        try:
            yield from _Device(folder, vendor, about, str(name)).read()
        except Unreadable as error:
            yield Faulty(place, error.text)


class _Device:
    def __init__(self, folder: Folder, vendor: str, about: dict[str, Any], name: str) -> None:
        self.folder, self.vendor, self.about, self.name = folder, vendor, about, name

    def read(self) -> Found:
        told = _table(self.folder.toml(VENDORS, self.vendor, "devices", self.name), "device")
        sheet = Sheet(
            vendor=self.vendor,
            maker=self.about.get("name"),
            vendor_id=self.about.get("vendor_id"),
            device=self.name.removesuffix(".toml"),
            name=told.get("name"),
            url=_dict(told.get("metadata")).get("product_url"),
        )
        faults: list[Faulty] = []
        firmwares = [self._firmware(one, faults) for one in told.get("firmware") or [] if isinstance(one, dict)]
        yield from versions.models(sheet, firmwares, self._codec)
        yield from faults

    def _firmware(self, told: dict[str, Any], faults: list[Faulty]) -> Firmware:
        profiles = []
        for name in told.get("profiles") or []:
            try:
                profiles.append(_profile(self.folder.toml(VENDORS, self.vendor, "profiles", str(name)), told))
            except Unreadable as error:
                faults.append(Faulty(f"{VENDORS}/{self.vendor}/profiles/{name}", error.text))
        return Firmware(str(told.get("version", "")), tuple(profiles), told.get("codec"))

    def _codec(self, name: str) -> tuple[str, list[Example], list[Faulty]]:
        source = self.folder.text(VENDORS, self.vendor, "codecs", name)
        examples: list[Example] = []
        faults: list[Faulty] = []
        for prefix, routine in TESTS:
            file = f"{prefix}{name.removesuffix('.js')}.json"
            if not self.folder.holds(VENDORS, self.vendor, "codecs", file):
                continue
            try:
                examples += _examples(self.folder.json(VENDORS, self.vendor, "codecs", file), routine)
            except Unreadable as error:
                faults.append(Faulty(f"{VENDORS}/{self.vendor}/codecs/{file}", error.text))
        return source, examples[:EXAMPLES], faults


def _profile(told: dict[str, Any], firmware: dict[str, Any]) -> Profile:
    one = _table(told, "profile")
    return Profile(
        region=str(one.get("region", "")),
        mac_version=str(one.get("mac_version", "")),
        vendor_profile_id=one.get("vendor_profile_id"),
        otaa=one.get("supports_otaa"),
        class_b=one.get("supports_class_b"),
        class_c=one.get("supports_class_c"),
        codec=firmware.get("codec"),
    )


def _examples(told: Any, routine: Routine) -> list[Example]:
    if not isinstance(told, list):
        raise Unreadable(Text("une liste d'exemples est attendue", "a list of examples is expected"))
    return [
        Example(routine, one["input"], one.get("expected"), str(one.get("name", ""))[:500])
        for one in told
        if isinstance(one, dict) and isinstance(one.get("input"), dict)
    ]


def _table(told: dict[str, Any], name: str) -> dict[str, Any]:
    if not isinstance(told.get(name), dict):
        raise Unreadable(Text(f"n'a pas de table [{name}]", f"has no table [{name}]"))
    return _dict(told[name])


def _dict(told: Any) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}
