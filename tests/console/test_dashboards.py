"""Dashboards in a real browser: arranged by drag and by keyboard, turning on a wall, pinned to from Explore."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.signed_in import PASSWORD, a_person
from tests.conftest import ROCHE, Served, a_territory, running
from tests.console.watching import THEMES, TRIED, Watched, looking, severe_faults

EDITOR, READER = "ines@exemple.fr", "luc@exemple.fr"
TITLES = ["Premier", "Deuxième", "Troisième"]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TURN = 20_000
"""milliseconds within which a wall of five seconds has turned, on a busy machine too"""


@dataclass(frozen=True)
class Place:
    served: Served
    series: int
    key: str

    def api(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = httpx2.request(method, f"{self.served.url}/api/v1{path}", headers=headers, **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def board(self, name: str, *titles: str) -> str:
        cards = [{"kind": "text", "title": title, "text": title} for title in titles]
        key: str = self.api("POST", "/dashboards", json={"owner": ROCHE, "name": name, "cards": cards})["key"]
        return key

    def clear(self) -> None:
        for one in self.api("GET", "/dashboards")["items"]:
            self.api("DELETE", f"/dashboards/{one['key']}")

    def titles(self, key: str) -> list[str]:
        return [one["title"] for one in self.api("GET", f"/dashboards/{key}")["cards"]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("dashboards")
    with a_territory(folder) as territory:
        a_person(territory, EDITOR, ROCHE, "editor", PASSWORD)
        a_person(territory, READER, ROCHE, "reader", PASSWORD)
        series, key = territory.a_series(name="Température").id, territory.key(ROCHE, "administer")
        now = datetime.now(UTC)
        rows = [
            {"series": series, "time": (now - timedelta(hours=step)).isoformat(), "value": step} for step in range(9)
        ]
        assert territory.as_("roche").post("/observations", json=rows).is_success
    with running("serve", data=folder / "data") as served:
        yield Place(served, series, key)


@pytest.fixture
def place(made: Place) -> Place:
    made.clear()
    return made


@pytest.fixture
def opened(browser: Browser, place: Place) -> Iterator[Callable[..., Watched]]:
    with looking(browser, place.served.url, PASSWORD) as look:
        yield lambda who=EDITOR, size="desk", theme="light": look(who, size, theme)


def arranging(page: Page, key: str) -> None:
    page.goto(f"/dashboards/{key}")
    page.get_by_role("button", name="Modifier").click()
    expect(page.locator(".band")).to_have_count(3)


def expect_order(page: Page, *titles: str) -> None:
    expect(page.locator(".band strong")).to_have_text(list(titles))


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("button", name="Modifier")).to_be_visible()


def test_a_card_is_moved_by_dragging_its_band(opened: Callable[..., Watched], place: Place) -> None:
    watched, key = opened(), place.board("Tirés", *TITLES)
    page = watched.page
    arranging(page, key)
    page.locator(".band").nth(0).drag_to(page.locator(".card").nth(2))
    expect_order(page, "Deuxième", "Troisième", "Premier")
    page.locator(".band").nth(2).drag_to(page.locator(".card").nth(1))
    expect_order(page, "Deuxième", "Premier", "Troisième")
    expect(page.locator(".pulled")).to_have_count(0)
    save(page)
    assert place.titles(key) == ["Deuxième", "Premier", "Troisième"]
    assert watched.complaints == []


def test_what_is_being_typed_goes_with_its_card(opened: Callable[..., Watched], place: Place) -> None:
    page, key = opened().page, place.board("Tapés", *TITLES)
    arranging(page, key)
    page.locator(".card").nth(0).get_by_label("Texte", exact=True).fill("Aérer en sortant.")
    page.locator(".band").nth(0).drag_to(page.locator(".card").nth(1))
    expect(page.locator(".card").nth(1).get_by_label("Texte", exact=True)).to_have_value("Aérer en sortant.")


def test_a_card_is_moved_by_the_keyboard_step_after_step(opened: Callable[..., Watched], place: Place) -> None:
    page, key = opened().page, place.board("Au clavier", *TITLES)
    arranging(page, key)
    later = page.get_by_role("button", name="Reculer «\xa0Premier\xa0»")
    later.focus()
    page.keyboard.press("Enter")
    expect_order(page, "Deuxième", "Premier", "Troisième")
    expect(later).to_be_focused()
    page.keyboard.press("Space")
    expect_order(page, "Deuxième", "Troisième", "Premier")
    expect(later).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="en place 3 sur 3")).to_be_attached()
    page.keyboard.press("Enter")  # it is the last: nothing moves
    expect_order(page, "Deuxième", "Troisième", "Premier")
    earlier = page.get_by_role("button", name="Avancer «\xa0Premier\xa0»")
    earlier.focus()
    for _ in range(2):
        page.keyboard.press("Enter")
    expect_order(page, *TITLES)
    expect(earlier).to_be_focused()


def test_a_wall_turns_and_keeps_what_was_chosen(opened: Callable[..., Watched], place: Place) -> None:
    watched = opened(size="wall")
    page, first = watched.page, place.board("Un", "A")
    place.board("Deux", "B")
    place.board("Vide")
    page.goto(f"/dashboards/{first}?wall=5&period=day")
    expect(page.get_by_role("heading", level=1, name="Un")).to_be_visible()
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("button", name="Modifier")).to_have_count(0)
    expect(page.get_by_role("heading", level=1, name="Deux")).to_be_visible(timeout=TURN)
    expect(page).to_have_url(re.compile(r"period=day.*wall=5|wall=5.*period=day"))
    expect(page.get_by_role("heading", level=1, name="Un")).to_be_visible(timeout=TURN)
    page.get_by_role("link", name="Quitter le mode mural").click()
    expect(page.get_by_role("banner")).to_be_visible()
    assert watched.complaints == []


def test_a_dashboard_that_is_removed_does_not_stop_the_wall(opened: Callable[..., Watched], place: Place) -> None:
    page = opened(READER, "wall").page
    for name in ("Un", "Deux", "Trois"):
        place.board(name, name)
    order = [one["key"] for one in place.api("GET", "/dashboards")["items"]]
    names = {one["key"]: one["name"] for one in place.api("GET", "/dashboards")["items"]}
    with page.expect_response(re.compile(r"/dashboards\?")):
        page.goto(f"/dashboards/{order[0]}?wall=5")
    place.api("DELETE", f"/dashboards/{order[1]}")
    expect(page).to_have_url(re.compile(order[1]), timeout=TURN)
    expect(page.get_by_role("heading", level=1, name=names[order[2]])).to_be_visible(timeout=TURN)


def exploring(page: Page, place: Place) -> None:
    page.goto(f"/explore?series=%5B{place.series}%5D&period=day")
    page.get_by_text("Épingler sur un tableau de bord").click()


def test_what_is_explored_is_pinned_to_a_dashboard_that_is_there(opened: Callable[..., Watched], place: Place) -> None:
    watched, key = opened(), place.board("Écoles", "Consigne")
    page = watched.page
    exploring(page, place)
    page.get_by_label("Titre de la carte").fill("Salle du conseil")
    page.get_by_role("button", name="Épingler").click()
    expect(page.get_by_text("Épinglé sur")).to_be_visible()
    card = place.api("GET", f"/dashboards/{key}")["cards"][1]
    assert (card["title"], card["series"], card["period"]) == ("Salle du conseil", [place.series], "day")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("Retiré.")).to_be_visible()
    assert place.titles(key) == ["Consigne"]
    page.get_by_role("button", name="Épingler").click()
    page.get_by_role("link", name="Écoles").click()
    expect(page.get_by_role("heading", level=2, name="Salle du conseil")).to_be_visible()
    assert watched.complaints == []


def test_what_is_explored_is_pinned_to_a_new_dashboard(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    exploring(page, place)
    page.get_by_label("Nom du nouveau tableau").fill("Mairies")
    page.get_by_role("button", name="Épingler").click()
    expect(page.get_by_text("Épinglé sur")).to_be_visible()
    (board,) = place.api("GET", "/dashboards")["items"]
    assert (board["name"], board["owner"], len(board["cards"])) == ("Mairies", ROCHE, 1)
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("Retiré.")).to_be_visible()
    assert place.api("GET", "/dashboards")["items"] == []


def test_a_reader_pins_nothing(opened: Callable[..., Watched], place: Place) -> None:
    page = opened(READER).page
    page.goto(f"/explore?series=%5B{place.series}%5D&period=day")
    expect(page.get_by_role("heading", name="En bref")).to_be_visible()
    expect(page.get_by_text("Épingler sur un tableau de bord")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_pinning_and_arranging_are_accessible_and_fit(
    opened: Callable[..., Watched], place: Place, size: str, theme: str
) -> None:
    page, key = opened(size=size, theme=theme).page, place.board("Écoles", *TITLES)
    exploring(page, place)
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) <= 0
    arranging(page, key)
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) <= 0
