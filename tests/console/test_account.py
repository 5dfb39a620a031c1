"""One's own account in real browsers: name, language, theme, password, sessions."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.signed_in import PASSWORD
from tests.console.affairs import CHIEF, GIVER, READER, RECEIVER, Affairs, affairs
from tests.console.watching import THEMES, TRIED, WIDER, Watched, looking, severe_faults

FRESH = "une autre phrase assez longue"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Affairs]:
    with affairs(tmp_path_factory.mktemp("account")) as made:
        yield made


@pytest.fixture
def opened(browser: Browser, place: Affairs) -> Iterator[Callable[..., Watched]]:
    with looking(browser, place.served.url, PASSWORD) as look:
        yield lambda who=GIVER, size="desk", theme="light": look(who, size, theme)


def to_account(page: Page) -> None:
    page.goto("/account")
    expect(page.get_by_role("heading", name="Mes sessions")).to_be_visible()
    expect(page.locator(".bone")).to_have_count(0)


def test_the_menu_leads_to_ones_account_and_what_one_may_do(opened: Callable[..., Watched]) -> None:
    page = opened(CHIEF).page
    page.goto("/devices")
    page.get_by_role("button", name="Mon compte").click()
    page.get_by_role("link", name="Mon compte").click()
    expect(page.get_by_text("Vous administrez aussi l’instance")).to_be_visible()
    for owner in ("Challans", "Syndicat d'essai"):
        expect(page.locator("dt", has_text=owner)).to_be_visible()
    page.get_by_role("button", name="Mon compte").click()
    expect(page.get_by_role("link", name="Personnes et accès")).to_be_visible()


def test_the_name_that_others_see_is_changed(opened: Callable[..., Watched]) -> None:
    page, other = opened(READER).page, opened(GIVER).page
    to_account(page)
    page.get_by_label("Nom sous lequel on me voit").fill("Ana Dupré")
    page.get_by_role("region", name="Mon nom").get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Enregistré.")).to_be_visible()
    other.goto("/people")
    expect(other.get_by_role("heading", name="Ana Dupré")).to_be_visible()


def test_the_language_follows_the_account_and_the_theme_this_browser(opened: Callable[..., Watched]) -> None:
    page = opened(RECEIVER).page
    to_account(page)
    with page.expect_response("**/api/v1/me") as saved:
        page.get_by_role("radio", name="English").check()
    assert saved.value.ok
    expect(page.get_by_role("heading", level=1, name="My account")).to_be_visible()
    page.get_by_role("radio", name="dark").check()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    elsewhere = opened(RECEIVER).page
    elsewhere.goto("/account")
    expect(elsewhere.get_by_role("heading", level=1, name="My account")).to_be_visible()
    assert elsewhere.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    with elsewhere.expect_response("**/api/v1/me"):
        elsewhere.get_by_role("radio", name="Français").check()


def test_sessions_are_ended_one_by_one_or_all_the_others(opened: Callable[..., Watched]) -> None:
    first, second, third = (opened(CHIEF).page for _ in range(3))
    for page in (first, second, third):
        to_account(page)
    first.reload()
    rows = first.get_by_role("table", name="Mes sessions").get_by_role("row")
    expect(rows.nth(3)).to_be_visible()
    before = rows.count()
    assert before >= 4
    expect(rows.nth(1)).to_contain_text("Chrome sur Linux · ici même")
    first.get_by_role("button", name=re.compile("^Terminer la session")).first.click()
    expect(rows).to_have_count(before - 1)
    first.get_by_role("button", name="Terminer toutes les autres").click()
    expect(rows).to_have_count(2)
    expect(first.get_by_text("Vous êtes connecté ici seulement.")).to_be_visible()
    for page in (second, third):
        page.goto("/devices")
        expect(page).to_have_url(re.compile("/sign-in"))
    first.reload()
    expect(first.get_by_role("heading", level=1, name="Mon compte")).to_be_visible()


def test_the_password_is_changed_by_who_knows_it(opened: Callable[..., Watched]) -> None:
    """The last that signs in as this person."""
    page, other = opened(RECEIVER).page, opened(RECEIVER).page
    to_account(page)
    page.get_by_label("Mot de passe actuel").fill("ce n'est pas celui-là")
    page.get_by_label("Nouveau mot de passe").fill(FRESH)
    page.get_by_role("button", name="Changer le mot de passe").click()
    expect(page.get_by_role("alert")).to_contain_text("ce n'est pas le mot de passe actuel")
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Changer le mot de passe").click()
    expect(page.get_by_text("Le mot de passe est changé")).to_be_visible()
    expect(page.get_by_label("Nouveau mot de passe")).to_have_value("")
    other.goto("/account")
    expect(other).to_have_url(re.compile("/sign-in"))
    other.get_by_label("Adresse électronique").fill(RECEIVER)
    other.get_by_label("Mot de passe").fill(FRESH)
    other.get_by_role("button", name="Se connecter").click()
    expect(other.get_by_role("heading", level=1, name="Mon compte")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_the_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], size: str, theme: str
) -> None:
    watched = opened(GIVER, size, theme)
    to_account(watched.page)
    assert severe_faults(watched.page) == []
    assert watched.page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []
