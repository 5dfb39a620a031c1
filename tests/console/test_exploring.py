"""Devices, equipment, several series together and dashboards, in a real browser, against an instance of its own."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from tests.api.signed_in import PASSWORD, a_person
from tests.conftest import OLONNE, ROCHE, Served, a_territory, running
from tests.console.watching import SIZES, THEMES, TRIED, Watched, looking, severe_faults

ADMINISTRATOR, NEIGHBOUR = "ines@exemple.fr", "luc@exemple.fr"
DAYS = 40
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Place:
    served: Served
    device: int
    asset: int
    temperature: int
    co2: int
    humidity: int
    silent: int


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A room whose three properties are measured each ten minutes, for forty days; and a device long silent."""
    folder = tmp_path_factory.mktemp("exploring")
    with a_territory(folder) as made:
        a_person(made, ADMINISTRATOR, ROCHE, "administrator", PASSWORD)
        a_person(made, NEIGHBOUR, OLONNE, "administrator", PASSWORD)
        asset = made.an_asset(name="Salle du conseil")
        for _ in range(130):
            made.an_asset(name="Borne", owner=OLONNE)
        device = made.a_device(name="Capteur du conseil", asset=asset.id)
        silent = made.a_device(name="Capteur muet")
        about = {"device": device.id, "asset": asset.id}
        series = [
            made.a_series(name=name, observed_property=observed, **about)
            for name, observed in (("Température", "temperature"), ("CO2", "co2"), ("Humidité", "relative-humidity"))
        ]
        old = made.a_series(name="Vieille température", device=silent.id)
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        times = [now - timedelta(minutes=10 * step) for step in range(DAYS * 144)]
        columns = [
            {
                "series": [one.id] * len(times),
                "time": [time.isoformat() for time in times],
                "value": [base + 3 * math.sin(step / 23) for step in range(len(times))],
            }
            for one, base in zip(series, (20, 600, 50), strict=True)
        ]
        columns.append({"series": [old.id], "time": [(now - timedelta(days=5)).isoformat()], "value": [12.0]})
        for one in columns:
            assert made.as_("roche").post("/observations", json=one).is_success
    with running("serve", data=folder / "data") as served:
        yield Place(served, device.id, asset.id, *(one.id for one in series), silent.id)


@pytest.fixture
def opened(browser: Browser, place: Place) -> Iterator[Callable[..., Watched]]:
    with looking(browser, place.served.url, PASSWORD) as look:
        yield lambda who=ADMINISTRATOR, size="desk", theme="light": look(who, size, theme)


def plain(text: str | None) -> str:
    """Without the blanks that typography asks."""
    return (text or "").replace("\u202f", " ").replace("\xa0", " ")


def to_device(page: Page, place: Place) -> None:
    page.goto(f"/devices/{place.device}")
    expect(page.get_by_role("heading", level=1, name="Capteur du conseil")).to_be_visible()
    expect(page.get_by_role("slider", name=re.compile("^Lire la courbe"))).to_be_visible()
    expect(page.get_by_role("slider", name=re.compile("jour par jour"))).to_be_visible()


def to_asset(page: Page, place: Place) -> None:
    page.goto(f"/assets/{place.asset}")
    expect(page.get_by_role("heading", level=1, name="Salle du conseil")).to_be_visible()
    expect(page.get_by_role("link", name="Capteur du conseil").first).to_be_visible()
    expect(page.get_by_role("slider", name=re.compile("^Lire la courbe"))).to_be_visible()


def to_list(page: Page, place: Place) -> None:
    page.goto("/devices")
    expect(page.get_by_role("link", name="Capteur muet")).to_be_visible()
    expect(page.get_by_text("1 silencieux")).to_be_visible()


def exploring(page: Page, place: Place, more: str = "&period=month") -> None:
    page.goto(f"/explore?series=%5B{place.temperature}%2C{place.co2}%5D{more}")
    expect(page.get_by_role("slider", name=re.compile("^Lire les courbes"))).to_be_visible()
    expect(page.get_by_role("heading", name="En bref")).to_be_visible()


def to_dashboards(page: Page, place: Place) -> None:
    page.goto("/dashboards")
    expect(page.get_by_role("heading", name="Créer un tableau de bord")).to_be_visible()


JOURNEYS = (to_device, to_asset, to_list, exploring, to_dashboards)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_a_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], place: Place, journey: Callable[[Page, Place], None], size: str, theme: str
) -> None:
    watched = opened(size=size, theme=theme)
    journey(watched.page, place)
    assert severe_faults(watched.page) == []
    assert watched.page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []


@pytest.mark.parametrize("path", ["/devices/{device}", "/assets/{asset}"])
def test_another_collectivite_finds_nothing_there(opened: Callable[..., Watched], place: Place, path: str) -> None:
    page = opened(NEIGHBOUR).page
    page.goto(path.format(device=place.device, asset=place.asset))
    expect(page.get_by_role("alert").get_by_role("heading", level=1)).to_have_text("Introuvable")


def test_another_collectivite_lists_and_draws_nothing_of_it(opened: Callable[..., Watched], place: Place) -> None:
    page = opened(NEIGHBOUR).page
    page.goto("/devices")
    expect(page.get_by_text("Aucun appareil ne correspond à ces filtres.")).to_be_visible()
    page.goto(f"/explore?series=%5B{place.temperature}%5D")
    expect(page.get_by_text("1 série de cette adresse n’existe pas, ou n’est pas visible pour vous.")).to_be_visible()
    expect(page.locator(".plot")).to_have_count(0)


@pytest.mark.parametrize("path", ["/devices", "/devices/{device}", "/assets/{asset}", "/explore", "/dashboards"])
def test_a_stranger_is_asked_to_sign_in(opened: Callable[..., Watched], place: Place, path: str) -> None:
    page = opened(None).page
    page.goto(path.format(device=place.device, asset=place.asset))
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_device_says_first_how_it_fares(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    to_device(page, place)
    expect(page.locator(".sentence")).to_contain_text("Il parle")
    page.goto(f"/devices/{place.silent}")
    expect(page.locator(".sentence")).to_contain_text("Silencieux depuis")


def test_the_charts_of_a_device_are_read_with_the_keyboard(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    to_device(page, place)
    curve = page.get_by_role("slider", name=re.compile("^Lire la courbe"))
    curve.press("End")
    last = plain(curve.get_attribute("aria-valuetext"))
    assert re.search(r"\d{4}.* : [\d,]+ °C", last), last
    days = page.get_by_role("slider", name=re.compile("jour par jour"))
    days.press("End")
    today = plain(days.get_attribute("aria-valuetext"))
    assert re.search(r" : [\d,]+ °C \(de .* à .*\), \d+ mesures?", today), today
    days.press("ArrowUp")
    assert plain(days.get_attribute("aria-valuetext")) != today


def test_a_note_is_written_removed_and_brought_back(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    to_device(page, place)
    page.get_by_label("Ajouter une note").fill("Pile changée, clé chez le gardien.")
    notes = page.get_by_role("region", name="Notes")
    notes.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator(".notes")).to_contain_text("Pile changée")
    expect(page.locator(".notes")).to_contain_text(ADMINISTRATOR)
    page.get_by_role("button", name="Retirer", exact=True).click()
    expect(page.get_by_text("Aucune note.")).to_be_visible()
    page.get_by_role("button", name="Annuler", exact=True).click()
    expect(page.locator(".notes")).to_contain_text("Pile changée")


def test_the_list_is_narrowed_walked_and_opened_with_the_keyboard(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    to_list(page, place)
    page.get_by_role("combobox", name="État").select_option(label="Silencieux")
    expect(page).to_have_url(re.compile("state=silent"))
    expect(page.get_by_role("link", name="Capteur du conseil")).to_have_count(0)
    expect(page.get_by_text("Montrés : État : Silencieux".replace(" :", "\xa0:"))).to_be_visible()
    row = page.get_by_role("row", name="Capteur muet")
    row.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 appareil choisi")).to_be_visible()
    row.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Capteur muet")).to_be_visible()


def test_many_devices_are_changed_at_once_and_put_back(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    to_list(page, place)
    page.get_by_label("Choisir tous les appareils affichés").check()
    change = page.get_by_role("region", name="Changer")
    change.get_by_label("Changer").select_option("service")
    change.get_by_label("Service").select_option("water")
    change.get_by_role("button", name=re.compile("^Appliquer à 2")).click()
    expect(page.get_by_text("2 appareils changés.")).to_be_visible()
    expect(page.locator("td", has_text="Eau")).to_have_count(2)
    change.get_by_role("button", name="Annuler le changement").click()
    expect(page.get_by_text("Le changement est annulé.")).to_be_visible()
    expect(page.locator("td", has_text="Eau")).to_have_count(0)


def test_many_devices_are_handed_over_after_a_look_and_taken_back(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    to_list(page, place)
    page.get_by_label("Choisir tous les appareils affichés").check()
    change = page.get_by_role("region", name="Changer")
    change.get_by_label("Changer").select_option("owner")
    change.get_by_label("Passent à").select_option(label="Les Sables-d'Olonne")
    change.get_by_role("button", name="Voir d’abord").click()
    expect(change.get_by_text("2 seraient proposés à qui les recevrait")).to_be_visible()
    moves = "/api/v1/moves?state=proposed"
    assert page.request.get(moves).json()["items"] == []
    change.get_by_role("button", name=re.compile("^Appliquer à 2")).click()
    expect(change.get_by_text("2 appareils sont proposés à qui les reçoit")).to_be_visible()
    assert len(page.request.get(moves).json()["items"]) == 2
    assert severe_faults(page) == []
    change.get_by_role("button", name="Annuler le changement").click()
    expect(change.get_by_text("Le changement est annulé.")).to_be_visible()
    assert page.request.get(moves).json()["items"] == []


@pytest.mark.parametrize("size", SIZES)
def test_many_assets_are_changed_and_handed_over_after_a_look(
    opened: Callable[..., Watched], place: Place, size: str
) -> None:
    page = opened(size=size).page
    page.goto("/assets?owner=" + ROCHE)
    expect(page.get_by_role("heading", level=1, name="Équipements")).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    rows.first.focus()
    page.keyboard.press("Space")
    change = page.get_by_role("region", name="Changer")
    change.get_by_label("Changer").select_option("service")
    change.get_by_label("Service").select_option("waste")
    change.get_by_role("button", name="Voir d’abord").click()
    expect(change.get_by_text("1 équipement changerait")).to_be_visible()
    expect(page.locator("td", has_text="Déchets")).to_have_count(0)
    change.get_by_role("button", name=re.compile("^Appliquer à 1")).click()
    expect(change.get_by_text("1 équipement changé.")).to_be_visible()
    expect(page.locator("td", has_text="Déchets")).to_have_count(1)
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) == 0
    change.get_by_role("button", name="Annuler le changement").click()
    expect(page.locator("td", has_text="Déchets")).to_have_count(0)
    change.get_by_label("Changer").select_option("owner")
    change.get_by_label("Passent à").select_option(label="Les Sables-d'Olonne")
    change.get_by_role("button", name="Voir d’abord").click()
    expect(change.get_by_text("1 serait proposé à qui les recevrait")).to_be_visible()


def test_all_assets_that_match_are_chosen_unseen(opened: Callable[..., Watched], place: Place) -> None:
    page = opened(NEIGHBOUR).page
    page.goto("/assets?q=borne")
    expect(page.locator(".sentence")).to_have_text("130 équipements.")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(100)
    page.get_by_role("button", name="Choisir les 130 équipements").click()
    expect(page.get_by_text("130 équipements choisis")).to_be_visible()
    expect(rows).to_have_count(130)


def test_a_file_of_devices_is_checked_before_it_is_written(
    opened: Callable[..., Watched], place: Place, tmp_path: Path
) -> None:
    page = opened().page
    to_list(page, place)
    file = tmp_path / "appareils.csv"
    file.write_text("code;nom;sorte;service;modèle\nNEUF-1;Neuf;sensor;buildings;\nNEUF-2;Faux;boat;buildings;\n")
    page.get_by_label("Fichier", exact=True).set_input_files(file)
    page.get_by_label("Collectivité des lignes").select_option(ROCHE)
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(page.get_by_text("1 cellule à corriger")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("sorte"))).to_contain_text("3")
    page.get_by_role("button", name="N’importer que la ligne juste").click()
    expect(page.get_by_text("1 appareil importé.")).to_be_visible()
    expect(page.get_by_role("link", name="Neuf")).to_be_visible()


def test_series_are_found_added_and_kept_in_the_address(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    page.goto("/explore")
    page.get_by_label("Grandeur mesurée").select_option(label="Humidité relative")
    page.get_by_role("button", name=re.compile("Humidité")).click()
    expect(page.get_by_role("slider", name=re.compile("^Lire les courbes"))).to_be_visible()
    expect(page).to_have_url(re.compile(rf"series=.*{place.humidity}"))
    page.get_by_label("Comparer à").select_option(label="la semaine d’avant")
    expect(page.get_by_role("columnheader", name="Écart")).to_be_visible()
    page.reload()
    expect(page.get_by_role("columnheader", name="Écart")).to_be_visible()
    expect(page.get_by_label("Comparer à")).to_have_value("week")


def test_the_curves_are_read_and_looked_at_closely_with_the_keyboard(
    opened: Callable[..., Watched], place: Place
) -> None:
    page = opened().page
    exploring(page, place)
    curves = page.get_by_role("slider", name=re.compile("^Lire les courbes"))
    curves.press("End")
    said = plain(curves.get_attribute("aria-valuetext"))
    assert re.search(r"Température [\d,]+ °C ; CO2 [\d,]+ ppm", said), said
    curves.press("+")
    expect(page).to_have_url(re.compile("from=.*to="))
    expect(page.get_by_text(re.compile("^De plus près"))).to_be_visible()
    page.get_by_role("button", name="Revoir toute la période").click()
    expect(page).not_to_have_url(re.compile("from="))


def test_three_units_are_stacked(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    page.goto(f"/explore?series=%5B{place.temperature}%2C{place.co2}%2C{place.humidity}%5D&period=week")
    expect(page.locator(".plot canvas")).to_have_count(3)


def test_what_is_drawn_is_taken_away_in_each_format(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    exploring(page, place)
    taken: dict[str, Path] = {}
    for name in ("CSV", "XLSX", "Parquet", "Image PNG"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name, exact=True).click()
        taken[name] = waiting.value.path()
    measures = taken["CSV"].read_text().splitlines()
    assert measures[0].split(",")[:3] == ["series", "time", "value"]
    sheet = CalamineWorkbook.from_path(taken["XLSX"]).get_sheet_by_index(0).to_python()
    assert sheet[0][:4] == ["series", "name", "time (UTC)", "value"]
    assert {row[1] for row in sheet[1:]} == {"Température", "CO2"}
    assert pq.read_table(taken["Parquet"]).num_rows == len(sheet) - 1 == len(measures) - 1
    assert taken["Image PNG"].read_bytes().startswith(PNG)


def test_the_link_copied_shows_the_same(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    exploring(page, place, "&period=week&every=1d&of=max")
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_text("Lien copié")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    other = opened().page
    other.goto(copied)
    expect(other.get_by_text("Un point est le maximum sur 1 jour.")).to_be_visible()


def a_dashboard(page: Page, place: Place, name: str) -> None:
    page.goto("/dashboards")
    page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_role("button", name="Créer", exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    page.get_by_role("button", name="Modifier").click()
    page.get_by_role("button", name="Courbes").click()
    card = page.locator(".card").nth(0)
    card.get_by_label("Titre", exact=True).fill("Salle du conseil")
    card.get_by_label("Nom, équipement ou appareil").fill("Température")
    card.get_by_role("button", name=re.compile("^Température")).click()
    page.get_by_role("button", name="Texte", exact=True).click()
    page.locator(".card").nth(1).get_by_label("Texte", exact=True).fill("Aérer en sortant.")
    page.locator(".card").nth(1).get_by_label("Titre", exact=True).fill("Consigne")
    page.get_by_role("button", name="Avancer «\xa0Consigne\xa0»").press("Enter")
    expect(page.locator(".band").first).to_contain_text("Consigne")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("slider", name=re.compile("Salle du conseil"))).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
def test_a_dashboard_is_made_and_shown_to_a_stranger(opened: Callable[..., Watched], place: Place, theme: str) -> None:
    inside = opened(theme=theme)
    page = inside.page
    a_dashboard(page, place, f"Mairie ({theme})")
    assert severe_faults(page) == []
    page.get_by_role("button", name="Créer un lien public").click()
    address = page.get_by_label("Adresse publique").input_value()
    watched = opened(None, "phone", theme)
    stranger = watched.page
    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1, name=f"Mairie ({theme})")).to_be_visible()
    expect(stranger.get_by_text("Mesures publiées par La Roche-sur-Yon.")).to_be_visible()
    expect(stranger.get_by_role("heading", level=2)).to_have_text(["Consigne", "Salle du conseil"])
    curves = stranger.get_by_role("slider", name=re.compile("Salle du conseil"))
    curves.press("End")
    assert "°C" in plain(curves.get_attribute("aria-valuetext"))
    assert severe_faults(stranger) == []
    assert stranger.evaluate(WIDER) == 0
    assert watched.complaints == []
    link = address.rsplit("/", 1)[1]
    hidden = {"series": place.co2, "start": "2020-01-01", "end": "2030-01-01"}
    answer = httpx2.get(f"{place.served.url}/api/v1/shown/{link}/observations", params=hidden)
    assert answer.status_code == 404
    page.get_by_role("button", name="Retirer le lien public").click()
    expect(page.get_by_text("Le lien ne montre plus rien.")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("alert")).to_contain_text("n’est plus public")


def test_a_dashboard_is_removed_once_its_name_is_typed(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    a_dashboard(page, place, "À jeter")
    page.get_by_text("Supprimer ce tableau de bord").click()
    remove = page.get_by_role("button", name="Supprimer", exact=True)
    expect(remove).to_be_disabled()
    page.get_by_label("Pour confirmer, écrivez son nom").fill("À jeter")
    remove.click()
    expect(page).to_have_url(re.compile("/dashboards$"))
    expect(page.get_by_role("link", name="À jeter")).to_have_count(0)
