"""Relations between things: /relations."""

from starlette.responses import Response

from beffroi.api.registry import FORMATS, Id, listed, noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.registry import relations
from beffroi.registry.model import Relation
from beffroi.registry.relations import NewRelation, RelationPatch, RelationQuery

routes = Routes("relations", "How things hold together, through time: fed by, located in, measures, part of, reaches.")


@routes.get("/relations", produces=FORMATS, answer=Page[Relation])
def list_relations(call: Call, query: RelationQuery) -> Page[Relation] | Response:
    """Relations the caller may see. As CSV or XLSX by `Accept`: all of them, unless a `limit` is asked."""
    return listed(call, "relations", "relation", query, relations.find, relations.every)


@routes.post("/relations", status=201)
def create(call: Call, body: NewRelation) -> Relation:
    """Relate two things: the right to edit the source is needed, and to see the target."""
    with call.writing() as tx:
        return relations.create(call.scope, tx, body, now=call.now)


@routes.get("/relations/{id}")
def relation(call: Call, id: Id) -> Relation:
    """One relation."""
    with call.reading() as tx:
        found = relations.get(call.scope, tx, id)
    noted(call, "relation", [found], str(id))
    return found


@routes.patch("/relations/{id}")
def change(call: Call, id: Id, body: RelationPatch) -> Relation:
    """End a relation, or have it go on."""
    with call.writing() as tx:
        return relations.change(call.scope, tx, id, body, now=call.now)


@routes.delete("/relations/{id}")
def remove(call: Call, id: Id) -> None:
    """Remove a relation that was never true; what is true no more is ended instead."""
    with call.writing() as tx:
        relations.remove(call.scope, tx, id, now=call.now)
