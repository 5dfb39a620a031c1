"""The structure that operates the instance, what it offers, its members and what they take up."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from beffroi.api.registry import Id
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.registry import adhesions, kinds, structures
from beffroi.registry.adhesions import AdhesionPatch, AdhesionQuery, NewAdhesion
from beffroi.registry.fields import Key, Known
from beffroi.registry.kinds import (
    AssetKindQuery,
    KindQuery,
    NewAssetKind,
    NewObservedProperty,
    NewService,
    ServicePatch,
)
from beffroi.registry.model import Adhesion, AssetKind, Membership, ObservedProperty, Service, Structure
from beffroi.registry.structures import MemberQuery

routes = Routes("structure", "Who operates this instance, for which members, with which services and open lists.")


class Enrolment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keys: Annotated[list[Key], Meta(min_length=1, max_length=2000, description="Entries of the referential.")]
    since: date


class Enrolled(msgspec.Struct, frozen=True):
    """Those that were not members yet."""

    members: list[str]


class Leaving(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    until: Annotated[date, Meta(description="The first day without it.")]


@routes.get("/structure")
def structure(call: Call) -> Structure:
    """The structure that operates this instance."""
    with call.reading() as tx:
        return structures.get(call.scope, tx)


@routes.get("/memberships")
def memberships(call: Call, query: MemberQuery) -> Page[Membership]:
    """The structure's members, past and present."""
    with call.reading() as tx:
        return structures.memberships(call.scope, tx, query)


@routes.post("/memberships", status=201)
def enrol(call: Call, body: Enrolment) -> Enrolled:
    """Make members of collectivités of the referential. For the instance's administrators."""
    with call.writing() as tx:
        return Enrolled(structures.enrol(call.scope, tx, body.keys, body.since, now=call.now))


@routes.patch("/memberships/{member}")
def leave(call: Call, member: Key, body: Leaving) -> Membership:
    """End a membership, and with it its adhesions. The member's things and people stay."""
    with call.writing() as tx:
        return structures.leave(call.scope, tx, member, body.until, now=call.now)


@routes.get("/services")
def services(call: Call, query: KindQuery) -> Page[Service]:
    """What the structure offers, à la carte."""
    with call.reading() as tx:
        return kinds.services(call.scope, tx, query)


@routes.post("/services", status=201)
def add_service(call: Call, body: NewService) -> Service:
    """Add a service. For the instance's administrators."""
    with call.writing() as tx:
        return kinds.add_service(call.scope, tx, body, now=call.now)


@routes.patch("/services/{code}")
def change_service(call: Call, code: Known, body: ServicePatch) -> Service:
    """Offer a service, or no longer: adhesions that there are go on. For the instance's administrators."""
    with call.writing() as tx:
        return kinds.change_service(call.scope, tx, code, body, now=call.now)


@routes.get("/asset-kinds")
def asset_kinds(call: Call, query: AssetKindQuery) -> Page[AssetKind]:
    """The open list of kinds of assets."""
    with call.reading() as tx:
        return kinds.asset_kinds(call.scope, tx, query)


@routes.post("/asset-kinds", status=201)
def add_asset_kind(call: Call, body: NewAssetKind) -> AssetKind:
    """Add a kind of asset. For the instance's administrators."""
    with call.writing() as tx:
        return kinds.add_asset_kind(call.scope, tx, body, now=call.now)


@routes.get("/observed-properties")
def observed_properties(call: Call, query: KindQuery) -> Page[ObservedProperty]:
    """The open list of what is observed, each with the unit it is kept in."""
    with call.reading() as tx:
        return kinds.observed_properties(call.scope, tx, query)


@routes.post("/observed-properties", status=201)
def add_observed_property(call: Call, body: NewObservedProperty) -> ObservedProperty:
    """Add an observed property. For the instance's administrators."""
    with call.writing() as tx:
        return kinds.add_observed_property(call.scope, tx, body, now=call.now)


@routes.get("/adhesions")
def list_adhesions(call: Call, query: AdhesionQuery) -> Page[Adhesion]:
    """Which members take up which services: one's own, all of them for the instance's administrators."""
    with call.reading() as tx:
        return adhesions.find(call.scope, tx, query)


@routes.post("/adhesions", status=201)
def adhere(call: Call, body: NewAdhesion) -> Adhesion:
    """Take up a service. `operator_right` says what the structure may do with the member's data of it.

    The member's administrators decide; the instance's may register one that lets the structure see nothing.
    """
    with call.writing() as tx:
        return adhesions.adhere(call.scope, tx, body, now=call.now)


@routes.get("/adhesions/{id}")
def adhesion(call: Call, id: Id) -> Adhesion:
    """One adhesion."""
    with call.reading() as tx:
        return adhesions.get(call.scope, tx, id)


@routes.patch("/adhesions/{id}")
def change_adhesion(call: Call, id: Id, body: AdhesionPatch) -> Adhesion:
    """End an adhesion, or change what the structure may do with its data: at once."""
    with call.writing() as tx:
        return adhesions.change(call.scope, tx, id, body, now=call.now)
