"""Files in: every fault by row and column, all or nothing, again and again; and what a file out leaves out."""

from typing import Any

import pytest

from beffroi.access import Right, Scope
from beffroi.errors import Invalid
from beffroi.registry import assets, devices, exports, imports, relations, series, sheets
from beffroi.registry.assets import AssetQuery
from beffroi.registry.columns import SheetNoun
from beffroi.registry.imports import ImportReport, Options
from beffroi.registry.relations import RelationQuery
from beffroi.registry.series import SeriesQuery
from beffroi.registry.sheets import CSV, XLSX
from tests.registry.conftest import NOW, OLONNE, ROCHE, World, scope_of

LAMPS = """code;nom;type;longitude;latitude;propriétés
EP-1;Lampe 1;lamp;-1,42;46,67;"{""puissance"": 70}"
EP-2;Lampe 2;lamp;-1,43;46,68;
"""


def load(
    world: World, content: str | bytes, noun: SheetNoun = "assets", scope: Scope | None = None, **options: Any
) -> ImportReport:
    raw = content.encode() if isinstance(content, str) else content
    sheet = sheets.read(raw, options.pop("media", CSV))
    chosen = Options(**{"owner": ROCHE, **options})
    return imports.load(scope or world.editor, world.tx, noun, sheet, chosen, now=NOW)


def told(report: ImportReport) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in report.faults]


def codes(world: World) -> list[str]:
    return [one.code for one in assets.find(world.reader, world.tx, AssetQuery()).items]


def test_a_french_file_is_taken_in(world: World) -> None:
    report = load(world, LAMPS)
    assert (report.created, report.written, report.faults) == (2, True, [])
    first = assets.find(world.reader, world.tx, AssetQuery(code="EP-1")).items[0]
    assert (first.longitude, first.properties, first.service) == (-1.42, {"puissance": 70}, "lighting")


def test_a_dry_run_writes_nothing(world: World) -> None:
    report = load(world, LAMPS, dry_run=True)
    assert (report.created, report.written) == (2, False)
    assert codes(world) == []


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_any_usual_csv_is_read(world: World, delimiter: str, encoding: str) -> None:
    text = delimiter.join(["code", "nom", "type"]) + "\r\n" + delimiter.join(["É1", "Réverbère", "lamp"]) + "\r\n"
    assert load(world, text.encode(encoding)).faults == []
    assert codes(world) == ["É1"]


BAD = """code;nom;type;longitude;latitude;site;simulé
EP-1;;lamp;-1,4;46,6;;oui
EP-2;Lampe;lampadaire;-1,4;46,6;;
EP-3;Lampe;lamp;est;46,6;;
EP-4;Lampe;lamp;-1,4;146,6;;
EP-5;Lampe;lamp;-1,4;;;
EP-6;Lampe;lamp;-1,4;46,6;nulle part;
EP-7;Lampe;lamp;-1,4;46,6;;peut-être
EP-8;Lampe;lamp;;;;
EP-8;Lampe;lamp;;;;
"""


def test_every_wrong_row_is_told_by_number_and_column(world: World) -> None:
    report = load(world, BAD)
    assert told(report) == [
        (2, "nom"),
        (3, "type"),
        (4, "longitude"),
        (5, "latitude"),
        (6, "latitude"),
        (7, "site"),
        (8, "simulé"),
        (10, "code"),
    ]
    assert (report.rows, report.created, report.skipped, report.written) == (9, 1, 8, False)
    assert codes(world) == []


def test_good_rows_are_written_when_bad_ones_are_skipped(world: World) -> None:
    report = load(world, BAD, skip_bad=True)
    assert (report.created, report.skipped, report.written) == (1, 8, True)
    assert codes(world) == ["EP-8"]


def test_several_faults_of_a_row_are_all_told(world: World) -> None:
    assert told(load(world, "code;nom;type;longitude\n;;lampadaire;est\n")) == [
        (2, "code"),
        (2, "nom"),
        (2, "longitude"),
    ]


def test_a_cell_without_a_column_is_told(world: World) -> None:
    assert load(world, "code;nom;type\nL1;L;lamp;\n").faults == []
    assert told(load(world, "code;nom;type\nL2;L;lamp;de trop\n")) == [(2, "")]


def test_a_wrong_word_in_a_relation_is_told_by_its_column(world: World) -> None:
    for code in ("EP-1", "EP-2", "AR-1"):
        world.asset(code=code)
    report = load(world, RELATIONS.replace("fed by", "eats"), "relations")
    assert told(report) == [(2, "type"), (3, "type")]


def test_faults_are_told_in_the_readers_language(world: World) -> None:
    english = Scope(actor=world.editor.actor, rights=world.editor.rights, language="en")
    assert load(world, BAD, scope=english).faults[0].detail == "empty cell"
    assert load(world, BAD).faults[0].detail == "cellule vide"


@pytest.mark.parametrize(
    ("content", "column"),
    [
        ("code;nom;type;couleur\nL1;L;lamp;rouge\n", "couleur"),
        ("code;nom\nL1;L\n", "kind"),
        ("code;nom;type;libellé\nL1;L;lamp;L\n", "libellé"),
    ],
)
def test_a_wrong_header_is_told_on_row_1(world: World, content: str, column: str) -> None:
    report = load(world, content, skip_bad=True)
    assert told(report) == [(1, column)]
    assert (report.written, report.skipped) == (False, 1)


def test_rows_are_numbered_as_a_spreadsheet_does(world: World) -> None:
    report = load(world, 'code;nom;type\n\nL1;"deux\nlignes";lamp\nL2;;lamp\n')
    assert told(report) == [(3, "nom"), (4, "nom")]


def test_what_exists_is_a_fault_unless_updated(world: World) -> None:
    load(world, LAMPS)
    assert told(load(world, LAMPS)) == [(2, "code"), (3, "code")]
    report = load(
        world, "code;nom\nEP-1;Lampe neuve\n".replace("nom", "nom;type").replace("neuve", "neuve;lamp"), update=True
    )
    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    changed = assets.find(world.reader, world.tx, AssetQuery(code="EP-1")).items[0]
    assert (changed.name, changed.longitude, changed.properties) == ("Lampe neuve", -1.42, {"puissance": 70})


def test_the_same_file_again_changes_nothing(world: World) -> None:
    load(world, LAMPS)
    report = load(world, LAMPS, update=True)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)


def test_an_empty_cell_empties_what_exists(world: World) -> None:
    load(world, LAMPS)
    load(world, "code;nom;type;longitude;latitude;properties\nEP-1;Lampe 1;lamp;;;\n", update=True)
    emptied = assets.find(world.reader, world.tx, AssetQuery(code="EP-1")).items[0]
    assert (emptied.longitude, emptied.properties) == (None, {})


def test_the_observed_property_of_a_series_does_not_change(world: World) -> None:
    made = world.series(code="T1")
    content = f"code;nom;grandeur;service\n{made.code};T;relative-humidity;environment\n"
    assert told(load(world, content, "series", update=True)) == [(2, "grandeur")]


def test_a_reader_imports_nothing(world: World) -> None:
    report = load(world, LAMPS, scope=world.reader)
    assert told(report) == [(2, "owner"), (3, "owner")]
    assert codes(world) == []


@pytest.mark.parametrize("who", ["neighbour", "stranger", "operator"])
def test_others_import_nothing_and_learn_nothing(world: World, who: str) -> None:
    world.site(code="depot")
    load(world, LAMPS)
    there, absent = "code;nom;type;site\nEP-1;L;lamp;{}\n", "code;nom;type;site\nEP-9;L;lamp;{}\n"
    for update in (False, True):
        for sites in (("", ""), ("depot", "nowhere")):
            contents = (there.format(sites[0]), absent.format(sites[1]))
            reports = [load(world, one, scope=getattr(world, who), update=update) for one in contents]
            # what is there is told as what is not
            assert told(reports[0]) == told(reports[1]) != []
    assert codes(world) == ["EP-1", "EP-2"]


def test_an_update_is_refused_to_who_may_only_read(world: World) -> None:
    load(world, LAMPS)
    assert told(load(world, LAMPS, scope=world.reader, update=True)) == [(2, "code"), (3, "code")]


def test_owners_are_taken_from_the_file(world: World) -> None:
    scope = scope_of("both", rights={ROCHE: Right.EDIT, OLONNE: Right.EDIT})
    content = f"propriétaire;code;nom;type\n{OLONNE};L1;L;lamp\n;L2;L;lamp\n"
    assert load(world, content, scope=scope).created == 2
    assert codes(world) == ["L2"]


def test_a_missing_owner_is_a_missing_column(world: World) -> None:
    assert told(load(world, LAMPS, owner=None)) == [(1, "owner")]


def test_codes_that_a_spreadsheet_took_for_numbers_are_codes_again(world: World) -> None:
    content = sheets.write(XLSX, ["code", "nom", "type"], [[1001.0, "Lampe", "lamp"], ["01001", "Lampe", "lamp"]])
    assert load(world, content, media=XLSX).faults == []
    assert codes(world) == ["1001", "01001"]


DEVICES = "code;name;kind;model;asset;site\nA84041;Capteur;sensor;elsys-ers;EP-1;\nA84042;Passerelle;gateway;;;depot\n"


def test_devices_name_models_assets_and_sites_by_code(world: World) -> None:
    world.site(code="depot")
    world.asset(code="EP-1")
    world.model()
    assert told(load(world, DEVICES, "devices")) == [(3, "service")]
    report = load(
        world,
        DEVICES.replace("site\n", "site;service\n").replace("EP-1;", "EP-1;;").replace("depot", "depot;networks"),
        "devices",
    )
    assert report.faults == []
    found = devices.find(world.reader, world.tx, devices.DeviceQuery()).items
    assert [(one.model, one.asset, one.site, one.service) for one in found] == [
        ("elsys-ers", 1, None, "lighting"),
        (None, None, 1, "networks"),
    ]


def test_series_take_words_for_enumerations(world: World) -> None:
    content = "code;name;observed_property;service;categories\nS1;État;lamp-state;lighting;on|off\n"
    assert load(world, content, "series").faults == []
    assert series.find(world.reader, world.tx, SeriesQuery()).items[0].categories == ["on", "off"]


COUNTERS = """code;nom;grandeur;service;repasse à zéro à
I1;Compteur 1;water-volume;water;10 000
I2;Compteur 2;water-volume;water;
I3;Compteur 3;water-volume;water;0
I4;Compteur 4;water-volume;water;-1
I5;Compteur 5;water-volume;water;inf
I6;Compteur 6;water-volume;water;quatre chiffres
I7;Température;temperature;environment;100
"""


def test_a_dry_run_tells_where_counters_cannot_roll_over(world: World) -> None:
    report = load(world, COUNTERS, "series", dry_run=True)
    assert told(report) == [(row, "repasse à zéro à") for row in range(4, 9)]
    assert (report.created, report.skipped, report.written) == (2, 5, False)
    assert report.faults[-1].detail == "réservé aux compteurs"


def test_counters_are_told_where_they_roll_over_by_a_file(world: World) -> None:
    assert load(world, COUNTERS, "series", skip_bad=True).created == 2
    found = series.find(world.reader, world.tx, SeriesQuery()).items
    assert [(one.code, one.rolls_over_at) for one in found] == [("I1", 10_000.0), ("I2", None)]
    content = sheets.write(
        XLSX, ["code", "name", "observed_property", "capacité"], [["I2", "C", "water-volume", 65_536]]
    )
    assert load(world, content, "series", media=XLSX, update=True).updated == 1
    assert load(world, content, "series", media=XLSX, update=True).unchanged == 1
    emptied = "code;name;observed_property;rolls_over_at\nI1;Compteur 1;water-volume;\n"
    assert load(world, emptied, "series", update=True).updated == 1
    found = series.find(world.reader, world.tx, SeriesQuery()).items
    assert [(one.code, one.rolls_over_at) for one in found] == [("I1", None), ("I2", 65_536.0)]


def test_models_are_imported_by_the_instance_only(world: World) -> None:
    content = "code;fabricant;nom\nerse;Elsys;ERS\n"
    assert told(load(world, content, "device-models")) == [(2, "code")]
    assert load(world, content, "device-models", scope=world.operator).created == 1
    assert load(world, content, "device-models", scope=world.operator, update=True).unchanged == 1


RELATIONS = """type;type de source;source;type de cible;cible;depuis;fin
fed by;asset;EP-1;asset;AR-1;01/01/2026;
fed by;asset;EP-2;asset;AR-1;2026-01-01T00:00:00+01:00;31/12/2026 12:00
"""


def test_relations_name_both_ends_by_code(world: World) -> None:
    for code in ("EP-1", "EP-2"):
        world.asset(code=code)
    world.asset(code="AR-1", kind="lighting-cabinet")
    assert load(world, RELATIONS, "relations").faults == []
    found = relations.find(world.reader, world.tx, RelationQuery()).items
    assert found[0].since == found[1].since
    assert [one.until is None for one in found] == [True, False]
    assert load(world, RELATIONS, "relations", update=True).unchanged == 2
    assert told(load(world, RELATIONS, "relations")) == [(2, "depuis"), (3, "depuis")]
    assert told(load(world, RELATIONS.replace("AR-1", "AR-9"), "relations")) == [(2, "cible"), (3, "cible")]


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"", CSV),
        (b"\n\n", CSV),
        (b"\x81\x8d\xff;a", CSV),
        (b"not a workbook", XLSX),
        (b"PK\x03\x04 truncated", XLSX),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes, media: str) -> None:
    with pytest.raises(Invalid) as caught:
        sheets.read(content, media)
    assert caught.value.faults[0].field == "file"


def test_a_thousand_rows_are_checked_together(world: World) -> None:
    rows = [[f"L{i}", "Lampe", "lamp", -1.4, 46.6] for i in range(5_000)]
    content = sheets.write(CSV, ["code", "name", "kind", "longitude", "latitude"], rows)
    assert load(world, content).created == 5_000


def test_an_export_leaves_out_what_the_reader_does_not_see(world: World) -> None:
    site = world.site(code="depot")
    world.asset(kind="water-meter", site=site.id)
    scope = world.shared(service="water")
    found = assets.every(scope, world.tx, AssetQuery())
    sheet = sheets.read(exports.dump(scope, world.tx, "assets", found, CSV), CSV)
    assert dict(zip(sheet.header, sheet.rows[0][1], strict=True))["site"] == ""
