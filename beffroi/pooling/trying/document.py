"""An experiment as it is written: what is supposed, on whom it is tried, beside whom, over which days, at what cost."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from beffroi.errors import Fault, Text
from beffroi.pooling.trying.effect import Period
from beffroi.registry.fields import Known, Name, Owner, ThingId, untimely

By = Literal["asset", "device", "collectivity"]
Units = Annotated[list[ThingId | Owner], Meta(min_length=1, max_length=5000)]
LONGEST = 1100
"""days of a period: three years"""
CYCLE = (540, 740)
"""days from the first of the period before to the decision: 18 months to two years"""
MOST = Decimal(10**12)


class Experiment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`cohort` has what is tried, `comparison` has not, and nothing else sets them apart: ids of assets or devices, or
    keys of collectivités, as `by` says. `before` and `after`: what is compared, both days included. `wanted`: which way
    is a success; `expected`: by how many percent, without sign. `decide_by`: the end of the cycle. `cost` in euros.
    `example`: says so where it is one."""

    name: Name
    hypothesis: Annotated[str, Meta(min_length=1, max_length=2000)]
    action: Name
    service: Known
    observed_property: Known
    by: By
    cohort: Units
    comparison: Units
    before: Period
    after: Period
    decide_by: date
    wanted: Literal["less", "more"] = "less"
    expected: Annotated[float, Meta(ge=0, le=1000)] | None = None
    cost: Decimal = Decimal(0)
    cost_note: Annotated[str, Meta(max_length=500)] = ""
    note: Annotated[str, Meta(max_length=2000)] = ""
    example: bool = False


def faults(one: Experiment) -> Iterator[Fault]:
    """What is wrong with it by itself."""
    for name, period in (("before", one.before), ("after", one.after)):
        yield from _of_period(f"document.{name}", period)
    yield from untimely("document.decide_by", one.decide_by)
    if one.after.first <= one.before.last:
        said = Text("doit suivre la période d'avant", "must follow the period before")
        yield Fault("document.after.first", said)
    if one.decide_by <= one.after.last:
        said = Text("doit suivre la période d'après", "must follow the period after")
        yield Fault("document.decide_by", said)
    if not one.cost.is_finite() or not 0 <= one.cost <= MOST:
        yield Fault("document.cost", Text("au moins 0 attendu", "expected 0 at least"))
    yield from _of_units(one)


def _of_period(where: str, period: Period) -> Iterator[Fault]:
    yield from untimely(f"{where}.first", period.first)
    yield from untimely(f"{where}.last", period.last)
    if period.last < period.first:
        yield Fault(f"{where}.last", Text("précède le premier jour", "comes before the first day"))
    elif period.days > LONGEST:
        yield Fault(f"{where}.last", Text(f"plus de {LONGEST} jours", f"more than {LONGEST} days"))


def _of_units(one: Experiment) -> Iterator[Fault]:
    named, said = (
        (str, Text("clé de collectivité attendue", "expected a collectivity's key"))
        if one.by == "collectivity"
        else (int, Text("numéro attendu", "expected an id"))
    )
    seen: set[int | str] = set()
    for name, units in (("cohort", one.cohort), ("comparison", one.comparison)):
        for place, unit in enumerate(units):
            where = f"document.{name}[{place}]"
            if not isinstance(unit, named):
                yield Fault(where, said)
            elif unit in seen:
                yield Fault(where, Text("déjà dans l'un des groupes", "already in one of the groups"))
            seen.add(unit)


def cycle(one: Experiment) -> Literal["short", "usual", "long"]:
    """Beside the cycles of 18 months to two years that public experiments go by."""
    days = (one.decide_by - one.before.first).days
    return "short" if days < CYCLE[0] else "long" if days > CYCLE[1] else "usual"
