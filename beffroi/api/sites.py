"""Sites: /sites."""

from starlette.responses import Response

from beffroi.api.registry import FORMATS, Id, listed, noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.registry import relations, sites
from beffroi.registry.model import Site
from beffroi.registry.relations import Neighbour, RelatedQuery
from beffroi.registry.sites import NewSite, SitePatch, SiteQuery

routes = Routes("sites", "The places collectivités look after.")


@routes.get("/sites", produces=FORMATS, answer=Page[Site])
def list_sites(call: Call, query: SiteQuery) -> Page[Site] | Response:
    """Sites the caller may see. As CSV or XLSX by `Accept`: all of them, unless a `limit` is asked."""
    return listed(call, "sites", "site", query, sites.find, sites.every)


@routes.post("/sites", status=201)
def create(call: Call, body: NewSite) -> Site:
    """Add a site."""
    with call.writing() as tx:
        return sites.create(call.scope, tx, body, now=call.now)


@routes.get("/sites/{id}")
def site(call: Call, id: Id) -> Site:
    """One site."""
    with call.reading() as tx:
        found = sites.get(call.scope, tx, id)
    noted(call, "site", [found], str(id))
    return found


@routes.patch("/sites/{id}")
def change(call: Call, id: Id, body: SitePatch) -> Site:
    """Change the fields that are given."""
    with call.writing() as tx:
        return sites.change(call.scope, tx, id, body, now=call.now)


@routes.delete("/sites/{id}")
def remove(call: Call, id: Id) -> None:
    """Remove a site; refused while an asset, a device or a relation names it."""
    with call.writing() as tx:
        sites.remove(call.scope, tx, id, now=call.now)


@routes.get("/sites/{id}/relations")
def related(call: Call, id: Id, query: RelatedQuery) -> Page[Neighbour]:
    """What is related to it, in either direction, with what stands at the other end."""
    with call.reading() as tx:
        found = sites.get(call.scope, tx, id)
        neighbours = relations.neighbours(call.scope, tx, "site", id, at=query.at)
    noted(call, "site", [found], str(id))
    return Page(neighbours)
