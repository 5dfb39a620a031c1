"""Many things changed or moved in one go: each told what became of it, nothing kept of a dry run, all of it undone."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import insert, select, update

from beffroi.access import Right, Scope
from beffroi.database import Transaction, new_key
from beffroi.errors import BeffroiError, Conflict, Fault, Invalid, NotFound, Text
from beffroi.registry import moves, moving_back, things
from beffroi.registry.assets import AssetPatch
from beffroi.registry.devices import DevicePatch
from beffroi.registry.fields import Instant, Known, Owner, ThingId
from beffroi.registry.model import Move
from beffroi.registry.moves import NOUNS, Movable
from beffroi.registry.moving_back import Standing
from beffroi.registry.tables import bulk_change

MOST = 500
PATCHES: dict[Movable, type[DevicePatch] | type[AssetPatch]] = {"device": DevicePatch, "asset": AssetPatch}
State = Literal["done", "proposed", "unchanged", "refused"]


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`asset` and `model` are a device's alone."""

    service: Known | UnsetType = UNSET
    site: ThingId | UnsetType | None = UNSET
    asset: ThingId | UnsetType | None = UNSET
    model: Known | UnsetType | None = UNSET


class Moving(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """As one move: `past` says who sees what was observed before `at`, which is now unless told."""

    to: Owner
    past: Literal["former", "new", "both"]
    at: Instant | None = None


class BulkAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Either `change` or `move`. `dry_run`: what would become of each is told, and nothing kept."""

    subject: Movable
    ids: Annotated[list[ThingId], Meta(min_length=1, max_length=MOST)]
    change: Change | None = None
    move: Moving | None = None
    dry_run: bool = False


class Became(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of one thing. `proposed`: its receiver has to accept. `why`: it was refused. No name of what one may not see."""

    id: int
    state: State
    name: str = ""
    owner: str = ""
    why: Text | None = None


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """`key`: by which it is undone; none when nothing was kept."""

    items: list[Became]
    key: str | None = None


class Changed(msgspec.Struct, frozen=True, tag="changed"):
    subject: Movable
    id: int
    before: dict[str, Any]
    after: dict[str, Any]


class Proposed(msgspec.Struct, frozen=True, tag="proposed"):
    subject: Movable
    id: int
    proposal: int


class Passed(msgspec.Struct, frozen=True, tag="passed"):
    subject: Movable
    id: int
    proposal: int
    before: Standing
    after: Standing


Step = Changed | Proposed | Passed


def apply(scope: Scope, tx: Transaction, asked: BulkAsked, *, now: datetime) -> Outcome:
    """Raises `Invalid` unless exactly one thing is asked; what may not be done to one thing keeps no other from it."""
    do = _deed(asked, now)
    steps: list[Step] = []

    def one(id_: int) -> State:
        found = do(scope, tx, id_)
        steps.extend(found)
        return "proposed" if found and isinstance(found[0], Proposed) else "done" if found else "unchanged"

    trying = tx.begin_nested()
    items = _each(scope, tx, [(asked.subject, id_) for id_ in dict.fromkeys(asked.ids)], lambda _, id_: one(id_))
    if asked.dry_run or not steps:
        trying.rollback()
        return Outcome(items)
    key = new_key("bulk")
    row = {"key": key, "by": scope.actor.key, "at": now, "steps": msgspec.json.encode(steps).decode()}
    tx.execute(insert(bulk_change).values(row))
    trying.commit()
    return Outcome(items, key)


def undo(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Outcome:
    """By who did it. What changed since stays as it is, and is told."""
    row = tx.execute(
        select(bulk_change).where(bulk_change.c.key == key, bulk_change.c.by == scope.actor.key)
    ).one_or_none()
    if row is None:
        raise NotFound(Text("changement", "change"), key)
    if row.undone_at is not None:
        raise Conflict(Text("Ce changement est déjà annulé.", "This change is undone already."))
    steps = {one.id: one for one in reversed(msgspec.json.decode(row.steps, type=list[Step]))}

    def one(_: Movable, id_: int) -> State:
        _undo(scope, tx, steps[id_], now)
        return "done"

    items = _each(scope, tx, [(step.subject, id_) for id_, step in steps.items()], one)
    tx.execute(update(bulk_change).where(bulk_change.c.key == key).values(undone_at=now))
    return Outcome(items)


def _deed(asked: BulkAsked, now: datetime) -> Callable[[Scope, Transaction, int], list[Step]]:
    if (asked.change is None) == (asked.move is None):
        raise Invalid("change", Text("«\u00a0change\u00a0» ou «\u00a0move\u00a0»", "“change” or “move”"))
    if asked.move is not None:
        move = Move(asked.move.to, asked.move.at or now, asked.move.past)
        return lambda scope, tx, id_: [_move(scope, tx, asked.subject, id_, move, now)]
    wanted = msgspec.structs.asdict(asked.change or Change())
    given = {name: value for name, value in wanted.items() if value is not UNSET}
    if strange := [name for name in given if name not in PATCHES[asked.subject].__struct_fields__]:
        said = Text("n'est pas de ces choses", "is not of these things")
        raise Invalid.of([Fault(f"change.{name}", said) for name in strange])
    if not given:
        raise Invalid("change", Text("rien à changer", "nothing to change"))
    return lambda scope, tx, id_: _change(scope, tx, asked.subject, id_, given, now)


def _each(
    scope: Scope, tx: Transaction, some: Iterable[tuple[Movable, int]], do: Callable[[Movable, int], State]
) -> list[Became]:
    """Each by itself: what is refused leaves nothing behind."""
    items = []
    for subject, id_ in some:
        name = owner = ""
        try:
            thing = things.get(scope, tx, NOUNS[subject], id_)
            name, owner = thing.name, thing.owner
            with tx.begin_nested():
                items.append(Became(id_, do(subject, id_), name, owner))
        except BeffroiError as error:
            why = error.faults[0].text if isinstance(error, Invalid) else error.text
            items.append(Became(id_, "refused", name, owner, why))
    return items


def _change(
    scope: Scope, tx: Transaction, subject: Movable, id_: int, given: dict[str, Any], now: datetime
) -> list[Step]:
    thing = things.get(scope, tx, NOUNS[subject], id_, Right.EDIT)
    before = {name: getattr(thing, name) for name in given}
    if before == given:
        return []
    things.change(scope, tx, NOUNS[subject], id_, PATCHES[subject](**given), now=now)
    return [Changed(subject, id_, before, given)]


def _move(scope: Scope, tx: Transaction, subject: Movable, id_: int, move: Move, now: datetime) -> Step:
    before = moving_back.standing(tx, subject, id_)
    outcome = moves.move(scope, tx, subject, id_, move, now=now)
    if outcome.moved is None:
        return Proposed(subject, id_, outcome.proposal.id)
    return Passed(subject, id_, outcome.proposal.id, before, moving_back.standing(tx, subject, id_))


def _undo(scope: Scope, tx: Transaction, step: Step, now: datetime) -> None:
    match step:
        case Changed(subject, id_, before, after):
            thing = things.get(scope, tx, NOUNS[subject], id_, Right.EDIT)
            if any(getattr(thing, name) != value for name, value in after.items()):
                raise Conflict(Text("Ceci a changé entre-temps.", "This changed meanwhile."))
            things.change(scope, tx, NOUNS[subject], id_, PATCHES[subject](**before), now=now)
        case Proposed(_, _, proposal):
            moves.decline(scope, tx, proposal, now=now)
        case Passed(_, _, proposal, before, after):
            moving_back.restore(scope, tx, before, after)
            moves.note_undone(scope, tx, proposal, now=now)
