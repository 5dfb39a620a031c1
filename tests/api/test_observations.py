"""Observations over HTTP: every format in and out, whole or not at all, and nothing of another tenant's."""

import gzip
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.ipc as pa_ipc
import pyarrow.parquet as pa_parquet
import pytest
import zstandard

from beffroi.api.formats import ARROW, COLUMNS, CSV, PARQUET
from tests.conftest import OLONNE, ROCHE, Territory


def rows_of(answer: Any) -> list[tuple[int, str, float]]:
    assert answer.status_code == 200, answer.text
    return [(row["series"], row["time"], row["value"]) for row in answer.json()["items"]]


def written(territory: Territory, count: int = 3) -> int:
    """A series with `count` hourly values 0, 1, 2… from midnight UTC."""
    series = territory.a_series().id
    rows = [{"series": series, "time": f"2024-03-31T{hour:02}:00:00Z", "value": hour} for hour in range(count)]
    answer = territory.as_("roche operator").post("/observations", json=rows)
    assert answer.status_code == 200, answer.text
    return series


def test_what_was_acknowledged_is_read_at_once(territory: Territory) -> None:
    series = written(territory)
    answer = territory.as_("roche reader").get("/observations", params={"series": series})
    assert rows_of(answer) == [
        (series, "2024-03-31T00:00:00Z", 0.0),
        (series, "2024-03-31T01:00:00Z", 1.0),
        (series, "2024-03-31T02:00:00Z", 2.0),
    ]


def table_of(series: int) -> pa.Table:
    times = pa.array([1_711_843_200_000_000, 1_711_846_800_000_000], pa.timestamp("us", "UTC"))
    return pa.table({"series": [series, series], "time": times, "value": [20.5, 21.0]})


def as_arrow(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    with pa_ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def as_parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pa_parquet.write_table(table, sink)
    return sink.getvalue()


BODIES = {
    "rows": ("application/json", lambda s: b'[{"series":%d,"time":"2024-03-31T00:00:00Z","value":20.5},'
             b'{"series":%d,"time":"2024-03-31T03:00:00+02:00","value":21}]' % (s, s)),
    "columns": (COLUMNS, lambda s: b'{"series":[%d,%d],"time":["2024-03-31T00:00:00Z","2024-03-31T01:00:00Z"],'
                b'"value":[20.5,21]}' % (s, s)),
    "csv": (CSV, lambda s: b"series,time,value\r\n%d,2024-03-31T00:00:00Z,20.5\r\n%d,2024-03-31T03:00:00+02:00,21\r\n"
            % (s, s)),
    "arrow": (ARROW, lambda s: as_arrow(table_of(s))),
    "parquet": (PARQUET, lambda s: as_parquet(table_of(s))),
}  # fmt: skip
ENCODINGS = {"identity": bytes, "gzip": gzip.compress, "zstd": zstandard.compress}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("format_", BODIES)
def test_every_format_and_encoding_says_the_same(territory: Territory, format_: str, encoding: str) -> None:
    series = territory.a_series().id
    media, body = BODIES[format_]
    answer = territory.as_("roche operator").post(
        "/observations",
        content=ENCODINGS[encoding](body(series)),
        headers={"Content-Type": media, "Content-Encoding": encoding},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["rows"] == 2
    assert rows_of(territory.as_("roche").get("/observations", params={"series": series})) == [
        (series, "2024-03-31T00:00:00Z", 20.5),
        (series, "2024-03-31T01:00:00Z", 21.0),
    ]


@pytest.mark.parametrize("media", [COLUMNS, CSV, ARROW, PARQUET])
def test_what_is_read_in_a_format_can_be_written_back(territory: Territory, media: str) -> None:
    series = written(territory)
    reader, writer = territory.as_("roche reader"), territory.as_("roche operator")
    read = reader.get("/observations", params={"series": series}, headers={"Accept": media})
    assert read.status_code == 200, read.text
    assert read.headers["content-type"].startswith(media)
    again = writer.post("/observations", content=read.content, headers={"Content-Type": media})
    assert again.status_code == 200, again.text
    assert again.json()["rows"] == 3
    assert len(rows_of(reader.get("/observations", params={"series": series}))) == 3


def test_parts_follow_each_other_without_gap_or_double(territory: Territory) -> None:
    series, other = written(territory, 7), written(territory, 4)
    caller = territory.as_("roche reader")
    for order in ("time", "-time"):
        seen, after = [], None
        while True:
            params = {"series": f"{series},{other}", "limit": 3, "order": order} | ({"after": after} if after else {})
            page = caller.get("/observations", params=params).json()
            seen += [(row["series"], row["time"]) for row in page["items"]]
            after = page.get("next")
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 11
        assert sorted(seen) == seen if order == "time" else seen[0] == (series, "2024-03-31T06:00:00Z")


def test_a_local_day_of_23_hours_holds_23_values(territory: Territory) -> None:
    series = territory.a_series().id
    rows = [
        {"series": series, "time": f"2024-03-{day}T{h:02}:30:00Z", "value": 1} for day in (30, 31) for h in range(24)
    ]
    assert territory.as_("roche").post("/observations", json=rows).status_code == 200
    answer = territory.as_("roche").get(
        "/observations/aggregate",
        params={"series": series, "start": "2024-03-31", "end": "2024-04-01", "every": "1d", "functions": "sum,count"},
        headers={"Accept": COLUMNS},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "series": [series],
        "start": ["2024-03-30T23:00:00Z"],
        "end": ["2024-03-31T22:00:00Z"],
        "sum": [23.0],
        "count": [23],
    }


def a_counter(territory: Territory, **changes: Any) -> int:
    """The index of a water meter that goes by midnight from 9990 to 5 and on to 8."""
    series: int = territory.a_series(observed_property="water-volume", **changes).id
    times = ("2024-03-30T22:30:00Z", "2024-03-30T23:30:00Z", "2024-03-31T00:30:00Z")
    rows = [{"series": series, "time": t, "value": v} for t, v in zip(times, (9990, 5, 8), strict=True)]
    assert territory.as_("roche operator").post("/observations", json=rows).status_code == 200
    return series


def growth(territory: Territory, who: str, **params: Any) -> Any:
    asked = {"start": "2024-03-31", "end": "2024-04-01", "every": "1d", "functions": "delta", **params}
    answer = territory.as_(who).get("/observations/aggregate", params=asked, headers={"Accept": COLUMNS})
    assert answer.status_code == 200, answer.text
    return dict(zip(answer.json()["series"], answer.json()["delta"], strict=True))


def test_a_counter_that_rolls_over_grows_by_what_was_left_and_what_is_new(territory: Territory) -> None:
    rolling, plain = a_counter(territory, rolls_over_at=10_000), a_counter(territory)
    assert growth(territory, "roche reader", series=f"{rolling},{plain}") == {rolling: 18.0, plain: 8.0}
    assert growth(territory, "roche reader", observed_property="water-volume") == {rolling: 18.0, plain: 8.0}


def test_what_is_said_of_a_counter_later_holds_for_what_is_kept_already(territory: Territory) -> None:
    series = a_counter(territory)
    said = territory.as_("roche editor").patch(f"/series/{series}", json={"rolls_over_at": 10_000})
    assert said.status_code == 200, said.text
    assert growth(territory, "roche reader", series=series) == {series: 18.0}


def test_who_is_given_a_counter_reads_the_same_growth_and_others_none(territory: Territory) -> None:
    series = a_counter(territory, rolls_over_at=10_000)
    for who in ("olonne", "syndicate"):
        assert growth(territory, who, observed_property="water-volume") == {}
    agreement = {
        "giver": ROCHE,
        "receiver": OLONNE,
        "right": "read",
        "purpose": "essai",
        "series": [series],
        "past": True,
    }
    assert territory.as_("roche").post("/agreements", json=agreement).status_code == 201
    assert growth(territory, "olonne reader", series=series) == {series: 18.0}
    assert growth(territory, "syndicate", observed_property="water-volume") == {}


def test_latest_is_by_phenomenon_time_not_by_arrival(territory: Territory) -> None:
    series = written(territory)
    late = [{"series": series, "time": "2024-03-30T00:00:00Z", "value": 99}]
    territory.as_("roche").post("/observations", json=late)
    answer = territory.as_("roche reader").get("/observations/latest", params={"series": series})
    assert rows_of(answer) == [(series, "2024-03-31T02:00:00Z", 2.0)]


@pytest.mark.parametrize("who", ["stranger", "olonne", "syndicate"])
@pytest.mark.parametrize("path", ["", "/latest", "/aggregate?start=2024-03-31&end=2024-04-01&every=1d", "/stream"])
def test_nobody_else_reads_a_series_asked_by_its_id(territory: Territory, who: str, path: str) -> None:
    series = written(territory)
    joint = "&" if "?" in path else "?"
    answer = territory.as_(who).get(f"/observations{path}{joint}series={series}")
    assert answer.status_code == (401 if who == "stranger" else 404), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("who", ["olonne", "syndicate"])
def test_asking_for_everything_gives_nothing_of_others(territory: Territory, who: str) -> None:
    written(territory)
    assert territory.as_(who).get("/observations").json() == {"items": []}
    assert territory.as_(who).get("/observations/latest").json() == {"items": []}


def test_a_reader_may_not_write_and_a_stranger_may_not_know(territory: Territory) -> None:
    series = written(territory)
    row = [{"series": series, "time": "2024-03-31T05:00:00Z", "value": 1}]
    assert territory.as_("roche reader").post("/observations", json=row).status_code == 403
    assert territory.as_("olonne").post("/observations", json=row).status_code == 404
    assert territory.as_("stranger").post("/observations", json=row).status_code == 401


def test_a_batch_with_one_foreign_series_is_refused_whole(territory: Territory) -> None:
    mine, theirs = territory.a_series().id, territory.a_series(owner=OLONNE).id
    rows = [{"series": one, "time": "2024-03-31T05:00:00Z", "value": 1} for one in (mine, theirs)]
    assert territory.as_("roche").post("/observations", json=rows).status_code == 404
    assert territory.as_("roche").get("/observations").json() == {"items": []}


def test_an_implausible_value_is_kept_and_flagged(territory: Territory) -> None:
    series = territory.a_series(low=-30, high=50).id
    rows = [{"series": series, "time": "2024-03-31T05:00:00Z", "value": 400}]
    answer = territory.as_("roche").post("/observations", json=rows)
    assert (answer.json()["rows"], answer.json()["flagged"]) == (1, 1)
    kept = territory.as_("roche").get("/observations", params={"series": series}).json()["items"]
    assert kept[0]["quality"] == 1
    rejected = territory.as_("roche").get("/observations", params={"series": series, "reject": 1})
    assert rejected.json() == {"items": []}


@pytest.mark.parametrize(
    ("kind", "row", "field"),
    [
        ("temperature", {"text": "chaud"}, "value[0]"),
        ("temperature", {}, "value[0]"),
        ("occupancy", {"value": 3}, "value[0]"),
        ("lamp-state", {"text": "peut-être"}, "text[0]"),
        ("position", {"longitude": 200, "latitude": 3}, "longitude[0]"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(
    territory: Territory, kind: str, row: dict[str, Any], field: str
) -> None:
    more = {"categories": ["on", "off"]} if kind == "lamp-state" else {}
    series = territory.a_series(observed_property=kind, **more).id
    answer = territory.as_("roche").post(
        "/observations", json=[{"series": series, "time": "2024-03-31T05:00:00Z", **row}]
    )
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"not json", "application/json", 400),
        (b'[{"series":1}]', "application/json", 422),
        (b'[{"series":1,"time":"2024-03-31T05:00:00","value":1}]', "application/json", 422),
        (b'{"series":[1,2],"time":["2024-03-31T05:00:00Z"],"value":[1]}', "application/json", 422),
        (b'{"series":[99999999999999999999],"time":"2024-03-31T05:00:00Z"}', "application/json", 422),
        (b"series,value\n1,2\n", "text/csv", 422),
        (b"series,time,value\n1,hier,2\n", "text/csv", 422),
        (b"\x00\x01\x02", "application/vnd.apache.parquet", 422),
        (b"\x00\x01\x02", ARROW, 422),
        (b"<a/>", "application/xml", 415),
        (b"", "application/json", 400),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    territory: Territory, body: bytes, media: str, status: int
) -> None:
    answer = territory.as_("roche").post("/observations", content=body, headers={"Content-Type": media})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"]


def test_problems_come_in_the_readers_language(territory: Territory) -> None:
    french = territory.as_("roche").get("/observations", params={"colour": "blue"})
    english = territory.as_("roche").get("/observations", params={"colour": "blue"}, headers={"Accept-Language": "en"})
    assert french.status_code == english.status_code == 422
    assert french.json()["errors"][0]["detail"].startswith("paramètre inconnu")
    assert english.json()["errors"][0]["detail"].startswith("unknown parameter")
    assert french.headers["content-language"] == "fr"


def test_the_same_idempotency_key_counts_once(territory: Territory) -> None:
    series = territory.a_series().id
    rows = [{"series": series, "time": "2024-03-31T05:00:00Z", "value": 1}]
    caller = territory.as_("roche", **{"Idempotency-Key": "gateway-7-frame-12"})
    first, second = (caller.post("/observations", json=rows).json() for _ in range(2))
    assert first == second


def test_only_an_administrator_removes_and_what_is_removed_is_gone(territory: Territory) -> None:
    series = written(territory)
    params = {"series": series, "start": "2024-03-31T01:00:00Z"}
    assert territory.as_("roche operator").delete("/observations", params=params).status_code == 403
    assert territory.as_("olonne").delete("/observations", params=params).status_code == 404
    assert territory.as_("roche").delete("/observations", params=params).json()["observations"] == 2
    assert len(rows_of(territory.as_("roche").get("/observations", params={"series": series}))) == 1


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_an_answer_is_compressed_as_asked(territory: Territory, encoding: str) -> None:
    params = {"series": written(territory)}
    caller = territory.as_("roche", **{"Accept-Encoding": encoding})
    answer = caller.get("/observations", params=params)
    assert answer.headers["content-encoding"] == encoding
    content = answer.content  # the client undoes gzip by itself
    if encoding == "zstd":
        content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
    assert len(json.loads(content)["items"]) == 3


def test_a_small_bomb_does_not_become_a_large_body(territory: Territory) -> None:
    bomb = gzip.compress(b" " * (600 * 2**20), compresslevel=1)
    answer = territory.as_("roche").post(
        "/observations", content=bomb, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )
    assert answer.status_code == 413


def test_no_wanted_format_is_406(territory: Territory) -> None:
    assert territory.as_("roche").get("/observations", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("body", [[], {"series": [], "time": []}])
def test_nothing_to_store_is_no_fault(territory: Territory, body: Any) -> None:
    answer = territory.as_("roche").post("/observations", json=body)
    assert (answer.status_code, answer.json()["rows"]) == (200, 0)


@pytest.mark.parametrize("path", ["observations", "observations/latest"])
@pytest.mark.parametrize(
    ("start", "end"), [("0001-01-01", "2026-01-01"), ("2026-01-01", "9999-12-31T23:59:59-14:00"), ("2026-02-30", None)]
)
def test_a_date_beyond_all_dates_is_refused_as_one(
    territory: Territory, path: str, start: str, end: str | None
) -> None:
    """The midnight of the first of them, east of Greenwich, was the year before."""
    series = written(territory)
    asked = {"series": series, "start": start} | ({"end": end} if end else {})
    answer = territory.as_("roche reader").get(f"/{path}", params=asked)
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} <= {"start", "end"}
