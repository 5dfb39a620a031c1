"""The structure's facts in the accessibility statement that the console shows: /accessibility."""

from datetime import date

import msgspec

from beffroi.api.conformity import Level
from beffroi.api.routing import Call, Routes
from beffroi.registry import structures

routes = Routes("accessibility", "How far the console conforms to the RGAA, and whom to tell what one cannot use.")


class Conformance(msgspec.Struct, frozen=True, omit_defaults=True):
    """`rate`: the share of criteria respected, in percent; absent, like `audited`, when no person made an audit."""

    structure: str
    level: Level
    rate: float | None = None
    audited: date | None = None
    auditor: str = ""
    contact: str = ""
    plan_url: str = ""


@routes.get("/accessibility", public=True)
def conformance(call: Call) -> Conformance:
    """What the law has the structure say, to anybody."""
    with call.reading() as tx:
        name = structures.get(call.scope, tx).name
    told, today = call.rooms.conformity, call.now.date()
    audited = told.holds(today)
    return Conformance(
        structure=name,
        level=told.level(today),
        rate=told.rate if audited else None,
        audited=told.audited if audited else None,
        auditor=told.auditor if audited else "",
        contact=told.contact,
        plan_url=told.plan_url,
    )
