"""All of line protocol's grammar, and what is made of a line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.acquisition.connectors.line_protocol.grammar import Line, Wrong, lines
from tests.acquisition.networks import read, told


def one(text: str) -> Line:
    (found,) = lines(text)
    assert isinstance(found, Line), found
    return found


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("82", 82.0),
        ("-1.", -1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-1.2E-3", -0.0012),
        ("+4", 4.0),
        ("12i", 12),
        ("-12i", -12),
        ("9223372036854775807i", 2**63 - 1),
        ("18446744073709551615u", 2**64 - 1),
        ("t", True),
        ("T", True),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("f", False),
        ("F", False),
        ("false", False),
        ("False", False),
        ("FALSE", False),
        ('""', ""),
        ('"a b,c=d"', "a b,c=d"),
        (r'"say \"hi\""', 'say "hi"'),
        (r'"C:\\dir"', "C:\\dir"),
        (r'"a\nb"', r"a\nb"),
        ('"two\nlines"', "two\nlines"),
    ],
)
def test_values_are_of_the_type_they_are_written_in(written: str, value: Any) -> None:
    found = one(f"m v={written} 1")
    assert found.fields == {"v": value}
    assert type(found.fields["v"]) is type(value)
    assert found.stamp == 1


@pytest.mark.parametrize(
    "line",
    [
        "m",
        "m ",
        "m v",
        "m v=",
        "m v=1x",
        "m v=1.5i",
        "m v=-1u",
        "m v=9223372036854775808i",
        "m v=1e999",
        "m v=NaN",
        "m v=inf",
        "m v=tru",
        'm v="a',
        "m,t v=1",
        "m,=a v=1",
        "m,t= v=1",
        ",t=a v=1",
        "m v=1,",
        "m v=1 12x",
        "m v=1 1 2",
        "m v=1 99999999999999999999",
    ],
)
def test_a_line_that_breaks_the_grammar_is_told_and_the_next_one_read(line: str) -> None:
    found = list(lines(f"{line}\nm v=2"))
    assert isinstance(found[0], Wrong)
    assert found[1:] == [Line("m", {}, {"v": 2.0}, None)]


def test_names_may_hold_commas_spaces_and_equals_when_escaped() -> None:
    found = one(r"my\ mea\,s=x,tag\ k\=1=v\,1\ x,b=c\d f\ 1\,=1i")
    assert found.measurement == "my mea,s=x"
    assert found.tags == {"tag k=1": "v,1 x", "b": r"c\d"}
    assert found.fields == {"f 1,": 1}


def test_blanks_comments_and_ends_of_lines_of_windows_are_skipped() -> None:
    found = list(lines("\n# m v=1\r\n  m v=1 5  \r\n\r\n\tn v=2\r\n# end"))
    assert [(line.measurement, line.stamp) for line in found if isinstance(line, Line)] == [("m", 5), ("n", None)]


def test_quotes_mean_nothing_in_names_and_tags() -> None:
    found = one('"m",t="a" v=1')
    assert (found.measurement, found.tags) == ('"m"', {"t": '"a"'})


plain = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x2FF, exclude_characters="\\\x7f\x85\xa0"), min_size=1, max_size=8
)


def _escaped(name: str, marks: str) -> str:
    return "".join(f"\\{letter}" if letter in marks else letter for letter in name)


@given(
    plain.filter(lambda name: name[0] != "#"),
    st.dictionaries(plain, plain, max_size=3),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
def test_what_is_written_by_the_rules_is_read_back(name: str, tags: dict[str, str], words: str) -> None:
    told_tags = "".join(f",{_escaped(key, ',= ')}={_escaped(value, ',= ')}" for key, value in tags.items())
    quoted = words.replace("\\", "\\\\").replace('"', '\\"')
    assert one(f'{_escaped(name, ", ")}{told_tags} v="{quoted}" 7') == Line(name, tags, {"v": words}, 7)


@pytest.mark.parametrize(
    ("stamp", "precision", "time"),
    [
        ("1465839830100400200", None, "2016-06-13T17:43:50.100400Z"),
        ("1465839830100400200", "ns", "2016-06-13T17:43:50.100400Z"),
        ("1465839830100400", "us", "2016-06-13T17:43:50.100400Z"),
        ("1465839830100", "ms", "2016-06-13T17:43:50.100Z"),
        ("1465839830", "s", "2016-06-13T17:43:50Z"),
        ("1465839830", None, "2016-06-13T17:43:50Z"),
        ("1465839830100", None, "2016-06-13T17:43:50.100Z"),
        ("5", "s", "1970-01-01T00:00:05Z"),
    ],
)
def test_the_precision_is_as_said_or_else_as_the_size_tells(stamp: str, precision: str | None, time: str) -> None:
    assert (
        told("line-protocol", f"m v=1 {stamp}".encode(), **({"precision": precision} if precision else {}))["time"]
        == time
    )


def test_a_line_without_time_is_of_when_it_was_received() -> None:
    assert told("line-protocol", b"m v=1")["time_source"] == "received"


@pytest.mark.parametrize(
    ("tags", "device", "source"),
    [
        (",device=pump-1", "pump-1", "name"),
        (",host=h,dev_eui=70b3d57ba000156b", "70B3D57BA000156B", None),
        (",b=2,a=1", "m,a=1,b=2", "series"),
        ("", "m", "series"),
    ],
)
def test_the_device_is_a_tag_or_else_the_series(tags: str, device: str, source: str | None) -> None:
    found = told("line-protocol", f"m{tags} v=1".encode())
    assert (found["device"], found.get("device_source")) == (device, source)
    assert told("line-protocol", b"m,place=hall v=1", device_tag="place")["device"] == "hall"


def test_each_line_is_a_message() -> None:
    found = read("line-protocol", b"m v=1 1\nbad\nm v=2 2\n")
    assert [type(message).__name__ for message in found] == ["Measurements", "Unknown", "Measurements"]
