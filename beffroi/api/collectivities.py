"""The collectivités of this instance: /collectivities."""

from beffroi.api.overview import CollectivityNow, overview
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.registry import structures
from beffroi.registry.fields import Key
from beffroi.registry.model import Collectivity
from beffroi.registry.structures import CollectivityQuery

routes = Routes("collectivities", "The collectivités of this instance: which they are is public, not what they own.")


@routes.get("/collectivities")
def collectivities(call: Call, query: CollectivityQuery) -> Page[Collectivity]:
    """The structure and its members."""
    with call.reading() as tx:
        return structures.collectivities(call.scope, tx, query)


@routes.get("/collectivities/{key}")
def collectivity(call: Call, key: Key) -> Collectivity:
    """One collectivité, by key: `commune-85191`."""
    with call.reading() as tx:
        return structures.collectivity(call.scope, tx, key)


@routes.get("/collectivities/{key}/overview")
def now(call: Call, key: Key) -> CollectivityNow:
    """Its services in figures, and what needs attention, as far as the caller sees it."""
    with call.reading() as tx:
        structures.collectivity(call.scope, tx, key)
    return overview(call, key)
