"""Outlines and addresses, asked of a real server that answers what the public services do."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from shapely import Point, union_all
from shapely.geometry import shape

from beffroi.errors import NotFound, Unavailable
from beffroi.registry.geography import Commune, Geography, Sources, cells, outlines

COMMUNES = [Commune("commune-85191", "85", (-1.43, 46.67))]
ADDRESS = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [-1.426, 46.67]},
    "properties": {"label": "10 Place Napoléon 85000 La Roche-sur-Yon", "score": 0.93, "context": "85, Vendée"},
}


@dataclass
class Service:
    """A server of outlines and addresses; `asked`: each path and its query."""

    url: str = ""
    communes: Any = None
    status: int = 200
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)

    @property
    def sources(self) -> Sources:
        return Sources(f"{self.url}/communes", f"{self.url}/geocodage", offline=False)


@pytest.fixture
def service() -> Iterator[Service]:
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            told.asked.append((parts.path, parse_qs(parts.query)))
            found = told.communes if parts.path == "/communes" else {"features": [ADDRESS]}
            body = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(told.status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def square(code: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, 46], [east, 46], [east, 46.1], [west, 46.1], [west, 46]]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_outlines_are_asked_once_and_kept(tmp_path: Path, service: Service) -> None:
    service.communes = {"features": [square("85191", -1.5, -1.4)]}
    first = Geography(tmp_path, service.sources).boundaries(COMMUNES, None)
    again = Geography(tmp_path, service.sources).boundaries(COMMUNES, None)
    assert first == again
    assert first.state == "known"
    assert [one.properties.key for one in first.features] == ["commune-85191"]
    assert service.asked == [("/communes", {"codeDepartement": ["85"], "format": ["geojson"], "geometry": ["contour"]})]


def test_the_real_outlines_of_an_older_year_become_communes_of_today(shared_data: Path) -> None:
    given = json.loads((shared_data / "communes" / "communes-85-vendee.geojson").read_text())["features"]
    made = {one["properties"]["key"]: one["geometry"] for one in outlines(given)}
    assert len(made) < len(given)
    assert "commune-85194" in made  # Les Sables-d'Olonne, once three communes
    assert made["commune-85194"]["type"] in ("Polygon", "MultiPolygon")


def test_neighbours_keep_their_common_border() -> None:
    one, other = outlines([square("85191", -1.5, -1.4), square("85194", -1.4, -1.3)])
    corners = [{tuple(corner) for corner in each["geometry"]["coordinates"][0]} for each in (one, other)]
    assert {(-1.4, 46.0), (-1.4, 46.1)} <= corners[0] & corners[1]


def test_nobody_is_asked_when_offline(tmp_path: Path, service: Service) -> None:
    geography = Geography(tmp_path, Sources(f"{service.url}/communes", f"{service.url}/geocodage", offline=True))
    assert geography.boundaries(COMMUNES, None).state == "offline"
    with pytest.raises(NotFound):
        geography.addresses("place napoléon", limit=5)
    assert service.asked == []


def test_outlines_laid_in_the_folder_are_taken_even_offline(tmp_path: Path) -> None:
    (tmp_path / "boundaries").mkdir()
    made = outlines([square("85191", -1.5, -1.4)])
    (tmp_path / "boundaries" / "85.geojson").write_text(json.dumps({"features": made}))
    assert len(Geography(tmp_path, Sources()).boundaries(COMMUNES, None).features) == 1


@pytest.mark.parametrize("answer", [b"<html>", b'{"features": 3}', b'{"features": []}', b"[]"])
def test_an_answer_that_makes_no_sense_is_not_kept_nor_asked_again_at_once(
    tmp_path: Path, service: Service, answer: bytes
) -> None:
    service.communes = answer
    geography = Geography(tmp_path, service.sources)
    assert geography.boundaries(COMMUNES, None).state == "unreachable"
    assert [one.properties.schematic for one in geography.boundaries(COMMUNES, None).features] == [True]
    assert len(service.asked) == 1
    assert not (tmp_path / "boundaries" / "85.geojson").exists()


def test_cells_share_the_territory_between_the_centres() -> None:
    centres = [Commune(f"commune-{one}", "85", (-1.5 + one / 10, 46.5)) for one in range(3)]
    territory = {
        "type": "Polygon",
        "coordinates": [[[-1.6, 46.4], [-1.2, 46.4], [-1.2, 46.6], [-1.6, 46.6], [-1.6, 46.4]]],
    }
    drawn = {one["properties"]["key"]: shape(one["geometry"]) for one in cells(centres, territory)}
    for one in centres:
        assert one.centre is not None
        assert drawn[one.key].contains(Point(one.centre))
    assert not drawn["commune-0"].intersects(drawn["commune-2"])
    assert union_all(list(drawn.values())).within(shape(territory).buffer(1e-4))


def test_one_commune_alone_and_none_with_a_centre() -> None:
    assert len(cells(COMMUNES, None)) == 1
    assert cells([Commune("commune-85191", "85", None)], None) == []


def test_an_address_is_found(tmp_path: Path, service: Service) -> None:
    (found,) = Geography(tmp_path, service.sources).addresses("place napoléon", limit=3)
    assert (found.name, found.longitude, found.score) == (ADDRESS["properties"]["label"], -1.426, 0.93)  # type: ignore[index]
    assert service.asked == [("/geocodage/search", {"q": ["place napoléon"], "limit": ["3"]})]


def test_a_geocoder_that_says_too_many_is_unavailable(tmp_path: Path, service: Service) -> None:
    service.status = 429
    with pytest.raises(Unavailable):
        Geography(tmp_path, service.sources).addresses("place", limit=3)
