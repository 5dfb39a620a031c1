"""Sharing agreements: /agreements."""

from collections.abc import Callable
from typing import Any

import msgspec

from beffroi.access import Right, agreements
from beffroi.access.agreements import Agreement, Direction, NewAgreement, Subject
from beffroi.access.inputs import Key, Limit
from beffroi.api.administration import noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page, Transaction
from beffroi.errors import Fault, Invalid, NotFound, Text
from beffroi.registry import kinds, openings, series, structures
from beffroi.registry.openings import Opening
from beffroi.registry.series import SeriesSelection

routes = Routes("agreements", "What a collectivité lets another read or operate, for a purpose and a period.")


class AgreementQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`current` leaves out those that are revoked or over."""

    collectivity: Key | None = None
    direction: Direction | None = None
    current: bool = False
    after: str | None = None
    limit: Limit = 100


@routes.get("/agreements")
def list_agreements(call: Call, query: AgreementQuery) -> Page[Agreement]:
    """Given and received by what the caller administers, adhesions' included."""
    with call.reading() as tx:
        page = agreements.find(
            call.scope,
            tx,
            now=call.now,
            collectivity=query.collectivity,
            direction=query.direction,
            current=query.current,
            after=query.after,
            limit=query.limit,
        )
    noted(call, "agreement", query.collectivity)
    return page


@routes.post("/agreements", status=201)
def make(call: Call, body: NewAgreement) -> Agreement:
    """Let another collectivité use one service, one kind of asset, or named series. For the giver's administrators."""
    with call.writing() as tx:
        call.scope.require(Right.ADMINISTER, body.giver)
        _check(call, tx, body, body.receiver)
        return agreements.make(call.scope, tx, body, now=call.now)


@routes.post("/agreements/preview")
def preview(call: Call, body: Subject) -> Opening:
    """How much an agreement on this subject would open, now. For the giver's administrators; nothing is given."""
    with call.reading() as tx:
        call.scope.require(Right.ADMINISTER, body.giver)
        if faults := agreements.one_subject(body):
            raise Invalid.of(faults)
        _check(call, tx, body)
        return openings.of(call.scope, tx, body.share)


@routes.get("/agreements/{key}")
def agreement(call: Call, key: Key) -> Agreement:
    """One agreement."""
    with call.reading() as tx:
        found = agreements.get(call.scope, tx, key)
    _noted(call, found)
    return found


@routes.get("/agreements/{key}/opening")
def opening(call: Call, key: Key) -> Opening:
    """How much an agreement opens, now, to its receiver; of one that is to come or over, how much it would."""
    with call.reading() as tx:
        found = agreements.get(call.scope, tx, key)
        opened = openings.of(call.scope, tx, agreements.share_of(found, Right.READ))
    _noted(call, found)
    return opened


@routes.delete("/agreements/{key}", status=200)
def revoke(call: Call, key: Key) -> Agreement:
    """Take it back, or renounce it as its receiver: from the next request on."""
    with call.writing() as tx:
        return agreements.revoke(call.scope, tx, key, now=call.now)


def _noted(call: Call, found: Agreement) -> None:
    for owner in (found.giver, found.receiver):
        call.rooms.views.note(call.scope, "agreement.read", owner, found.key, call.now)


def _check(call: Call, tx: Transaction, new: Subject, receiver: str | None = None) -> None:
    """What only the registry knows: that both sides are of this instance, and that the subject is something."""
    named: list[tuple[str, str | None, Callable[[str], Any]]] = [
        ("giver", new.giver, lambda key: structures.collectivity(call.scope, tx, key)),
        ("receiver", receiver, lambda key: structures.collectivity(call.scope, tx, key)),
        ("service", new.service, lambda code: kinds.service(tx, code)),
        ("asset_kind", new.asset_kind, lambda code: kinds.asset_kind(tx, code)),
    ]
    faults = []
    for field, value, look_up in named:
        try:
            if value is not None:
                look_up(value)
        except NotFound as error:
            faults.append(Fault(field, error.text))
    if missing := _not_of_the_giver(call, tx, new):
        listed = ", ".join(str(one) for one in missing[:10])
        faults.append(Fault("series", Text(f"pas de «\u00a0{new.giver}\u00a0» : {listed}", f"not its own: {listed}")))
    if faults:
        raise Invalid.of(faults)


def _not_of_the_giver(call: Call, tx: Transaction, new: Subject) -> list[int]:
    if new.series is None:
        return []
    held = series.windows(call.scope, tx, SeriesSelection(series=new.series))
    own = {one.series for one in held if one.owner == new.giver and one.until is None}
    return [one for one in new.series if one not in own]
