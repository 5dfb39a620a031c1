"""The packaged referential: whole, searchable, and old codes lead to today's communes."""

import json
from pathlib import Path

import pytest

from beffroi.errors import NotFound, Unavailable
from beffroi.registry.folding import fold
from beffroi.registry.referential import REFERENTIAL, Referential


@pytest.mark.parametrize(
    ("kind", "count"), [("commune", 34_969), ("epci", 1_255), ("departement", 109), ("region", 26)]
)
def test_every_current_collectivity_is_there(kind: str, count: int) -> None:
    assert len(REFERENTIAL.all(kind)) == count  # type: ignore[arg-type]


def test_vendee_has_253_communes_and_19_epci() -> None:
    assert len(REFERENTIAL.of_departement("85")) == 253
    assert len(REFERENTIAL.of_departement("85", "epci")) == 19


def test_codes_are_text_with_their_zeros_and_letters() -> None:
    assert REFERENTIAL.entry("commune-01001").code == "01001"
    assert REFERENTIAL.entry("commune-2A004").name == "Ajaccio"


def test_an_entry_says_which_population_it_gives() -> None:
    roche = REFERENTIAL.entry("commune-85191")
    assert (roche.population, roche.population_kind, roche.siren) == (54_849, "municipale", "218501914")


def test_populations_are_municipales(shared_data: Path) -> None:
    """Nearer, commune by commune, to the figure that EPCI members carry as municipale than to their totale."""
    epci = json.loads((shared_data / "communes" / "epci-85-42.json").read_text("utf-8"))
    members = [member for one in epci for member in one["membres"]]
    populations = [REFERENTIAL.resolve(member["code"]).population or 0 for member in members]
    gaps = {
        kind: sum(abs(mine - member[kind]) for mine, member in zip(populations, members, strict=True))
        for kind in ("populationMunicipale", "populationTotale")
    }
    assert gaps["populationMunicipale"] * 2 < gaps["populationTotale"]


def test_communes_without_a_figure_have_no_kind_either() -> None:
    without = [one for one in REFERENTIAL.all("commune") if one.population is None]
    assert len(without) == 6
    assert all(one.population_kind is None for one in without)


def test_an_epci_has_its_members() -> None:
    members = REFERENTIAL.members("epci-248500589")
    assert len(members) == 13
    assert "La Roche-sur-Yon" in [one.name for one in members]
    assert {one.epci for one in members} == {"epci-248500589"}


def test_communes_of_no_epci_are_kept() -> None:
    assert sum(one.epci is None for one in REFERENTIAL.all("commune")) == 98


@pytest.mark.parametrize(
    ("old", "current"),
    [
        ("85060", "85194"),  # Le Château-d'Olonne, merged
        ("85307", "85001"),  # La Faute-sur-Mer's neighbour, an old code
        ("69381", "69123"),  # Lyon 1er
        ("13201", "13055"),  # Marseille 1er
        ("01015", "01015"),  # delegated commune that keeps the new commune's code
    ],
)
def test_an_old_code_leads_to_the_current_commune(old: str, current: str) -> None:
    assert REFERENTIAL.resolve(old).code == current


@pytest.mark.parametrize("file", ["communes-85-vendee.geojson", "communes-42-loire.geojson"])
def test_every_contour_of_2018_leads_to_a_current_commune(shared_data: Path, file: str) -> None:
    features = json.loads((shared_data / "communes" / file).read_text("utf-8"))["features"]
    codes = [feature["properties"]["code"] for feature in features]
    departement = codes[0][:2]
    reached = {REFERENTIAL.resolve(code).key for code in codes}
    current = {one.key for one in REFERENTIAL.of_departement(departement)}
    assert reached <= current
    assert len(current - reached) <= 2  # re-created since


def test_an_unknown_code_is_not_found() -> None:
    with pytest.raises(NotFound):
        REFERENTIAL.resolve("99999")
    with pytest.raises(NotFound):
        REFERENTIAL.entry("commune-99999")


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("la roche sur yon", "commune-85191"),
        ("LA ROCHE-SUR-YON", "commune-85191"),
        ("roche yon", "commune-85191"),
        ("st gilles croix", "commune-85222"),
        ("Ste Hermine", "commune-85223"),  # a former name in full
        ("sables d'olonne", "commune-85194"),
        ("oeuilly", "commune-51410"),
        ("vendee", "departement-85"),
        ("85191", "commune-85191"),
        ("248500589", "epci-248500589"),
        ("2a004", "commune-2A004"),
        ("l aiguillon sur mer", "commune-85001"),  # a former name
    ],
)
def test_search_forgives_case_accents_hyphens_and_abbreviations(asked: str, key: str) -> None:
    assert REFERENTIAL.search(asked)[0].key == key


def test_search_by_postcode_gives_its_communes() -> None:
    assert {one.code for one in REFERENTIAL.search("85340", kinds=["commune"])} >= {"85194", "85112"}


def test_search_is_narrowed_by_kind_and_departement() -> None:
    found = REFERENTIAL.search("saint", kinds=["commune"], departement="85", limit=100)
    assert len(found) > 40
    assert {(one.kind, one.departement) for one in found} == {("commune", "85")}
    assert {one.kind for one in REFERENTIAL.search("roche", kinds=["epci"])} == {"epci"}


def test_the_exact_name_comes_before_the_longer_ones() -> None:
    assert REFERENTIAL.search("Challans")[0].name == "Challans"


def test_blanks_find_nothing() -> None:
    assert REFERENTIAL.search(" -' ") == []


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="make install"):
        Referential(tmp_path / "absent.parquet").entry("commune-85191")


@pytest.mark.parametrize(
    ("name", "folded"),
    [("L'Île-d'Yeu", "l ile d yeu"), ("St-Gilles", "saint gilles"), ("Œuilly", "oeuilly"), ("  ÀÉ ü ", "ae u")],
)
def test_folding(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_a_former_key_names_the_commune_of_today() -> None:
    with pytest.raises(NotFound) as refused:
        REFERENTIAL.entry("commune-85060")
    assert "commune-85194 (Les Sables-d'Olonne)" in refused.value.text.fr
