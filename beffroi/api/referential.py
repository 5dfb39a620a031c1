"""The official referential of French collectivités: /referential."""

from typing import Annotated

import msgspec
from msgspec import Meta

from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.registry.model import CollectivityKind, Entry
from beffroi.registry.referential import REFERENTIAL

routes = Routes("referential", "All current communes, EPCI, départements and régions of France.")


class ReferentialQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    q: Annotated[str, Meta(min_length=1, max_length=100, description="Name, former name, INSEE code, SIREN, postcode.")]
    kind: list[CollectivityKind] | None = None
    departement: Annotated[str, Meta(pattern=r"^[0-9AB]{2,3}$")] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


@routes.get("/referential")
def search(call: Call, query: ReferentialQuery) -> Page[Entry]:
    """Find a collectivité by name or code: the most exact first, then the most populated."""
    return found_in(query)


@routes.get("/referential/communes/{code}")
def commune(call: Call, code: str) -> Entry:
    """The current commune of an INSEE code, of today or of before."""
    return REFERENTIAL.resolve(code)


@routes.get("/referential/{key}")
def entry(call: Call, key: str) -> Entry:
    """One collectivité, by key: `commune-85191`, `epci-248500589`, `departement-85`, `region-52`."""
    return REFERENTIAL.entry(key)


@routes.get("/referential/{key}/members")
def members(call: Call, key: str) -> Page[Entry]:
    """The communes of an EPCI or of a département."""
    return Page(of(key, "commune"))


def found_in(query: ReferentialQuery) -> Page[Entry]:
    return Page(REFERENTIAL.search(query.q, kinds=query.kind or (), departement=query.departement, limit=query.limit))


def of(key: str, kind: CollectivityKind) -> list[Entry]:
    """The collectivités of a kind that an EPCI or a département holds."""
    found = REFERENTIAL.entry(key)
    if found.kind == "departement":
        return REFERENTIAL.of_departement(found.code, kind)
    return REFERENTIAL.members(key) if kind == "commune" else []
