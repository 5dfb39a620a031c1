"""The map, the home page of a collectivité and the palette, in a real browser."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from beffroi.registry import structures
from tests.api.signed_in import PASSWORD, a_person
from tests.conftest import NOW, ROCHE, Served, a_territory, running
from tests.console.pmtiles import one_pixel
from tests.console.watching import SIZES, THEMES, TRIED, Watched, severe_faults

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
READY = ".ground[data-ready=true]"


def to_map(page: Page, path: str = "/") -> None:
    with page.expect_response(re.compile("/map/assets")):
        page.goto(path)
    expect(page.locator(READY)).to_be_visible(timeout=30_000)


def finder(page: Page) -> Any:
    return page.get_by_role("combobox", name="Trouver sur la carte")


def chosen(page: Page, name: str) -> Any:
    return page.get_by_role("complementary", name=name)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_the_map_and_its_panel_are_accessible_and_ask_nobody_outside(
    opened: Callable[..., Watched], size: str, theme: str
) -> None:
    watched = opened(size, theme)
    page = watched.page
    to_map(page)
    page.get_by_label("Couleur des communes").select_option("property:temperature")
    expect(page.get_by_text("Température, en °C")).to_be_visible()
    finder(page).fill("les herbiers")
    expect(page.get_by_role("option", name="Les Herbiers 85109")).to_be_visible()
    assert severe_faults(page) == []
    page.keyboard.press("Enter")
    expect(chosen(page, "Les Herbiers")).to_contain_text("°C")
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []


def test_the_map_offline_says_that_its_outlines_are_schematic(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_map(page)
    expect(page.get_by_text(re.compile("^Contours schématiques.*hors ligne"))).to_be_visible()
    finder(page).fill("rue des")
    expect(page.get_by_text("les adresses ne sont pas cherchées")).to_be_visible()


def test_without_a_graphics_card_the_map_jumps_where_others_fly(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_map(page)
    expect(page.locator(READY)).to_have_attribute("data-animated", "false")


def test_a_click_on_the_ground_opens_the_commune(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_map(page)
    page.get_by_label("Éclairage public").uncheck()
    for service in ("Bâtiments", "Environnement", "Stationnement", "Déchets", "Eau et assainissement"):
        page.get_by_label(service).uncheck()
    box = page.locator(READY).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("link", name=re.compile("Ouvrir la page"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


LABELS = 0.015
"""of the map's points: names of communes may stand on another side once others had their place"""


def changed(before: bytes, after: bytes) -> float:
    """The share of points that are not what they were."""
    one, other = (np.asarray(Image.open(BytesIO(image)).convert("RGB")) for image in (before, after))
    return float((one != other).any(axis=2).mean())


def test_a_service_taken_off_leaves_the_map_and_nothing_is_asked_again(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_map(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)
    canvas, asked = page.locator(".maplibregl-canvas"), list[str]()
    page.on("request", lambda one: asked.append(one.url))
    before = canvas.screenshot()
    page.wait_for_timeout(1000)
    assert canvas.screenshot() == before, "the map is still drawn"
    water = page.get_by_label("Eau et assainissement")
    water.uncheck()
    page.wait_for_timeout(2000)
    assert changed(before, canvas.screenshot()) > 2 * LABELS
    water.check()
    page.wait_for_timeout(2000)
    assert changed(before, canvas.screenshot()) < LABELS
    assert [url for url in asked if "/map/assets" in url] == []


def test_the_list_says_what_the_colours_say(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_map(page)
    page.get_by_label("Couleur des communes").select_option("silent")
    expect(page.get_by_role("columnheader", name="Part d’appareils silencieux")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^Les Herbiers"))
    expect(row).to_contain_text(re.compile(r"[\d,]+\s%"))


def test_from_the_palette_to_a_commune_and_to_an_asset_with_the_keyboard(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_map(page)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Aller à")).to_be_focused()
    page.keyboard.type("les herbiers")
    expect(page.get_by_role("option", name="Les Herbiers 85109")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Les Herbiers")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    page.keyboard.type("salle 1, les herbiers")
    room = page.get_by_role("group", name="Équipements").get_by_role("option", name="Salle 1, Les Herbiers")
    expect(room).to_be_visible()
    for _ in range(40):
        if room.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Salle 1, Les Herbiers")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Température")).first).to_be_visible()


def test_the_palette_is_accessible_and_acts(opened: Callable[..., Watched]) -> None:
    for size in SIZES:
        watched = opened(size)
        page = watched.page
        page.goto("/connections")
        page.get_by_role("button", name="Chercher partout").click()
        expect(page.get_by_role("option", name="Territoire")).to_be_visible()
        assert severe_faults(page) == []
        page.keyboard.type("passer en thème")
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("Enter")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.keyboard.press("Control+k")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert watched.complaints == []


def test_a_collectivity_says_first_what_needs_attention(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/collectivities/commune-85109")
    expect(page.locator(".sentence")).to_contain_text(re.compile("pile|silencieu|Rien à signaler"))
    card = page.get_by_role("region", name="Bâtiments").first
    expect(card).to_contain_text("°C")
    expect(card).to_contain_text("en ce moment")
    card.get_by_text("Jour par jour").first.click()
    table = card.get_by_role("table").first
    expect(table.get_by_role("row").nth(5)).to_contain_text("°C")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an instance of one commune, whose administrator signs in with a password."""
    folder = tmp_path_factory.mktemp("place")
    with a_territory(folder) as made:
        a_person(made, "camille@exemple.fr", ROCHE, "administrator", PASSWORD)
        made.an_asset(name="Mairie", longitude=-1.43, latitude=46.67)
        with made.instance.rooms.database.write() as tx:
            structures.locate(made.system, tx, {ROCHE: (-1.43, 46.67)}, now=NOW)
    return folder / "data"


@contextmanager
def seen(browser: Browser, served: Served) -> Iterator[tuple[Watched, list[str]]]:
    """Its territory, signed in, and every address that was asked."""
    context = browser.new_context(base_url=served.url, locale="fr-FR")
    answer = context.request.post("/api/v1/session", data={"email": "camille@exemple.fr", "password": PASSWORD})
    assert answer.ok, answer.text()
    watched, asked = Watched(context, served.url), list[str]()
    watched.page.on("request", lambda one: asked.append(one.url))
    yield watched, asked
    context.close()


def test_a_background_file_is_read_from_the_instance_by_parts(browser: Browser, place: Path) -> None:
    file = place.parent / "world.pmtiles"
    file.write_bytes(one_pixel())
    with running("serve", data=place, map_file=str(file)) as served, seen(browser, served) as (watched, asked):
        with watched.page.expect_response(re.compile("background.pmtiles")) as part:
            to_map(watched.page)
        assert part.value.status == 206
        expect(watched.page.get_by_text("La carte arrive")).to_have_count(0)
        assert watched.complaints == []
        assert {urlsplit(one).netloc for one in asked if one.startswith("http")} == {urlsplit(served.url).netloc}


@pytest.fixture
def maps() -> Iterator[tuple[str, list[str]]]:
    """A server of a map style, of outlines and of addresses; what it was asked."""
    asked: list[str] = []
    square = [[-1.5, 46.6], [-1.36, 46.6], [-1.36, 46.74], [-1.5, 46.74], [-1.5, 46.6]]
    polygon = {"type": "Polygon", "coordinates": [square]}
    point = {"type": "Point", "coordinates": [-1.426, 46.67]}
    told = {"label": "10 Place Napoléon 85000 La Roche-sur-Yon", "context": "85, Vendée", "score": 0.9}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            home = f"http://{self.headers['Host']}"
            source = {"type": "geojson", "data": f"{home}/roads.geojson"}
            answers: dict[str, Any] = {
                "/style.json": {
                    "version": 8,
                    "sources": {"roads": source},
                    "layers": [{"id": "roads", "type": "line", "source": "roads"}],
                },
                "/roads.geojson": {"type": "FeatureCollection", "features": []},
                "/communes": {"features": [{"type": "Feature", "properties": {"code": "85191"}, "geometry": polygon}]},
                "/search": {"features": [{"type": "Feature", "geometry": point, "properties": told}]},
            }
            body = json.dumps(answers[urlsplit(self.path).path]).encode()
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_outlines_background_and_addresses_come_from_the_services_of_the_settings(
    browser: Browser, place: Path, maps: tuple[str, list[str]]
) -> None:
    url, told = maps
    settings = {
        "offline": "false",
        "map_style_url": f"{url}/style.json",
        "boundaries_url": f"{url}/communes",
        "geocoder_url": url,
    }
    with running("serve", data=place, **settings) as served, seen(browser, served) as (watched, asked):
        page = watched.page
        to_map(page)
        finder(page).fill("place napoléon")
        page.get_by_role("option", name=re.compile("10 Place Napoléon")).click()
        outside = {urlsplit(one).netloc for one in asked if one.startswith("http")} - {urlsplit(served.url).netloc}
        assert outside == {urlsplit(url).netloc}, "browsers fetch the background alone"
        assert {urlsplit(one).path for one in told} == {"/style.json", "/roads.geojson", "/communes", "/search"}
        assert [said for said in watched.complaints if "left the instance" not in said] == []
        expect(page.get_by_text("Contours schématiques")).to_have_count(0)
    (place / "boundaries" / "85.geojson").unlink()
