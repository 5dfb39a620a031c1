"""The audit trail in a real browser: filters that say what they filter, lines that open, a file."""

import csv
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.signed_in import PASSWORD
from tests.console.affairs import GIVER, PURPOSE, READER, Affairs, affairs
from tests.console.watching import THEMES, TRIED, WIDER, Watched, looking, severe_faults

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Affairs]:
    """La Roche gave its water, and made many keys."""
    with affairs(tmp_path_factory.mktemp("audit")) as made:
        context = browser.new_context(base_url=made.served.url)
        context.request.post("/api/v1/session", data={"email": GIVER, "password": PASSWORD})
        given = {"giver": "commune-85191", "receiver": "commune-85194", "right": "read", "service": "water"}
        answer = context.request.post("/api/v1/agreements", data={**given, "purpose": PURPOSE}, headers=SAME)
        assert answer.ok, answer.text()
        for number in range(60):
            new = {"collectivity": "commune-85191", "name": f"Clé {number}", "right": "read"}
            assert context.request.post("/api/v1/keys", data=new, headers=SAME).ok
        new = {"name": "Tête du gymnase"}
        assert context.request.patch(f"/api/v1/devices/{made.device}", data=new, headers=SAME).ok
        context.close()
        yield made


@pytest.fixture
def opened(browser: Browser, place: Affairs) -> Iterator[Callable[..., Watched]]:
    with looking(browser, place.served.url, PASSWORD) as look:
        yield lambda who=GIVER, size="desk", theme="light": look(who, size, theme)


def to_trail(page: Page, asked: str = "") -> None:
    page.goto(f"/audit{asked}")
    expect(page.get_by_role("row").nth(1)).to_be_visible()


def test_filters_say_what_they_filter_and_are_in_the_address(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_trail(page)
    said = page.get_by_role("search").get_by_role("status")
    expect(said).to_contain_text("tout ce qui a été fait, que vous pouvez lire ; les 50 dernières lignes")
    page.get_by_label("À propos de").select_option(label="les partages")
    expect(said).to_contain_text("Montré : les partages ; 2 lignes.")
    expect(page.get_by_role("row", name=re.compile("a donné un partage"))).to_have_count(2)  # on both sides' trails
    page.get_by_label("Par qui").select_option(label=GIVER)
    expect(said).to_contain_text(f"les partages, par {GIVER}")
    page.get_by_label("Du", exact=True).fill("2031-01-01")
    expect(said).to_contain_text("depuis le 1er janvier 2031")
    expect(page.get_by_text("Rien dans le journal ne répond à ces filtres.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"about=agreement&?.*from=2031-01-01"))
    page.reload()
    expect(said).to_contain_text("depuis le 1er janvier 2031")
    page.get_by_role("button", name="Tout montrer").click()
    expect(said).to_contain_text("tout ce qui a été fait")


def test_what_was_seen_is_shown_when_it_is_asked(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_trail(page, "?about=series")
    expect(page.get_by_role("row", name=re.compile("a consulté"))).to_have_count(0)
    page.goto("/devices")
    expect(page.get_by_role("row", name=re.compile("Tête du gymnase"))).to_be_visible()
    page.wait_for_timeout(1500)  # what is seen is written about each second
    to_trail(page, "?about=device")
    page.get_by_label("Montrer aussi ce qui a été consulté").check()
    expect(page.get_by_role("search").get_by_role("status")).to_contain_text("consultations comprises")
    expect(page.get_by_role("row", name=re.compile("a consulté un appareil")).first).to_be_visible()


def test_a_line_opens_to_what_changed(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_trail(page, "?about=agreement")
    row = page.get_by_role("row", name=re.compile("a donné un partage")).first
    expect(row).to_contain_text("La Roche-sur-Yon → Les Sables-d'Olonne")
    row.get_by_role("button", name=re.compile("^Détails")).press("Enter")
    changed = page.locator(".changed")
    for said in ("Qui reçoit", "Les Sables-d'Olonne", "Lire", "water"):
        expect(changed).to_contain_text(said)
    expect(page.get_by_text("agreement.make")).to_be_visible()
    assert severe_faults(page) == []


def test_what_was_and_what_is_are_told(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_trail(page, "?about=device")
    page.get_by_role("row", name=re.compile("a modifié un appareil")).get_by_role("button").click()
    expect(page.locator(".changed")).to_contain_text("Tête du stade → Tête du gymnase")


def test_more_is_loaded_and_the_file_holds_all_of_it(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_trail(page, "?about=key")
    expect(page.get_by_role("row")).to_have_count(51)
    page.get_by_role("button", name="Afficher la suite").click()
    expect(page.get_by_role("row")).to_have_count(65)
    expect(page.get_by_role("button", name="Afficher la suite")).to_have_count(0)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger le CSV").click()
    assert waiting.value.suggested_filename == "journal.csv"
    with waiting.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {row["action"] for row in rows} == {"key.make"}
    assert len(rows) == 64


def test_the_trail_is_verified_by_an_administrator(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_trail(page)
    page.get_by_role("button", name="Vérifier maintenant").click()
    expect(page.get_by_text(re.compile(r"^Le journal est entier.* lignes\.$"))).to_be_visible()


def test_a_reader_reads_its_own_deeds_alone(opened: Callable[..., Watched]) -> None:
    page = opened(READER).page
    to_trail(page)
    expect(page.get_by_role("row", name=re.compile("a ouvert une session")).first).to_be_visible()
    for other in ("a donné un partage", "a fait une clé", GIVER):
        expect(page.get_by_role("row", name=re.compile(other))).to_have_count(0)
    expect(page.get_by_role("button", name="Vérifier maintenant")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_the_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], size: str, theme: str
) -> None:
    watched = opened(GIVER, size, theme)
    page = watched.page
    to_trail(page, "?seen=true")
    page.get_by_role("button", name=re.compile("^Détails")).first.click()
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []
