"""What one is told of, in real browsers: it comes by itself, is read, and each chooses."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.signed_in import PASSWORD
from tests.conftest import OLONNE, ROCHE
from tests.console.affairs import GIVER, READER, RECEIVER, Affairs, affairs
from tests.console.watching import THEMES, TRIED, WIDER, Watched, looking, severe_faults

SOON = 60_000
"""milliseconds for an instance to look at what happened, and for a page to ask"""
POSTED = """async (given) => {
    const headers = { 'Content-Type': 'application/json' }
    return (await fetch('/api/v1/agreements', { method: 'POST', headers, body: JSON.stringify(given) })).status
}"""
"""as the console does: a request of another site's is refused"""
TOLD = "La Roche-sur-Yon partage avec Les Sables-d'Olonne."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Affairs]:
    with affairs(tmp_path_factory.mktemp("notifications")) as made:
        yield made


@pytest.fixture
def opened(browser: Browser, place: Affairs) -> Iterator[Callable[..., Watched]]:
    with looking(browser, place.served.url, PASSWORD) as look:
        yield lambda who=RECEIVER, size="desk", theme="light": look(who, size, theme)


def looked(page: Page) -> None:
    """Wait until the instance has looked once: what was there before is no news."""
    page.wait_for_timeout(11_000)


def give(page: Page, service: str) -> None:
    given = {"giver": ROCHE, "receiver": OLONNE, "right": "read", "purpose": "Voisins", "service": service}
    assert page.evaluate(POSTED, given) == 201


def test_the_bell_counts_by_itself_and_what_is_read_is_counted_no_more(opened: Callable[..., Watched]) -> None:
    page, giver, reader = opened().page, opened(GIVER).page, opened(READER).page
    for one in (page, giver, reader):
        one.goto("/account")
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    looked(page)
    give(giver, "water")
    bell = page.get_by_role("link", name="Notifications : 1 non lue", exact=True)
    expect(bell).to_be_visible(timeout=SOON)
    bell.click()
    expect(page.get_by_text("1 notification à lire.")).to_be_visible()
    expect(page.get_by_role("link", name=TOLD)).to_be_visible()
    give(giver, "lighting")
    expect(page.get_by_text("2 notifications à lire.")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("link", name=TOLD)).to_have_count(2)
    page.get_by_role("button", name=f"Marquer comme lue : {TOLD}").first.click()
    expect(page.get_by_text("1 notification à lire.")).to_be_visible()
    page.get_by_label("Seulement celles à lire").check()
    expect(page.get_by_role("link", name=TOLD)).to_have_count(1)
    page.get_by_role("link", name=TOLD).click()
    expect(page.get_by_role("heading", level=1, name="Qui voit quoi")).to_be_visible()
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    reader.goto("/notifications")
    expect(reader.get_by_text("Rien à vous dire pour le moment.")).to_be_visible()


def test_each_chooses_what_it_is_told_and_when(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/account")
    part = page.get_by_role("region", name="Ce que l’on me dit")
    expect(part.get_by_text("n’a pas de serveur de messagerie")).to_be_visible()
    part.get_by_label("Me le dire : Connexions en panne").select_option(label="Non")
    part.get_by_label("Me le dire : Partages").select_option(label="Ici et par courriel")
    part.get_by_label("Aucun courriel pendant certaines heures").check()
    part.get_by_label("De", exact=True).fill("21:30")
    part.get_by_role("button", name="Enregistrer").click()
    expect(part.get_by_text("Enregistré.")).to_be_visible()
    page.reload()
    expect(part.get_by_label("Me le dire : Connexions en panne")).to_have_value("none")
    expect(part.get_by_label("Me le dire : Partages")).to_have_value("email")
    expect(part.get_by_label("De", exact=True)).to_have_value("21:30")
    part.get_by_label("Une fois par jour").check()
    expect(part.get_by_label("De", exact=True)).to_have_count(0)
    part.get_by_label("À", exact=True).fill("06:45")
    part.get_by_role("button", name="Enregistrer").click()
    expect(part.get_by_text("Enregistré.")).to_be_visible()
    assert page.request.get("/api/v1/me/notifications").json()["manner"]["daily_at"] == "06:45"


def test_a_stranger_is_asked_to_sign_in(opened: Callable[..., Watched]) -> None:
    page = opened(None).page
    page.goto("/notifications")
    expect(page).to_have_url(re.compile("/sign-in\\?next=.*notifications"))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
@pytest.mark.parametrize("path", ["/notifications", "/account"])
def test_the_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], path: str, size: str, theme: str
) -> None:
    """After the one that made something to tell."""
    watched = opened(RECEIVER, size, theme)
    page = watched.page
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".bone")).to_have_count(0)
    if shots := os.environ.get("BEFFROI_SHOTS"):
        page.wait_for_timeout(500)
        page.screenshot(path=f"{shots}/{path.strip('/')}-{size}-{theme}.png", full_page=True)
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []


def test_the_page_speaks_english_whole(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/notifications")
    expect(page.get_by_role("link", name="Choisir ce que l’on me dit")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Choose what I am told")).to_be_visible()
    expect(page.get_by_role("link", name="La Roche-sur-Yon shares with Les Sables-d'Olonne.").first).to_be_visible(
        timeout=SOON
    )
