import re
from pathlib import Path

import msgspec
import pytest

from beffroi.acquisition import mapping as mapping_room
from beffroi.acquisition.mapping import Mapping, Table, parse
from beffroi.errors import Invalid
from tests.acquisition.builders import MINIMAL, a_mapping

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = sorted((ROOT / "examples" / "mappings").glob("*.toml"))
REFERENCE = ROOT / "docs" / "reference" / "mapping.md"


def fields_at_fault(text: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        parse(text)
    return [fault.field for fault in caught.value.faults]


def test_the_smallest_mapping_has_a_time_a_code_and_a_value() -> None:
    assert parse(MINIMAL).columns() == ["at", "station", "t"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_a_mapping(path: Path) -> None:
    assert parse(path.read_text()).create


def test_every_missing_table_is_told() -> None:
    assert fields_at_fault("") == ["time", "series", "values"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ("[format]\ndelimitor = ';'", "format.delimitor"),
        ("[format]\ndelimiter = ';;'", "format.delimiter"),
        ("[format]\nencoding = 'hieroglyphs'", "format.encoding"),
        ("[format]\nskip = [1]", "format.skip"),
        ("[format]\nskip = ['2']", "format.skip[0]"),
        ("[values.u]\nunit = 'smoot'", "values.u.unit"),
        ("[values.u]\nunit = 3", "values.u.unit"),
        ("[values.u]\nkind = 'colour'", "values.u.kind"),
        ("[values.u]\ntrue = ['oui']", "values.u.true"),
        ("[values.u]\nkind = 'boolean'\ntrue = ['oui']", "values.u.false"),
        ("[values.u]\nkind = 'position'\nlongitude = 'x'", "values.u.latitude"),
        ("[values.u]\ncode = 'a}'", "values.u.code"),
        ("[values.u]\nreplace = [{ to = 1 }]", "values.u.replace[0].from"),
        ("[[quality]]\nzero_run = 1", "quality[0].zero_run"),
        ("[[quality]]\nzero_run = 3\nvalues = ['z']", "quality[0].values"),
        ("[[quality]]\ncolumn = 'ok'", "quality[0].words"),
        ("[[quality]]\nflag = 'doubtful'", "quality[0]"),
        ("[create]\nservice = 'environment'", "values.t.property"),
        ("[create]\nname = 'x'", "create.service"),
        ("[stations]\nkey = '{id'\nmatch = '{station}'", "stations.key"),
        ("[wether]\n", "wether"),
    ],
)
def test_a_fault_names_its_table_and_key(more: str, field: str) -> None:
    assert field in fields_at_fault(MINIMAL + more)


@pytest.mark.parametrize("zone", ["Europe/Lutece", "../etc/passwd", ""])
def test_an_unknown_time_zone_is_a_fault(zone: str) -> None:
    assert fields_at_fault(MINIMAL.replace('"UTC"', f'"{zone}"')) == ["time.zone"]


def test_text_that_is_not_toml_is_a_fault_of_the_mapping() -> None:
    assert fields_at_fault("[time") == ["mapping"]


def test_every_fault_is_told_at_once() -> None:
    assert fields_at_fault(MINIMAL + "[format]\nheader = 0\nquote = ''") == ["format.quote", "format.header"]


def test_codes_take_the_name_and_the_property_of_their_value() -> None:
    mapping = a_mapping(values='t = { property = "temperature", code = "x:{property}:{value}:{station:05}" }')
    assert mapping.code("t").fields == ["station"]


def tables_of(type_: type[Table]) -> set[type[Table]]:
    found = {type_}
    for field in msgspec.structs.fields(type_):
        for one in (field.type, *getattr(field.type, "__args__", ())):
            for two in (one, *getattr(one, "__args__", ())):
                if isinstance(two, type) and issubclass(two, Table) and two not in found:
                    found |= tables_of(two)
    return found


HEADINGS = {
    "Mapping": "The whole",
    "Format": "[format]",
    "Time": "[time]",
    "SeriesCodes": "[series]",
    "Value": "[values.NAME]",
    "Replacement": "replace",
    "Doubt": "[[quality]]",
    "Create": "[create]",
    "NewAsset": "[create.asset]",
    "Stations": "[stations]",
}


def test_the_reference_documents_every_table() -> None:
    assert {one.__name__ for one in tables_of(Mapping)} == set(HEADINGS)


@pytest.mark.parametrize("name", HEADINGS)
def test_the_reference_documents_every_key_and_no_other(name: str) -> None:
    section = re.search(rf"^## `?{re.escape(HEADINGS[name])}`?\n(.*?)(?=^## |\Z)", REFERENCE.read_text(), re.M | re.S)
    assert section, f"no section {HEADINGS[name]}"
    documented = set(re.findall(r"^\| `([^`]+)` \|", section[1], re.M))
    fields = msgspec.structs.fields(getattr(mapping_room, name))
    assert documented == {field.encode_name for field in fields} - {"source"}
