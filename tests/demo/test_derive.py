import csv
import json
from pathlib import Path

import shapely
from shapely.geometry import shape

from beffroi.demo import derive

FOLDER = Path(derive.__file__).parent


def test_the_table_is_what_the_contours_give(shared_data: Path) -> None:
    communes = json.loads((shared_data / "communes" / "communes-85.json").read_text())
    contours = json.loads((shared_data / "communes" / "communes-85-vendee.geojson").read_text())
    with (FOLDER / "vendee.csv").open() as file:
        kept = [tuple(row.values()) for row in csv.DictReader(file)]
    assert kept == [tuple(str(value) for value in one) for one in derive.centres(communes, contours)]


def test_every_centre_lies_in_its_own_commune_with_the_room_it_says(shared_data: Path) -> None:
    contours = json.loads((shared_data / "communes" / "communes-85-vendee.geojson").read_text())
    shapes = {one["properties"]["code"]: shape(one["geometry"]) for one in contours["features"]}
    with (FOLDER / "vendee.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        point = shapely.Point(float(row["longitude"]), float(row["latitude"]))
        # The three of 2024 share the contour of 2018.
        contour = shapes.get(row["insee"], shapes["85084"])
        assert contour.contains(point), row
        km = point.distance(contour.boundary) * derive.KM_PER_DEGREE
        assert km > float(row["room_km"]) - 0.05, row


def test_the_outline_is_small_and_keeps_the_islands() -> None:
    path = FOLDER / "outline.geojson"
    outline = shape(json.loads(path.read_text())["geometry"])
    assert path.stat().st_size < 5_000
    assert outline.is_valid
    yeu, noirmoutier = shapely.Point(-2.35, 46.71), shapely.Point(-2.25, 46.99)
    assert outline.contains(yeu)
    assert outline.contains(noirmoutier)
