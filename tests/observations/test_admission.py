"""What is refused at the door, and what is said of it."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from beffroi.errors import Invalid
from beffroi.observations import SCHEMA, batch_of
from beffroi.observations.admission import admit
from tests.observations.builders import START, a_batch


def refusal(batch: pa.Table) -> list[str]:
    with pytest.raises(Invalid) as caught:
        admit(batch)
    for fault in caught.value.faults:
        assert fault.text.fr
        assert fault.text.en
    return [fault.field for fault in caught.value.faults]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("other", [1.0, None])
def test_a_number_is_finite(value: float, other: float | None) -> None:
    assert refusal(a_batch((1, 0, other), (1, 1, value), text=["on", None])) == ["value[1]"]


@pytest.mark.parametrize("time", [datetime(1899, 12, 31, 23, 59, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)])
def test_times_go_from_1900_to_2200(time: datetime) -> None:
    assert refusal(batch_of({"series": [1], "time": [time], "value": [1.0]})) == ["time[0]"]


def test_a_series_is_not_negative() -> None:
    assert refusal(a_batch((1, 0, 1.0), (-1, 0, 1.0))) == ["series[1]"]


def test_an_observation_holds_something() -> None:
    assert refusal(a_batch((1, 0, 1.0), (1, 1, None))) == ["value[1]"]


@pytest.mark.parametrize(
    ("longitude", "latitude", "fields"),
    [
        (181.0, 0.0, ["longitude[0]"]),
        (0.0, -90.5, ["latitude[0]"]),
        (float("nan"), 0.0, ["longitude[0]"]),
        (1.0, None, ["longitude[0]"]),
        (None, 1.0, ["longitude[0]"]),
    ],
)
def test_a_position_is_whole_and_on_earth(longitude: float, latitude: float, fields: list[str]) -> None:
    assert refusal(a_batch((1, 0, None), longitude=[longitude], latitude=[latitude])) == fields


def test_every_field_at_fault_is_named_with_how_many_rows() -> None:
    with pytest.raises(Invalid) as caught:
        admit(a_batch((-1, 0, 1.0), (1, 0, float("nan")), (1, 1, float("nan"))))
    assert [(fault.field, fault.text.en) for fault in caught.value.faults] == [
        ("series[0]", "The number of a series is not negative"),
        ("value[1]", "The value must be a finite number (2 rows)"),
    ]


@pytest.mark.parametrize(
    "batch",
    [
        a_batch().drop_columns(["text"]),
        a_batch().select([*SCHEMA.names[1:], "series"]),
        a_batch().append_column("more", pa.array([1])),
        a_batch().set_column(2, "value", pa.array([1])),
        a_batch().set_column(1, "time", pa.array([START], pa.timestamp("ns", "UTC"))),
    ],
    ids=["missing", "in disorder", "one more", "of another type", "of another unit"],
)
def test_the_columns_are_those_of_the_schema(batch: pa.Table) -> None:
    assert refusal(batch) == ["batch"]


@pytest.mark.parametrize("name", ["series", "time", "quality"])
def test_what_says_which_observation_it_is_is_never_null(name: str) -> None:
    place = SCHEMA.get_field_index(name)
    assert refusal(a_batch().set_column(place, name, pa.nulls(1, SCHEMA.field(name).type))) == [name]


def test_metadata_and_nullable_marks_do_not_matter() -> None:
    loose = pa.schema([field.with_nullable(True) for field in SCHEMA], metadata={"origin": "test"})
    assert admit(pa.table(a_batch().columns, schema=loose)).schema.equals(SCHEMA, check_metadata=True)


def test_columns_made_to_lie_are_refused() -> None:
    text: Any = pa.array([b"\xff\xfe"]).view(pa.string())
    assert refusal(a_batch().set_column(3, "text", text)) == ["batch"]


def test_doubles_keep_the_place_of_the_row_that_stays() -> None:
    admitted = admit(a_batch((1, 0, 1.0), (2, 0, 2.0), (1, 0, 3.0), (0, 0, 4.0)))
    assert admitted.column("value").to_pylist() == [2.0, 3.0, 4.0]
