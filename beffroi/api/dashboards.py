"""Dashboards: /dashboards, and what the public sees of them: /shown."""

from dataclasses import replace
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.responses import Response

from beffroi.api import formats, observations
from beffroi.api.observations import AggregateQuery, LatestQuery, ObservationPage, RangeQuery
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.errors import NotFound, Text
from beffroi.publication import dashboards
from beffroi.publication.dashboards import Card, Dashboard, DashboardChange, DashboardQuery, NewDashboard
from beffroi.registry import series as registry_series
from beffroi.registry import structures
from beffroi.registry.model import ValueKind
from beffroi.registry.series import SeriesQuery

routes = Routes("dashboards", "Dashboards of a collectivité, for its people, and for the public where it says so.")

Link = Annotated[str, Meta(min_length=1, max_length=100)]


class ShownSeries(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the public is told of a series."""

    id: int
    name: str
    observed_property: str
    value_kind: ValueKind
    unit: str
    simulated: bool = False


class Shown(msgspec.Struct, frozen=True):
    """A dashboard as the public sees it. `owner`: its name."""

    name: str
    owner: str
    time_zone: str
    cards: list[Card]
    series: list[ShownSeries]


@routes.get("/dashboards")
def list_dashboards(call: Call, query: DashboardQuery) -> Page[Dashboard]:
    """Those of the collectivités in which the caller has a role."""
    with call.reading() as tx:
        return dashboards.find(call.scope, tx, query)


@routes.post("/dashboards", status=201)
def make(call: Call, body: NewDashboard) -> Dashboard:
    """Make a dashboard."""
    with call.rooms.database.write() as tx:
        return dashboards.make(call.scope, tx, body, now=call.now)


@routes.get("/dashboards/{key}")
def dashboard(call: Call, key: str) -> Dashboard:
    """One dashboard. Its series are read by the rights of whoever looks."""
    with call.reading() as tx:
        return dashboards.get(call.scope, tx, key)


@routes.put("/dashboards/{key}")
def change(call: Call, key: str, body: DashboardChange) -> Dashboard:
    """Change its name and its cards. While it is public, for the owner's administrators."""
    with call.rooms.database.write() as tx:
        return dashboards.change(call.scope, tx, key, body, now=call.now)


@routes.delete("/dashboards/{key}")
def remove(call: Call, key: str) -> None:
    """Remove a dashboard, its public address with it."""
    with call.rooms.database.write() as tx:
        dashboards.remove(call.scope, tx, key, now=call.now)


@routes.post("/dashboards/{key}/publication")
def publish(call: Call, key: str) -> Dashboard:
    """Give it a public address, another one when it has one. For the owner's administrators."""
    with call.rooms.database.write() as tx:
        return dashboards.publish(call.scope, tx, key, now=call.now)


@routes.delete("/dashboards/{key}/publication", status=200)
def withdraw(call: Call, key: str) -> Dashboard:
    """Its public address shows nothing any more."""
    with call.rooms.database.write() as tx:
        return dashboards.withdraw(call.scope, tx, key, now=call.now)


@routes.get("/shown/{link}", public=True)
def shown(call: Call, link: Link) -> Shown:
    """A dashboard made public: no account is needed."""
    with call.reading() as tx:
        found = dashboards.published(tx, link)
        scope = found.public_scope
        owner = structures.collectivity(scope, tx, found.owner)
        named = SeriesQuery(series=found.series) if found.series else None
        series = list(registry_series.every(scope, tx, named)) if named else []
    told = [
        ShownSeries(one.id, one.name, one.observed_property, one.value_kind, one.unit, one.simulated) for one in series
    ]
    visible = {one.id for one in told}
    cards = [
        msgspec.structs.replace(card, series=[one for one in card.series if one in visible]) for card in found.cards
    ]
    return Shown(found.name, owner.name, call.rooms.time_zone, cards, told)


@routes.get("/shown/{link}/observations", public=True, produces=formats.PRODUCED, answer=ObservationPage, short=True)
def read(call: Call, link: Link, query: RangeQuery) -> Response:
    """As /observations, of the series of a public dashboard: they must be named."""
    answer: Response = observations.read(_public(call, link, query), query)
    return answer


@routes.get("/shown/{link}/observations/latest", public=True, produces=formats.PRODUCED, answer=ObservationPage)
def latest(call: Call, link: Link, query: LatestQuery) -> Response:
    """As /observations/latest, of the series of a public dashboard: they must be named."""
    answer: Response = observations.latest(_public(call, link, query), query)
    return answer


@routes.get(
    "/shown/{link}/observations/aggregate",
    public=True,
    produces=formats.PRODUCED,
    answer=dict[str, list[float | int | str | None]],
    short=True,
)
def aggregate(call: Call, link: Link, query: AggregateQuery) -> Response:
    """As /observations/aggregate, of the series of a public dashboard: they must be named."""
    answer: Response = observations.aggregate(_public(call, link, query), query)
    return answer


def _public(call: Call, link: str, query: Any) -> Call:
    """The call, by the eyes of the public. The series asked must all be on the dashboard: nothing else is looked at."""
    with call.reading() as tx:
        found = dashboards.published(tx, link)
    named = set(found.series)
    if not query.series:
        raise NotFound(Text("série", "series"), "")
    for one in query.series:
        if one not in named:
            raise NotFound(Text("série", "series"), one)
    return replace(call, scope=found.public_scope)
