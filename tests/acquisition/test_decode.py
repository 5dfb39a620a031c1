from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from beffroi.acquisition.mapping import parse
from beffroi.errors import Invalid
from beffroi.observations import Quality
from tests.acquisition.builders import a_csv, a_mapping, decoded, told
from tests.trials import tried

AT = "2024-01-01T00:00Z"


def values_of(folder: Path, values: str, *cells: str, more: str = "") -> list[float | None]:
    path = a_csv(folder, "at;station;t", *(f"{AT};s;{cell}" for cell in cells))
    mapping = a_mapping(more or "[format]\ndelimiter = ';'", values=values)
    kept: list[float | None] = decoded(path, mapping).observed["t"]["value"].to_pylist()
    return kept


def test_a_wide_row_gives_an_observation_a_column(tmp_path: Path) -> None:
    found = decoded(a_csv(tmp_path, "at,station,t,u", f"{AT},s,1,2"), a_mapping(values="t = {}\nu = {}"))
    assert {name: table["code"].to_pylist() for name, table in found.observed.items()} == {"t": ["s:t"], "u": ["s:u"]}


def test_a_long_row_gives_an_observation_to_the_value_it_names(tmp_path: Path) -> None:
    mapping = a_mapping(
        values="""
no2 = { column = "valeur", when = { polluant = "NO2" } }
o3 = { column = "valeur", when = { polluant = ["O3", "Ozone"] } }
"""
    )
    lines = [f"{AT},s,NO2,1", f"{AT},s,Ozone,2", f"{AT},s,PM10,3"]
    found = decoded(a_csv(tmp_path, "at,station,polluant,valeur", *lines), mapping)
    assert {name: table["value"].to_pylist() for name, table in found.observed.items()} == {"no2": [1.0], "o3": [2.0]}
    assert (found.read, found.ignored) == (2, 1)


def test_a_short_code_is_padded_with_zeros(tmp_path: Path) -> None:
    mapping = a_mapping(values='t = { code = "{station:05}" }')
    found = decoded(a_csv(tmp_path, "at,station,t", f"{AT},7005,1"), mapping)
    assert found.observed["t"]["code"].to_pylist() == ["07005"]


@pytest.mark.parametrize("cell", ["x", "1,5", "1.5.2", "0x10", "1_000", "nan", "inf", "1e999", "--1", "१"])
def test_what_is_not_a_finite_number_is_refused(tmp_path: Path, cell: str) -> None:
    found = decoded(a_csv(tmp_path, "at;station;t", f"{AT};s;{cell}"), a_mapping("[format]\ndelimiter = ';'"))
    assert told(found) == [(2, "t", cell)]
    assert (found.read, found.missing, found.rejected) == (1, 0, 1)


def test_french_numbers_are_read_as_declared(tmp_path: Path) -> None:
    french = "[format]\ndelimiter = ';'\ndecimal = ','\nthousands = ' '"
    assert values_of(tmp_path, "t = {}", "1 234 567,5", "1\u202f234,5", "-0,1", more=french) == [
        1234567.5,
        1234.5,
        -0.1,
    ]


def test_missing_words_are_those_of_the_file_and_of_the_column(tmp_path: Path) -> None:
    mapping = a_mapping("[format]\nmissing = ['mq']", values="t = { missing = ['-999'] }\nu = {}")
    found = decoded(a_csv(tmp_path, "at,station,t,u", f"{AT},s,-999,-999", f"{AT},s,mq, ,"), mapping)
    assert (found.read, found.missing, found.rejected) == (4, 3, 0)
    assert found.observed["u"]["value"].to_pylist() == [-999.0]


def test_a_value_that_stands_for_another_is_replaced_and_flagged(tmp_path: Path) -> None:
    values = """t = { replace = [
        { from = -0.1, to = 0, quality = ["below-detection"] },
        { from = "traces", to = 0, quality = ["below-detection", "estimated"] } ] }"""
    path = a_csv(tmp_path, "at,station,t", f"{AT},s,-0.100000", f"{AT},s,traces", f"{AT},s,0.2")
    table = decoded(path, a_mapping(values=values)).observed["t"]
    assert table["value"].to_pylist() == [0.0, 0.0, 0.2]
    below, estimated = Quality.BELOW_DETECTION, Quality.ESTIMATED
    assert table["quality"].to_pylist() == [below, below | estimated, 0]


def test_words_of_yes_and_no_become_booleans(tmp_path: Path) -> None:
    values = 't = { kind = "boolean", true = ["oui", "O"], false = ["non"] }'
    path = a_csv(tmp_path, "at,station,t", *(f"{AT},s,{word}" for word in ("oui", "non", "peut-être", "")))
    found = decoded(path, a_mapping(values=values))
    assert found.observed["t"]["value"].to_pylist() == [1.0, 0.0]
    assert told(found) == [(4, "t", "peut-être")]


def test_words_of_an_enumeration_are_recoded(tmp_path: Path) -> None:
    values = 't = { kind = "enumeration", words = { 0 = "closed", 1 = "open" } }'
    found = decoded(a_csv(tmp_path, "at,station,t", f"{AT},s,1", f"{AT},s,2"), a_mapping(values=values))
    assert found.observed["t"]["text"].to_pylist() == ["open"]
    assert told(found) == [(3, "t", "2")]


def test_a_position_comes_from_two_columns(tmp_path: Path) -> None:
    values = 't = { kind = "position", longitude = "x", latitude = "y" }'
    lines = [f"{AT},s,-1.4,46.7", f"{AT},s,46.7,-101.4", f"{AT},s,-1.4,", f"{AT},s,,"]
    found = decoded(a_csv(tmp_path, "at,station,x,y", *lines), a_mapping(values=values))
    assert found.observed["t"].select(["longitude", "latitude"]).to_pylist() == [{"longitude": -1.4, "latitude": 46.7}]
    assert told(found) == [(3, "y", "-101.4"), (4, "y", "")]
    assert (found.read, found.missing, found.rejected) == (4, 1, 2)


def test_a_column_of_codes_flags_its_row(tmp_path: Path) -> None:
    rule = '[[quality]]\ncolumn = "ok"\nwords = ["N"]\nvalues = ["t"]'
    path = a_csv(tmp_path, "at,station,t,u,ok", f"{AT},s,1,1,O", f"{AT},s,2,2,N")
    found = decoded(path, a_mapping(rule, values="t = {}\nu = {}"))
    assert found.observed["t"]["quality"].to_pylist() == [0, Quality.DOUBTFUL]
    assert found.observed["u"]["quality"].to_pylist() == [0, 0]


def test_a_bad_date_is_told_once_and_takes_its_row_along(tmp_path: Path) -> None:
    path = a_csv(tmp_path, "at,station,t,u", "yesterday,s,1,x", f"{AT},s,3,4", ",s,,5")
    found = decoded(path, a_mapping(values="t = {}\nu = {}"))
    assert told(found) == [(2, "at", "yesterday"), (4, "at", "")]
    assert (found.read, found.missing, found.rejected) == (6, 1, 3)
    assert found.rejects[0].record == {"at": "yesterday", "station": "s", "t": "1", "u": "x"}


def test_a_row_without_what_its_code_is_made_of_is_refused(tmp_path: Path) -> None:
    assert told(decoded(a_csv(tmp_path, "at,station,t", f"{AT},,1"), a_mapping())) == [(2, "station", "")]


def test_an_uncertain_local_time_settled_by_policy_is_doubtful(tmp_path: Path) -> None:
    time = 'column = "at"\nzone = "Europe/Paris"\nambiguous = "first"'
    path = a_csv(tmp_path, "at,station,t", "2017-10-29 02:30,s,1", "2017-10-29 03:30,s,1")
    table = decoded(path, a_mapping(time=time)).observed["t"]
    assert table["quality"].to_pylist() == [Quality.DOUBTFUL, 0]


def test_the_rest_of_a_row_with_a_bad_cell_is_kept(tmp_path: Path) -> None:
    mapping = a_mapping(values="t = {}\nu = {}\nv = {}")
    found = decoded(a_csv(tmp_path, "at,station,t,u,v", f"{AT},s,1,x,3", f"{AT},s,1,2"), mapping)
    assert told(found) == [(2, "u", "x"), (3, "v", "")]
    assert {name: len(table) for name, table in found.observed.items()} == {"t": 2, "u": 1, "v": 1}
    assert (found.read, found.missing, found.rejected) == (6, 0, 2)


def test_an_unreadable_row_counts_as_quarantined(tmp_path: Path) -> None:
    found = decoded(a_csv(tmp_path, "at,station,t,u", f"{AT},s,1,2,3"), a_mapping(values="t = {}\nu = {}"))
    assert (found.read, found.missing, found.rejected, len(found.rejects)) == (2, 0, 2, 1)


def test_a_number_typed_by_the_file_is_compared_with_missing_words(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text(
        '{"at": "2024-01-01T00:00Z", "station": 7, "t": -999}\n{"at": "2024-01-01", "station": 7, "t": 1}\n'
    )
    found = decoded(path, a_mapping("[format]\nmissing = ['-999']"))
    assert found.observed["t"]["value"].to_pylist() == [1.0]
    assert found.observed["t"]["code"].to_pylist() == ["7:t"]


def test_only_what_the_mapping_names_is_read(tmp_path: Path) -> None:
    mapping = parse('[time]\ncolumn = "at"\n[series]\ncode = "fixed"\n[values]\nt = {}')
    assert decoded(a_csv(tmp_path, "at,t,secret", f"{AT},1,x"), mapping).read == 1


CELLS = ["1", "-2.5", "x", "", "mq", '"a,b"', "1,2", "é", AT, "2024-02-30", "s", "\n", '"']


@tried(50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(CELLS), max_size=6), max_size=8))
def test_whatever_the_rows_every_cell_is_observed_missing_or_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    mapping = a_mapping("[format]\nmissing = ['mq']", values='t = {}\nu = { kind = "text" }')
    path = a_csv(tmp_path, "at,station,t,u", f"{AT},s,1,x", *(",".join(row) for row in rows))
    try:
        found = decoded(path, mapping)
    except Invalid as error:
        assert error.faults[0].text.en == "a quote opens and never closes"
        return
    assert found.read == sum(map(len, found.observed.values())) + found.missing + found.rejected
