"""With whom, shared skills, and the forms of models and programmes, in a real browser; as the structure and members."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Browser, Page, expect

from beffroi.registry import structures
from tests.api.signed_in import PASSWORD, a_person
from tests.api.test_groups import ASKED, NEED, OFFER
from tests.api.test_pooling import MODEL, computed
from tests.api.test_programmes import SMALL
from tests.api.test_skills import OFFER as SKILL
from tests.conftest import CHALLANS, NOW, OLONNE, ROCHE, a_territory, running
from tests.console.test_pooling import ELECTED, MAYOR, OPERATOR, OTHER, WIDER, Pooled, plain
from tests.console.watching import THEMES, TRIED, Watched, looking, severe_faults
from tests.pooling.programme.whole import WHOLE

YEAR = 2027
SAME = {"Sec-Fetch-Site": "same-origin"}
PLACES = {ROCHE: (-1.4264, 46.6705), OLONNE: (-1.7833, 46.497), CHALLANS: (-1.8748, 46.8427)}


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    """Needs of three communes and their group, a neighbour's offer, hours lent, a model and a programme."""
    folder = tmp_path_factory.mktemp("with-whom")
    with a_territory(folder) as made:
        for who, whose, role in (
            (OPERATOR, made.structure, "administrator"),
            (ELECTED, made.structure, "reader"),
            (MAYOR, ROCHE, "administrator"),
            (OTHER, OLONNE, "administrator"),
        ):
            a_person(made, who, whose, role, PASSWORD)
        with made.instance.rooms.database.write() as tx:
            structures.locate(made.system, tx, PLACES, now=NOW)
        syndicate = made.as_("syndicate")
        for member in PLACES:
            body = {"member": member, "service": "buildings", "need": NEED}
            assert syndicate.post("/pooling/needs", json=body).is_success
        computed(made, {**ASKED, "distance": {"per_km": 5, "farthest": 60}})
        assert syndicate.post("/pooling/catalogue", json=OFFER).is_success
        offer = syndicate.post("/pooling/skills", json=SKILL).json()["id"]
        asked = {"offer": offer, "borrower": OLONNE, "month": "2027-03", "hours": 12, "purpose": "cahier des charges"}
        assert syndicate.post("/pooling/bookings", json=asked).is_success
        assert syndicate.put(f"/pooling/models/buildings/{YEAR}", json={"model": MODEL, "after": 0}).is_success
        programme = syndicate.post("/pooling/programmes", json={"document": SMALL}).json()["about"]["key"]
    with running("serve", data=folder / "data") as served:
        yield Pooled(served, programme)


@pytest.fixture
def opened(browser: Browser, pooled: Pooled) -> Iterator[Callable[..., Watched]]:
    with looking(browser, pooled.served.url, PASSWORD) as look:
        yield lambda who=OPERATOR, size="desk", theme="light": look(who, size, theme)


def to_groups(page: Page, pooled: Pooled) -> None:
    page.goto("/pooling/with-whom")
    expect(page.get_by_role("heading", name="La masse critique")).to_be_visible()
    expect(page.get_by_role("heading", name="Les besoins déclarés")).to_be_visible()


def to_need(page: Page, pooled: Pooled) -> None:
    to_groups(page, pooled)
    page.get_by_role("button", name="Modifier le besoin de Challans").click()
    page.get_by_text("Chercher à nouveau").click()
    page.get_by_label("Donner ici les coûts et la clé").check()


def to_catalogue(page: Page, pooled: Pooled) -> None:
    page.goto("/pooling/with-whom/catalogue")
    expect(page.get_by_role("heading", name="Les doublons")).to_be_visible()
    page.get_by_text("Depuis un tableau").click()


def to_forms(page: Page, pooled: Pooled) -> None:
    page.goto("/pooling/with-whom/forms")
    expect(page.get_by_role("heading", name="Groupement de commandes")).to_be_visible()


def to_skills(page: Page, pooled: Pooled) -> None:
    page.goto("/pooling/skills")
    expect(page.get_by_role("heading", name="Les réservations")).to_be_visible()


def to_model(page: Page, pooled: Pooled) -> None:
    page.goto(f"/pooling/services/buildings/{YEAR}/model")
    expect(page.get_by_role("group", name="Poste 2")).to_be_visible()
    page.get_by_role("group", name="Poste 2").get_by_label("Sorte").select_option("investment")
    page.get_by_role("button", name="Ajouter une subvention").click()


def to_edit(page: Page, pooled: Pooled) -> None:
    page.goto(f"/pooling/programmes/{pooled.programme}/edit")
    page.get_by_text("Éclairage", exact=True).click()
    expect(page.get_by_label("Coût des travaux").first).to_be_visible()


JOURNEYS = (to_groups, to_need, to_catalogue, to_forms, to_skills, to_model, to_edit)


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


def test_the_group_and_the_critical_mass_are_told_in_words(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened().page
    to_groups(page, pooled)
    told = plain(page.locator("p.sentence").text_content())
    assert re.match(r"3 collectivités gagneraient ensemble [\d ]+ € par an, à partir du 1er janvier 2027", told)
    mass = page.locator("section", has=page.get_by_role("heading", name="La masse critique"))
    expect(mass).to_contain_text("À partir de 3 collectivités")
    mass.get_by_text("Les chiffres de la courbe").click()
    expect(mass.get_by_role("row")).to_have_count(3)


def test_a_need_is_said_again_and_a_late_one_is_explained(opened: Callable[..., Watched], pooled: Pooled) -> None:
    first, second = opened().page, opened(MAYOR).page
    for page in (first, second):
        to_groups(page, pooled)
        page.get_by_role("button", name="Modifier le besoin de La Roche-sur-Yon").click()
        page.get_by_label("Coût seule, par an (€)").fill("4 200,50")
    first.get_by_role("button", name="Enregistrer").click()
    expect(first.get_by_text("Des besoins ont changé depuis ce calcul")).to_be_visible()
    second.get_by_role("button", name="Enregistrer").click()
    expect(second.get_by_role("alert")).to_contain_text("Votre saisie est encore ici")
    second.get_by_role("button", name="Lire la dernière version").click()
    told = second.get_by_role("region", name="Les besoins déclarés")
    expect(told.get_by_role("row", name=re.compile("La Roche-sur-Yon"))).to_contain_text(re.compile(r"4\s201"))


def test_a_member_sees_its_own_need_and_its_group_by_name(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened(OTHER).page
    to_groups(page, pooled)
    table = page.get_by_role("region", name="Les besoins déclarés")
    expect(table.get_by_role("rowheader")).to_have_count(1)
    expect(page.get_by_text(re.compile("^Challans, La Roche-sur-Yon, Les Sables-d'Olonne"))).to_be_visible()
    expect(page.get_by_role("button", name="Calculer les groupes")).to_have_count(0)


def test_a_table_of_offers_is_taken_in_or_told_wrong_by_row(
    opened: Callable[..., Watched], pooled: Pooled, tmp_path: Path
) -> None:
    page = opened().page
    to_catalogue(page, pooled)
    wrong = tmp_path / "offres.csv"
    wrong.write_text("structure;service;nom;territoire\nAgglo;elevators;Suivi;85191\n", encoding="utf-8")
    page.get_by_label("Fichier").set_input_files(wrong)
    page.get_by_role("button", name="Prendre le tableau").click()
    expect(page.get_by_role("alert")).to_contain_text("2.service")
    right = tmp_path / "offres-2.csv"
    right.write_text("structure;service;nom;territoire\nAgglo;lighting;Suivi;85191\n", encoding="utf-8")
    page.get_by_label("Fichier").set_input_files(right)
    page.get_by_role("button", name="Prendre le tableau").click()
    expect(page.get_by_role("status")).to_contain_text("1 offre ajoutée")
    expect(page.get_by_role("rowheader", name="Agglo")).to_be_visible()


def test_hours_are_accepted_spent_and_confirmed_each_by_its_own(opened: Callable[..., Watched], pooled: Pooled) -> None:
    lender, borrower = opened(MAYOR).page, opened(OTHER).page
    to_skills(lender, pooled)
    lender.get_by_role("button", name=re.compile("^Accepter")).click()
    lender.get_by_role("button", name=re.compile("^Saisir le temps passé")).click()
    lender.get_by_label("Heures passées").fill("10,5")
    lender.get_by_role("button", name="Enregistrer").click()
    expect(lender.get_by_text("10,5 h passées")).to_be_visible()
    expect(lender.get_by_role("button", name=re.compile("^Confirmer"))).to_have_count(0)
    to_skills(borrower, pooled)
    borrower.get_by_role("button", name=re.compile("^Confirmer le temps passé")).click()
    expect(borrower.get_by_text(re.compile("confirmé par"))).to_be_visible()
    borrower.get_by_label("Année").select_option("2027")
    expect(borrower.get_by_role("region", name="Ce qui passe dans les décomptes")).to_contain_text("404,25")


def test_a_model_is_changed_without_writing_json_and_faults_are_in_place(
    opened: Callable[..., Watched], pooled: Pooled
) -> None:
    page = opened().page
    page.goto(f"/pooling/services/buildings/{YEAR}/model")
    page.get_by_role("button", name="Ajouter un poste").click()
    third = page.get_by_role("group", name="Poste 3")
    third.get_by_label("Sorte").select_option("slices")
    third.get_by_label("Prix (€)").fill("12,5")
    third.get_by_label("Unité").fill("hours")
    page.get_by_role("button", name="Enregistrer une version").click()
    expect(third.get_by_role("alert")).to_contain_text("aucun membre n'en a")
    third.get_by_label("Unité").fill("devices")
    page.get_by_label("Ce qui change").fill("un poste de plus")
    page.get_by_role("button", name="Enregistrer une version").click()
    expect(page).to_have_url(re.compile(f"/pooling/services/buildings/{YEAR}$"))
    page.goto(f"/pooling/services/buildings/{YEAR}/model")
    expect(page.get_by_role("group", name="Poste 3").get_by_label("Prix (€)")).to_have_value("12,5")


def test_a_programme_is_changed_without_writing_json(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened().page
    page.goto(f"/pooling/programmes/{pooled.programme}/edit")
    page.get_by_role("button", name="Ajouter une action").click()
    page.locator("details", has=page.get_by_text("Action", exact=True)).last.locator("> summary").click()
    opened_ = page.locator("details[open]")
    opened_.get_by_label("Action", exact=True).fill("Déchets")
    opened_.get_by_label("Coût des travaux (€)", exact=True).fill("500")
    page.get_by_role("button", name="Ajouter un contrat").click()
    page.get_by_role("button", name="Enregistrer une version").click()
    contract = page.locator("details", has=page.locator("summary", has_text="Contrat"))
    contract.get_by_label("Service").fill("déchets")
    page.get_by_role("button", name="Enregistrer une version").click()
    expect(page).to_have_url(re.compile(f"/pooling/programmes/{pooled.programme}$"))
    page.goto(f"/pooling/programmes/{pooled.programme}/edit")
    expect(page.get_by_text("Déchets", exact=True)).to_be_visible()


def test_whatever_a_programme_says_has_its_field_and_is_kept_as_it_was(
    opened: Callable[..., Watched], pooled: Pooled
) -> None:
    page = opened(size="phone").page
    kept = made(page, WHOLE)
    key = kept["about"]["key"]
    page.goto(f"/pooling/programmes/{key}/edit")
    expect(page.get_by_label("Nom du programme")).to_have_value("Programme entier")
    shown = Counter(page.evaluate(IN_FIELDS))
    assert [one for one, times in Counter(leaves(WHOLE)).items() if shown[one] < times] == []
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert page.evaluate(WIDER) == 0, "the page scrolls sideways"
    page.get_by_role("button", name="Enregistrer une version").click()
    expect(page).to_have_url(re.compile(f"/pooling/programmes/{key}$"))
    again = answered(page.request.get(f"/api/v1/pooling/programmes/{key}"))
    assert again["about"]["revision"] == 2
    assert again["document"] == kept["document"]


IN_FIELDS = """() => [...document.querySelectorAll('main :is(input, select)')].flatMap((field) =>
  field.type !== 'checkbox' ? [field.value] : field.checked ? [field.parentElement.textContent.trim()] : [])"""


def leaves(told: Any) -> list[str]:
    if isinstance(told, dict):
        return [leaf for one in told.values() for leaf in leaves(one)]
    if isinstance(told, list):
        return [leaf for one in told for leaf in leaves(one)]
    return [str(told).replace(".", ",") if isinstance(told, float) else str(told)]


def made(page: Page, document: dict[str, Any]) -> Any:
    return answered(page.request.post("/api/v1/pooling/programmes", data={"document": document}, headers=SAME))


def answered(answer: APIResponse) -> Any:
    assert answer.ok, answer.text()
    return answer.json()


def test_staff_and_what_actions_share_are_entered_and_faults_are_in_place(
    opened: Callable[..., Watched], pooled: Pooled
) -> None:
    page = opened().page
    key = made(page, SMALL)["about"]["key"]
    page.goto(f"/pooling/programmes/{key}/edit")
    page.get_by_role("button", name="Ajouter une compétence").click()
    skill = page.get_by_role("group", name="Compétence")
    skill.get_by_role("textbox", name="Compétence").fill("études")
    staff = page.get_by_role("group", name="études").first
    staff.get_by_label("Mois d’agent par trimestre", exact=True).fill("1,5")
    staff.get_by_role("checkbox").check()
    staff.get_by_label("T3 2027").fill("2")
    action = page.locator("details", has=page.locator("summary", has_text="Éclairage"))
    action.locator("> summary").click()
    action.get_by_role("group", name="Mois d’agent par trimestre de travaux").get_by_label("études").first.fill("0,5")
    action.get_by_role("button", name="Ajouter une subvention").click()
    action.get_by_label("De qui").fill("Région")
    action.get_by_label("Montant (€)").fill("5000")
    action.locator("> summary").click()
    page.get_by_role("button", name="Ajouter une dépense de départ").click()
    setup = page.get_by_role("group", name="Dépense de départ")
    setup.get_by_label("Coût (€)").fill("400")
    setup.get_by_role("checkbox", name="Eau").check()
    page.get_by_role("button", name="Ajouter un gain").click()
    page.get_by_label("Gain par trimestre (€)").fill("30")
    page.get_by_role("button", name="Imposer une action").click()
    page.get_by_role("button", name="Enregistrer une version").click()
    subsidies = action.get_by_role("group", name="Subventions")
    expect(subsidies.get_by_role("alert")).to_contain_text("dépassent le coût de l'action")
    subsidies.get_by_label("Montant (€)").fill("500")
    page.get_by_role("button", name="Enregistrer une version").click()
    expect(page).to_have_url(re.compile(f"/pooling/programmes/{key}$"))
    document = answered(page.request.get(f"/api/v1/pooling/programmes/{key}"))["document"]
    assert document["staff"] == [{"skill": "études", "months": [1.5, 1.5, 2, 1.5], "note": ""}]
    lighting = document["actions"][0]
    assert lighting["staff"] == {"études": 0.5}
    assert [(one["source"], one["amount"]) for one in lighting["subsidies"]] == [("Région", 500)]
    assert [(one["cost"], one["actions"]) for one in document["setups"]] == [(400, ["Éclairage", "Eau"])]
    assert [(one["gain"], one["actions"]) for one in document["synergies"]] == [(30, ["Éclairage", "Eau"])]
    assert [(one["action"], one["start"]) for one in document["pins"]] == [("Éclairage", None)]


def test_an_elected_person_reads_forms_and_keeps_nothing(opened: Callable[..., Watched], pooled: Pooled) -> None:
    page = opened(ELECTED).page
    page.goto(f"/pooling/services/buildings/{YEAR}/model")
    expect(page.get_by_text(re.compile("^Seules les personnes de la structure"))).to_be_visible()
    expect(page.get_by_role("button", name="Enregistrer une version")).to_have_count(0)
    to_skills(page, pooled)
    expect(page.get_by_role("button", name="Offrir une compétence")).to_have_count(0)
    to_groups(page, pooled)
    expect(page.get_by_role("button", name="Calculer les groupes")).to_have_count(0)
