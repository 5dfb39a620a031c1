"""What is asked: a cost model to pool under, and what each candidate needs, pays today and is bound by; as a file."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from beffroi.errors import Fault, Invalid, Text
from beffroi.pooling import services
from beffroi.pooling.amounts import MOST
from beffroi.pooling.investments import Investment
from beffroi.pooling.keys import Key, proportions
from beffroi.pooling.services import Member, Service
from beffroi.pooling.tariffs import Tariff

KILOMETRES = "km"
"""the quantity under which travel is kept: no tariff may have it"""
NAMED = Meta(min_length=1, max_length=200)


class RunningContract(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of today. `ends`: the last day; `yearly`: what it costs a year; `penalty`: once, to leave it before."""

    ends: date
    yearly: Decimal
    penalty: Decimal = Decimal(0)


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a collectivité would use. `wished`: not before that day. `alone`: what it would pay a year by itself once no
    contract runs; where it is not said, what its contract costs, else the tariffs for itself alone."""

    quantities: Annotated[dict[Annotated[str, Meta(min_length=1, max_length=60)], Decimal], Meta(max_length=50)] = {}
    wished: date | None = None
    alone: Decimal | None = None
    contract: RunningContract | None = None


class Candidate(Need, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where it is, in degrees (WGS 84): needed where distances count."""

    name: Annotated[str, NAMED]
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None


class Distance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group is served from one of its members. `per_km`: a year, for each kilometre between it and every other, as
    the crow flies; `farthest`: kilometres beyond which it serves nobody."""

    per_km: Decimal = Decimal(0)
    farthest: Decimal | None = None


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"start": "from"}):
    """Costs are compared from the day a group begins, on or after `from`, `until` a day that is not counted."""

    costs: Annotated[list[Tariff | Investment], Meta(min_length=1, max_length=200)]
    members: Annotated[list[Candidate], Meta(min_length=2, max_length=1000)]
    sharing_key: Key
    start: date
    until: date
    distance: Distance | None = None
    name: Annotated[str, Meta(max_length=200)] = ""

    @property
    def service(self) -> Service:
        return Service([Member(one.name, one.quantities) for one in self.members], self.costs, self.name)


def read(content: bytes) -> Question:
    """Raises `Invalid` naming everything at fault."""
    try:
        question = msgspec.json.decode(content, type=Question)
    except msgspec.ValidationError as error:
        raise Invalid("question", Text(f"question : {error}", f"question: {error}")) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("question", Text(f"JSON illisible : {error}", f"unreadable JSON: {error}")) from error
    check(question)
    return question


def check(question: Question) -> None:
    services.verify(question.service)
    faults = [
        *_period_faults(question),
        *(
            fault
            for place, one in enumerate(question.members)
            for fault in need_faults(one, f"members[{place}]", question.distance is not None)
        ),
    ]
    if any(getattr(one, "unit", None) == KILOMETRES for one in question.costs):
        faults.append(Fault("costs", Text("« km » est celui des distances", "“km” is that of distances")))
    faults += _distance_faults(question.distance)
    if faults:
        raise Invalid.of(faults)
    proportions(question.sharing_key, question.service.members)


def need_faults(one: Need, where: str, placed: bool = False) -> list[Fault]:
    """What of a need cannot be. `placed`: a candidate has to be somewhere."""
    found = [
        Fault(f"{where}.quantities.{unit}", AT_LEAST_0)
        for unit, quantity in one.quantities.items()
        if not _holds(quantity)
    ]
    if one.alone is not None and not _holds(one.alone):
        found.append(Fault(f"{where}.alone", AT_LEAST_0))
    if one.contract is not None:
        found += [
            Fault(f"{where}.contract.{name}", AT_LEAST_0)
            for name in ("yearly", "penalty")
            if not _holds(getattr(one.contract, name))
        ]
    if placed and isinstance(one, Candidate) and (one.longitude is None or one.latitude is None):
        found.append(
            Fault(
                where,
                Text(
                    f"{one.name} n'a pas de position : longitude et latitude attendues",
                    f"{one.name} is nowhere: expected a longitude and a latitude",
                ),
            )
        )
    return found


def _distance_faults(distance: Distance | None) -> list[Fault]:
    if distance is None:
        return []
    found = [] if _holds(distance.per_km) else [Fault("distance.per_km", AT_LEAST_0)]
    if distance.farthest is not None and not (_holds(distance.farthest) and distance.farthest > 0):
        found.append(Fault("distance.farthest", Text("plus de 0 attendu", "expected more than 0")))
    return found


AT_LEAST_0 = Text("au moins 0 attendu", "expected 0 at least")


def _holds(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount <= MOST


def _period_faults(question: Question) -> list[Fault]:
    if not 1990 <= question.start.year < 2200 or not 1990 <= question.until.year < 2200:
        return [Fault("from", Text("de 1990 à 2199 attendu", "expected 1990 to 2199"))]
    if (question.until - question.start).days < 90:
        return [Fault("until", Text("au moins trois mois après « from »", "at least three months after “from”"))]
    return []
