"""Where things are: GeoJSON (RFC 7946) in WGS 84, checked before it is kept."""

import math
from typing import Any

from shapely import GEOSException
from shapely.geometry import shape
from shapely.validation import explain_validity

from beffroi.errors import Fault, Text

TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
ALTITUDE = 3
"""a position holds longitude, latitude and perhaps altitude"""


def point_of(geometry: dict[str, Any]) -> tuple[float, float]:
    """A point on a checked geometry: longitude, latitude."""
    if geometry["type"] == "Point":
        longitude, latitude = geometry["coordinates"][:2]
        return float(longitude), float(latitude)
    point = shape(geometry).representative_point()
    return round(point.x, 7), round(point.y, 7)


def faults_of(geometry: dict[str, Any], field: str = "geometry") -> list[Fault]:
    """What keeps it from being a geometry: its type, positions out of WGS 84, open rings, boundaries that cross."""
    if geometry.get("type") not in TYPES:
        known = ", ".join(TYPES)
        return [Fault(f"{field}.type", Text(f"doit être l'un de : {known}", f"must be one of: {known}"))]
    if not _positions_hold(geometry.get("coordinates"), _DEPTH[geometry["type"]]):
        return [
            Fault(
                f"{field}.coordinates",
                Text(
                    f"ne convient pas à {geometry['type']} : positions [longitude, latitude] en degrés attendues",
                    f"does not suit {geometry['type']}: expected positions [longitude, latitude] in degrees",
                ),
            )
        ]
    if set(geometry) - {"type", "coordinates"}:
        return [
            Fault(
                field,
                Text(
                    "ne tient que «\u00a0type\u00a0» et «\u00a0coordinates\u00a0»",
                    "holds only “type” and “coordinates”",
                ),
            )
        ]
    if any(ring[0] != ring[-1] for ring in _rings(geometry)):
        return [Fault(f"{field}.coordinates", Text("un contour n'est pas fermé", "a ring is not closed"))]
    try:
        made = shape(geometry)
        wrong = "" if made.is_valid else explain_validity(made)
    except (ValueError, GEOSException) as error:
        wrong = str(error)
    return (
        [Fault(f"{field}.coordinates", Text(f"géométrie incorrecte : {wrong}", f"invalid geometry: {wrong}"))]
        if wrong
        else []
    )


_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def _positions_hold(coordinates: Any, depth: int) -> bool:
    if not isinstance(coordinates, list) or not coordinates:
        return False
    if depth:
        return all(_positions_hold(part, depth - 1) for part in coordinates)
    return (
        2 <= len(coordinates) <= ALTITUDE
        and all(isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x) for x in coordinates)
        and -180 <= coordinates[0] <= 180
        and -90 <= coordinates[1] <= 90
    )


def _rings(geometry: dict[str, Any]) -> list[Any]:
    if geometry["type"] == "Polygon":
        return list(geometry["coordinates"])
    if geometry["type"] == "MultiPolygon":
        return [ring for polygon in geometry["coordinates"] for ring in polygon]
    return []
