"""Turns the console's type into the one of printed pages: the same, in two weights.

Run as `python -m beffroi.pooling.paper.fonts PATH_OF_NPM_PACKAGE`.
"""

import sys
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

SOURCE = "files/atkinson-hyperlegible-next-latin-wght-normal.woff2"
FAMILY = "Atkinson Hyperlegible Next"
WEIGHTS = {"Regular": 400, "Bold": 700}
PACKAGED = Path(__file__).with_name("type")
FAMILY_NAMES, STYLE_NAMES, FULL_NAMES, POSTSCRIPT_NAMES = (1, 16), (2, 17), (4,), (6,)
"""in the font's table of names"""


def build(package: Path, folder: Path = PACKAGED) -> None:
    folder.mkdir(exist_ok=True)
    for style, weight in WEIGHTS.items():
        font = instantiateVariableFont(TTFont(package / SOURCE), {"wght": weight})
        font.flavor = None
        for numbers, name in (
            (FAMILY_NAMES, FAMILY),
            (STYLE_NAMES, style),
            (FULL_NAMES, f"{FAMILY} {style}"),
            (POSTSCRIPT_NAMES, f"{FAMILY.replace(' ', '')}-{style}"),
        ):
            for number in numbers:
                font["name"].setName(name, number, 3, 1, 0x409)
        font["OS/2"].usWeightClass = weight
        font.save(folder / f"{style}.ttf")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
