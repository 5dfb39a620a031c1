"""A report set as a tagged PDF: with headings, headers of tables, a title and a language that a screen reader finds."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import typst

from beffroi.errors import Language, Text

HERE = Path(__file__).parent
TEMPLATE = HERE / "report.typ"
TYPE = HERE / "type"
STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1, ISO 14289-1"""
PAGE = Text("Page {} sur {}", "Page {} of {}")


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    text: str


class Points(msgspec.Struct, frozen=True, tag="points"):
    lines: list[str]


class Table(msgspec.Struct, frozen=True, tag="table"):
    """The first `words` columns are words, the others numbers."""

    columns: list[str]
    rows: list[list[str]]
    words: int = 1
    total: list[str] | None = None
    caption: str = ""


class Figures(msgspec.Struct, frozen=True, tag="figures"):
    """Read first, large: each with its name and, under it, what it comes to in other words."""

    figures: list[tuple[str, str, str]]


class Row(msgspec.Struct, frozen=True):
    """`start`, `service`: the numbers of the quarters in which work starts, and from which it is in service."""

    name: str
    start: int
    service: int


class Calendar(msgspec.Struct, frozen=True, tag="calendar"):
    """`years`: each with how many quarters of it there are. `groups`: by service."""

    head: str
    years: list[tuple[str, int]]
    quarters: list[str]
    groups: list[tuple[str, list[Row]]]
    work: str
    running: str


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """`said`: in words, for who does not see it."""

    svg: str
    said: str


Part = Paragraph | Points | Table | Figures | Calendar | Picture


class Section(msgspec.Struct, frozen=True):
    title: str
    parts: list[Part]


class Report(msgspec.Struct, frozen=True):
    """`lead`: the answer, in a few sentences; `about`: what it was made of, and when. `small`: set to fit one page."""

    language: Language
    title: str
    lead: str
    about: list[str]
    sections: list[Section]
    small: bool = False


def pdf(report: Report) -> bytes:
    """Of the standard for accessible PDF; where a sign of a name is in no font at all, of none, and tagged still."""
    told = {"report": msgspec.json.encode(report).decode(), "page": PAGE.said(report.language)}
    try:
        return _set(told, STANDARD)
    except typst.TypstError:
        return _set(told, None)


def _set(told: dict[str, str], standard: Literal["ua-1"] | None) -> bytes:
    made = typst.Compiler(TEMPLATE, root=HERE, font_paths=_type(), sys_inputs=told).compile(
        format="pdf", pdf_standards=standard
    )
    assert isinstance(made, bytes)
    return made


@cache
def _type() -> typst.Fonts:
    """That of the console, and what the typesetter brings for signs that it lacks; never the machine's."""
    return typst.Fonts(include_system_fonts=False, font_paths=[TYPE])
