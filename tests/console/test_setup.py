"""The first run in a real browser: from `beffroi serve` on an empty folder to the territory, by the keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.signed_in import PASSWORD
from tests.conftest import Served, running
from tests.console.watching import THEMES, TRIED, Watched, looking, severe_faults

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NEXT = "Continuer"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with running("serve", data=tmp_path / "empty") as one:
        yield one


@pytest.fixture
def opened(browser: Browser, served: Served) -> Iterator[Callable[..., Watched]]:
    with looking(browser, served.url, PASSWORD) as look:
        yield lambda size="desk", theme="light": look(None, size, theme)


def typed(page: Page, *words: str) -> None:
    """Words typed one after the other, with a tabulation between."""
    for rank, word in enumerate(words):
        if rank:
            page.keyboard.press("Tab")
        page.keyboard.type(word)


def reach(page: Page, name: str, role: str = "button") -> None:
    """Tabulates until the focus is there."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    for _ in range(60):
        if wanted.count() == 1 and wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached")


def choose(page: Page, text: str, option: str) -> None:
    """Types in the search that has the focus, goes down to an option, takes it."""
    page.keyboard.type(text)
    wanted = page.get_by_role("option", name=option)
    expect(wanted).to_be_visible()
    for _ in range(30):
        if wanted.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def introduce(page: Page) -> None:
    """The first two steps."""
    reach(page, "Prénom et nom", "textbox")
    typed(page, "Ines Moreau", "ines@exemple.fr", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    reach(page, "Son nom", "textbox")
    typed(page, "Syndicat d'essai")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Pour quelles collectivités")).to_be_focused()


def test_from_an_empty_folder_to_the_territory_by_the_keyboard(opened: Callable[..., Watched], served: Served) -> None:
    watched = opened()
    page = watched.page
    page.goto(served.link)
    introduce(page)
    reach(page, "Chercher une collectivité", "combobox")
    choose(page, "vendée", "Vendée : tout le département")
    expect(page.get_by_text("253 communes, 19 intercommunalités, 713 609 habitants")).to_be_visible()
    choose(page, "nantes", "Nantes 44109")
    expect(page.get_by_text("254 communes")).to_be_visible()
    reach(page, "Retirer Nantes")
    page.keyboard.press("Enter")
    expect(page.get_by_text("253 communes, 19 intercommunalités")).to_be_visible()
    reach(page, NEXT)
    page.keyboard.press("Enter")
    reach(page, "Stationnement", "checkbox")
    page.keyboard.press("Space")
    expect(page.get_by_text("8 services, administrée par Ines Moreau")).to_be_visible()
    reach(page, "Créer la plateforme")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="La plateforme est prête")).to_be_focused()
    reach(page, "Connecter un premier réseau", "link")
    reach(page, "Voir le territoire", "link")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{served.url}/")
    expect(page.get_by_text("253 communes")).to_be_visible()
    assert watched.complaints == []


def test_what_was_typed_is_still_there_when_the_page_is_loaded_again(
    opened: Callable[..., Watched], served: Served
) -> None:
    page = opened().page
    page.goto(served.link)
    introduce(page)
    reach(page, "Chercher une collectivité", "combobox")
    choose(page, "olonne agglo", "CA Les Sables d'Olonne Agglomération, avec ses communes")
    expect(page.get_by_text("5 communes, 1 intercommunalité")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Prénom et nom")).to_have_value("Ines Moreau")
    expect(page.get_by_label("Mot de passe")).to_have_value("")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name=NEXT).click()
    expect(page.get_by_label("Son nom")).to_have_value("Syndicat d'essai")
    page.get_by_role("button", name=NEXT).click()
    expect(page.get_by_text("5 communes, 1 intercommunalité")).to_be_visible()
    page.get_by_role("button", name="Tout retirer").click()
    expect(page.get_by_text("Aucune collectivité pour le moment")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("5 communes, 1 intercommunalité")).to_be_visible()


def test_a_second_tab_is_told_that_it_is_made(opened: Callable[..., Watched], served: Served) -> None:
    first, second = opened().page, opened().page
    for page in (first, second):
        page.goto(served.link)
        introduce(page)
        page.get_by_role("button", name=NEXT).click()
    first.get_by_role("button", name="Créer la plateforme").click()
    expect(first.get_by_role("heading", name="La plateforme est prête")).to_be_visible()
    second.get_by_role("button", name="Revenir").click()
    second.get_by_role("button", name="Revenir").click()
    second.get_by_role("button", name="Revenir").click()
    second.get_by_label("Adresse électronique").fill("paul@exemple.fr")
    for _ in range(3):
        second.get_by_role("button", name=NEXT).click()
    second.get_by_role("button", name="Créer la plateforme").click()
    expect(second.get_by_role("alert")).to_contain_text("a déjà sa structure")
    second.get_by_role("alert").get_by_role("link", name="Se connecter").click()
    expect(second).to_have_url(f"{served.url}/sign-in")


def test_a_browser_without_the_address_is_told_where_it_is(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/devices")
    expect(page.get_by_role("heading", level=1, name="Cette adresse n’ouvre pas la mise en route")).to_be_visible()
    expect(page.get_by_text("beffroi serve")).to_be_visible()
    assert severe_faults(page) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_every_step_is_accessible_and_fits(
    opened: Callable[..., Watched], served: Served, size: str, theme: str
) -> None:
    page = opened(size, theme).page

    def look(step: str) -> None:
        assert severe_faults(page) == [], step
        assert page.evaluate(WIDER) <= 0, step

    page.goto(served.link)
    expect(page.get_by_label("Prénom et nom")).to_be_visible()
    look("1-person")
    introduce(page)
    look("3-empty")
    page.get_by_role("combobox").fill("les sables")
    expect(page.get_by_role("option").first).to_be_visible()
    look("3-options")
    page.get_by_role("combobox").fill("vend")
    page.get_by_role("option", name="Vendée : tout le département").click()
    expect(page.get_by_text("253 communes")).to_be_visible()
    look("3-members")
    page.get_by_role("button", name=NEXT).click()
    look("4-services")
    page.get_by_role("button", name="Créer la plateforme").click()
    expect(page.get_by_role("heading", name="La plateforme est prête")).to_be_visible()
    look("5-ready")
