"""The columns of the registry's tables, in files: one list for what is read and what is written.

Named in English as the fields are, or in French. Things are named by their codes.
"""

from dataclasses import dataclass
from typing import Any, Literal

from beffroi.registry import cells
from beffroi.registry.cells import Reader
from beffroi.registry.folding import fold

SheetNoun = Literal["sites", "assets", "device-models", "devices", "series", "relations"]


@dataclass(frozen=True)
class Column:
    """`names`: what else it may be called. `refers`: the noun that its code names, of the same owner."""

    field: str
    names: tuple[str, ...] = ()
    read: Reader = cells.text
    required: bool = False
    refers: Literal["site", "asset", "device"] | None = None


OWNER = Column("owner", ("collectivité", "propriétaire"), required=True)
CODE = Column("code", ("identifiant", "référence"), required=True)
NAME = Column("name", ("nom", "libellé"), required=True)
SERVICE = Column("service", ())
SITE = Column("site", (), refers="site")
ASSET = Column("asset", ("équipement",), refers="asset")
GEOMETRY = Column("geometry", ("géométrie",), cells.json)
PLACE = (Column("longitude", ("lon", "lng"), cells.number), Column("latitude", ("lat",), cells.number))
EXTRAS = (Column("properties", ("propriétés",), cells.json), Column("simulated", ("simulé",), cells.yes))

COLUMNS: dict[SheetNoun, tuple[Column, ...]] = {
    "sites": (OWNER, CODE, NAME, GEOMETRY, *PLACE, *EXTRAS),
    "assets": (
        OWNER,
        Column("kind", ("type", "sorte"), required=True),
        CODE,
        NAME,
        SERVICE,
        SITE,
        GEOMETRY,
        *PLACE,
        *EXTRAS,
    ),
    "device-models": (
        CODE,
        Column("maker", ("fabricant", "marque"), required=True),
        NAME,
        Column("radio", ("réseau",)),
        EXTRAS[0],
    ),
    "devices": (
        OWNER,
        Column("kind", ("type", "sorte"), required=True),
        CODE,
        NAME,
        SERVICE,
        Column("model", ("modèle",)),
        ASSET,
        SITE,
        *PLACE,
        *EXTRAS,
    ),
    "series": (
        OWNER,
        CODE,
        NAME,
        Column("observed_property", ("propriété observée", "grandeur"), required=True),
        Column("unit", ("unité",)),
        SERVICE,
        Column("device", ("capteur", "appareil"), refers="device"),
        ASSET,
        Column("low", ("minimum", "min"), cells.number),
        Column("high", ("maximum", "max"), cells.number),
        Column("rolls_over_at", ("repasse à zéro à", "capacité"), cells.number),
        Column("categories", ("catégories", "mots"), cells.words),
        *EXTRAS,
    ),
    "relations": (
        OWNER,
        Column("kind", ("type", "sorte"), required=True),
        Column("source_type", ("type de source",), required=True),
        Column("source", (), required=True),
        Column("target_type", ("type de cible",), required=True),
        Column("target", ("cible",), required=True),
        Column("target_owner", ("propriétaire de la cible",)),
        Column("since", ("depuis", "début"), cells.instant, required=True),
        Column("until", ("jusqu'à", "fin"), cells.instant),
    ),
}
"""`target_owner` is the owner's own unless said. A thing's coordinates are read from its geometry when it has one."""


def named(noun: SheetNoun, header: str) -> Column | None:
    """The column that a header names, in either language, whatever its case and accents."""
    asked = fold(header)
    return next((one for one in COLUMNS[noun] if asked in (fold(one.field), *(fold(name) for name in one.names))), None)


Values = dict[str, Any]
