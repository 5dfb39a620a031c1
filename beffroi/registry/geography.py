"""What public services know of places: outlines of communes, addresses. Asked by the instance, never by a browser, so
that who looks at what stays inside; kept in the data folder, so that it is asked once; never asked when offline.

Sources: the outlines of the API Découpage administratif (`/communes`, GeoJSON; Etalab from IGN Admin Express, Licence
Ouverte); addresses of the Géoplateforme's geocoder (`/search`; IGN and the Base Adresse Nationale).
"""

import math
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Literal, NamedTuple

import httpx2
import msgspec
import shapely
import structlog
from shapely import MultiPoint, Point, STRtree, affinity
from shapely.errors import GEOSException
from shapely.geometry import mapping, shape

from beffroi.errors import NotFound, Text, Unavailable
from beffroi.registry.referential import REFERENTIAL

log = structlog.get_logger()

FOLDER = "boundaries"
"""of the data folder: a file a département, made by this module or laid there by hand (GeoJSON, `properties.code`)"""
TIMEOUT = 20.0
ANSWER_LIMIT = 32 * 2**20
"""bytes taken from a service"""
AGAIN_AFTER = 600.0
"""seconds before a service that failed is asked again"""
TOLERANCE = 0.0004
"""degrees, some 40 m: what an outline drawn at the size of a département may stray"""
DECIMALS = 5
REACH = 0.08
"""degrees of latitude, some 9 km: how far from its centre a cell goes"""
SOURCE = "IGN Admin Express, Licence Ouverte"


class Named(msgspec.Struct, frozen=True, omit_defaults=True):
    key: str
    schematic: bool = False


class Outline(msgspec.Struct, frozen=True, tag_field="type", tag="Feature"):
    properties: Named
    geometry: dict[str, Any]


class Boundaries(msgspec.Struct, frozen=True, tag_field="type", tag="FeatureCollection"):
    """GeoJSON (WGS 84). Each feature's `properties.key` is that of a commune of today; `properties.schematic` says that
    its outline is a mere cell around its centre. `state`: `known` for all the communes, `offline` when some may not be
    asked for, `unreachable` when a service did not answer."""

    state: Literal["known", "offline", "unreachable"]
    source: str
    features: list[Outline]


class Address(msgspec.Struct, frozen=True):
    """`score`, 0 to 1: the geocoder's own, which guarantees nothing."""

    name: str
    context: str
    longitude: float
    latitude: float
    score: float


class Commune(NamedTuple):
    """A commune of the instance; `centre`: longitude, latitude."""

    key: str
    departement: str
    centre: tuple[float, float] | None


@dataclass(frozen=True)
class Sources:
    """Where to ask. An empty address, or `offline`: nobody is asked."""

    boundaries_url: str = ""
    geocoder_url: str = ""
    offline: bool = True


class Geography:
    def __init__(self, folder: Path, sources: Sources) -> None:
        self.sources = sources
        self._folder = folder / FOLDER
        self._asking = threading.Lock()
        self._failed: dict[str, float] = {}

    @property
    def finds_addresses(self) -> bool:
        return bool(self.sources.geocoder_url) and not self.sources.offline

    def boundaries(self, communes: Sequence[Commune], territory: dict[str, Any] | None) -> Boundaries:
        """The outlines of `communes`: those kept, those that the service gives now, cells for the others, cut at the
        outline of the `territory` (GeoJSON) when it is known."""
        wanted = {one.key: one for one in communes}
        features: list[dict[str, Any]] = []
        state: Literal["known", "offline", "unreachable"] = "known"
        for code in sorted({one.departement for one in communes}):
            kept = self._kept(code)
            if kept is None and self._may_ask(self.sources.boundaries_url):
                kept = self._fetched(code)
                state = state if kept is not None else "unreachable"
            elif kept is None:
                state = "offline"
            features += [one for one in kept or [] if one["properties"]["key"] in wanted]
        drawn = {one["properties"]["key"] for one in features}
        left = [one for one in communes if one.key not in drawn]
        whole = msgspec.convert([*features, *cells(left, territory)], list[Outline])
        return Boundaries(state, SOURCE, whole)

    def addresses(self, text: str, *, limit: int) -> list[Address]:
        """Raises `Unavailable` when the geocoder does not answer, `NotFound` when it is not to be asked."""
        if not self.finds_addresses:
            raise NotFound(Text("géocodeur", "geocoder"), "—")
        try:
            asked = {"q": text, "limit": limit}
            found = msgspec.json.decode(_body(f"{self.sources.geocoder_url}/search", asked))["features"]
            return [_address(one) for one in found]
        except (httpx2.HTTPError, msgspec.DecodeError, LookupError, TypeError, ValueError) as error:
            log.warning("geocoder", error=str(error))
            raise Unavailable(
                Text(
                    "Le service d'adresses ne répond pas : cherchez une commune ou un équipement, ou réessayez.",
                    "The address service does not answer: look for a commune or an asset, or try again.",
                )
            ) from error

    def _may_ask(self, url: str) -> bool:
        return bool(url) and not self.sources.offline

    def _path(self, departement: str) -> Path:
        return self._folder / f"{REFERENTIAL.entry(f'departement-{departement}').code}.geojson"

    def _kept(self, departement: str) -> list[dict[str, Any]] | None:
        path = self._path(departement)
        if not path.is_file():
            return None
        try:
            return list(msgspec.json.decode(path.read_bytes())["features"])
        except (msgspec.DecodeError, LookupError, TypeError) as error:
            log.warning("boundaries unreadable", path=str(path), error=str(error))
            return None

    def _fetched(self, departement: str) -> list[dict[str, Any]] | None:
        """None when the service fails, now or a moment ago. One reader asks, the others wait for what it gets."""
        with self._asking:
            if (kept := self._kept(departement)) is not None:
                return kept
            if time.monotonic() - self._failed.get(departement, -AGAIN_AFTER) < AGAIN_AFTER:
                return None
            try:
                asked = {"codeDepartement": departement, "format": "geojson", "geometry": "contour"}
                given = msgspec.json.decode(_body(self.sources.boundaries_url, asked))
                made = outlines(given["features"])
                if not made:
                    raise ValueError("no commune in the answer")
            except (httpx2.HTTPError, msgspec.DecodeError, GEOSException, LookupError, TypeError, ValueError) as error:
                log.warning("boundaries", departement=departement, error=str(error))
                self._failed[departement] = time.monotonic()
                return None
            self._folder.mkdir(exist_ok=True)
            partial = self._path(departement).with_suffix(".partial")
            partial.write_bytes(msgspec.json.encode({"type": "FeatureCollection", "features": made}))
            partial.rename(self._path(departement))
            return made


def outlines(features: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Simplified together, so that neighbours keep their common border; communes of an older year are joined into those
    they have become, those that the referential does not know are left out."""
    parts: dict[str, list[Any]] = {}
    for feature in features:
        try:
            key = REFERENTIAL.resolve(feature["properties"]["code"]).key
        except NotFound:
            continue
        parts.setdefault(key, []).append(shapely.make_valid(shape(feature["geometry"])))
    whole = [shapely.union_all(shapes) if len(shapes) > 1 else shapes[0] for shapes in parts.values()]
    drawn = shapely.set_precision(shapely.coverage_simplify(whole, TOLERANCE), 10**-DECIMALS) if whole else []
    return [
        {"type": "Feature", "properties": {"key": key}, "geometry": _rounded(mapping(one))}
        for key, one in zip(parts, drawn, strict=True)
        if not one.is_empty
    ]


def cells(communes: Sequence[Commune], territory: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Each commune's part of the plane, nearer to its centre than to another's (Voronoi), no farther than `REACH`."""
    placed = [(one.key, one.centre) for one in communes if one.centre is not None]
    if not placed:
        return []
    narrowing = math.cos(math.radians(fmean(latitude for _, (_, latitude) in placed)))
    centres = [Point(longitude * narrowing, latitude) for _, (longitude, latitude) in placed]
    reach = shapely.union_all([one.buffer(REACH, quad_segs=8) for one in centres])
    if territory is not None:
        shapes = [shape(one) for one in _geometries(territory)]
        whole = shapely.make_valid(shapely.union_all(shapes))
        reach = reach.intersection(affinity.scale(whole, narrowing, 1, origin=(0, 0)))
    parts = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(centres), extend_to=reach)) if placed[1:] else [reach]
    found = STRtree(parts).query(centres, predicate="intersects")
    made = []
    for point, part in dict(zip(*found.tolist(), strict=True)).items():
        cut = affinity.scale(parts[part].intersection(reach), 1 / narrowing, 1, origin=(0, 0))
        if not cut.is_empty and cut.geom_type in ("Polygon", "MultiPolygon"):
            told = {"key": placed[point][0], "schematic": True}
            made.append({"type": "Feature", "properties": told, "geometry": _rounded(mapping(cut))})
    return made


def _geometries(geojson: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if geojson["type"] == "FeatureCollection":
        for feature in geojson["features"]:
            yield from _geometries(feature)
    else:
        yield geojson["geometry"] if geojson["type"] == "Feature" else geojson


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def round_(part: Any) -> Any:
        return round(part, DECIMALS) if isinstance(part, float) else [round_(one) for one in part]

    return {"type": geometry["type"], "coordinates": round_(geometry["coordinates"])}


def _address(feature: dict[str, Any]) -> Address:
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    told = feature["properties"]
    label, context = str(told["label"]), str(told.get("context", ""))
    return Address(label, context, float(longitude), float(latitude), float(told.get("score", 0)))


def _body(url: str, asked: dict[str, Any]) -> bytes:
    """Raises `ValueError` for an answer longer than is taken."""
    parts, size = [], 0
    with httpx2.stream("GET", url, params=asked, timeout=TIMEOUT, follow_redirects=True) as answer:
        answer.raise_for_status()
        for part in answer.iter_bytes():
            size += len(part)
            if size > ANSWER_LIMIT:
                raise ValueError("the answer is too long")
            parts.append(part)
    return b"".join(parts)
