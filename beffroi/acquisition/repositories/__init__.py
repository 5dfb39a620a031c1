"""What makers publish of their devices, read from a checkout: models, codecs and their examples."""

from collections.abc import Iterator
from pathlib import Path

from beffroi.acquisition.repositories import chirpstack, lorawan_devices
from beffroi.acquisition.repositories.folder import Folder
from beffroi.acquisition.repositories.model import Defect, Example, Profile, PublishedModel
from beffroi.errors import Invalid, Text

__all__ = ["Defect", "Example", "Profile", "PublishedModel", "read"]

FORMS = {"vendors": chirpstack, "vendor": lorawan_devices}
"""by the folder that holds a folder a vendor"""
TO_BE_COPIED = ("example", "example-vendor")
"""make nothing"""


def read(path: Path, vendor: str | None = None) -> Iterator[PublishedModel | Defect]:
    """Every model of a checkout, in either form, or those of one vendor (its folder's name); and each entry that cannot
    be read, which stops no other. Raises `Invalid` when `path` holds neither form, or no such vendor."""
    root = Folder(path)
    name = next((name for name in FORMS if root.holds(name)), None)
    if name is None:
        raise Invalid(
            str(path),
            Text(
                "n'a ni dossier «\u00a0vendors\u00a0» (chirpstack-device-profiles), ni dossier «\u00a0vendor\u00a0»",
                "has neither a “vendors” folder (chirpstack-device-profiles) nor a “vendor” folder",
            ),
        )
    folder = root.within(name)
    found = [one for one in folder.names() if one not in TO_BE_COPIED and folder.within(one).names()]
    if vendor is not None and vendor not in found:
        raise Invalid("--vendor", Text(f"aucun fabricant «\u00a0{vendor}\u00a0» ici", f"no vendor “{vendor}” here"))
    yield from FORMS[name].vendors(folder, found if vendor is None else [vendor])
