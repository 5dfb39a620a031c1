"""Moving assets and devices between collectivités: /moves."""

from typing import Literal

import msgspec

from beffroi.api.registry import Id
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.registry import moves
from beffroi.registry.fields import Instant, Owner
from beffroi.registry.model import Move
from beffroi.registry.moves import Movable, Outcome, Proposal, ProposalQuery

routes = Routes("moves", "An asset or a device passes, with its series, from one collectivité to another.")


class NewMove(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`past` says who sees what was observed before `at`: the `former` owner, the `new` one, or `both`."""

    subject: Movable
    id: Id
    to: Owner
    at: Instant
    past: Literal["former", "new", "both"]


@routes.get("/moves")
def list_moves(call: Call, query: ProposalQuery) -> Page[Proposal]:
    """Moves given or received by what the caller administers."""
    with call.reading() as tx:
        return moves.find(call.scope, tx, query)


@routes.post("/moves", status=201)
def propose(call: Call, body: NewMove) -> Outcome:
    """Propose a move to its receiver; done at once when the caller administers both sides."""
    with call.writing() as tx:
        return moves.move(call.scope, tx, body.subject, body.id, Move(body.to, body.at, body.past), now=call.now)


@routes.get("/moves/{id}")
def one_move(call: Call, id: Id) -> Proposal:
    """One move."""
    with call.reading() as tx:
        return moves.get(call.scope, tx, id)


@routes.post("/moves/{id}/acceptance")
def accept(call: Call, id: Id) -> Outcome:
    """Take the thing over. For the receiver's administrators."""
    with call.writing() as tx:
        return moves.accept(call.scope, tx, id, now=call.now)


@routes.delete("/moves/{id}", status=200)
def decline(call: Call, id: Id) -> Proposal:
    """Refuse what is proposed, or withdraw what one proposed."""
    with call.writing() as tx:
        return moves.decline(call.scope, tx, id, now=call.now)
