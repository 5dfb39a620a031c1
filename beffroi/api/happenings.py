"""What happened since the last look, as events to tell people of: from the trail, computations, connections, what
waits in quarantine, and devices that fell silent.

Each source says where its look ended; the next begins there, whatever process makes it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select, union_all

from beffroi.access import audit
from beffroi.access.audit import Line
from beffroi.acquisition.connections import Connection
from beffroi.api.feeds import State
from beffroi.database import Transaction
from beffroi.errors import Text
from beffroi.notifications.kinds import Kind
from beffroi.notifications.told import Event
from beffroi.pipeline.held import held_message
from beffroi.pipeline.quarantine import quarantine
from beffroi.pooling import computations
from beffroi.registry.tables import collectivity, device

PATIENCE = timedelta(minutes=5)
"""that a connection may fail without anybody being told"""
NAMED = 3
"""devices told by their names, where several fell silent together"""
GROWN = 2
"""times what was told of a quarantine, from which it is told again"""


class Look(NamedTuple):
    """What one look found, and where it ended, as JSON."""

    events: list[Event]
    told: Any


def in_trail(tx: Transaction, told: int | None) -> Look:
    """Agreements, moves and files, from the trail: nothing is missed, whoever did it and by whatever door."""
    if told is None:
        return Look([], audit.length(tx))
    lines = audit.since(tx, told, TOLD_OF)
    names = _names(tx, (line.detail[side] for line in lines for side in ("giver", "receiver") if side in line.detail))
    return Look([_of_line(line, names) for line in lines], audit.length(tx))


def in_computations(tx: Transaction, told: str | None, now: datetime) -> Look:
    """Whoever asked for one is told that it ended."""
    if told is None:
        return Look([], now.isoformat())
    ended = computations.ended(tx, datetime.fromisoformat(told))
    last = max((one.ended_at.isoformat() for one in ended if one.ended_at), default=told)
    return Look([_of_computation(one) for one in ended], last)


def in_connections(
    tx: Transaction, told: list[str] | None, open_: Iterable[Connection], states: Mapping[str, State], now: datetime
) -> Look:
    """Those that fail for some minutes, each once until it is well again."""
    before, failing, events = set(told or ()), list[str](), list[Event]()
    for one in open_:
        state = states.get(one.key) or State()
        if state.connected or (state.error is None and one.key not in before):
            continue
        if one.key in before:
            failing.append(one.key)
        elif state.error is not None and now - (state.since or now) >= PATIENCE:
            failing.append(one.key)
            events.append(_of_connection(one, state.error, now))
    return Look(events, sorted(failing))


def in_quarantine(tx: Transaction, told: dict[str, int] | None, now: datetime) -> Look:
    """Of whose messages wait, when there are the first, then each time they doubled."""
    waiting = [
        select(table.c.owner, func.count().label("count")).where(table.c.state == "waiting").group_by(table.c.owner)
        for table in (quarantine, held_message)
    ]
    counts: dict[str, int] = defaultdict(int)
    for owner, count in tx.execute(union_all(*waiting)):
        counts[owner] += count
    if told is None:
        return Look([], dict(counts))
    events, noted = [], {}
    for owner, count in sorted(counts.items()):
        before = told.get(owner, 0)
        grown = count >= max(1, GROWN * before)
        noted[owner] = count if grown else min(before, count)
        if grown:
            events.append(_of_quarantine(owner, count, now))
    return Look(events, noted)


def of_silent(tx: Transaction, fallen: Mapping[str, Collection[int]], now: datetime) -> list[Event]:
    """One event an owner, however many of its devices fell silent together."""
    shown = [one for ids in fallen.values() for one in sorted(ids)[:NAMED]]
    named = select(device.c.id, device.c.name).where(device.c.id.in_(shown))
    names = {row.id: row.name for row in tx.execute(named)}
    return [_of_silence(owner, sorted(ids), names, now) for owner, ids in sorted(fallen.items())]


def _of_agreement(line: Line, giver: str, receiver: str) -> Text:
    match line.action:
        case "agreement.make":
            return Text(f"{giver} partage avec {receiver}.", f"{giver} shares with {receiver}.")
        case "agreement.end":
            return Text(
                f"Le partage de {giver} avec {receiver} a une fin.", f"What {giver} shares with {receiver} will end."
            )
        case _:
            return Text(f"{giver} ne partage plus avec {receiver}.", f"{giver} shares with {receiver} no more.")


def _of_move(line: Line, giver: str, receiver: str) -> Text:
    match line.action:
        case "move.propose":
            return Text(f"{giver} propose de céder à {receiver}.", f"{giver} proposes to hand over to {receiver}.")
        case "move.accept":
            return Text(f"{receiver} a repris ce que {giver} cédait.", f"{receiver} took over what {giver} handed.")
        case _:
            return Text(
                f"Ce que {giver} proposait à {receiver} ne se fera pas.",
                f"What {giver} proposed to {receiver} will not be.",
            )


TOLD_OF: dict[str, Callable[[Line, str, str], Text]] = {
    **dict.fromkeys(("agreement.make", "agreement.revoke", "agreement.end"), _of_agreement),
    **dict.fromkeys(("move.propose", "move.accept", "move.decline"), _of_move),
    "file.ingest": lambda line, giver, receiver: _of_file(line),
}


def _of_line(line: Line, names: Mapping[str, str]) -> Event:
    giver, receiver = (names.get(line.detail.get(side, ""), "") for side in ("giver", "receiver"))
    said = TOLD_OF[line.action](line, giver, receiver)
    if line.action == "file.ingest":
        link, people, mark = f"/collectivities/{line.owner}", (line.actor_key,), f"file:{line.seq}"
        return Event(kind="import", mark=mark, owner=line.owner, at=line.at, said=said, link=link, people=people)
    kind: Kind = "move" if line.action.startswith("move.") else "agreement"
    link = "/devices" if kind == "move" else "/agreements"
    # both sides' trails tell of it: who administers both is told once
    mark = f"{line.action}:{line.subject}:{line.at.isoformat()}"
    return Event(kind=kind, mark=mark, owner=line.owner, at=line.at, said=said, link=link, by=line.actor_key)


def _of_file(line: Line) -> Text:
    name, kept, aside = (line.detail.get(one, 0) for one in ("file", "observations", "quarantined"))
    return Text(
        f"{name}\u00a0: {kept} mesures gardées, {aside} mises en quarantaine.",
        f"{name}: {kept} measurements kept, {aside} in quarantine.",
    )


def _of_computation(one: computations.Computation) -> Event:
    assert one.ended_at
    done = Text("Le calcul demandé est fait.", "The computation you asked for is done.")
    failed = Text("Le calcul demandé n'a pas abouti.", "The computation you asked for failed.")
    return Event(
        kind="computation",
        mark=f"computation:{one.key}",
        owner=None,
        at=one.ended_at,
        said=done if one.state == "done" else failed,
        link="/pooling",
        people=(one.asked.by,),
    )


def _of_connection(one: Connection, error: Text, now: datetime) -> Event:
    return Event(
        kind="connection",
        mark=f"connection:{one.key}:{now.isoformat()}",
        owner=one.owner,
        at=now,
        said=Text(f"{one.name} ne va plus. {error.fr}", f"{one.name} fails. {error.en}"),
        link=f"/connections/{one.key}",
    )


def _of_quarantine(owner: str, count: int, now: datetime) -> Event:
    one = count == 1
    return Event(
        kind="quarantine",
        mark=f"quarantine:{owner}:{now.isoformat()}",
        owner=owner,
        at=now,
        said=Text(
            f"{count} {'message attend' if one else 'messages attendent'} en quarantaine.",
            f"{count} {'message waits' if one else 'messages wait'} in quarantine.",
        ),
        link="/connections",
    )


def _of_silence(owner: str, ids: list[int], names: Mapping[int, str], now: datetime) -> Event:
    shown = ", ".join(names.get(one, str(one)) for one in ids[:NAMED])
    shown += "…" if len(ids) > NAMED else "."
    several = len(ids) > 1
    return Event(
        kind="silence",
        mark=f"silence:{owner}:{now.isoformat()}",
        owner=owner,
        at=now,
        said=Text(
            f"{len(ids)} appareils se taisent\u00a0: {shown}" if several else f"{names.get(ids[0], ids[0])} se tait.",
            f"{len(ids)} devices fell silent: {shown}" if several else f"{names.get(ids[0], ids[0])} fell silent.",
        ),
        link=f"/devices?state=silent&owner={owner}" if several else f"/devices/{ids[0]}",
    )


def _names(tx: Transaction, keys: Iterable[str]) -> dict[str, str]:
    asked = select(collectivity.c.key, collectivity.c.name).where(collectivity.c.key.in_(set(keys)))
    return {row.key: row.name for row in tx.execute(asked)}
