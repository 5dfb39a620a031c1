import pyarrow as pa
import pytest

from beffroi.acquisition.mapping import Time
from beffroi.acquisition.times import Instants, instants


def read(time: Time, **columns: list[str | None]) -> Instants:
    return instants({name: pa.array(values, pa.string()) for name, values in columns.items()}, time)


def utc(found: Instants) -> list[str]:
    return [str(one)[:16] for one in found.utc]


def test_iso_times_with_an_offset_are_instants_whatever_the_zone() -> None:
    time = Time(column="at", zone="Europe/Paris")
    assert utc(read(time, at=["2022-03-27T00:00:00+01:00", "2022-03-28T00:00+02:00", "2022-03-28 00:00Z"])) == [
        "2022-03-26T23:00",
        "2022-03-27T22:00",
        "2022-03-28T00:00",
    ]


def test_a_local_time_is_placed_in_its_zone() -> None:
    time = Time(column="at", zone="Europe/Paris")
    assert utc(read(time, at=["2024-01-15 12:00", "2024-07-15"])) == ["2024-01-15T11:00", "2024-07-14T22:00"]


def test_a_local_time_without_zone_is_refused() -> None:
    found = read(Time(column="at"), at=["2024-01-15 12:00"])
    assert found.faults[0][2].en == "time without zone: say time.zone"


@pytest.mark.parametrize("text", ["30/02/2024", "2024-01-01", "31/12", "", "32/01/2024", "01/01/0024", "soon"])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    found = read(Time(column="at", format="%d/%m/%Y", zone="UTC"), at=[text])
    assert list(found.faults) == [0]


def test_a_digit_lacking_between_numbers_is_not_guessed() -> None:
    found = read(Time(column="at", format="%Y%m%d%H%M%S", zone="UTC"), at=["20241201000000", "2024120100000"])
    assert list(found.faults) == [1]


def test_hour_24_is_the_last_of_its_day_and_stands_at_its_beginning() -> None:
    time = Time(column="day", hour="hour", hours="1-24", format="%d/%m/%Y", zone="Europe/Paris")
    assert utc(read(time, day=["21/07/2011"] * 2, hour=["1", "24"])) == ["2011-07-20T22:00", "2011-07-21T21:00"]


@pytest.mark.parametrize("hour", ["0", "25", "1.5", "x", None, "-1"])
def test_an_hour_out_of_the_clock_is_refused_in_its_own_column(hour: str | None) -> None:
    time = Time(column="day", hour="hour", hours="1-24", format="%d/%m/%Y", zone="UTC")
    assert read(time, day=["21/07/2011"], hour=[hour]).faults[0][:2] == ("hour", hour or "")


def test_date_and_time_may_stand_in_two_columns() -> None:
    time = Time(column=["day", "clock"], format="%d/%m/%Y %H:%M", zone="UTC")
    assert utc(read(time, day=["21/07/2011"], clock=["13:45"])) == ["2011-07-21T13:45"]


def test_epochs_are_read_in_seconds_or_milliseconds() -> None:
    assert utc(read(Time(column="at", format="unix"), at=["1711872000"])) == ["2024-03-31T08:00"]
    assert utc(read(Time(column="at", format="unix-ms"), at=["1711872000000"])) == ["2024-03-31T08:00"]


AUTUMN = ["2017-10-29 01:30", "2017-10-29 02:30", "2017-10-29 03:30"]
SPRING = ["2017-03-26 01:30", "2017-03-26 02:30", "2017-03-26 03:30"]


@pytest.mark.parametrize("times", [AUTUMN, SPRING])
def test_an_uncertain_local_time_is_refused_unless_a_policy_is_declared(times: list[str]) -> None:
    found = read(Time(column="at", zone="Europe/Paris"), at=list(times))
    assert list(found.faults) == [1]
    assert "Europe/Paris" in found.faults[1][2].en
    assert not found.doubtful.any()


@pytest.mark.parametrize(("policy", "expected"), [("first", "2017-10-29T00:30"), ("second", "2017-10-29T01:30")])
def test_an_hour_that_exists_twice_is_settled_by_the_policy_and_doubtful(policy: str, expected: str) -> None:
    found = read(Time(column="at", zone="Europe/Paris", ambiguous=policy), at=list(AUTUMN))  # type: ignore[arg-type]
    assert utc(found) == ["2017-10-28T23:30", expected, "2017-10-29T02:30"]
    assert found.doubtful.tolist() == [False, True, False]


def test_an_hour_that_does_not_exist_is_shifted_by_the_policy_and_doubtful() -> None:
    found = read(Time(column="at", zone="Europe/Paris", nonexistent="shift"), at=list(SPRING))
    assert utc(found) == ["2017-03-26T00:30", "2017-03-26T01:30", "2017-03-26T01:30"]
    assert found.doubtful.tolist() == [False, True, False]


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    time = Time(column="start", until="end")
    found = read(time, start=["2024-01-01T00:00Z"] * 2, end=["2024-01-02T00:00Z", "2024-01-01T00:00Z"])
    assert {index: fault[:2] for index, fault in found.faults.items()} == {1: ("end", "2024-01-01T00:00Z")}
