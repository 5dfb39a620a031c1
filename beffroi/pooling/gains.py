"""Measured savings as gains of a programme's actions: proposed beside what it says, taken up by a revision."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from beffroi.access import Right, Scope
from beffroi.database import Transaction
from beffroi.errors import Invalid, Text
from beffroi.pooling import programmes, reach, savings
from beffroi.pooling.amounts import CENT
from beffroi.pooling.programme.model import Action
from beffroi.pooling.programmes import KeptProgramme, ProgrammeChange
from beffroi.pooling.savings import Saving, SavingQuery
from beffroi.pooling.trying.effect import YEAR

QUARTER = YEAR / 4
"""days"""


class Gain(msgspec.Struct, frozen=True):
    """Of an action and a member, euros a quarter: what the document `says`, and what was `measured`, between `low` and
    `high`. `days`: how many it was measured over, of which the quarter is an extrapolation. `savings`: what it comes
    from; `elsewhere`: some of it was measured for another programme's action of the same name."""

    action: str
    member: str
    says: float
    measured: float
    low: float
    high: float
    proven: bool
    days: int
    savings: list[str]
    elsewhere: bool = False


class GainsTaken(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`actions`: those whose measured gains take the place of what the document says. `after`: the revision that was
    read."""

    actions: Annotated[list[str], Meta(min_length=1, max_length=400)]
    after: Annotated[int, Meta(ge=1)]


def proposed(scope: Scope, tx: Transaction, key: str) -> list[Gain]:
    """For the structure's people: what has a price and still holds, by action and member of the document; measured for
    this programme, or for another that has an action of the same name, so that the next one begins on what was seen."""
    kept = programmes.get(scope, tx, key)
    named = {collectivity: name for name, collectivity in kept.collectivities.items()}
    groups: dict[tuple[str, str], list[Saving]] = {}
    for one in savings.find(scope, tx, SavingQuery()):
        known = one.programme is not None and one.action in kept.document.number and one.member in named
        if known and one.withdrawn is None and one.price is not None:
            groups.setdefault((one.action, named[one.member]), []).append(one)
    return [_gain(kept, action, member, found) for (action, member), found in sorted(groups.items())]


def take(scope: Scope, tx: Transaction, key: str, taken: GainsTaken, *, now: datetime) -> KeptProgramme:
    """A new revision in which these actions gain what was measured, and say so; for the structure's editors."""
    reach.require_whole(scope, tx, Right.EDIT, programmes.NOUN, key)
    kept = programmes.get(scope, tx, key)
    gains = proposed(scope, tx, key)
    if missing := [one for one in taken.actions if one not in {gain.action for gain in gains}]:
        said = Text(f"rien n'en a été mesuré : {missing[0]}", f"nothing was measured of it: {missing[0]}")
        raise Invalid("actions", said)
    actions = [
        _with(one, [gain for gain in gains if gain.action == one.name]) if one.name in taken.actions else one
        for one in kept.document.actions
    ]
    document = msgspec.structs.replace(kept.document, actions=actions)
    change = ProgrammeChange(
        document=document, after=taken.after, collectivities=kept.collectivities, example=kept.about.example
    )
    return programmes.put(scope, tx, key, change, now=now)


def _gain(kept: KeptProgramme, action: str, member: str, found: list[Saving]) -> Gain:
    """Years of one action follow one another: what they saved, over the days they lasted."""
    lasted: dict[str, int] = {}
    for one in found:
        lasted[one.experiment] = lasted.get(one.experiment, 0) + one.days

    def quarterly(name: str) -> float:
        sums: dict[str, float] = {}
        for one in found:
            sums[one.experiment] = sums.get(one.experiment, 0.0) + getattr(one, name) * float(one.price or 0)
        whole = sum(amount / lasted[experiment] for experiment, amount in sums.items()) * QUARTER
        return float(Decimal(repr(whole)).quantize(CENT, ROUND_HALF_UP))

    return Gain(
        action=action,
        member=member,
        says=kept.document.actions[kept.document.number[action]].benefits.get(member, 0.0),
        measured=quarterly("quantity"),
        low=quarterly("low"),
        high=quarterly("high"),
        proven=all(one.proven for one in found),
        days=max(lasted.values()),
        savings=[one.key for one in found],
        elsewhere=any(one.programme != kept.about.key for one in found),
    )


def _with(action: Action, gains: list[Gain]) -> Action:
    benefits = action.benefits | {one.member: one.measured for one in gains}
    said = f"Gains mesurés par Beffroi pour {len(gains)} membre(s)."
    note = action.note if said in action.note else f"{action.note} {said}".strip()
    return msgspec.structs.replace(action, benefits=benefits, note=note)
