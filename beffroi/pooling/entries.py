"""The budgetary entries of statements, under the M57 nomenclature.

Each contribution is a revenue order (*titre*) of the structure and a payment order (*mandat*) of its member. The
accounts of third parties (class 4) are the public accountant's. Accounts are given with defaults: the one that fits
depends on the structure's form and on what its statutes call the contribution, and the accountant decides.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from beffroi.pooling.statements import Statement, text

Kind = Literal["commune", "group", "department", "region", "other"]
Order = Literal["titre", "mandat"]
COLUMNS = ("year", "body", "order", "account", "label", "third_party", "amount")


class Accounts(msgspec.Struct, frozen=True):
    """`paid`: by a member. `received`: participations by the kind of who pays. `given_back`, `got_back`: what is
    corrected of former years. Each may be booked on in the chart of accounts M57 of 2021, which the State gives to
    budget software (`planDeCompte.xml`)."""

    paid: str = "65568"
    received: Mapping[Kind, str] = msgspec.field(
        default_factory=lambda: {
            "commune": "74748",
            "group": "74758",
            "department": "7473",
            "region": "7472",
            "other": "74788",
        }
    )
    given_back: str = "673"
    got_back: str = "773"


class BudgetEntry(msgspec.Struct, frozen=True):
    """`body`: in whose budget; `third_party`: from or to whom."""

    year: int
    body: str
    order: Order
    account: str
    label: str
    third_party: str
    amount: Decimal


def entries(
    statements: Sequence[Statement], structure: str, kinds: Mapping[str, Kind], accounts: Accounts | None = None
) -> list[BudgetEntry]:
    """Two a statement: the structure's and the member's, of one amount. A statement of nothing has none; one below 0, a
    regularisation in favour of the member, is booked the other way round."""
    table = accounts or Accounts()
    return [
        entry
        for one in statements
        if one.amount
        for entry in _pair(one, structure, kinds.get(one.member, "commune"), table)
    ]


def _pair(one: Statement, structure: str, kind: Kind, accounts: Accounts) -> tuple[BudgetEntry, BudgetEntry]:
    label = f"{one.service} {one.year}".strip()
    amount = abs(one.amount)
    if one.amount > 0:
        return (
            BudgetEntry(one.year, structure, "titre", accounts.received[kind], label, one.member, amount),
            BudgetEntry(one.year, one.member, "mandat", accounts.paid, label, structure, amount),
        )
    return (
        BudgetEntry(one.year, structure, "mandat", accounts.given_back, label, one.member, amount),
        BudgetEntry(one.year, one.member, "titre", accounts.got_back, label, structure, amount),
    )


def as_csv(found: Sequence[BudgetEntry]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([text(getattr(one, name)) for name in COLUMNS] for one in found)
    return file.getvalue()
