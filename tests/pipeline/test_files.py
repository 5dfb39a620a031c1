"""Real files in, compared with what pandas computes from them by itself."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest

from beffroi.access import Right, Scope
from beffroi.access.scope import Actor
from beffroi.acquisition.mapping import parse
from beffroi.errors import Forbidden, Invalid, NotFound
from beffroi.observations import Aggregate, Aggregation, Quality, Windows
from beffroi.pipeline import quarantine
from beffroi.pipeline.files import FileReport, ingest
from beffroi.pipeline.quarantine import Quarantined, QuarantineQuery
from beffroi.registry import assets, series
from tests.acquisition.builders import a_csv
from tests.conftest import NOW, OLONNE, ROCHE, ROOT, Territory

SMALL = """
[time]
column = "at"
zone = "UTC"
[series]
code = "{station}:{value}"
[create]
service = "environment"
[values]
t = { property = "temperature", unit = "kelvin" }
"""
MAKING_NOTHING = """
[time]
column = "at"
[series]
code = "{station}:{value}"
[values]
t = {}
"""
AT = "2024-01-01T00:00Z"


def example(name: str) -> str:
    return (ROOT / "examples" / "mappings" / f"{name}.toml").read_text()


def take_in(territory: Territory, path: Path, mapping: str, *, scope: Scope | None = None, **more: Any) -> FileReport:
    rooms = territory.instance.rooms
    given = {"owner": ROCHE, "now": NOW, **more}
    report = ingest(scope or territory.system, rooms.database, rooms.pipeline, [path], parse(mapping), **given)
    return report.files[0]


def waiting(territory: Territory, **asked: Any) -> list[Quarantined]:
    with territory.instance.rooms.database.read() as tx:
        return quarantine.find(territory.system, tx, QuarantineQuery(limit=1000, **asked)).items


def codes(territory: Territory) -> dict[str, int]:
    with territory.instance.rooms.database.read() as tx:
        found, after = {}, None
        while True:
            page = series.find(territory.system, tx, series.SeriesQuery(owner=[ROCHE], limit=1000, after=after))
            found |= {one.code: one.id for one in page.items}
            if (after := page.next) is None:
                return found


def kept(territory: Territory, *wanted: str) -> pd.DataFrame:
    """All observations as (code, time, value, quality), ordered; of some codes if told."""
    by_id = {id_: code for code, id_ in codes(territory).items() if not wanted or code in wanted}
    rows = territory.instance.rooms.record.read(Windows.whole(sorted(by_id))).read_all().to_pandas()
    rows["code"] = rows["series"].map(by_id)
    columns = ["code", "time", "value", "quality"]
    return rows.sort_values(["code", "time"]).reset_index(drop=True)[columns]


def assert_balanced(report: FileReport) -> None:
    assert report.cells == report.observations + report.repeated + report.missing + report.quarantined


SYNOP = {  # column of the file: how pandas brings it to the unit of the series
    "t": lambda x: x - 273.15,
    "td": lambda x: x - 273.15,
    "u": lambda x: x,
    "pres": lambda x: x / 100,
    "pmer": lambda x: x / 100,
    "dd": lambda x: x,
    "ff": lambda x: x,
    "raf10": lambda x: x,
    "vv": lambda x: x,
    "n": lambda x: x,
    "ht_neige": lambda x: x,
    "rr3": lambda x: x.where(x != -0.1, 0.0),
    "rr24": lambda x: x.where(x != -0.1, 0.0),
}


@pytest.fixture
def synop(shared_data: Path) -> Path:
    return shared_data / "meteo" / "synop.202412.csv"


@pytest.fixture
def airparif(shared_data: Path) -> Path:
    return shared_data / "series" / "airparif_centre_13_8_2017.csv"


@pytest.fixture
def bicycles(shared_data: Path) -> Path:
    return shared_data / "series" / "comptage-velo-measure.csv"


def rows_of(path: Path) -> list[list[str]]:
    with path.open() as file:
        return list(csv.reader(file, delimiter=";"))


def synop_by_hand(path: Path) -> pd.DataFrame:
    raw = pd.read_csv(path, sep=";", dtype={"numer_sta": str}, na_values=["mq"])
    raw["time"] = pd.to_datetime(raw["date"].astype(str), format="%Y%m%d%H%M%S", utc=True)
    parts = []
    for column, convert in SYNOP.items():
        said = raw[["numer_sta", "time", column]].dropna()
        code = "synop:" + said["numer_sta"] + ":" + column
        parts.append(pd.DataFrame({"code": code, "time": said["time"], "value": convert(said[column])}))
    return pd.concat(parts).sort_values(["code", "time"]).reset_index(drop=True)


def test_every_synop_observation_is_what_pandas_reads(territory: Territory, synop: Path) -> None:
    report = take_in(territory, synop, example("synop"))
    expected, found = synop_by_hand(synop), kept(territory)
    assert len(found) == len(expected) == report.observations
    assert found["code"].tolist() == expected["code"].tolist()
    assert (found["time"] == expected["time"]).all()
    np.testing.assert_allclose(found["value"], expected["value"], rtol=0, atol=1e-9)
    assert (report.rows, report.cells, report.faults) == (14_878, 14_878 * len(SYNOP), 0)
    assert_balanced(report)


def test_synop_traces_are_zeros_below_detection(territory: Territory, synop: Path) -> None:
    take_in(territory, synop, example("synop"))
    found = kept(territory)
    rain = found[found["code"].str.endswith(":rr3")]
    below = rain[rain["quality"] & int(Quality.BELOW_DETECTION) > 0]
    assert len(below) == 1_298
    assert (below["value"] == 0).all()
    assert rain["value"].min() == 0


def test_mean_temperature_of_abbeville_is_that_of_the_file(territory: Territory, synop: Path) -> None:
    take_in(territory, synop, example("synop"))
    header, *rows = rows_of(synop)
    lines = [dict(zip(header, row, strict=True)) for row in rows]
    kelvins = [float(line["t"]) for line in lines if line["numer_sta"] == "07005" and line["t"] != "mq"]
    mean = kept(territory, "synop:07005:t")["value"].mean()
    assert mean == pytest.approx(sum(kelvins) / len(kelvins) - 273.15, abs=1e-9)


def test_stations_give_their_name_and_place_to_what_is_made(
    territory: Territory, synop: Path, shared_data: Path
) -> None:
    mapping = (
        example("synop").replace('name = "{property} {numer_sta}"', 'name = "{Nom}, {property}"')
        + """
[create.asset]
kind = "weather-station"
code = "synop:{numer_sta}"
name = "{Nom}"
longitude = "Longitude"
latitude = "Latitude"
[stations]
key = "{ID:05}"
match = "{numer_sta}"
"""
    )
    take_in(territory, synop, mapping, stations=shared_data / "meteo" / "postesSynop.csv")
    with territory.instance.rooms.database.read() as tx:
        made = series.find(territory.system, tx, series.SeriesQuery(code="synop:07005:t")).items[0]
        assert made.asset
        station = assets.get(territory.system, tx, made.asset)
    assert made.name == "ABBEVILLE, temperature"
    assert (station.kind, station.code, station.name) == ("weather-station", "synop:07005", "ABBEVILLE")
    assert (station.longitude, station.latitude) == (1.834, 50.136)


def test_airparif_means_by_local_day_are_right_across_the_changes_of_clocks(
    territory: Territory, airparif: Path
) -> None:
    report = take_in(territory, airparif, example("airparif"))
    assert (report.rows, report.faults) == (53_184, 0)
    assert_balanced(report)
    raw = pd.read_csv(airparif, sep=";", skiprows=[1], na_values=["n/d"])
    begins = pd.to_datetime(raw["date"], format="%d/%m/%Y", utc=True) + pd.to_timedelta(raw["heure"] - 1, unit="h")
    paris = raw["NO2"].set_axis(begins.dt.tz_convert("Europe/Paris")).dropna()
    expected = paris.resample("D").agg(["mean", "count"])
    changes = [f"{year}-03-{day}" for year, day in ((2012, 25), (2013, 31), (2014, 30), (2015, 29), (2016, 27))]
    changes += [f"{year}-10-{day}" for year, day in ((2011, 30), (2012, 28), (2013, 27), (2015, 25), (2016, 30))]
    aggregation = Aggregation(
        datetime(2011, 7, 19, 22, tzinfo=UTC),
        datetime(2017, 8, 14, 22, tzinfo=UTC),
        1,
        "day",
        "Europe/Paris",
        (Aggregate("mean"), Aggregate("count")),
    )
    id_ = codes(territory)["airparif:centre:no2"]
    days = territory.instance.rooms.record.aggregate(Windows.whole([id_]), aggregation).to_pandas()
    days = days.set_index(days["start"].dt.tz_convert("Europe/Paris").dt.strftime("%Y-%m-%d"))
    for day in [*changes, "2012-01-15", "2012-07-15"]:
        assert days.loc[day, "count"] == expected.loc[day, "count"], day
        assert days.loc[day, "mean"] == pytest.approx(expected.loc[day, "mean"]), day
    assert {int(days.loc[day, "count"]) for day in changes} >= {23, 25}


def test_airparif_carbon_monoxide_is_kept_in_the_unit_of_its_property(territory: Territory, airparif: Path) -> None:
    take_in(territory, airparif, example("airparif"))
    last = kept(territory, "airparif:centre:co").iloc[-1]
    assert (str(last["time"]), last["value"]) == ("2017-08-13 23:00:00+00:00", 0.2)


def test_were_airparif_hours_local_those_of_the_changes_would_be_set_aside(
    territory: Territory, airparif: Path
) -> None:
    local = example("airparif").replace('zone = "UTC"', 'zone = "Europe/Paris"')
    report = take_in(territory, airparif, local)
    assert_balanced(report)
    found = {(fault.row, fault.column, fault.raw) for fault in report.first_faults}
    raw = pd.read_csv(airparif, sep=";", skiprows=[1], usecols=["date", "heure"])
    day = pd.to_datetime(raw["date"], format="%d/%m/%Y")
    changed = (day.dt.day_of_week == 6) & (day.dt.day >= 25) & (raw["heure"] == 3) & day.dt.month.isin([3, 10])
    assert found == {(int(at) + 3, "date", raw["date"][at]) for at in np.flatnonzero(changed)}
    assert report.faults == 12


def test_bicycles_counted_are_those_of_the_file(territory: Territory, bicycles: Path) -> None:
    report = take_in(territory, bicycles, example("bicycle-counts"))
    raw = pd.read_csv(bicycles, dtype={"channel_id": str})
    expected = raw.groupby("channel_id")["count"].sum()
    found = kept(territory).groupby("code")["value"].sum()
    assert {code.split(":")[1]: total for code, total in found.items()} == expected.to_dict()
    assert (report.observations, report.created) == (3_650, 10)


def test_a_week_without_a_bicycle_is_doubtful(territory: Territory, bicycles: Path) -> None:
    take_in(territory, bicycles, example("bicycle-counts"))
    found = kept(territory)
    doubtful = found[found["quality"] & int(Quality.DOUBTFUL) > 0]
    raw = pd.read_csv(bicycles, dtype={"channel_id": str}).sort_values(["channel_id", "start_datetime"])
    run = ((raw["count"] != 0) | (raw["channel_id"] != raw["channel_id"].shift())).cumsum()
    zeros = raw[raw["count"] == 0]
    lengths = zeros.groupby([zeros["channel_id"], run])["count"].transform("size")
    assert len(doubtful) == int((lengths >= 7).sum()) > 0
    assert (doubtful["value"] == 0).all()


def as_xlsx(rows: list[list[str]], folder: Path) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Mesures")
    for row in rows:
        sheet.append([_typed(cell) for cell in row])
    book.save(folder / "same.xlsx")
    return folder / "same.xlsx"


def _typed(cell: str) -> float | str | None:
    """As a spreadsheet would: numbers as numbers, but codes with a leading zero as text."""
    if cell == "" or (cell[0] == "0" and cell.isdigit() and len(cell) > 1):
        return cell or None
    try:
        return float(cell)
    except ValueError:
        return cell


def as_parquet(rows: list[list[str]], folder: Path) -> Path:
    header, *records = rows
    columns = {name: [record[at] for record in records] for at, name in enumerate(header) if name}
    pa.parquet.write_table(pa.table(columns), folder / "same.parquet")
    return folder / "same.parquet"


def as_json(rows: list[list[str]], folder: Path) -> Path:
    header, *records = rows
    objects = [dict(zip(header, map(_typed, record), strict=True)) for record in records]
    (folder / "same.json").write_text(json.dumps({"data": {"records": objects}}))
    return folder / "same.json"


def as_json_lines(rows: list[list[str]], folder: Path) -> Path:
    header, *records = rows
    lines = [json.dumps(dict(zip(header, record, strict=True))) + "\n" for record in records]
    (folder / "same.jsonl").write_text("".join(lines))
    return folder / "same.jsonl"


@pytest.mark.parametrize("make", [as_xlsx, as_parquet, as_json, as_json_lines])
def test_the_same_table_in_another_format_gives_the_same_observations(
    territory: Territory, synop: Path, tmp_path: Path, make: Any
) -> None:
    lines = rows_of(synop)[:1501]
    small = tmp_path / "small.csv"
    with small.open("w") as file:
        csv.writer(file, delimiter=";").writerows(lines)
    take_in(territory, small, example("synop"))
    expected = kept(territory)
    mapping = example("synop").replace("[format]", '[format]\nrows = "data.records"')
    report = take_in(territory, make(lines, tmp_path), mapping.replace("synop:{", "again:{"))
    found = kept(territory)
    found = found[found["code"].str.startswith("again:")].reset_index(drop=True)
    assert report.faults == 0
    assert len(found) == len(expected) > 10_000
    assert (found["code"].str.removeprefix("again:") == expected["code"].str.removeprefix("synop:")).all()
    assert (found[["time", "value", "quality"]] == expected[["time", "value", "quality"]]).all().all()


def test_bad_cells_are_told_where_they_stand_and_the_rest_is_kept(
    territory: Territory, synop: Path, tmp_path: Path
) -> None:
    rows = rows_of(synop)[:101]
    at = {name: position for position, name in enumerate(rows[0])}
    rows[9][at["t"]] = "28O.15"
    rows[49][at["date"]] = "20241332000000"
    rows[79][at["numer_sta"]] = ""
    rows[89] = rows[89][:5]
    spoiled = tmp_path / "spoiled.csv"
    with spoiled.open("w") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    report = take_in(territory, spoiled, example("synop"))
    told = {(fault.row, fault.column, fault.raw) for fault in report.first_faults}
    short = {(90, column, "") for column in SYNOP if at[column] >= 5}
    assert told == {(10, "t", "28O.15"), (50, "date", "20241332000000"), (80, "numer_sta", ""), *short}
    assert {(item.row, item.column, item.raw) for item in waiting(territory)} == told
    assert_balanced(report)


def test_ingesting_a_file_again_changes_nothing(territory: Territory, tmp_path: Path) -> None:
    path = a_csv(tmp_path, "at,station,t", f"{AT},s,280", f"{AT},z,x")
    first = take_in(territory, path, SMALL)
    before = kept(territory)
    second = take_in(territory, path, SMALL, now=datetime(2026, 12, 1, tzinfo=UTC))
    assert kept(territory).equals(before)
    assert len(waiting(territory)) == 1
    assert (second.observations, second.quarantined, second.created) == (first.observations, 1, 0)


def test_a_dry_run_reports_the_same_and_writes_nothing(territory: Territory, tmp_path: Path) -> None:
    path = a_csv(tmp_path, "at,station,t", f"{AT},s,280", f"{AT},s,x", f"{AT},u,")
    dry = take_in(territory, path, SMALL, dry_run=True)
    assert (codes(territory), waiting(territory)) == ({}, [])
    assert territory.instance.rooms.record.stats().observations == 0
    assert take_in(territory, path, SMALL) == dry


def test_an_unknown_series_is_a_fault_of_its_cell_unless_the_mapping_makes_it(
    territory: Territory, tmp_path: Path
) -> None:
    territory.a_series(code="s:t", service="environment")
    path = a_csv(tmp_path, "at,station,t", f"{AT},s,280", f"{AT},z,290")
    report = take_in(territory, path, MAKING_NOTHING)
    assert [(fault.row, fault.column, fault.raw) for fault in report.first_faults] == [(3, "t", "290")]
    assert "z:t" in report.first_faults[0].reason_en
    assert_balanced(report)


def test_a_mapping_whose_codes_lead_nowhere_is_refused_before_anything_is_kept(
    territory: Territory, tmp_path: Path
) -> None:
    path = a_csv(tmp_path, "at,station,t", f"{AT},s,280")
    with pytest.raises(Invalid) as caught:
        take_in(territory, path, '[time]\ncolumn = "at"\n[series]\ncode = "{station}"\n[values]\nt = {}')
    assert caught.value.faults[0].field == "series.code"
    assert waiting(territory) == []


def test_a_unit_that_does_not_suit_the_series_is_refused(territory: Territory, tmp_path: Path) -> None:
    path = a_csv(tmp_path, "at,station,t", f"{AT},s,280")
    with pytest.raises(Invalid, match="“pascal” does not convert to “°C”"):
        take_in(territory, path, SMALL.replace("kelvin", "pascal"))
    assert codes(territory) == {}


def test_what_cannot_be_the_code_of_a_series_is_set_aside(territory: Territory, tmp_path: Path) -> None:
    path = a_csv(tmp_path, "at,station,t", f"{AT},s,280", f'{AT},"two\nlines",280', f"{AT},{'x' * 200},280")
    report = take_in(territory, path, SMALL)
    assert [fault.row for fault in report.first_faults] == [3, 4]
    assert list(codes(territory)) == ["s:t"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"environment"', '"astrology"', "create.service"),
        ('"temperature"', '"mood"', "create.observed_property"),
        ("kelvin", "percent", "values.t"),
    ],
)
def test_what_cannot_be_made_is_a_fault_of_the_mapping(
    territory: Territory, tmp_path: Path, old: str, new: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        take_in(territory, a_csv(tmp_path, "at,station,t", f"{AT},s,280"), SMALL.replace(old, new))
    assert field in [fault.field for fault in caught.value.faults]
    assert codes(territory) == {}


def test_a_value_that_does_not_suit_the_kind_of_its_series_is_refused(territory: Territory, tmp_path: Path) -> None:
    territory.a_series(code="s:t", service="environment")
    path = a_csv(tmp_path, "at,station,t", f"{AT},s,280")
    with pytest.raises(Invalid, match="holds “number” values"):
        take_in(territory, path, SMALL.replace('unit = "kelvin"', 'kind = "text"'))


def test_words_outside_the_list_of_the_series_are_set_aside(territory: Territory, tmp_path: Path) -> None:
    territory.a_series(code="s:t", observed_property="state", categories=["open", "closed"], service="environment")
    path = a_csv(tmp_path, "at,station,t", f"{AT},s,open", "2024-01-02,s,ajar")
    report = take_in(
        territory,
        path,
        SMALL.replace('unit = "kelvin"', 'kind = "enumeration", words = { ajar = "ajar", open = "open" }'),
    )
    assert [(fault.row, fault.raw) for fault in report.first_faults] == [(3, "ajar")]


def test_two_cells_of_one_instant_count_once_as_observation(territory: Territory, tmp_path: Path) -> None:
    report = take_in(territory, a_csv(tmp_path, "at,station,t", f"{AT},s,280", f"{AT},s,281"), SMALL)
    assert (report.observations, report.repeated) == (1, 1)
    assert kept(territory)["value"].tolist() == [7.85]


def a_scope(right: Right, owner: str = ROCHE) -> Scope:
    return Scope(Actor("person", "someone", "Someone"), rights={owner: right})


def test_who_knows_nothing_of_the_owner_is_told_it_does_not_exist(territory: Territory, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        take_in(territory, a_csv(tmp_path, "at,station,t", f"{AT},s,280"), SMALL, scope=a_scope(Right.OPERATE, OLONNE))


def test_who_may_only_look_takes_nothing_in(territory: Territory, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        take_in(territory, a_csv(tmp_path, "at,station,t", f"{AT},s,280"), SMALL, scope=a_scope(Right.EDIT))


def test_a_mapping_without_owner_needs_one_from_the_caller(territory: Territory, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="whose observations"):
        take_in(territory, a_csv(tmp_path, "at,station,t", f"{AT},s,280"), SMALL, owner=None)


def test_progress_ends_at_the_size_of_the_file(territory: Territory, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    path = a_csv(tmp_path, "at,station,t", *(f"2024-01-01T00:00:{n % 60:02}Z,s{n // 60},280" for n in range(600)))
    take_in(territory, path, SMALL, progress=lambda *told: seen.append(told))
    assert seen[-1] == ("file.csv", path.stat().st_size, path.stat().st_size)


def test_a_long_file_is_taken_in_part_after_part(territory: Territory, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    seconds = np.datetime64("2024-01-01", "s") + np.arange(120_000)
    path.write_text("at,station,t\n" + "".join(f"{second}Z,s,{280 + n % 7}\n" for n, second in enumerate(seconds)))
    seen: list[int] = []
    report = take_in(territory, path, SMALL, progress=lambda file, done, size: seen.append(done))
    assert report.observations == territory.instance.rooms.record.stats().observations == 120_000
    assert len(seen) == 4
