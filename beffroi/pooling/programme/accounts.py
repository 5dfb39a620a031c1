"""What a plan costs and brings: by quarter, by year of budget, by skill, and to each collectivité beside its contracts
going on."""

from datetime import date
from typing import NamedTuple

import msgspec
import numpy as np

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme.prepared import Prepared, Starts

KINDS = ("works", "setups", "running", "subsidies", "penalties", "contracts_alone", "contracts", "benefits")
SIGNS = np.array([-1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0])
"""for whoever gains or pays; what contracts would cost alone is a gain, since they end"""


class Sums(msgspec.Struct, frozen=True):
    """In euros. `works`, `setups`, `running`: shares of what is pooled, `subsidies` apart. `penalties`: of leaving
    contracts early. `contracts_alone`: what contracts would cost without the plan; `contracts`: what they still do.
    `benefits`: with synergies. `gain`: contracts no longer paid, benefits and subsidies, less all that is paid."""

    works: float
    setups: float
    running: float
    subsidies: float
    penalties: float
    contracts_alone: float
    contracts: float
    benefits: float
    gain: float


class Account(msgspec.Struct, frozen=True):
    """Of a member, over all valued quarters: as paid, and discounted."""

    member: str
    paid: Sums
    discounted: Sums


class Contract(msgspec.Struct, frozen=True):
    """A contract in force, and the quarter as which begins it is left, None when it goes on; `penalty` and `saved` over
    all valued quarters, as paid."""

    contract: str
    service: str
    member: str
    ends: date
    replaced_by: str | None
    left: str | None
    penalty: float
    saved: float


class Quarter(msgspec.Struct, frozen=True):
    """`saved`: contracts no longer paid. `cash`: saved and subsidies, less all that is paid, by all; `cumulative`:
    since the beginning. Benefits are apart: they are worth, not cash."""

    quarter: str
    works: float
    setups: float
    running: float
    subsidies: float
    penalties: float
    saved: float
    cash: float
    cumulative: float
    benefits: float


class Year(msgspec.Struct, frozen=True):
    """`carried`: from the year before; `spent`: subsidies taken off; `left`: of both."""

    year: int
    budget: float
    carried: float
    spent: float
    left: float


class Skill(msgspec.Struct, frozen=True):
    """Person-months by quarter of the plan."""

    skill: str
    used: list[float]
    available: list[float]


class Accounts(NamedTuple):
    members: list[Account]
    cash: list[Quarter]
    budgets: list[Year]
    staff: list[Skill]
    contracts: list[Contract]


def accounts(prepared: Prepared, starts: Starts) -> Accounts:
    table = _Table(prepared, starts)
    return Accounts(
        members=_members(table),
        cash=_cash(table),
        budgets=_budgets(prepared, table.spent),
        staff=_staff(prepared, starts),
        contracts=_contracts(prepared, starts),
    )


class _Table:
    """`flows`: euros by member, kind and quarter, the last row being what no member bears; `whole`: of all."""

    def __init__(self, prepared: Prepared, starts: Starts) -> None:
        self.prepared, self.programme = prepared, prepared.programme
        self.rows = {member.name: number for number, member in enumerate(self.programme.members)}
        self.flows: Floats = np.zeros((len(self.rows) + 1, len(KINDS), prepared.worth.horizon))
        left = self._actions(starts)
        self._set_up(starts)
        self._together(starts)
        self._contracts(left)
        self.whole: Floats = self.flows.sum(axis=0)
        self.spent: Floats = self.of("works") + self.of("setups") + self.of("running") - self.of("subsidies")

    def of(self, kind: str) -> Floats:
        found: Floats = self.whole[KINDS.index(kind)]
        return found

    def _share(self, kind: str, shares: dict[str, float], flow: Floats) -> None:
        for name, share in shares.items() or {"": 1.0}.items():
            self.flows[self.rows.get(name, -1), KINDS.index(kind)] += share * flow

    def _actions(self, starts: Starts) -> dict[str, int]:
        """Contracts that are replaced, and since when they may be left."""
        left: dict[str, int] = {}
        for number, start in starts.items():
            action = self.programme.actions[number]
            flows = self.prepared.worth.flows(action, start)
            shares = self.programme.shares_of(action.shares)
            for kind in ("works", "running", "subsidies"):
                self._share(kind, shares, getattr(flows, kind))
            service = self.prepared.service(number, start)
            for name, benefit in action.benefits.items():
                self.flows[self.rows[name], KINDS.index("benefits"), service:] += benefit
            left |= dict.fromkeys(action.replaces, service)
        return left

    def _set_up(self, starts: Starts) -> None:
        """By the actions that are done, in equal parts, each as it shares its costs."""
        for setup, actions in zip(self.programme.setups, self.prepared.setups, strict=True):
            done = [one for one in actions if one in starts]
            for one in done:
                flow = np.zeros(self.prepared.worth.horizon)
                flow[min(starts[each] for each in done)] = setup.cost / len(done)
                self._share("setups", self.programme.shares_of(self.programme.actions[one].shares), flow)

    def _together(self, starts: Starts) -> None:
        for synergy, actions in zip(self.programme.synergies, self.prepared.synergies, strict=True):
            if all(one in starts for one in actions):
                flow = np.zeros(self.prepared.worth.horizon)
                flow[max(self.prepared.service(one, starts[one]) for one in actions) :] = synergy.gain
                self._share("benefits", self.programme.shares_of(synergy.shares), flow)

    def _contracts(self, left: dict[str, int]) -> None:
        worth = self.prepared.worth
        for silo in self.programme.silos:
            row = self.rows[silo.member]
            alone = worth.continuing(silo)
            self.flows[row, KINDS.index("contracts_alone")] += alone
            self.flows[row, KINDS.index("contracts")] += alone
            if silo.name in left:
                leaving = worth.leaving(silo, left[silo.name])
                self.flows[row, KINDS.index("contracts")] -= leaving.saved
                self.flows[row, KINDS.index("penalties")] += leaving.penalty


def _members(table: _Table) -> list[Account]:
    discount = table.prepared.worth.discount[:-1]
    return [
        Account(name, _sums(table.flows[row].sum(axis=1)), _sums(table.flows[row] @ discount))
        for name, row in table.rows.items()
    ]


def _sums(amounts: Floats) -> Sums:
    return Sums(*(cents(float(one)) for one in [*amounts, amounts @ SIGNS]))


def _cash(table: _Table) -> list[Quarter]:
    saved = table.of("contracts_alone") - table.of("contracts")
    cash = saved - table.spent - table.of("penalties")
    total = cash.cumsum()
    calendar = table.programme.calendar
    told = [table.of(kind) for kind in ("works", "setups", "running", "subsidies", "penalties")]
    columns = [*told, saved, cash, total, table.of("benefits")]
    return [
        Quarter(calendar.name(number), *(cents(float(column[number])) for column in columns))
        for number in range(table.prepared.worth.horizon)
    ]


def _budgets(prepared: Prepared, spent: Floats) -> list[Year]:
    programme, found, left = prepared.programme, [], 0.0
    for one in sorted(programme.budgets, key=lambda one: one.year):
        quarters = [each for each in range(programme.quarters) if programme.calendar.year(each) == one.year]
        carried = left * programme.carry_over / 100
        used = float(spent[quarters].sum())
        left = one.amount + carried - used
        found.append(Year(one.year, one.amount, cents(carried), cents(used), cents(left)))
    return found


def _staff(prepared: Prepared, starts: Starts) -> list[Skill]:
    quarters, limits = prepared.programme.quarters, prepared.limits
    used, found = prepared.used(starts), []
    for number, staff in enumerate(prepared.programme.staff):
        first = len(limits.years) + number * quarters
        rows = slice(first, first + quarters)
        found.append(
            Skill(staff.skill, [cents(one) for one in used[rows]], [cents(one) for one in limits.capacity[rows]])
        )
    return found


def _contracts(prepared: Prepared, starts: Starts) -> list[Contract]:
    programme, worth = prepared.programme, prepared.worth
    by = {name: number for number in starts for name in programme.actions[number].replaces}
    found = []
    for silo in programme.silos:
        number = by.get(silo.name)
        leaving = None if number is None else worth.leaving(silo, prepared.service(number, starts[number]))
        gone = leaving is not None and leaving.at < worth.horizon
        found.append(
            Contract(
                contract=silo.name,
                service=silo.service,
                member=silo.member,
                ends=silo.ends,
                replaced_by=None if number is None else programme.actions[number].name,
                left=programme.calendar.name(leaving.at) if leaving is not None and gone else None,
                penalty=0.0 if leaving is None else cents(leaving.penalty.sum()),
                saved=0.0 if leaving is None else cents(leaving.saved.sum()),
            )
        )
    return found


def cents(amount: float) -> float:
    return round(float(amount), 2) + 0.0
