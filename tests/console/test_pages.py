"""The pages in a real browser, against the running demonstration."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import Served
from tests.console.watching import THEMES, TRIED, Watched, severe_faults

BACKGROUND = "element => getComputedStyle(element).backgroundColor"
SPEAK_FRENCH = """() => fetch("/api/v1/me", {
    method: "PATCH",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({language: "fr"}),
})"""
CHART_COLOURS = """element => {
    const pixels = element.getContext("2d").getImageData(0, 0, element.width, element.height).data
    const seen = new Set()
    for (let at = 0; at < pixels.length; at += 4)
        if (pixels[at + 3] === 255) seen.add(pixels.slice(at, at + 3).join())
    return [...seen]
}"""

Journey = Callable[[Page], None]


def to_territory(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text(re.compile(r"^253 communes"))).to_be_visible()


def to_collectivity(page: Page) -> None:
    to_territory(page)
    page.get_by_label("Chercher une collectivité").fill("les herb")
    page.get_by_role("link", name="Les Herbiers").click()
    expect(page.get_by_role("heading", level=1, name="Les Herbiers")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="Bâtiments")).to_be_visible()


def to_series(page: Page) -> None:
    to_collectivity(page)
    page.get_by_label("Chercher une mesure").fill("température")
    page.get_by_role("link", name="Température").first.click()
    expect(page.get_by_role("slider", name="Lire la courbe")).to_be_visible()


def to_sign_in(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in")
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def to_invitation(page: Page) -> None:
    page.goto("/invitation#token=some-token-of-a-message")
    expect(page.get_by_role("button", name="Accepter l’invitation")).to_be_visible()


JOURNEYS = (to_territory, to_collectivity, to_series, to_sign_in, to_invitation)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_a_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], journey: Journey, size: str, theme: str
) -> None:
    watched = opened(size, theme)
    journey(watched.page)
    assert severe_faults(watched.page) == []
    wider = watched.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0, "the page scrolls sideways"
    assert watched.complaints == []


def test_a_stranger_is_asked_to_sign_in_the_place_remembered(opened: Callable[..., Watched]) -> None:
    page = opened(known=False).page
    page.goto("/collectivities/commune-85109")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=.*commune-85109$"))
    expect(page.get_by_label("Mot de passe")).to_be_visible()


def test_a_one_time_link_opens_once(opened: Callable[..., Watched], demonstration: Served, signed_in: Any) -> None:
    page = opened(known=False).page
    page.goto(demonstration.link)
    expect(page.get_by_role("alert")).to_contain_text("Ce lien ne permet plus de se connecter")


@pytest.mark.parametrize("answer", [500, 429, None], ids=lambda answer: f"{answer}")
def test_a_link_the_server_could_not_look_at_is_tried_again(opened: Callable[..., Watched], answer: int | None) -> None:
    page = opened(known=False).page
    page.route("**/api/v1/session", lambda route: route.fulfill(status=answer) if answer else route.abort())
    page.goto("/sign-in#token=some-token-of-a-message-that-nobody-knows")
    expect(page.get_by_role("alert")).to_contain_text("Votre lien peut encore servir")
    expect(page.get_by_role("alert")).not_to_contain_text("ne permet plus")
    page.unroute("**/api/v1/session")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_role("alert")).to_contain_text("Ce lien ne permet plus de se connecter")


def test_an_invitation_asks_a_newcomer_for_a_name_and_a_password(opened: Callable[..., Watched]) -> None:
    page = opened(known=False).page
    page.goto("/invitation#token=some-token-of-a-message")
    page.get_by_label("Prénom et nom").fill("Inès Moreau")
    page.get_by_label("Mot de passe").fill("une phrase assez longue")
    assert severe_faults(page) == []
    page.get_by_role("button", name="Accepter l’invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("n'est plus valable")


def test_the_territory_says_that_its_data_are_simulated(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_territory(page)
    expect(page.get_by_role("button", name="Données simulées")).to_be_visible()


def test_the_chart_is_read_with_the_keyboard(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_series(page)
    curve = page.get_by_role("slider", name="Lire la courbe")
    curve.focus()
    page.keyboard.press("End")
    last = curve.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")
    before = curve.get_attribute("aria-valuetext")
    assert last is not None
    assert before is not None
    assert re.search(r"\d+ nov\.|\d+ \w+\.? \d{4}.* : −?[\d,]+ °C", last.replace("\u202f", " ").replace("\xa0", " "))
    assert before != last


def test_a_table_says_what_the_chart_draws(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_series(page)
    page.get_by_role("button", name="7 jours", exact=True).click()
    table = page.get_by_role("table")
    for head in ("Début", "Moyenne", "Minimum", "Maximum"):
        expect(table.get_by_role("columnheader", name=head)).to_be_visible()
    expect(table.get_by_role("row").nth(2)).to_contain_text("°C")  # the hour that has just begun may hold nothing yet


def test_the_period_is_in_the_address(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_series(page)
    page.get_by_role("button", name="30 jours", exact=True).click()
    expect(page).to_have_url(re.compile(r"period=month$"))
    page.get_by_label("Jusqu’au").fill("2024-12-31")
    expect(page).to_have_url(re.compile(r"period=month&until=2024-12-31$"))
    page.reload()
    expect(page.locator(".shown", has_text="du 2 au 31 décembre 2024")).to_be_visible()
    month, week = (page.get_by_role("button", name=name, exact=True) for name in ("30 jours", "7 jours"))
    expect(month).to_have_attribute("aria-pressed", "true")
    expect(week).to_have_attribute("aria-pressed", "false")
    assert month.evaluate(BACKGROUND) != week.evaluate(BACKGROUND)


def test_a_step_goes_one_period_earlier_or_later(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_series(page)
    page.goto(f"{urlsplit(page.url).path}?period=year&until=2024-12-31")
    page.get_by_role("button", name="1 an plus tôt").press("Enter")
    expect(page.locator(".shown", has_text="du 1er janvier au 31 décembre 2023")).to_be_visible()
    page.get_by_role("button", name="1 an plus tard").press("Enter")
    expect(page).to_have_url(re.compile(r"until=2024-12-31$"))


def test_a_period_that_holds_nothing_leads_to_where_data_are(opened: Callable[..., Watched]) -> None:
    page = opened("phone").page
    to_series(page)
    page.goto(f"{urlsplit(page.url).path}?period=week&until=2001-01-07")
    expect(page.get_by_text("Aucune mesure sur cette période.")).to_be_visible()
    assert severe_faults(page) == []
    page.get_by_role("button", name="Voir les mesures d’après").click()
    expect(page.get_by_role("slider", name="Lire la courbe")).to_be_visible()


def test_a_series_long_silent_opens_on_its_newest_data(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_series(page)
    page.route("**/observations/latest*", lambda route: route.fulfill(json=measured_long_ago(route)))
    page.goto(urlsplit(page.url).path)
    expect(page.locator(".shown", has_text="du 16 juillet au 14 août 2017")).to_be_visible()
    expect(page).to_have_url(re.compile(r"period=month&until=2017-08-14$"))


def measured_long_ago(route: Route) -> Any:
    latest = route.fetch().json()
    return {**latest, "time": ["2017-08-13T23:00:00Z" for _ in latest["time"]]}


def test_the_csv_holds_the_measures_of_the_period(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_series(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger le CSV").click()
    header, *lines = waiting.value.path().read_text().splitlines()
    assert header.split(",")[:3] == ["series", "time", "value"]
    assert len(lines) > 20


def test_a_lost_link_is_said_and_so_is_its_return(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_collectivity(page)
    expect(page.get_by_text("En direct", exact=True)).to_be_visible()
    page.route("**/observations/stream*", lambda route: route.fulfill(status=503))
    page.reload()
    expect(page.get_by_text("Liaison perdue")).to_be_visible()
    page.unroute("**/observations/stream*")
    expect(page.get_by_text("Liaison rétablie")).to_be_visible(timeout=20_000)


def test_a_stranger_is_spoken_to_in_the_language_of_the_browser(opened: Callable[..., Watched]) -> None:
    page = opened(locale="en-GB", known=False).page
    page.goto("/sign-in")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "fr"


def test_the_language_chosen_is_saved_with_the_account_and_followed_elsewhere(opened: Callable[..., Watched]) -> None:
    here, elsewhere = opened().page, opened(locale="fr-FR").page
    to_territory(here)
    try:
        with here.expect_response("**/api/v1/me") as saved:
            here.get_by_role("button", name="English").click()
        assert saved.value.ok
        expect(here.get_by_text(re.compile(r"^253 communes, [\d,]+ devices, last measurement"))).to_be_visible()
        elsewhere.goto("/")
        expect(elsewhere.get_by_text(re.compile(r"^253 communes, [\d,]+ devices"))).to_be_visible()
    finally:
        here.evaluate(SPEAK_FRENCH)


def test_what_was_chosen_in_this_browser_goes_before_the_account(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/sign-in")
    page.get_by_role("button", name="English").click()
    page.goto("/")
    expect(page.get_by_text(re.compile(r"^253 communes, [\d,]+ devices"))).to_be_visible()


def test_the_chosen_theme_is_remembered(opened: Callable[..., Watched]) -> None:
    page = opened(theme="light").page
    to_territory(page)
    page.get_by_role("button", name="Passer en thème sombre").click()
    page.reload()
    expect(page.get_by_role("button", name="Passer en thème clair")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_chart_is_printed_in_the_light_theme(opened: Callable[..., Watched]) -> None:
    light, dark = opened(theme="light").page, opened(theme="dark").page
    to_series(light)
    to_series(dark)
    line = "40,81,143"
    assert line in light.locator(".plot canvas").evaluate(CHART_COLOURS)
    assert line not in dark.locator(".plot canvas").evaluate(CHART_COLOURS)
    dark.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert line in dark.locator(".plot canvas").evaluate(CHART_COLOURS)
    dark.evaluate("dispatchEvent(new Event('afterprint'))")
    assert line not in dark.locator(".plot canvas").evaluate(CHART_COLOURS)


def test_the_whole_journey_is_made_with_the_keyboard(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_territory(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.get_by_label("Chercher une collectivité").focus()
    page.keyboard.type("les herbiers")
    link = page.get_by_role("link", name="Les Herbiers")
    expect(page.get_by_role("row")).to_have_count(2)
    for _ in range(5):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Les Herbiers")).to_be_visible()
    expect(page.get_by_role("main")).to_be_focused()


def test_a_series_that_is_not_there_says_what_happened(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/series/99999999")
    expect(page.get_by_role("alert").get_by_role("heading", level=1)).to_have_text("Introuvable")
