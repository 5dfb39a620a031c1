"""What to pool and when: a programme ranked and planned."""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer
from rich.table import Table

from beffroi.cli.say import bar, console, language, note
from beffroi.cli.written import content, printed
from beffroi.errors import Fault, Invalid, Language, Text
from beffroi.pooling.paper.council import council
from beffroi.pooling.programme import file, page, planning, words
from beffroi.pooling.programme.model import Choice, Programme
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.ranked import Ranking, ranked
from beffroi.pooling.programme.said import euros, quarter
from beffroi.pooling.programme.solving import Effort

CHOSEN = re.compile(r"(?P<action>.+?)(?:=(?P<start>[0-9]{4}-Q[1-4]))?")
TOLD_EVERY = 5.0
"""seconds, where standard error is no terminal"""

ProgrammeFile = Annotated[
    str, typer.Argument(metavar="PROGRAMME", help="Candidate actions and limits, in JSON; `-` is standard input.")
]
Format = Annotated[Literal["json", "table"], typer.Option("--format", help="json or table.")]
Choices = Annotated[
    list[str] | None, typer.Option(help="An action, or its start: `NAME` or `NAME=2027-Q3`; repeatable.")
]


def plan(
    path: ProgrammeFile,
    seconds: Annotated[float, typer.Option(help="Time to compute, at most; again for each price.", min=1)] = 60.0,
    gap: Annotated[float, typer.Option(help="Percent of the best possible at which to stop.", min=0)] = 0.01,
    threads: Annotated[int, typer.Option(help="Threads to compute with; 0 for as many as fit.", min=0)] = 0,
    pin: Choices = None,
    forbid: Choices = None,
    prices: Annotated[bool, typer.Option(help="Compute what pins and forbids cost.")] = True,
    shape: Format = "json",
    html: Annotated[Path | None, typer.Option(help="Also write a page to print, for a council.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Also write it as an accessible PDF.")] = None,
    page_language: Annotated[Literal["fr", "en"], typer.Option("--language", help="Of these pages.")] = "fr",
) -> None:
    """Print which actions to do and when, who pays and gains, and how far from the best it can be; exit status 1 when
    nothing is possible, with the rules that clash."""
    programme = _chosen(file.read(content(path)), pin or (), forbid or ())
    with _told() as told:
        found = planning.planned(programme, Effort(seconds, gap / 100, threads), prices=prices, told=told)
    if html is not None:
        _write(html, page.page(programme, found, page_language).encode())
    if pdf is not None:
        _write(pdf, council(programme, found, page_language))
    if shape == "json":
        printed(found)
    else:
        _table(found)
    _warn(found)


def rank(path: ProgrammeFile, shape: Format = "json") -> None:
    """Print candidate actions in order, how far each weight may change before the order does, and how members agree."""
    programme = file.read(content(path))
    if not programme.criteria:
        raise Invalid("criteria", Text("au moins un critère attendu", "expected one criterion at least"))
    found = ranked(programme)
    if shape == "json":
        printed(found)
    else:
        _ranking(found)


def _chosen(programme: Programme, pins: list[str] | tuple[()], forbids: list[str] | tuple[()]) -> Programme:
    """With the choices of the command besides those of the file."""
    given = {"pins": [_choice(one) for one in pins], "forbids": [_choice(one) for one in forbids]}
    faults: list[Fault] = []
    for option, choices in given.items():
        for one in choices:
            faults += file.choice_faults(programme, one, f"--{option[:-1]}")
    if faults:
        raise Invalid.of(faults)
    return msgspec.structs.replace(
        programme, pins=[*programme.pins, *given["pins"]], forbids=[*programme.forbids, *given["forbids"]]
    )


def _choice(told: str) -> Choice:
    found = CHOSEN.fullmatch(told)
    if found is None:
        raise Invalid("--pin", Text("nom d'une action attendu", "expected the name of an action"))
    return Choice(action=found["action"], start=found["start"])


@contextmanager
def _told() -> Iterator[planning.Told]:
    """A bar of the time gone, with the step and the gap in words; a line now and then where there is no terminal."""
    with bar(Text("plan", "plan")) as advance:
        last = time.monotonic()

        def told(step: Text, gone: float, whole: float, gap: float | None) -> None:
            nonlocal last
            advance(gone, whole)
            if not sys.stderr.isatty() and time.monotonic() > last + TOLD_EVERY:
                last = time.monotonic()
                left = Text("", "") if gap is None else Text(f", écart {gap:.1%}", f", gap {gap:.1%}")
                note(Text(f"{step.fr} : {gone:.0f} s{left.fr}", f"{step.en}: {gone:.0f} s{left.en}"))

        yield told


def _write(path: Path, made: bytes) -> None:
    try:
        path.write_bytes(made)
    except OSError as error:
        told = Text(f"ne peut pas être écrit : {error.strerror}", f"cannot be written: {error.strerror}")
        raise Invalid(str(path), told) from error


def _warn(found: Plan) -> None:
    for one in found.warnings:
        note(Text(one.fr, one.en))
    if found.status == "infeasible":
        note(Text("rien n'est possible ; ne tiennent pas ensemble :", "nothing is possible; not all can be kept:"))
        for clash in found.clashes:
            note(Text(f"- {clash.why.fr}", f"- {clash.why.en}"))
    if found.status in ("infeasible", "unknown"):
        raise typer.Exit(1)


def _table(found: Plan) -> None:
    said = language()
    headings = words.HEADINGS
    if found.value is not None and found.gap is not None:
        console.print(words.summary(found, said), markup=False)
    _print(
        [headings[name].said(said) for name in ("action", "start", "in_service", "cost", "value", "place")],
        [
            [
                one.action,
                *(quarter(each, said) for each in (one.start, one.in_service)),
                *(euros(each, said) for each in (one.cost, one.value)),
                str(one.place or ""),
            ]
            for one in found.actions
        ],
    )
    _print(
        [headings[name].said(said) for name in ("left_out", "why")],
        [[one.action, _said(one.why, said)] for one in found.left_out],
    )
    _print(
        [headings[name].said(said) for name in ("member", "pays", "gains", "gain")],
        [
            [one.member, *(euros(amount, said) for amount in (words.pays(told), words.gains(told), told.gain))]
            for one in found.members
            for told in (one.discounted,)
        ],
    )
    _print(
        [headings[name].said(said) for name in ("choice", "price", "between")],
        [[", ".join(one.choices), euros(one.known, said), words.between(one, said)] for one in found.prices],
    )


def _ranking(found: Ranking) -> None:
    said = language()
    headings = words.HEADINGS
    _print(
        [headings[name].said(said) for name in ("place", "action", "net", "leaving", "entering")],
        [
            [str(one.place), one.action, f"{one.net:+.3f}", f"{one.leaving:.3f}", f"{one.entering:.3f}"]
            for one in found.actions
        ],
    )
    _print(
        [headings[name].said(said) for name in ("criterion", "weight", "same_first", "same_order")],
        [
            [
                one.criterion,
                f"{one.weight:.1%}",
                *(f"{low:.1%} – {high:.1%}" for low, high in (one.same_first, one.same_order)),
            ]
            for one in found.weights
        ],
    )


def _print(headings: list[str], rows: list[list[str]]) -> None:
    if rows:
        table = Table(*headings)
        for row in rows:
            table.add_row(*row)
        console.print(table)


def _said(told: object, language: Language) -> str:
    return str(getattr(told, language))
