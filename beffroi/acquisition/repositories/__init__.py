"""What makers publish of their devices, read from a checkout: models, codecs and their examples."""

from collections.abc import Iterator
from pathlib import Path

from beffroi.acquisition.repositories import chirpstack, device_repository
from beffroi.acquisition.repositories.contents import Example, Faulty, Published
from beffroi.acquisition.repositories.folder import Folder
from beffroi.errors import Invalid, Text

__all__ = ["Example", "Faulty", "Published", "read"]


def read(path: Path, vendor: str | None = None) -> Iterator[Published | Faulty]:
    """Every model of a checkout, in either form, or of one vendor of it (its folder's name); and each entry that cannot
    be read, which stops no other. Raises `Invalid` when `path` holds neither form, or no such vendor."""
    folder = Folder(path)
    form = next((one for one in (chirpstack, device_repository) if folder.holds(one.VENDORS)), None)
    if form is None:
        raise Invalid(
            str(path),
            Text(
                "ni un dossier «\u00a0vendors\u00a0» (chirpstack-device-profiles), ni un dossier «\u00a0vendor\u00a0»",
                "neither a “vendors” folder (chirpstack-device-profiles) nor a “vendor” folder",
            ),
        )
    found = form.vendors(folder)
    if vendor is not None and vendor not in found:
        said = Text(f"aucun fabricant «\u00a0{vendor}\u00a0» ici", f"no vendor “{vendor}” here")
        raise Invalid("--vendor", said)
    for one in found if vendor is None else [vendor]:
        yield from form.read(folder, one)
