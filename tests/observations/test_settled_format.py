"""The files of closed days as an open format: what is in them, in which order, and those of the format before."""

import contextlib
import hashlib
import json
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beffroi.observations import SCHEMA, EmbeddedRecord, Windows, batch_of, settled
from beffroi.observations.settled import FOLDER
from beffroi.observations.view import DECIMAL
from tests.observations.builders import a_batch, an_aggregation, at, buckets_of, everything, rows_of
from tests.observations.test_settled import DAY, manifest, opened, record

__all__ = ["record"]


def test_any_tool_reads_the_files(record: EmbeddedRecord, tmp_path: Path) -> None:
    given = batch_of(
        {
            "series": [1, 1, 2, 3],
            "time": [at(0), at(1), at(0), at(0)],
            "value": [21.5, None, 1e300, None],
            "text": [None, "en panne", None, None],
            "longitude": [None, None, None, -1.4267],
            "latitude": [None, None, None, 46.6705],
            "quality": [0, 1, 256, 0],
        }
    )
    record.append(given)
    record.settle()
    names = ", ".join(name if name != "value" else f"{DECIMAL} AS value" for name in SCHEMA.names)
    read = duckdb.sql(f"SELECT {names} FROM read_parquet('{tmp_path / FOLDER}/*.parquet')").to_arrow_table()
    assert read.cast(SCHEMA).equals(given)
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    digits, divisor = (pq.read_table(path)[name].to_pylist() for name in ("digits", "divisor"))
    assert (digits, divisor) == ([215, None, None, None], [10, None, None, None])


def test_the_manifest_says_what_is_in_each_file(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch((7, 5, 1.0), (3, 2, 1.0)))
    record.settle()
    said = manifest(tmp_path)
    assert (said["format"], said["format_version"], said["generation"] > 0) == ("beffroi-settled", 3, True)
    (file,) = said["files"]
    path = tmp_path / FOLDER / file.pop("name")
    assert len(file.pop("sha256")) == 64
    daily = tmp_path / FOLDER / file["daily"].pop("name")
    assert len(file["daily"].pop("sha256")) == 64
    assert file == {
        "daily": {"time_zone": "UTC", "rows": 2, "bytes": daily.stat().st_size},
        "period": "2024-01-01",
        "rows": 2,
        "first_series": 3,
        "last_series": 7,
        "first_time": "2024-01-01T00:02:00Z",
        "last_time": "2024-01-01T00:05:00Z",
        "captured": 1,
        "bytes": path.stat().st_size,
        "decimal": True,
    }


def test_a_month_lies_by_five_days(record: EmbeddedRecord, tmp_path: Path) -> None:
    """From the first of the month on; in each five days, series after series."""
    record.append(
        a_batch(
            *(
                (series, day * DAY + minute, day)
                for series in (3, 1, 2)
                for day in range(31)
                for minute in (5, 700)
                if day not in range(10, 15)
            )
        )
    )
    before = everything(record)
    record.settle()
    record.compact()
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    read, groups = pq.read_table(path), pq.read_metadata(path).num_row_groups
    days = read["time"].to_numpy().astype("M8[D]").astype(int) - np.datetime64("2024-01-01").astype(int)
    keys = list(
        zip(np.minimum(days // 5, 5).tolist(), read["series"].to_pylist(), read["time"].to_pylist(), strict=True)
    )
    assert keys == sorted(keys)
    assert keys[0][0] == 0
    assert keys[-1][0] == 5
    (file,) = manifest(tmp_path)["files"]
    assert (file["pentads"], groups) == ([1, 1, 0, 1, 1, 1], 5)
    assert (file["first_series"], file["last_series"]) == (1, 3)
    assert everything(record) == before
    for start, end in ((0, 5), (4, 6), (9, 16), (11, 13), (12, 30)):
        within = Windows.of([(2, at(start * DAY), at(end * DAY))])
        expected = [row for row in before if row[0] == 2 and start * DAY <= row[1] < end * DAY]
        assert rows_of(record.read(within)) == expected


def test_a_large_month_is_sorted_throughout(
    record: EmbeddedRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One series of it is then in one row group, not in six long ones."""
    monkeypatch.setattr(settled, "MOST_GROUPS", 1)
    monkeypatch.setattr(settled, "GROUP_ROWS", (20, 40, 1000))
    record.append(a_batch(*((series, day * DAY, day) for series in (1, 2) for day in range(31))))
    before = everything(record)
    record.settle()
    record.compact()
    (file,) = manifest(tmp_path)["files"]
    assert "pentads" not in file
    read = pq.read_table(tmp_path / FOLDER / file["name"])
    assert read["series"].to_pylist() == [1] * 31 + [2] * 31
    assert everything(record) == before


def in_the_format_before(folder: Path) -> None:
    """The settled files of a record that is closed, as version 2 had them: plain numbers, sorted throughout."""
    told = manifest(folder)
    told["format_version"] = 2
    for file in told["files"]:
        del file["decimal"]
        for part in (file, file["daily"]):
            part.pop("pentads", None)
        for part, order in ((file, "series, time"), (file["daily"], "series, day")):
            path = folder / FOLDER / part["name"]
            columns = f"* EXCLUDE (digits, divisor) REPLACE ({DECIMAL} AS value)" if part is file else "*"
            rows = duckdb.sql(f"SELECT {columns} FROM read_parquet('{path}') ORDER BY {order}").to_arrow_table()
            pq.write_table(rows, path, row_group_size=7)
            part["bytes"], part["sha256"] = path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / FOLDER / "manifest.json").write_text(json.dumps(told))


def test_files_of_the_format_before_are_read_and_merge_with_others(tmp_path: Path) -> None:
    def rows(days: range) -> pa.Table:
        return a_batch(
            *((series, day * DAY + minute, day + 0.1) for series in (1, 2) for day in days for minute in (5, 700))
        )

    with contextlib.closing(opened(tmp_path)) as record:
        record.append(rows(range(12)))
        record.settle()
        record.compact(until=at(10 * DAY))
    in_the_format_before(tmp_path)
    with contextlib.closing(opened(tmp_path)) as record:
        assert record.verify() == []
        record.append(rows(range(12, 33)))
        expected = [(s, d * DAY + m, d + 0.1, 0) for s in (1, 2) for d in range(33) for m in (5, 700)]
        sums = buckets_of(record.aggregate(Windows.whole([1, 2]), an_aggregation("sum", unit="day")), "sum")
        assert everything(record) == expected
        record.settle()
        assert {file.get("decimal") for file in manifest(tmp_path)["files"]} == {None, True}
        for few in (Windows.whole([1, 2]), Windows.whole(range(100))):  # beside the engine, and by it
            assert rows_of(record.read(few)) == expected
        assert buckets_of(record.aggregate(Windows.whole([1, 2]), an_aggregation("sum", unit="day")), "sum") == sums
        record.compact()
        assert {file.get("decimal") for file in manifest(tmp_path)["files"]} == {True}
        assert everything(record) == expected


def test_a_file_that_is_gone_is_not_kept_open(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch(*((1, minute, 1.0) for minute in range(0, 2 * DAY, 60))))
    record.settle()
    everything(record)

    def held() -> set[str]:
        paths = (link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
        return {path.name for path in paths if str(path).startswith(str(tmp_path / FOLDER))}

    assert {name.partition(".")[0] for name in held()} == {"2024-01-01", "2024-01-02"}
    record.compact()
    assert {name.partition(".")[0] for name in held()} == set()


def test_readings_of_one_decimal_take_little_room(record: EmbeddedRecord) -> None:
    """Data that do not change (a seeded walk): the bytes of a row are a figure of the format, not of the machine."""
    chance = np.random.default_rng(1)
    walk = (20 + chance.normal(0, 0.3, (500, 144)).cumsum(axis=1)).round(1).ravel()
    times = np.tile(np.datetime64("2024-01-01", "us") + np.arange(144) * np.timedelta64(10, "m"), 500)
    record.append(
        batch_of(
            {
                "series": np.repeat(np.arange(500), 144),
                "time": pa.array(times, pa.timestamp("us", "UTC")),
                "value": walk,
            }
        )
    )
    record.settle()
    stats = record.stats()
    assert stats.bytes_each < 1.1
