"""A service and its members: what any group of them would pay by itself, from tariffs instead of a table."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import cached_property

import msgspec
import numpy as np

from beffroi.errors import Fault, Invalid, Text
from beffroi.pooling.coalitions import members
from beffroi.pooling.games import Game, refuse_many
from beffroi.pooling.investments import Investment
from beffroi.pooling.tariffs import MEMBERS, Tariff, check, cost


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`quantities`: what it has and uses: population, devices, messages, hours of watch, interventions…"""

    name: str
    quantities: dict[str, Decimal] = msgspec.field(default_factory=dict)


class Service(msgspec.Struct, frozen=True, dict=True):
    """The costs of a year. Fields that are not known are left alone: a note, a source."""

    members: list[Member]
    costs: list[Tariff | Investment]
    name: str = ""

    @cached_property
    def tariffs(self) -> list[Tariff]:
        return [one.yearly() if isinstance(one, Investment) else one for one in self.costs]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(member.name for member in self.members)

    def quantity(self, unit: str, group: Iterable[Member]) -> Decimal:
        if unit == MEMBERS:
            return Decimal(sum(1 for _ in group))
        return sum((member.quantities.get(unit, Decimal(0)) for member in group), Decimal(0))

    def cost(self, group: Collection[Member] | None = None) -> Decimal:
        """Of a year, for a group by itself; for all members by default. Exact."""
        chosen = self.members if group is None else group
        return sum((cost(one, self.quantity(one.unit, chosen)) for one in self.tariffs), Decimal(0))

    def lines(self, year: int | None = None) -> list[tuple[str, Decimal]]:
        """Each cost by its name, and its amount: of a calendar year, in which investments begin and end; of a full one
        by default."""
        return [
            (
                charge.name or str(charge.__struct_config__.tag),
                charge.of_year(year)
                if isinstance(charge, Investment) and year is not None
                else cost(tariff, self.quantity(tariff.unit, self.members)),
            )
            for charge, tariff in zip(self.costs, self.tariffs, strict=True)
        ]

    def without(self, name: str) -> "Service":
        return msgspec.structs.replace(self, members=[one for one in self.members if one.name != name])

    def game(self) -> Game:
        """As a table, for the methods that need all groups."""
        refuse_many(len(self.members))
        costs = [
            float(self.cost([self.members[one] for one in members(mask)])) for mask in range(1 << len(self.members))
        ]
        return Game(self.names, np.array(costs))


def read(content: bytes) -> Service:
    """Raises `Invalid`."""
    try:
        service = msgspec.json.decode(content, type=Service)
    except msgspec.ValidationError as error:
        raise Invalid("model", Text(f"modèle de coûts : {error}", f"model of costs: {error}")) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("model", Text(f"JSON illisible : {error}", f"unreadable JSON: {error}")) from error
    verify(service)
    return service


def verify(service: Service) -> None:
    """Raises `Invalid` naming members and costs at fault."""
    _check_members(service)
    check(service.costs)


def _check_members(service: Service) -> None:
    if not service.members:
        raise Invalid("members", Text("au moins un membre attendu", "expected at least one member"))
    faults, seen = [], set()
    used = {one.unit for one in service.costs if not isinstance(one, Investment)} - {MEMBERS}
    for number, member in enumerate(service.members):
        where = f"members[{number}]"
        if not member.name.strip() or member.name in seen:
            faults.append(
                Fault(where, Text(f"nom vide ou répété : {member.name}", f"empty or repeated name: {member.name}"))
            )
        seen.add(member.name)
        for unit, quantity in member.quantities.items():
            if not quantity.is_finite() or quantity < 0:
                faults.append(Fault(f"{where}.{unit}", Text("au moins 0 attendu", "expected 0 at least")))
    known = {unit for member in service.members for unit in member.quantities}
    for unit in sorted(used - known):
        faults.append(Fault(unit, Text("aucun membre n'en a", "no member has any")))
    if faults:
        raise Invalid.of(faults)
