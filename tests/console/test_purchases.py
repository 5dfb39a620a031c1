"""Buying together in a real browser: the list, one purchase, models compared, batteries to come; as whoever reads."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from beffroi.registry import models
from tests.api.signed_in import PASSWORD, a_person
from tests.api.test_experiments import lent
from tests.api.test_failures import PATH as FAILURES
from tests.api.test_failures import failed, heard, recorded
from tests.api.test_purchases import (
    OFFERS,
    PATH,
    a_battery,
    a_voltage,
    by_criteria,
    closed,
    eui,
    marked,
    ordered,
    states,
    told,
)
from tests.api.test_purchases import opened as a_purchase
from tests.conftest import NOW, OLONNE, ROCHE, Served, a_territory, running
from tests.console.watching import THEMES, TRIED, WIDER, Watched, looking, severe_faults

OPERATOR, ELECTED, MAYOR = "ines@exemple.fr", "elue@exemple.fr", "maire@exemple.fr"


@dataclass(frozen=True)
class Market:
    served: Served
    open: str
    ordered: str
    judged: str
    mute: int


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """A purchase that takes needs, one that is ordered, batteries that empty."""
    folder = tmp_path_factory.mktemp("buying")
    with a_territory(folder) as made:
        for who, whose, role in (
            (OPERATOR, made.structure, "administrator"),
            (ELECTED, made.structure, "reader"),
            (MAYOR, ROCHE, "administrator"),
        ):
            a_person(made, who, whose, role, PASSWORD)
        with made.instance.rooms.database.write() as tx:
            for code in ("am1", "em300"):
                new = models.NewDeviceModel(code=code, maker="Milesight", name=code.upper(), radio="LoRaWAN")
                models.create(made.system, tx, new, now=NOW)
        for member in (ROCHE, OLONNE):
            lent(made, member, "operate")
        for number in range(10, 16):
            a_battery(made, number, 0.1 + number / 100, owner=ROCHE if number < 13 else OLONNE)
        syndicate = made.as_("syndicate")
        fact = {"value": "79.5", "source": "devis du 3 novembre", "of": "2026-11-03"}
        assert syndicate.put("/pooling/compared-models/am1", json={"facts": {"price": fact}}).is_success
        begun = a_purchase(made)
        assert told(made, begun, ROCHE, 3).is_success
        for offer in OFFERS:
            assert syndicate.put(f"{PATH}/{begun}/offers", json=offer).is_success
        done = ordered(made)
        mute = heard(made, 40, 400, last=20)
        broken = heard(made, 41, 400, last=60)
        recorded(made.as_("roche"), failed(broken, ago=60, cause="water", note="capot fendu"))
        states(made, "em300", "lithium-thionyl-chloride", "3.6", "3.0")
        a_voltage(made, 42, 3.55, 0.0, "em300")
        judged = by_criteria(made)
        closed(made, judged)
        assert marked(made, judged, "Acme", "6", "4").is_success
    with running("serve", data=folder / "data") as served:
        yield Market(served, begun, done, judged, mute)


@pytest.fixture
def opened(browser: Browser, market: Market) -> Iterator[Callable[..., Watched]]:
    with looking(browser, market.served.url, PASSWORD) as look:
        yield lambda who=OPERATOR, size="desk", theme="light": look(who, size, theme)


def to_list(page: Page, market: Market) -> None:
    page.goto("/pooling/purchases")
    expect(page.get_by_role("link", name="Capteurs de CO2")).to_have_count(3)


def to_open(page: Page, market: Market) -> None:
    page.goto(f"{PATH}/{market.open}")
    expect(page.get_by_text("Aucune autre attribution ne coûte moins : c’est prouvé.")).to_be_visible()


def to_ordered(page: Page, market: Market) -> None:
    page.goto(f"{PATH}/{market.ordered}")
    expect(page.get_by_role("heading", name="Ce qui est commandé")).to_be_visible()


def to_analysis(page: Page, market: Market) -> None:
    page.goto(f"{PATH}/{market.judged}/analysis")
    expect(page.get_by_role("heading", name="Les critères")).to_be_visible()


def to_catalogue(page: Page, market: Market) -> None:
    page.goto("/pooling/purchases/models")
    expect(page.get_by_role("rowheader", name=re.compile("AM1"))).to_be_visible()


def to_maintenance(page: Page, market: Market) -> None:
    page.goto("/pooling/maintenance")
    expect(page.get_by_role("heading", name="Pour le prochain achat")).to_be_visible()


def to_failures(page: Page, market: Market) -> None:
    page.goto(f"/pooling{FAILURES.removeprefix('/pooling')}?device={market.mute}")
    expect(page.get_by_role("heading", name="Noter une panne")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
@pytest.mark.parametrize(
    "journey",
    (to_list, to_open, to_ordered, to_analysis, to_catalogue, to_maintenance, to_failures),
    ids=lambda journey: journey.__name__,
)
def test_a_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], market: Market, journey: Callable[[Page, Market], None], size: str, theme: str
) -> None:
    watched = opened(size=size, theme=theme)
    journey(watched.page, market)
    assert severe_faults(watched.page) == []
    assert watched.page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []


def test_a_purchase_is_opened_and_a_member_says_what_it_needs(opened: Callable[..., Watched], market: Market) -> None:
    page = opened().page
    page.goto("/pooling/purchases")
    page.get_by_text("Ouvrir un achat").click()
    page.get_by_label("Achat", exact=True).fill("Sondes de rue")
    page.get_by_label("Service").select_option("buildings")
    page.get_by_label("Besoins jusqu’au").fill("2099-12-31")
    page.get_by_label("Nom du lot").fill("Sondes")
    page.get_by_label("Modèle").select_option("em300")
    page.get_by_role("button", name="Ouvrir l’achat").click()
    expect(page.get_by_role("heading", name="Sondes de rue", level=1)).to_be_visible()
    address = page.url
    page = opened(MAYOR).page
    page.goto(address)
    telling = page.get_by_role("form", name="Dire un besoin")
    telling.get_by_label("Quantité").fill("7")
    telling.get_by_role("button", name="Enregistrer").click()
    needs = page.get_by_role("row", name=re.compile("^La Roche-sur-Yon Sondes 7"))
    expect(needs).to_be_visible()
    expect(page.get_by_role("heading", name="Les offres")).to_have_count(0)


def test_a_silence_is_explained_then_ended(opened: Callable[..., Watched], market: Market) -> None:
    page = opened(MAYOR).page
    page.goto(FAILURES)
    expect(page.get_by_text("1 panne en cours, 1 capteur muet sans explication.")).to_be_visible()
    page.get_by_role("region", name="Muets depuis longtemps").get_by_role("link").click()
    page.get_by_label("En panne le").fill("2026-11-07")
    page.get_by_label("Cause").select_option("electronics")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Dire la suite")).to_be_visible()
    page.get_by_label("Fini le").fill("2026-11-20")
    page.get_by_label("Issue").select_option("repaired")
    page.get_by_label("Pièce changée").fill("carte radio")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("row", name=re.compile("carte radio"))).to_contain_text("réparé, 20 novembre 2026")
    page.get_by_role("link", name="Toutes les pannes").click()
    expect(page.get_by_role("row", name=re.compile("capot fendu"))).to_contain_text("eau, humidité")


def test_a_voltage_that_stays_level_tells_no_date(opened: Callable[..., Watched], market: Market) -> None:
    page = opened(MAYOR).page
    to_maintenance(page, market)
    expect(page.get_by_text("reste plate jusqu’à la fin")).to_be_visible()


def test_batteries_to_change_are_proposed_as_a_need(opened: Callable[..., Watched], market: Market) -> None:
    page = opened(MAYOR).page
    page.goto(f"{PATH}/{market.open}")
    expect(page.get_by_text("Piles de ce modèle à changer d’ici un an")).to_contain_text("3")
    page.get_by_role("button", name="Reprendre ce nombre").click()
    expect(page.get_by_role("form", name="Dire un besoin").get_by_label("Quantité")).to_have_value("3")


def test_an_offer_typed_changes_the_allotment(opened: Callable[..., Watched], market: Market) -> None:
    page = opened().page
    to_open(page, market)
    page.get_by_text("Saisir une offre").click()
    page.get_by_label("Fournisseur", exact=True).fill("Clair")
    page.get_by_label("Prix unitaire HT (€)").fill("60,50")
    page.get_by_role("button", name="Enregistrer l’offre").click()
    expect(page.get_by_role("row", name=re.compile("^CO2 Clair 3"))).to_be_visible()
    page.get_by_role("button", name="Retirer l’offre Clair").click()
    expect(page.get_by_role("row", name=re.compile("^CO2 Bel 3"))).to_be_visible()


def test_an_offer_across_lots_is_typed_where_the_purchase_says_why(
    opened: Callable[..., Watched], market: Market
) -> None:
    page = opened().page
    page.goto("/pooling/purchases")
    page.get_by_text("Ouvrir un achat").click()
    page.get_by_label("Achat", exact=True).fill("Hors code")
    page.get_by_label("Service").select_option("buildings")
    page.get_by_label("Besoins jusqu’au").fill("2099-12-31")
    page.get_by_label("Nom du lot").fill("Sondes")
    page.get_by_label("Modèle").select_option("em300")
    page.get_by_label("Pourquoi une offre peut dépendre des lots obtenus").fill("acheteur hors du code")
    page.get_by_role("button", name="Ouvrir l’achat").click()
    expect(page.get_by_text("Les offres peuvent dépendre des lots obtenus")).to_be_visible()
    page.get_by_text("Saisir une offre").click()
    page.get_by_label("Fournisseur", exact=True).fill("Clair")
    page.get_by_label("Prix unitaire HT (€)").fill("60")
    page.get_by_role("button", name="Ajouter un rabais").click()
    page.get_by_label("Rabais (%)").fill("7,5")
    page.get_by_role("button", name="Enregistrer l’offre").click()
    expect(page.get_by_text(re.compile(r"7,5\s% dès 2 lots obtenus"))).to_be_visible()


def test_a_purchase_by_criteria_tells_what_the_law_asks(opened: Callable[..., Watched], market: Market) -> None:
    page = opened().page
    page.goto("/pooling/purchases")
    page.get_by_text("Ouvrir un achat").click()
    page.get_by_role("button", name="Attribuer par critères").click()
    expect(page.get_by_text("Total des pondérations : 100 sur 100.")).to_be_visible()
    page.get_by_role("button", name="Retirer ce critère").last.click()
    expect(page.get_by_text("Aucun critère ne porte sur l’environnement")).to_be_visible()


def test_offers_are_marked_and_a_person_decides(opened: Callable[..., Watched], market: Market) -> None:
    page = opened().page
    page.goto(f"{PATH}/{market.judged}")
    page.get_by_role("link", name="Lire l’analyse des offres").click()
    expect(page.get_by_text("1 offre reste à noter avant de décider")).to_be_visible()
    page.get_by_text("Noter une offre").click()
    page.get_by_label("Fournisseur", exact=True).select_option("Bel")
    for criterion in ("Technique", "Environnement"):
        page.get_by_label(f"{criterion}, sur 10").fill("9")
        page.get_by_label(f"Justification ({criterion})").fill("mémoire technique, page 4")
    page.get_by_role("button", name="Enregistrer les notes").click()
    expect(page.get_by_role("row", name=re.compile("^1er Bel"))).to_contain_text("86,6")
    expect(page.get_by_text("Bel est en tête, de 5,6 points.")).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Rapport d’analyse (CSV)").click()
    assert "mémoire technique, page 4" in Path(begun.value.path()).read_text("utf-8-sig")
    page.get_by_label("Motif de la décision").fill("Mieux-disante.")
    page.get_by_role("button", name="Attribuer", exact=True).click()
    expect(page.get_by_role("heading", name="La décision")).to_be_visible()
    expect(page.get_by_text("CO2 : Bel")).to_be_visible()
    expect(page.get_by_role("button", name="Enregistrer les notes")).to_have_count(0)


def test_a_tender_leaves_as_files(opened: Callable[..., Watched], market: Market) -> None:
    page = opened().page
    to_open(page, market)
    with page.expect_download() as begun:
        page.get_by_role("button", name="Bordereau des prix (CSV)").click()
    assert Path(begun.value.path()).read_text("utf-8-sig").startswith("lot;modèle ou équivalent")


def test_a_delivery_is_checked_in_place_then_in_the_registry(
    opened: Callable[..., Watched], market: Market, tmp_path: Path
) -> None:
    page = opened().page
    to_ordered(page, market)
    page.get_by_text("Prendre une livraison").click()
    wrong, right = tmp_path / "faux.csv", tmp_path / "juste.csv"
    wrong.write_text("Lot;DevEUI;Collectivité\nCO2;nope;La Roche-sur-Yon\n", "utf-8")
    right.write_text(f"Lot;DevEUI;Numéro de série;Collectivité\nCO2;{eui(1)};SN-1;La Roche-sur-Yon\n", "utf-8")
    page.get_by_label("Liste", exact=True).set_input_files(wrong)
    page.get_by_role("button", name="Vérifier la liste").click()
    expect(page.get_by_role("group", name=re.compile("à corriger"))).to_contain_text("hexadécimaux")
    page.get_by_label("Liste", exact=True).set_input_files(right)
    page.get_by_role("button", name="Vérifier la liste").click()
    page.get_by_role("button", name=re.compile("^Inscrire 1")).click()
    row = page.get_by_role("region", name="Les livraisons").get_by_role("row", name=re.compile(eui(1).upper()))
    expect(row).to_contain_text("SN-1")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("CO2")


def test_what_was_seen_is_told_with_how_many_and_facts_with_their_source(
    opened: Callable[..., Watched], market: Market
) -> None:
    page = opened().page
    to_catalogue(page, market)
    am1 = page.get_by_role("row", name=re.compile("AM1"))
    expect(am1).to_contain_text("sur 6 capteurs")
    expect(page.get_by_role("row", name=re.compile("EM300"))).to_contain_text("pas assez vu")
    am1.get_by_role("button", name="79,5").focus()
    expect(page.get_by_role("tooltip")).to_contain_text("devis du 3 novembre")
    page.get_by_text("Renseigner un fait").click()
    page.get_by_label("Fait").select_option("openness")
    page.get_by_label("Valeur").select_option("documented")
    page.get_by_label("Source").fill("Page du fabricant")
    page.get_by_label("Du", exact=True).fill("2026-11-20")
    page.get_by_role("button", name="Enregistrer").click()
    expect(am1.get_by_role("button", name="documenté")).to_be_visible()


def test_an_elected_person_reads_all_and_changes_nothing(opened: Callable[..., Watched], market: Market) -> None:
    page = opened(ELECTED).page
    to_open(page, market)
    for name in ("Enregistrer", "Enregistrer l’offre", "Commander cette attribution"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


def test_a_member_has_the_batteries_of_its_own_sensors(opened: Callable[..., Watched], market: Market) -> None:
    page = opened(MAYOR).page
    to_maintenance(page, market)
    expect(page.get_by_text(re.compile("3 piles sur 4"))).to_be_visible()
    assert "Olonne" not in page.locator("main").inner_text()


def test_a_stranger_is_asked_to_sign_in(opened: Callable[..., Watched], market: Market) -> None:
    page = opened(None).page
    page.goto("/pooling/purchases")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_member_reads_no_need_of_others(opened: Callable[..., Watched], market: Market) -> None:
    page = opened(MAYOR).page
    page.goto(f"{PATH}/{market.ordered}")
    expect(page.get_by_role("row", name=re.compile("^La Roche-sur-Yon"))).to_have_count(1)
    expect(page.get_by_role("row", name=re.compile("Olonne"))).to_have_count(0)
