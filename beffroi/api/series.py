"""Series: /series."""

from starlette.responses import Response

from beffroi.api.registry import FORMATS, Id, listed, noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.errors import Conflict, Text
from beffroi.observations import Windows
from beffroi.registry import relations, series
from beffroi.registry.model import Series
from beffroi.registry.relations import Neighbour, RelatedQuery
from beffroi.registry.series import NewSeries, SeriesPatch, SeriesQuery

routes = Routes("series", "What is observed, of what, by what: each series holds the observations of one property.")


@routes.get("/series", produces=FORMATS, answer=Page[Series])
def list_series(call: Call, query: SeriesQuery) -> Page[Series] | Response:
    """Series the caller may see. As CSV or XLSX by `Accept`: all of them, unless a `limit` is asked."""
    return listed(call, "series", "series", query, series.find, series.every)


@routes.post("/series", status=201)
def create(call: Call, body: NewSeries) -> Series:
    """Add a series."""
    with call.writing() as tx:
        return series.create(call.scope, tx, body, now=call.now)


@routes.get("/series/{id}")
def one_series(call: Call, id: Id) -> Series:
    """One series."""
    with call.reading() as tx:
        found = series.get(call.scope, tx, id)
    noted(call, "series", [found], str(id))
    return found


@routes.patch("/series/{id}")
def change(call: Call, id: Id, body: SeriesPatch) -> Series:
    """Change the fields that are given; its observed property and unit stay."""
    with call.writing() as tx:
        return series.change(call.scope, tx, id, body, now=call.now)


@routes.delete("/series/{id}")
def remove(call: Call, id: Id) -> None:
    """Remove a series; refused while a relation names it, or it holds observations."""
    with call.writing() as tx:
        series.remove(call.scope, tx, id, now=call.now)
        if call.rooms.record.latest(Windows.whole([id])).num_rows:
            raise Conflict(
                Text(
                    "Cette série a des observations : supprimez-les d'abord.",
                    "This series holds observations: delete them first.",
                )
            )


@routes.get("/series/{id}/relations")
def related(call: Call, id: Id, query: RelatedQuery) -> Page[Neighbour]:
    """What is related to it, in either direction, with what stands at the other end."""
    with call.reading() as tx:
        found = series.get(call.scope, tx, id)
        neighbours = relations.neighbours(call.scope, tx, "series", id, at=query.at)
    noted(call, "series", [found], str(id))
    return Page(neighbours)
