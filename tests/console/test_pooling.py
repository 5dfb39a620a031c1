"""Pooling in a real browser: who pays, statements, the programme, the return; as the structure and as members."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

from beffroi.pooling import metered
from tests.api.signed_in import PASSWORD, a_person
from tests.api.test_pooling import MODEL
from tests.api.test_programmes import SMALL
from tests.conftest import CHALLANS, OLONNE, ROCHE, Served, a_territory, running
from tests.console.watching import THEMES, TRIED, Watched, looking, severe_faults

OPERATOR, ELECTED, MAYOR, OTHER = "ines@exemple.fr", "elue@exemple.fr", "maire@exemple.fr", "luc@exemple.fr"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
YEAR = 2026
UNSTABLE: dict[str, Any] = {
    **MODEL,
    "members": [
        {"member": ROCHE, "quantities": {"devices": 0}},
        {"member": OLONNE, "quantities": {"devices": 50}},
    ],
    "costs": [{"kind": "per-unit", "name": "appareils", "unit": "devices", "price": 100}],
    "sharing_key": {"parts": [{"by": "population"}]},
}
# Olonne weighs otherwise than the group, whose first action stays the same.
WEIGHED = {**SMALL, "members": [SMALL["members"][0], {**SMALL["members"][1], "weights": {"enjeu": 1, "volonté": 1.2}}]}


@dataclass(frozen=True)
class Pooled:
    served: Served
    programme: str


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    """A service of two members whose key is not stable, a month metered, and a small programme."""
    folder = tmp_path_factory.mktemp("pooling")
    with a_territory(folder) as made:
        for who, whose, role in (
            (OPERATOR, made.structure, "administrator"),
            (ELECTED, made.structure, "reader"),
            (MAYOR, ROCHE, "administrator"),
            (OTHER, CHALLANS, "administrator"),
        ):
            a_person(made, who, whose, role, PASSWORD)
        syndicate = made.as_("syndicate")
        kept = syndicate.put(f"/pooling/models/buildings/{YEAR}", json={"model": UNSTABLE, "after": 0})
        assert kept.is_success, kept.text
        series = made.a_series(device=made.a_device(name="Capteur du conseil").id)
        row = {"series": series.id, "time": "2026-10-05T10:00:00Z", "value": 20.5}
        assert made.as_("roche").post("/observations", json=[row]).is_success
        rooms = made.instance.rooms
        metered.turn(rooms.database, rooms.record, rooms.time_zone, now=datetime(2026, 11, 2, tzinfo=UTC))
        programme = syndicate.post("/pooling/programmes", json={"document": WEIGHED}).json()["about"]["key"]
        assert syndicate.post("/pooling/computations", json={"kind": "plan", "programme": programme}).is_success
    with running("serve", data=folder / "data") as served:
        yield Pooled(served, programme)


@pytest.fixture
def opened(browser: Browser, pooled: Pooled) -> Iterator[Callable[..., Watched]]:
    with looking(browser, pooled.served.url, PASSWORD) as look:
        yield lambda who=OPERATOR, size="desk", theme="light": look(who, size, theme)


def to_pooling(page: Page, pooled: Pooled) -> None:
    page.goto("/pooling")
    expect(page.get_by_role("link", name="Bâtiments suivis")).to_be_visible()
    expect(page.get_by_role("link", name="Petit programme")).to_be_visible()


def to_shares(page: Page, pooled: Pooled) -> None:
    page.goto(f"/pooling/services/buildings/{YEAR}")
    expect(page.get_by_role("heading", name="Qui ferait mieux seul").or_(asking(page))).to_be_visible()
    if asking(page).is_visible():
        with suppress(TimeoutError):  # another page may have asked meanwhile
            asking(page).click(timeout=3000)
    expect(page.get_by_role("heading", name="Qui ferait mieux seul")).to_be_visible(timeout=30_000)


def asking(page: Page) -> Any:
    return page.get_by_role("button", name="Calculer les parts")


def to_statements(page: Page, pooled: Pooled) -> None:
    page.goto(f"/pooling/services/buildings/{YEAR}/statements")
    expect(page.get_by_role("link", name="La Roche-sur-Yon")).to_be_visible()


def to_statement(page: Page, pooled: Pooled) -> None:
    page.goto(f"/pooling/services/buildings/{YEAR}/statements?basis=actual&member={ROCHE}")
    expect(page.get_by_role("heading", name="Ce sur quoi il est établi")).to_be_visible()


def to_programme(page: Page, pooled: Pooled) -> None:
    page.goto(f"/pooling/programmes/{pooled.programme}")
    expect(page.get_by_role("heading", name="Le calendrier, par service")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("heading", name="Le classement")).to_be_visible()


def to_return(page: Page, pooled: Pooled) -> None:
    page.goto(f"/pooling/returns/{ROCHE}/{YEAR}")
    expect(page.get_by_role("heading", name="Ce qu’elle a reçu")).to_be_visible()


JOURNEYS = (to_pooling, to_shares, to_statements, to_statement, to_programme, to_return)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_a_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], pooled: Pooled, journey: Callable[[Page, Pooled], None], size: str, theme: str
) -> None:
    watched = opened(size=size, theme=theme)
    journey(watched.page, pooled)
    assert severe_faults(watched.page) == []
    assert watched.page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []


def plain(text: str | None) -> str:
    return (text or "").replace("\u202f", " ").replace("\xa0", " ")


def test_who_would_do_better_alone_is_told_with_what_it_would_save(
    opened: Callable[..., Watched], pooled: Pooled
) -> None:
    page = opened().page
    to_shares(page, pooled)
    assert "La Roche-sur-Yon économiserait 2 626 € par an" in plain(page.locator("section.verdict").text_content())
    table = page.get_by_role("region", name="Les parts, méthode par méthode")
    expect(table.get_by_role("columnheader", name="Nucléole", exact=True)).to_have_count(0)
    page.get_by_role("checkbox", name="Nucléole", exact=True).check()
    expect(table.get_by_role("columnheader", name="Nucléole", exact=True)).to_be_visible()
    page.get_by_label("Départ de").select_option(label="La Roche-sur-Yon")
    changes = page.get_by_role("region", name=re.compile("le départ de La Roche-sur-Yon"))
    expect(changes.get_by_role("row", name=re.compile("^La Roche-sur-Yon"))).to_contain_text("n’y est pas")
    page.get_by_label("Arrivée de").select_option(label="Challans")
    page.get_by_label("Attendu : appareils en service").fill("50")
    page.get_by_role("button", name="Voir ce que cela change").click()
    arrived = page.get_by_role("region", name=re.compile("l’arrivée de Challans"))
    expect(arrived.get_by_role("row", name=re.compile("^Challans"))).to_contain_text("n’y est pas")
    assert paid_together(arrived) == 10_000, "a hundred devices now, at 100 € each"


def paid_together(changes: Locator) -> int:
    """What all pay after the change: the third column."""
    told = [plain(cell) for cell in changes.locator("tbody td:nth-child(3)").all_text_contents()]
    return sum(int(re.sub(r"[^0-9]", "", one) or 0) for one in told)


def test_statements_and_entries_leave_as_files(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened().page
    to_statements(page, pooled)
    for name, header in (("Décomptes (CSV)", "service,year,basis"), ("Écritures M57 (CSV)", "year,body,order")):
        with page.expect_download() as begun:
            page.get_by_role("link", name=name).click()
        assert Path(begun.value.path()).read_text("utf-8-sig").startswith(header)
    page.get_by_role("link", name="La Roche-sur-Yon").click()
    expect(page.get_by_role("heading", name="Le décompte", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(f"member={ROCHE}"))


def test_a_weight_moved_by_keyboard_changes_the_ranking_and_is_put_back(
    opened: Callable[..., Watched], pooled: Pooled
) -> None:
    page = opened().page
    to_programme(page, pooled)
    expect(page.get_by_text("En tête : Éclairage.")).to_be_visible()
    page.get_by_role("slider", name=re.compile("^volonté")).focus()
    page.keyboard.press("End")
    expect(page.get_by_text("Avec ces poids, en tête : Eau.")).to_be_visible()
    page.get_by_role("button", name="Revenir aux poids du groupe").click()
    expect(page.get_by_text("En tête : Éclairage.")).to_be_visible()


def test_a_member_s_own_weights_are_seen_and_taken(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened().page
    to_programme(page, pooled)
    opinions = page.get_by_role("table", name=re.compile("^Avec ses propres poids"))
    expect(opinions.get_by_role("row", name=re.compile("^Les Sables-d'Olonne"))).to_contain_text("Eau, Éclairage")
    expect(opinions.get_by_role("row", name=re.compile("^La Roche-sur-Yon"))).to_contain_text("Éclairage, Eau")
    page.get_by_label("Partir des poids de").select_option(label="Les Sables-d'Olonne")
    expect(page.get_by_text("Avec ces poids, en tête : Eau.")).to_be_visible()


def test_a_start_imposed_has_its_price(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened().page
    to_programme(page, pooled)
    page.get_by_label("Imposer").select_option("Éclairage")
    page.get_by_label("en commençant au").select_option(label="T3 2027")
    page.get_by_role("button", name="Calculer le prix").click()
    expect(page.get_by_text(re.compile("^Ce choix coûte"))).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Les mêmes actions sont retenues.")).to_be_visible()


@pytest.mark.parametrize(
    ("journey", "name"), [("to_programme", "PDF pour le conseil"), ("to_return", "PDF d’une page")]
)
def test_what_is_read_on_paper_opens(opened: Callable[..., Watched], pooled: Pooled, journey: str, name: str) -> None:
    page = opened().page
    {"to_programme": to_programme, "to_return": to_return}[journey](page, pooled)
    address = page.get_by_role("link", name=name).get_attribute("href")
    assert address is not None
    assert page.request.get(address).body().startswith(b"%PDF-")


def test_an_action_imposed_has_its_price_and_the_plan_stays(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened().page
    to_programme(page, pooled)
    page.get_by_label("Imposer").select_option("Eau")
    page.get_by_role("button", name="Calculer le prix").click()
    expect(page.get_by_text("Entrent : Eau.")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(re.compile("^Ce choix coûte"))).to_be_visible()
    page.reload()
    to_programme(page, pooled)
    gantt = page.get_by_role("region", name="Le calendrier, par service")
    expect(gantt.get_by_role("rowheader", name=re.compile("Éclairage"))).to_be_visible()
    expect(gantt.get_by_role("rowheader", name=re.compile("^Eau"))).to_have_count(0)


def test_a_figure_of_the_return_opens_to_its_rows(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened(MAYOR).page
    to_return(page, pooled)
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile("^CSV")).click()
    rows = Path(begun.value.path()).read_text("utf-8-sig").splitlines()
    assert rows[0] == "day,device,series,code,name,messages,observations"
    assert len(rows) == 2
    assert "Capteur du conseil" in rows[1]


def test_a_quantity_is_entered_and_withdrawn_in_sight(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened().page
    to_return(page, pooled)
    page.get_by_text("Saisir une quantité").click()
    page.get_by_label("Service").select_option("buildings")
    page.get_by_label("Nombre").fill("3,5")
    page.get_by_label("Note").fill("relevé")
    page.get_by_role("button", name="Enregistrer").click()
    line = page.get_by_role("listitem").filter(has_text="interventions, relevé")
    expect(line).to_contain_text(OPERATOR)
    line.get_by_role("button", name="Retirer").click()
    expect(line).to_contain_text("retiré par")
    expect(line.get_by_role("button", name="Retirer")).to_have_count(0)


def test_a_member_agrees_to_be_compared_and_no_longer(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened(MAYOR).page
    to_return(page, pooled)
    page.get_by_role("button", name="Accepter d’être comparée").click()
    expect(page.get_by_text(re.compile("^Comparaison acceptée depuis"))).to_be_visible()
    page.get_by_role("button", name="Ne plus être comparée").click()
    expect(page.get_by_role("button", name="Accepter d’être comparée")).to_be_visible()


def test_a_member_reads_its_own_part_and_nothing_of_the_others(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened(MAYOR).page
    page.goto("/pooling")
    expect(page.get_by_text(re.compile("^En 2026, vous payez"))).to_be_visible()
    page.goto(f"/pooling/services/buildings/{YEAR}/statements")
    expect(page.get_by_text(re.compile("^La Roche-sur-Yon doit"))).to_be_visible()
    page.goto(f"/pooling/programmes/{pooled.programme}")
    expect(page.get_by_role("heading", name="Le calendrier, par service")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("rowheader", name="La Roche-sur-Yon")).to_have_count(2)
    assert "Olonne" not in page.locator("main").inner_text()
    expect(page.get_by_role("button", name="Calculer à nouveau")).to_have_count(0)
    expect(page.get_by_role("heading", name="Et si l’on imposait un choix ?")).to_have_count(0)


def test_an_elected_person_reads_all_and_asks_for_nothing(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened(ELECTED).page
    to_statements(page, pooled)
    expect(page.get_by_role("link", name="Les Sables-d'Olonne")).to_be_visible()
    to_programme(page, pooled)
    expect(page.get_by_role("button", name="Calculer à nouveau")).to_have_count(0)


@pytest.mark.parametrize(
    "path",
    [
        f"/pooling/services/buildings/{YEAR}",
        f"/pooling/services/buildings/{YEAR}/statements",
        f"/pooling/returns/{ROCHE}/{YEAR}",
        "/pooling/programmes/{programme}",
    ],
)
def test_who_is_no_member_finds_nothing(opened: Callable[..., Watched], pooled: Pooled, path: str) -> None:
    page = opened(OTHER).page
    page.goto(path.format(programme=pooled.programme))
    expect(page.get_by_role("alert").get_by_role("heading", level=1)).to_have_text("Introuvable")


def test_a_stranger_is_asked_to_sign_in(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened(None).page
    page.goto("/pooling")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_page_prints_without_what_is_for_the_screen(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened().page
    to_return(page, pooled)
    page.emulate_media(media="print")
    for hidden in (page.get_by_role("button", name="Imprimer"), page.get_by_text("Saisir une quantité")):
        expect(hidden).to_be_hidden()
    expect(page.locator("header.banner")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def weighing(page: Page, member: str) -> Locator:
    table = page.get_by_role("table", name=re.compile("^En part du tout"))
    return table.get_by_role("row", name=re.compile(f"^{member}"))


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_a_member_says_how_it_weighs_and_takes_it_back(
    opened: Callable[..., Watched], pooled: Pooled, size: str, theme: str
) -> None:
    watched = opened(MAYOR, size, theme)
    page = watched.page
    page.goto(f"/pooling/programmes/{pooled.programme}")
    own = page.get_by_role("group", name="Les poids de La Roche-sur-Yon")
    expect(weighing(page, "La Roche")).to_contain_text("personne")
    expect(weighing(page, "Les Sables")).to_have_count(0)
    own.get_by_label("enjeu").fill("1")
    own.get_by_label("volonté").fill("9")
    expect(own).to_contain_text(re.compile("soit 90"))
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) == 0, "the page scrolls sideways"
    own.get_by_role("button", name="Dire ces poids").click()
    expect(weighing(page, "La Roche")).to_contain_text("le membre (")
    elected = opened(ELECTED).page
    elected.goto(f"/pooling/programmes/{pooled.programme}")
    expect(elected.get_by_text("1 membre sur 2 a dit ses poids.")).to_be_visible()
    expect(weighing(elected, "Les Sables")).to_contain_text("la structure")
    expect(elected.get_by_role("button", name="Dire ces poids")).to_have_count(0)
    own.get_by_role("button", name="Reprendre nos poids").click()
    expect(weighing(page, "La Roche")).to_contain_text("personne")
    assert watched.complaints == []
