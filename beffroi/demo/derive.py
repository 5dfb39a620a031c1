"""Derives `vendee.csv` and `outline.geojson` from the contours, by hand: `python -m beffroi.demo.derive FOLDER`.

FOLDER holds `communes-85-vendee.geojson` and `departement-85-vendee.geojson` (IGN Admin Express 2018, through
france-geojson, Licence Ouverte) and `communes-85.json` (Code officiel géographique, through
`@etalab/decoupage-administratif`). See README.md beside this file.
"""

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any, NamedTuple

from shapely import Point, maximum_inscribed_circle, transform
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent
KM_PER_DEGREE = 111.2
COS_LATITUDE = math.cos(math.radians(46.7))


class Centre(NamedTuple):
    insee: str
    longitude: float
    latitude: float
    room_km: float
    """how far one may go from the centre, in any direction, without leaving the commune"""
    source: str


# In 2018 L'Oie and Sainte-Florence were parts of Essarts-en-Bocage, since 2024 they are communes again: the contour is
# that of none of the three. Their villages are where Wikipédia (fr) and GeoNames say, and the room around them is only
# a cautious guess.
SPLIT_SINCE = (
    Centre("85084", -1.2295, 46.7740, 1.5, "GeoNames, approximate room"),
    Centre("85165", -1.1281, 46.7989, 1.0, "Wikipédia, approximate room"),
    Centre("85212", -1.1506, 46.7981, 1.0, "Wikipédia, approximate room"),
)


def main(folder: Path) -> None:
    communes = json.loads((folder / "communes-85.json").read_text())
    contours = json.loads((folder / "communes-85-vendee.geojson").read_text())
    departement = json.loads((folder / "departement-85-vendee.geojson").read_text())
    with (HERE / "vendee.csv").open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Centre._fields)
        table.writerows(centres(communes, contours))
    (HERE / "outline.geojson").write_text(json.dumps(outline(departement), separators=(",", ":")) + "\n")


def centres(communes: list[dict[str, Any]], contours: dict[str, Any]) -> list[Centre]:
    """The centre of each current commune; of a merged one, that of the part whose code it took: its main town."""
    shapes = {one["properties"]["code"]: _flat(shape(one["geometry"])) for one in contours["features"]}
    settled = {one.insee: one for one in SPLIT_SINCE}
    return [
        settled.get(commune["code"]) or _centre(commune, shapes[commune["code"]])
        for commune in sorted(communes, key=lambda one: str(one["code"]))
        if commune["type"] == "commune-actuelle"
    ]


def outline(departement: dict[str, Any]) -> dict[str, Any]:
    """The département in a few hundred points, its islands kept."""
    coarse = transform(shape(departement["geometry"]).simplify(0.005), lambda points: points.round(3))
    return {
        "type": "Feature",
        "properties": {"name": "Vendée", "source": "IGN Admin Express 2018, Licence Ouverte, simplified"},
        "geometry": mapping(coarse),
    }


def _centre(commune: dict[str, Any], contour: BaseGeometry) -> Centre:
    """The centroid; or the centre of the largest circle inside, where the centroid falls near the border or beyond."""
    widest = maximum_inscribed_circle(contour)
    point, room = contour.centroid, contour.centroid.distance(contour.boundary)
    if not contour.contains(point) or room < widest.length / 2:
        point, room = Point(widest.coords[0]), widest.length
    source = "contour of its main town" if commune.get("anciensCodes") else "contour"
    return Centre(commune["code"], *_unflat(point), math.floor(room * 100) / 100, source)


def _flat(geometry: BaseGeometry) -> BaseGeometry:
    """In kilometres: good enough at this scale."""
    return transform(geometry, lambda points: points * [KM_PER_DEGREE * COS_LATITUDE, KM_PER_DEGREE])


def _unflat(point: Point) -> tuple[float, float]:
    return round(point.x / KM_PER_DEGREE / COS_LATITUDE, 4), round(point.y / KM_PER_DEGREE, 4)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
