"""The return of pooling to a collectivité: /pooling/returns."""

import msgspec
from starlette.responses import Response

from beffroi.api.papers import PDF, PageQuery, paper
from beffroi.api.routing import Call, Routes
from beffroi.pooling import returns
from beffroi.pooling.cost_models import Year
from beffroi.pooling.deeds import Deed
from beffroi.pooling.paper.yearly import Names, yearly
from beffroi.pooling.returns import Consent, Return
from beffroi.registry import kinds, structures
from beffroi.registry.kinds import KindQuery

routes = Routes("returns", "The return: what a collectivité paid, would have paid alone, what it got, and beside whom.")


class Comparison(msgspec.Struct, frozen=True):
    """`agreed`: since when, None where the member does not agree."""

    agreed: Deed | None


class ReturnYears(msgspec.Struct, frozen=True):
    years: list[int]


@routes.get("/pooling/returns/{member}")
def years(call: Call, member: str) -> ReturnYears:
    """The years of which there is a return, the last first."""
    with call.reading() as tx:
        return ReturnYears(returns.years(call.scope, tx, member))


@routes.get("/pooling/returns/{member}/{year}")
def of(call: Call, member: str, year: Year) -> Return:
    """The return of a collectivité and a year: for its own people and the structure's."""
    with call.reading() as tx:
        return returns.of(call.scope, tx, member, year)


@routes.get("/pooling/returns/{member}/{year}/pdf", produces=(PDF,), answer=bytes)
def on_paper(call: Call, member: str, year: Year, query: PageQuery) -> Response:
    """The return as an accessible PDF, on a page: for its own people and the structure's."""
    with call.reading() as tx:
        found = returns.of(call.scope, tx, member, year)
        members = {member, *(one.member for one in found.peers)}
        listed = kinds.services(call.scope, tx, KindQuery()).items
        names = Names(
            services={one.code: one.name_fr if query.language == "fr" else one.name_en for one in listed},
            members={key: structures.collectivity(call.scope, tx, key) for key in members},
        )
    return paper(yearly(found, names, query.language), f"{member}-{year}")


@routes.put("/pooling/returns/{member}/comparison")
def agree(call: Call, member: str, body: Consent) -> Comparison:
    """Agree to be compared with similar members that agree too, or no longer. For the member's administrators."""
    with call.rooms.database.write() as tx:
        return Comparison(returns.agree(call.scope, tx, member, body, now=call.now))
