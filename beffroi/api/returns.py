"""The return of pooling to a collectivité: /pooling/returns."""

import msgspec

from beffroi.api.routing import Call, Routes
from beffroi.pooling import returns
from beffroi.pooling.cost_models import Year
from beffroi.pooling.deeds import Deed
from beffroi.pooling.returns import Consent, Return

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


@routes.put("/pooling/returns/{member}/comparison")
def agree(call: Call, member: str, body: Consent) -> Comparison:
    """Agree to be compared with similar members that agree too, or no longer. For the member's administrators."""
    with call.rooms.database.write() as tx:
        return Comparison(returns.agree(call.scope, tx, member, body, now=call.now))
