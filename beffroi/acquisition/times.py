"""When each row was observed: texts, numbers and hours of the day turned into instants, by columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from beffroi.acquisition.mapping import Time
from beffroi.acquisition.parts import array_of, nulls, texts
from beffroi.errors import Invalid, Text

Columns = Mapping[str, pa.Array]
Mask = NDArray[np.bool_]
EARLIEST, LATEST = np.datetime64("1900-01-01", "us"), np.datetime64("2200-01-01", "us")
NAIVE = pa.timestamp("us")
UTC = pa.timestamp("us", "UTC")
ISO = (
    r"^(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?P<clock>\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?))?"
    r" ?(?P<offset>[Zz]|[+-]\d{2}(?::?\d{2})?)?$"
)
HOUR = np.timedelta64(3600, "s").astype("timedelta64[us]")


@dataclass
class Instants:
    """`utc` is NaT where a row has none; `faults` says why, by index: the column, its text, the reason. `doubtful`: a
    local time that the change of clocks made uncertain, settled as the mapping says."""

    utc: NDArray[np.datetime64]
    doubtful: Mask
    faults: dict[int, tuple[str, str, Text]]


def instants(columns: Columns, time: Time) -> Instants:
    """The instant of each row, by `time`."""
    found = _column(columns, time.columns, time)
    if time.hour:
        _add_hours(found, columns, time)
    answer = _placed(found, time)
    if time.until:
        _check_ends(answer, columns, time)
    return answer


@dataclass
class _Read:
    """Times as read: `at` by the wall clock, or in UTC where `absolute`; NaT with a fault where they are no time."""

    name: str
    raw: pa.Array
    at: NDArray[np.datetime64]
    absolute: Mask
    faults: dict[int, tuple[str, str, Text]]

    def refuse(self, mask: Mask, reason: Text, *, column: str | None = None, raw: pa.Array | None = None) -> None:
        indexes = np.flatnonzero(mask)
        for index, text in zip(
            indexes.tolist(), (self.raw if raw is None else raw).take(pa.array(indexes)), strict=True
        ):
            self.faults.setdefault(index, (column or self.name, text.as_py() or "", reason))
        self.at[mask] = np.datetime64("NaT")


def _column(columns: Columns, names: list[str], time: Time) -> _Read:
    first = columns[names[0]]
    length = len(first)
    if len(names) == 1 and not pa.types.is_string(first.type) and not pa.types.is_null(first.type):
        typed = _typed(first, names[0])
        if typed is not None:
            return typed
    raw = pc.binary_join_element_wise(*(texts(columns[name]) for name in names), " ", null_handling="emit_null")
    if time.format == "iso":
        at, absolute = _iso(raw)
    elif time.format in ("unix", "unix-ms"):
        at, absolute = _epoch(raw, 1_000_000 if time.format == "unix" else 1_000), np.ones(length, np.bool_)
    else:
        at, absolute = _strptime(raw, time.format)
    said = time.format if "%" in time.format else {"iso": "2024-03-31T08:00:00+02:00"}.get(time.format, "1711872000")
    return _checked(names[0], raw, at, absolute, said)


def _checked(name: str, raw: pa.Array, at: NDArray[np.datetime64], absolute: Mask, said: str) -> _Read:
    read = _Read(name, raw, at, absolute, {})
    read.refuse(nulls(raw), Text("pas de date", "no date"))
    unlike = np.isnat(at) | (at < EARLIEST) | (at >= LATEST)
    read.refuse(unlike, Text(f"date ou heure illisible, attendue comme {said}", f"not a date and time such as {said}"))
    return read


def _typed(column: pa.Array, name: str) -> _Read | None:
    """A column that the file itself types as dates or times; None for any other type."""
    type_ = column.type
    if pa.types.is_date(type_):
        at = column.cast(NAIVE)
    elif pa.types.is_timestamp(type_):
        at = column.cast(pa.timestamp("us", type_.tz), safe=False)
    else:
        return None
    zoned = pa.types.is_timestamp(type_) and type_.tz is not None
    return _checked(name, texts(column), array_of(at), np.full(len(column), zoned), "2024-03-31")


def _iso(raw: pa.Array) -> tuple[NDArray[np.datetime64], Mask]:
    parts = pc.extract_regex(raw, ISO)
    day, clock, offset = (pc.struct_field(parts, name) for name in ("day", "clock", "offset"))
    clock = pc.replace_substring(pc.if_else(pc.equal(clock, ""), "00:00", clock), ",", ".")
    at = _timestamps(pc.binary_join_element_wise(day, clock, " "))
    signed = pc.extract_regex(offset, r"^(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?$")
    hours, minutes = (_minutes(pc.struct_field(signed, name)) for name in ("hours", "minutes"))
    shift = 60 * hours + minutes
    shift = np.where(array_of(pc.equal(pc.struct_field(signed, "sign"), "-").fill_null(False)), -shift, shift)
    absolute = array_of(pc.not_equal(offset, "").fill_null(False))
    return at - shift.astype("timedelta64[m]").astype("timedelta64[us]"), absolute


def _minutes(column: pa.Array) -> NDArray[np.int64]:
    given = pc.if_else(pc.equal(column, ""), "0", column).fill_null("0")
    return np.asarray(given.cast(pa.int64()).to_numpy(zero_copy_only=False))


def _timestamps(column: pa.Array) -> NDArray[np.datetime64]:
    return _asked("try_cast(raw AS TIMESTAMP)", column)


def _strptime(raw: pa.Array, format_: str) -> tuple[NDArray[np.datetime64], Mask]:
    """DuckDB's, which refuses 30 February where others roll it over to March."""
    zoned = "%z" in format_
    given = pc.replace_substring_regex(raw, "[Zz]$", "+00:00") if zoned else raw
    quoted = format_.replace("'", "''")
    at = _asked(f"try_strptime(raw, '{quoted}')::TIMESTAMP", given)
    if re.search(r"%[A-Za-z]%[A-Za-z]", format_) and not zoned:  # nothing between two numbers: none may lack a digit
        again = _asked(f"strftime(try_strptime(raw, '{quoted}'), '{quoted}') = raw", given, boolean=True)
        at[~again] = np.datetime64("NaT")
    return at, np.full(len(raw), zoned)


def _asked(expression: str, raw: pa.Array, *, boolean: bool = False) -> NDArray[Any]:
    """A column computed by DuckDB from `raw`, on a connection of its own whose time zone is UTC."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        table = pa.table({"raw": raw})
        connection.register("given", table)
        try:
            (answer,) = connection.sql(f"SELECT {expression} AS it FROM given").to_arrow_table().columns
        except duckdb.Error as error:
            raise Invalid("time.format", Text(f"format illisible : {error}", f"unreadable format: {error}")) from error
    if boolean:
        return array_of(answer.combine_chunks().fill_null(False))
    return array_of(answer.combine_chunks().cast(NAIVE, safe=False))


def _epoch(raw: pa.Array, scale: int) -> NDArray[np.datetime64]:
    numbers = pc.if_else(pc.match_substring_regex(raw, r"^-?\d{1,16}(\.\d+)?$"), raw, None).cast(pa.float64())
    values = numbers.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        known = np.isfinite(values) & (np.abs(values * scale) < 2**62)
    at = np.full(len(values), np.datetime64("NaT"), "datetime64[us]")
    at[known] = np.round(values[known] * scale).astype(np.int64).astype("datetime64[us]")
    return at


def _add_hours(read: _Read, columns: Columns, time: Time) -> None:
    """`1-24`: hour n lasts from n-1 to n o'clock, `0-23`: from n to n+1; the observation stands at its beginning."""
    assert time.hour
    raw = texts(columns[time.hour])
    numbers = pc.if_else(pc.match_substring_regex(raw, r"^\d{1,2}$"), raw, None).cast(pa.int64())
    hours = numbers.fill_null(-1).to_numpy(zero_copy_only=False)
    first = 1 if time.hours == "1-24" else 0
    known = (hours >= first) & (hours <= first + 23)
    said = Text(f"heure attendue, de {time.hours}", f"an hour expected, of {time.hours}")
    read.refuse(~known, said, column=time.hour, raw=raw)
    read.at += np.where(known, hours - first, 0) * HOUR


def _placed(read: _Read, time: Time) -> Instants:
    """Wall-clock times put in their zone, the change of clocks settled as the mapping says."""
    wall = ~read.absolute & ~np.isnat(read.at)
    doubtful = np.zeros(len(wall), np.bool_)
    if not wall.any():
        return Instants(read.at, doubtful, read.faults)
    if time.zone is None:
        read.refuse(wall, Text("heure sans fuseau : dites time.zone", "time without zone: say time.zone"))
        return Instants(read.at, doubtful, read.faults)
    local = pa.array(np.where(wall, read.at, np.datetime64("NaT", "us")), NAIVE)
    early = _in_zone(local, time.zone, "earliest", "earliest")
    late = _in_zone(local, time.zone, "latest", "earliest")
    twice = wall & (early != late)
    never = wall & (early != _in_zone(local, time.zone, "earliest", "latest"))
    answer = np.where(wall, late if time.ambiguous == "second" else early, read.at)
    if never.any():  # the clock jumped over it: as if it had not
        before = early - HOUR
        offset = array_of(pc.local_timestamp(pa.array(before, UTC).cast(pa.timestamp("us", time.zone)))) - before
        answer = np.where(never, read.at - offset, answer)
    read.at = answer
    zone = time.zone
    if time.ambiguous == "quarantine":
        read.refuse(
            twice,
            Text(
                f"cette heure existe deux fois ce jour-là ({zone}) : dites time.ambiguous",
                f"this time exists twice on that day ({zone}): say time.ambiguous",
            ),
        )
    if time.nonexistent == "quarantine":
        read.refuse(
            never,
            Text(
                f"cette heure n'existe pas ce jour-là ({zone}) : dites time.nonexistent",
                f"this time does not exist on that day ({zone}): say time.nonexistent",
            ),
        )
    return Instants(read.at, (twice | never) & ~np.isnat(read.at), read.faults)


def _in_zone(local: pa.Array, zone: str, ambiguous: Any, nonexistent: Any) -> NDArray[np.datetime64]:
    return array_of(pc.assume_timezone(local, zone, ambiguous=ambiguous, nonexistent=nonexistent).cast(UTC))


def _check_ends(found: Instants, columns: Columns, time: Time) -> None:
    """The end of an interval comes after its beginning."""
    assert time.until
    plain = Time(column=time.until, format=time.format, zone=time.zone, ambiguous="second", nonexistent="shift")
    ends = instants(columns, plain)
    for index, fault in ends.faults.items():
        found.faults.setdefault(index, fault)
    backward = ~np.isnat(ends.utc) & ~np.isnat(found.utc) & (ends.utc <= found.utc)
    raw = texts(columns[time.until])
    for index in np.flatnonzero(backward).tolist():
        reason = Text("l'intervalle finit avant d'avoir commencé", "the interval ends before it begins")
        found.faults.setdefault(index, (time.until, raw[index].as_py() or "", reason))
    wrong = np.fromiter(found.faults, np.int64, len(found.faults))
    found.utc[wrong] = np.datetime64("NaT")
