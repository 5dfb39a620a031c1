"""Experiments in a real browser: the register, one with its interval, the form, decisions, savings."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.signed_in import PASSWORD, a_person
from tests.api.test_experiments import PATH, Tried, a_school, lent
from tests.api.test_programmes import SMALL
from tests.conftest import CHALLANS, OLONNE, ROCHE, Served, a_territory, running
from tests.console.watching import THEMES, TRIED, WIDER, Watched, looking, severe_faults

OPERATOR, ELECTED, MAYOR, OTHER = "ines@exemple.fr", "elue@exemple.fr", "maire@exemple.fr", "luc@exemple.fr"


@dataclass(frozen=True)
class Trial:
    served: Served
    key: str
    programme: str


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Eight schools, measured; a decision, savings proposed in a programme."""
    folder = tmp_path_factory.mktemp("trying")
    with a_territory(folder) as made:
        for who, whose, role in (
            (OPERATOR, made.structure, "administrator"),
            (ELECTED, made.structure, "reader"),
            (MAYOR, ROCHE, "administrator"),
            (OTHER, CHALLANS, "administrator"),
        ):
            a_person(made, who, whose, role, PASSWORD)
        for member in (ROCHE, OLONNE):
            lent(made, member)
        owners = [ROCHE, ROCHE, OLONNE, OLONNE]
        cohort = [a_school(made, owner, 6, place) for place, owner in enumerate(owners)]
        comparison = [a_school(made, owner, 0, place + 4) for place, owner in enumerate(owners)]
        tried = Tried(made, cohort, comparison)
        key = tried.kept()
        based = tried.measured(key)
        syndicate = made.as_("syndicate")
        programme = syndicate.post("/pooling/programmes", json={"document": SMALL}).json()["about"]["key"]
        decided = {"decision": "adjust", "reasons": "Régler l'heure d'abord.", "computation": based}
        assert syndicate.post(f"{PATH}/{key}/decisions", json=decided).is_success
        saved = {"computation": based, "action": "Éclairage", "price": "0.2", "programme": programme}
        assert syndicate.post(f"{PATH}/{key}/savings", json=saved).is_success
    with running("serve", data=folder / "data") as served:
        yield Trial(served, key, programme)


@pytest.fixture
def opened(browser: Browser, trial: Trial) -> Iterator[Callable[..., Watched]]:
    with looking(browser, trial.served.url, PASSWORD) as look:
        yield lambda who=OPERATOR, size="desk", theme="light": look(who, size, theme)


def to_register(page: Page, trial: Trial) -> None:
    page.goto("/pooling/experiments")
    expect(page.get_by_role("link", name="Minuteries dans les écoles")).to_be_visible()


def to_experiment(page: Page, trial: Trial) -> None:
    page.goto(f"/pooling/experiments/{trial.key}")
    expect(page.get_by_role("heading", name="L’effet et son intervalle")).to_be_visible()


def to_form(page: Page, trial: Trial) -> None:
    page.goto(f"/pooling/experiments/{trial.key}/change")
    expect(page.get_by_label(re.compile("^Groupe : kwh|^Groupe : Objet"))).to_have_count(8)


def to_return(page: Page, trial: Trial) -> None:
    page.goto(f"/pooling/returns/{ROCHE}/2026")
    expect(page.get_by_role("heading", name="Économies mesurées")).to_be_visible()


def to_programme(page: Page, trial: Trial) -> None:
    page.goto(f"/pooling/programmes/{trial.programme}")
    expect(page.get_by_role("heading", name="Ce qui a été mesuré des actions")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
@pytest.mark.parametrize(
    "journey",
    (to_register, to_experiment, to_form, to_return, to_programme),
    ids=lambda journey: journey.__name__,
)
def test_a_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], trial: Trial, journey: Callable[[Page, Trial], None], size: str, theme: str
) -> None:
    watched = opened(size=size, theme=theme)
    journey(watched.page, trial)
    assert severe_faults(watched.page) == []
    assert watched.page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []


def test_the_verdict_is_said_with_its_interval_and_the_table_is_behind_the_chart(
    opened: Callable[..., Watched], trial: Trial
) -> None:
    page = opened().page
    to_experiment(page, trial)
    expect(page.locator(".sentence")).to_contain_text("L’essai fait baisser la mesure")
    expect(page.get_by_text(re.compile("un tel intervalle se trompe une fois sur vingt"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Effet −"))).to_be_visible()
    page.get_by_text("Les chiffres de la courbe").click()
    expect(page.get_by_role("region", name="Les chiffres de la courbe").get_by_role("row")).to_have_count(9)
    page.get_by_text("Unité par unité").click()
    expect(page.get_by_role("region", name="Unité par unité").get_by_role("row")).to_have_count(9)


def test_an_experiment_is_registered_measured_and_decided_of(opened: Callable[..., Watched], trial: Trial) -> None:
    page = opened().page
    page.goto("/pooling/experiments")
    page.get_by_role("link", name="Inscrire une expérimentation").click()
    page.get_by_label("Nom", exact=True).fill("Deuxième essai")
    page.get_by_label("Hypothèse").fill("Les écoles du premier groupe consomment moins.")
    page.get_by_label("Ce qui est essayé").fill("Minuteries")
    page.get_by_label("Service").select_option("buildings")
    page.get_by_label("Ce qui est mesuré").select_option("electrical-energy")
    for place, (first, last) in enumerate((("2026-01-05", "2026-02-01"), ("2026-03-02", "2026-03-29"))):
        page.get_by_label("Premier jour").nth(place).fill(first)
        page.get_by_label("Dernier jour").nth(place).fill(last)
    page.get_by_label("À décider avant le").fill("2027-09-01")
    chosen = page.get_by_label(re.compile("^Groupe : "))
    expect(chosen).to_have_count(8)
    page.get_by_role("button", name="Témoin").click()
    for place in range(4):
        chosen.nth(place).select_option("cohort")
    expect(page.get_by_text("4 à l’essai, 4 témoins")).to_be_visible()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Deuxième essai", level=1)).to_be_visible()
    expect(page.get_by_text("Mesurez d’abord l’effet : une décision s’appuie sur des chiffres.")).to_be_visible()
    page.get_by_role("button", name="Mesurer l’effet").click()
    expect(page.locator(".sentence")).to_contain_text("L’essai fait baisser la mesure", timeout=30_000)
    page.get_by_label("Étendre").check()
    page.get_by_label("Raisons").fill("L’intervalle ne contient pas zéro.")
    page.get_by_role("button", name="Enregistrer la décision").click()
    decided = page.get_by_role("article").filter(has_text="L’intervalle ne contient pas zéro.")
    expect(decided).to_contain_text("Sur la foi de : L’essai fait baisser la mesure")


def test_savings_are_kept_from_the_page_and_open_to_their_rows(opened: Callable[..., Watched], trial: Trial) -> None:
    page = opened().page
    to_experiment(page, trial)
    page.get_by_label("Prix d’une unité (€)").fill("0,25")
    page.get_by_role("button", name="Enregistrer les économies").click()
    expect(page.get_by_text(re.compile("^retirée par"))).to_have_count(2)
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile("^CSV")).first.click()
    assert Path(begun.value.path()).read_text("utf-8-sig").startswith("unit,name,group,before,after,change")


def test_a_member_reads_its_savings_and_its_own_units_and_changes_nothing(
    opened: Callable[..., Watched], trial: Trial
) -> None:
    page = opened(MAYOR).page
    to_return(page, trial)
    expect(page.locator(".totals.savings, .totals .savings").first).to_contain_text("kWh")
    page.goto(f"/pooling/experiments/{trial.key}")
    expect(page.get_by_text("Vous lisez les chiffres des deux groupes, et vos unités.")).to_be_visible()
    assert "Olonne" not in page.locator("main").inner_text()
    for name in ("Mesurer de nouveau", "Enregistrer la décision", "Enregistrer les économies"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_an_elected_person_reads_all_and_changes_nothing(opened: Callable[..., Watched], trial: Trial) -> None:
    page = opened(ELECTED).page
    to_experiment(page, trial)
    for name in ("Mesurer de nouveau", "Enregistrer la décision", "Enregistrer les économies"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("link", name="Modifier")).to_have_count(0)


def test_who_is_in_neither_group_finds_nothing(opened: Callable[..., Watched], trial: Trial) -> None:
    page = opened(OTHER).page
    page.goto(f"/pooling/experiments/{trial.key}")
    expect(page.get_by_role("alert").get_by_role("heading", level=1)).to_have_text("Introuvable")
    page.goto("/pooling/experiments")
    expect(page.get_by_text("Aucune expérimentation n’est encore inscrite.")).to_be_visible()


def test_a_stranger_is_asked_to_sign_in(opened: Callable[..., Watched], trial: Trial) -> None:
    page = opened(None).page
    page.goto(f"/pooling/experiments/{trial.key}")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_what_is_saved_is_kept_proposed_taken_up_and_withdrawn(opened: Callable[..., Watched], trial: Trial) -> None:
    """Last of these tests: it leaves no savings behind."""
    page = opened().page
    to_experiment(page, trial)
    page.get_by_label("Programme où le proposer").select_option(trial.programme)
    page.get_by_label("Ce qui est essayé").fill("Éclairage")
    page.get_by_label("Prix d’une unité (€)").fill("0,30")
    page.get_by_role("button", name="Enregistrer les économies").click()
    kept = page.locator("table.savings")
    expect(kept.get_by_role("button", name=re.compile("^Retirer"))).to_have_count(2)

    to_programme(page, trial)
    gains = page.locator("section.part").filter(has=page.get_by_role("heading", name="Ce qui a été mesuré des actions"))
    line = gains.get_by_role("row").nth(1)
    says, measured = line.get_by_role("cell").nth(1), line.get_by_role("cell").nth(2)
    expect(measured).to_contain_text("€")
    before = says.inner_text()
    gains.get_by_role("button", name=re.compile("^Reprendre dans le programme : Éclairage")).click()
    expect(gains.get_by_role("status")).to_be_visible()
    expect(gains.get_by_role("button", name=re.compile("^Reprendre"))).to_have_count(0)
    assert says.inner_text() != before
    assert measured.inner_text().startswith(says.inner_text())

    to_return(page, trial)
    expect(page.locator(".totals.savings, .totals .savings").first).to_contain_text("kWh")

    to_experiment(page, trial)
    for left in (2, 1):
        expect(kept.get_by_role("button", name=re.compile("^Retirer"))).to_have_count(left)
        kept.get_by_role("button", name=re.compile("^Retirer")).first.click()
    expect(kept.get_by_role("button", name=re.compile("^Retirer"))).to_have_count(0)
    page.goto(f"/pooling/programmes/{trial.programme}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", name="Ce qui a été mesuré des actions")).to_have_count(0)
