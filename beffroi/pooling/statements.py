"""Statements of account: what each collectivité owes for a service and a year, line by line, forecast or actual."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from beffroi.pooling.amounts import cents, largest_remainder
from beffroi.pooling.keys import Key, proportions
from beffroi.pooling.services import Service

Basis = Literal["forecast", "actual"]
COLUMNS = ("service", "year", "basis", "member", "cost", "total", "share", "amount")


class Line(msgspec.Struct, frozen=True):
    """`share`: of `total`, before rounding to cents."""

    cost: str
    total: Decimal
    share: Decimal
    amount: Decimal


class Statement(msgspec.Struct, frozen=True):
    """`basis`: from the quantities foreseen, or from those that were metered."""

    service: str
    year: int
    basis: Basis
    member: str
    lines: tuple[Line, ...]

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


class Balance(msgspec.Struct, frozen=True):
    """What is still due, or is given back when below 0, once the year is closed."""

    member: str
    forecast: Decimal
    actual: Decimal

    @property
    def due(self) -> Decimal:
        return self.actual - self.forecast


def drawn_up(service: Service, key: Key, year: int, basis: Basis) -> list[Statement]:
    """One a member. Every cost is shared to the cent, so that the statements make the whole of each."""
    shares = proportions(key, service.members)
    lines: list[list[Line]] = [[] for _ in service.members]
    for name, exact in service.lines(year):
        total = cents(exact)
        for own, share, amount in zip(lines, shares, largest_remainder(total, shares), strict=True):
            own.append(Line(name, total, share, amount))
    return [
        Statement(service.name, year, basis, member.name, tuple(own))
        for member, own in zip(service.members, lines, strict=True)
    ]


def with_lines(statement: Statement, lines: Sequence[Line]) -> Statement:
    """With more lines after its own."""
    return msgspec.structs.replace(statement, lines=(*statement.lines, *lines)) if lines else statement


def settled(forecast: Sequence[Statement], actual: Sequence[Statement]) -> list[Balance]:
    """Whoever is in either; who left or arrived owes nothing in the other."""
    before = {one.member: one.amount for one in forecast}
    after = {one.member: one.amount for one in actual}
    nothing = Decimal(0)
    return [Balance(name, before.get(name, nothing), after.get(name, nothing)) for name in before | after]


def as_csv(statements: Sequence[Statement]) -> str:
    """A row a line, with the names of `COLUMNS`; amounts with a point, shares with nine decimals."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in statements:
        for line in one.lines:
            head = [text(one.service), one.year, one.basis, text(one.member)]
            writer.writerow([*head, text(line.cost), line.total, f"{line.share:.9f}", line.amount])
    return file.getvalue()


def text(value: object) -> object:
    """A name that a spreadsheet would take for a formula is said to be text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
