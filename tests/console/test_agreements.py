"""Who sees what of whose, in real browsers: given by one side, watched by the other, and by a stranger."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.signed_in import PASSWORD
from tests.console.affairs import CHIEF, GIVER, PURPOSE, READER, RECEIVER, Affairs, affairs
from tests.console.watching import THEMES, TRIED, WIDER, Watched, looking, severe_faults

WATCHED = 20_000
"""milliseconds that the other side may wait for what it sees: a live stream looks at its rights each 15 seconds"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Affairs]:
    with affairs(tmp_path_factory.mktemp("agreements")) as made:
        yield made


@pytest.fixture
def opened(browser: Browser, place: Affairs) -> Iterator[Callable[..., Watched]]:
    with looking(browser, place.served.url, PASSWORD) as look:
        yield lambda who=GIVER, size="desk", theme="light": look(who, size, theme)


def give(page: Page, receiver: str, service: str = "Eau et assainissement") -> None:
    page.get_by_role("button", name="Partager…").click()
    page.get_by_label("Avec qui").select_option(label=receiver)
    page.get_by_label("Service", exact=True).select_option(label=service)
    page.get_by_label("Pour quoi faire").fill(PURPOSE)
    page.get_by_role("button", name="Donner", exact=True).click()


def take_back(page: Page, other: str, begin: str, confirm: str) -> None:
    page.get_by_role("button", name=re.compile(f"^Détails.*{other}")).first.click()
    page.get_by_role("button", name=begin).click()
    done = page.get_by_role("button", name=confirm, exact=True)
    expect(done).to_be_disabled()
    page.get_by_label(re.compile("Pour confirmer")).fill(other)
    done.click()


def test_what_is_given_then_taken_back_shows_to_the_other_side_without_reloading(
    opened: Callable[..., Watched], place: Affairs
) -> None:
    giver, receiver, third = opened(GIVER), opened(RECEIVER), opened(CHIEF)
    for watched in (giver, receiver):
        watched.page.goto("/agreements")
    third.page.goto("/agreements?of=commune-85047")
    expect(giver.page.get_by_text("La Roche-sur-Yon ne partage rien et ne reçoit rien d’autres.")).to_be_visible()
    expect(receiver.page.get_by_text("Les Sables-d'Olonne partage avec 1 collectivité")).to_be_visible()
    series = receiver.page.context.new_page()
    series.goto(f"/series/{place.water}")
    expect(series.get_by_role("alert").get_by_role("heading", level=1)).to_have_text("Introuvable")

    give(giver.page, "Les Sables-d'Olonne")
    expect(giver.page.get_by_text("La Roche-sur-Yon partage avec 1 collectivité")).to_be_visible()
    told = receiver.page.get_by_text("La Roche-sur-Yon vient de vous donner : Eau et assainissement.")
    expect(told).to_be_visible(timeout=WATCHED)
    received = receiver.page.get_by_role("table", name="Ce qui est reçu")
    expect(received.get_by_role("row", name=re.compile("La Roche-sur-Yon.*Eau et assainissement"))).to_be_visible()
    receiver.page.get_by_role("button", name=re.compile("^Détails.*La Roche-sur-Yon")).click()
    expect(receiver.page.get_by_text("1 équipement, 1 appareil et 2 séries")).to_be_visible()
    expect(receiver.page.get_by_text(PURPOSE)).to_be_visible()
    series.get_by_role("button", name="Réessayer").click()
    expect(series.get_by_role("heading", level=1, name="Débit du stade")).to_be_visible()
    expect(series.get_by_text("En direct", exact=True)).to_be_visible()

    take_back(giver.page, "Les Sables-d'Olonne", "Reprendre ce partage…", "Reprendre")
    expect(giver.page.get_by_text("Repris à Les Sables-d'Olonne : Eau et assainissement.")).to_be_visible()
    expect(giver.page.get_by_text("1 partage terminé")).to_be_visible()
    expect(receiver.page.get_by_text("Le partage de La Roche-sur-Yon a pris fin")).to_be_visible(timeout=WATCHED)
    expect(received).to_have_count(0)
    expect(series.get_by_text("Vous n’avez plus accès à ces mesures")).to_be_visible(timeout=WATCHED)
    expect(third.page.get_by_text("Challans ne partage rien et reçoit de 1 collectivité.")).to_be_visible()
    expect(third.page.get_by_text("La Roche-sur-Yon")).to_have_count(0)
    assert giver.complaints == receiver.complaints == third.complaints == []


def test_the_receiver_renounces_and_the_giver_sees_it(opened: Callable[..., Watched]) -> None:
    giver, receiver = opened(GIVER).page, opened(RECEIVER).page
    giver.goto("/agreements")
    give(giver, "Les Sables-d'Olonne", "Éclairage public")
    receiver.goto("/agreements")
    take_back(receiver, "La Roche-sur-Yon", "Y renoncer…", "Renoncer")
    expect(giver.get_by_text("Repris à Les Sables-d'Olonne : Éclairage public.")).to_be_visible(timeout=WATCHED)


def test_what_it_opens_is_counted_before_it_is_given(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/agreements")
    page.get_by_role("button", name="Partager…").click()
    preview = page.get_by_role("status").filter(has_text="Choisissez quoi")
    expect(preview).to_be_visible()
    page.get_by_label("une sorte d’équipement").check()
    page.get_by_label("Sorte d’équipement", exact=True).select_option(label="Compteur d'eau")
    expect(page.get_by_text("1 équipement, 1 appareil et 2 séries")).to_be_visible()
    page.get_by_label("une grandeur mesurée").check()
    page.get_by_label("Grandeur mesurée", exact=True).select_option(label="Température")
    expect(page.get_by_text("0 équipement, 0 appareil et 2 séries")).to_be_visible()
    expect(page.get_by_text("celles qui s’ajouteront ne le seront pas")).to_be_visible()
    page.get_by_label("Grandeur mesurée", exact=True).select_option(label="Humidité relative")
    expect(page.get_by_text("Aucune série de cette collectivité ne mesure cela.")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("button", name="Donner", exact=True)).to_have_count(0)


def test_a_period_that_is_chosen_ends_with_its_last_day(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/agreements")
    page.get_by_role("button", name="Partager…").click()
    page.get_by_label("Avec qui").select_option(label="Challans")
    page.get_by_label("Service", exact=True).select_option(label="Éclairage public")
    page.get_by_label("Pour quoi faire").fill(PURPOSE)
    page.get_by_label("Jusqu’au").fill("2031-03-31")
    page.get_by_label("Avec les mesures du passé").uncheck()
    page.get_by_role("button", name="Donner", exact=True).click()
    row = page.get_by_role("row", name=re.compile("Challans.*Éclairage public"))
    expect(row).to_contain_text("au 31 mars 2031 compris")
    row.get_by_role("button", name=re.compile("^Détails")).click()
    expect(page.get_by_text(re.compile("Caché.*rien d’avant le"))).to_be_visible()


def test_a_reader_is_told_who_decides_and_a_stranger_to_sign_in(opened: Callable[..., Watched]) -> None:
    reader = opened(READER).page
    reader.goto("/agreements")
    expect(reader.get_by_text("se décident par ses administrateurs")).to_be_visible()
    for name in ("Partager…", "Détails"):
        expect(reader.get_by_role("button", name=name)).to_have_count(0)
    expect(reader.get_by_role("link", name="Partage", exact=True)).to_have_count(0)
    stranger = opened(None).page
    stranger.goto("/agreements")
    expect(stranger).to_have_url(re.compile(r"/sign-in\?next=.*agreements"))
    expect(stranger.get_by_text("La Roche-sur-Yon")).to_have_count(0)


def test_the_palette_leads_there(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Control+K")
    page.get_by_role("dialog").get_by_role("combobox").fill("qui voit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Qui voit quoi")).to_be_visible()


def test_all_is_done_with_the_keyboard(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/agreements")
    page.get_by_role("button", name="Partager…").press("Enter")
    page.get_by_label("Avec qui").focus()
    page.keyboard.type("Chall")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Eau")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("Au clavier")
    for _ in range(6):
        if page.get_by_role("button", name="Donner", exact=True).evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Donné à Challans : Eau et assainissement.")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_the_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], size: str, theme: str
) -> None:
    watched = opened(RECEIVER, size, theme)
    page = watched.page
    page.goto("/agreements")
    expect(page.locator(".flows")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Détails")).first.click()
    page.get_by_role("button", name="Reprendre ce partage…").click()
    page.get_by_role("button", name="Partager…").click()
    page.get_by_label("Service", exact=True).select_option(label="Éclairage public")
    expect(page.get_by_text("Ouvrira dès maintenant")).to_be_visible()
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []


def test_the_page_speaks_english_whole(opened: Callable[..., Watched]) -> None:
    page = opened(CHIEF).page
    page.goto("/agreements?of=commune-85047")
    expect(page.get_by_role("heading", level=1, name="Qui voit quoi")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1, name="Who sees what")).to_be_visible()
    expect(page.get_by_text(re.compile("^Challans shares nothing and receives from"))).to_be_visible()
