"""How each member weighs the criteria of a programme, as its own people say: this goes before what the structure's
document says of it, in the ranking at once, and in the plans computed from then on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import func, insert, select

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Fault, Forbidden, Invalid, NotFound, Text
from beffroi.pooling import programmes, reach
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.programme.model import Amount, Member, Name, Programme
from beffroi.pooling.programmes import KeptProgramme
from beffroi.pooling.tables import programme_weighing

Source = Literal["member", "structure", "programme"]


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By criterion, in any unit: their proportions count. A criterion left out has the programme's weight."""

    weights: Annotated[dict[Name, Amount], Meta(min_length=1)]


class Weighing(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`member`: as the programme names it. `weights`: by criterion, making 1. `source`: who said them; `programme`
    where nobody did, and the programme's hold. `made`: by whom of the member's own people."""

    member: str
    collectivity: str
    weights: dict[str, float]
    source: Source
    made: Deed | None = None


def put(scope: Scope, tx: Transaction, key: str, collectivity: str, told: Weights, *, now: datetime) -> Weighing:
    """For the member's own editors. Raises `Invalid` naming criteria that are not the programme's."""
    kept, _ = _own(scope, tx, key, collectivity)
    names = [one.name for one in kept.document.criteria]
    faults = [
        Fault(f"weights.{name}", Text(f"critère inconnu : «\u00a0{name}\u00a0»", f"unknown criterion: “{name}”"))
        for name in told.weights
        if name not in names
    ]
    if not faults and not sum(told.weights.get(one.name, one.weight) for one in kept.document.criteria):
        faults = [Fault("weights", Text("un poids au moins doit dépasser 0", "one weight at least must be above 0"))]
    if faults:
        raise Invalid.of(faults)
    return _write(scope, tx, kept, collectivity, dict(told.weights), now)


def withdraw(scope: Scope, tx: Transaction, key: str, collectivity: str, *, now: datetime) -> Weighing:
    """What the structure says of the member holds again. For the member's own editors."""
    kept, member = _own(scope, tx, key, collectivity)
    said = _last(tx, key)
    if collectivity not in said or said[collectivity].weights is None:
        return _told(kept, member, said)
    return _write(scope, tx, kept, collectivity, None, now)


def every(scope: Scope, tx: Transaction, key: str) -> list[Weighing]:
    """Of all members for the structure's people, of their own for a member's; in the order of the document."""
    kept = programmes.known(scope, tx, key)
    shown = set(kept.collectivities) if reach.whole(scope, tx) else programmes.mine(scope, kept)
    said = _last(tx, key)
    return [_told(kept, one, said) for one in kept.document.members if one.name in shown]


def heard(tx: Transaction, kept: KeptProgramme) -> Programme:
    """The document, with what its members say of themselves. A criterion that a later revision no longer has is left
    out."""
    said = _last(tx, kept.about.key)
    members = [
        msgspec.structs.replace(
            one, weights=_weights(kept.document, one, said.get(kept.collectivities.get(one.name, "")))
        )
        for one in kept.document.members
    ]
    return msgspec.structs.replace(kept.document, members=members)


def since(tx: Transaction, key: str, at: datetime) -> bool:
    """Whether a member said something of its weights after `at`."""
    return any(one.made.at > at for one in _last(tx, key).values())


class _Said(msgspec.Struct, frozen=True):
    weights: dict[str, float] | None
    made: Deed


def _weights(document: Programme, member: Member, said: _Said | None) -> dict[str, float]:
    if said is None or said.weights is None:
        return member.weights
    known = {one.name: said.weights[one.name] for one in document.criteria if one.name in said.weights}
    whole = sum(known.get(one.name, one.weight) for one in document.criteria)
    return known if whole else member.weights


def _told(kept: KeptProgramme, member: Member, said: Mapping[str, _Said]) -> Weighing:
    collectivity = kept.collectivities.get(member.name, "")
    own = said.get(collectivity)
    weights = _weights(kept.document, member, own)
    by_itself = own is not None and own.weights is not None
    each = {one.name: weights.get(one.name, one.weight) for one in kept.document.criteria}
    whole = sum(each.values())
    return Weighing(
        member=member.name,
        collectivity=collectivity,
        weights={name: one / whole for name, one in each.items()},
        source="member" if by_itself else "structure" if member.weights else "programme",
        made=own.made if own is not None and by_itself else None,
    )


def _own(scope: Scope, tx: Transaction, key: str, collectivity: str) -> tuple[KeptProgramme, Member]:
    """The programme, and the member that `collectivity` is of it, for those who may say how it weighs."""
    kept = programmes.known(scope, tx, key)
    found = [one for one in kept.document.members if kept.collectivities.get(one.name) == collectivity]
    shown = reach.whole(scope, tx) or collectivity in reach.members(scope)
    if not found or not shown:
        raise NotFound(Text("membre", "member"), collectivity)
    if scope.services is not None or not scope.may(Right.EDIT, collectivity):
        raise Forbidden(
            Text(
                "Seules les personnes de cette collectivité, avec le rôle qui convient, disent ses poids.",
                "Only people of this collectivité, with the role for it, say its weights.",
            )
        )
    if not kept.document.criteria:
        raise Invalid("weights", Text("ce programme n'a pas de critère", "this programme has no criterion"))
    return kept, found[0]


def _write(
    scope: Scope,
    tx: Transaction,
    kept: KeptProgramme,
    collectivity: str,
    weights: dict[str, float] | None,
    now: datetime,
) -> Weighing:
    key, held = kept.about.key, programme_weighing.c
    asked = select(func.max(held.revision)).where(held.programme == key, held.member == collectivity)
    last = tx.execute(asked).scalar() or 0
    row = {"programme": key, "member": collectivity, "revision": last + 1, "weights": weights}
    tx.execute(insert(programme_weighing).values({**row, **columns("made", scope, now)}))
    deed = "programme.weigh" if weights else "programme.unweigh"
    audit.record(scope, tx, deed, now=now, owner=collectivity, subject=key, detail={"name": kept.about.name})
    return next(one for one in every(scope, tx, key) if one.collectivity == collectivity)


def _last(tx: Transaction, key: str) -> dict[str, _Said]:
    """By collectivité."""
    held = programme_weighing.c
    rows = tx.execute(select(programme_weighing).where(held.programme == key).order_by(held.revision)).all()
    return {row.member: _Said(row.weights, surely("made", row)) for row in rows}
