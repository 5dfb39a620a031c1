"""What becomes of a downlink once it may leave: handed over once, followed by what its network tells, ended by the
clock.

`begun_at` is committed before anything leaves. What has it is never handed over again: whatever dies between the two,
a device is never told twice. Whether the network had it is then unknown, and said so, until the network tells.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, insert, or_, select, update

from beffroi.acquisition.downlinks.model import State, StepName, downlink, downlink_step, reach
from beffroi.acquisition.downlinks.networks import own_key
from beffroi.acquisition.messages import Acknowledged, Failed, Logged, Message, Sent
from beffroi.database import Transaction
from beffroi.errors import Text
from beffroi.registry import tables

TOGETHER = 200
"""handed over in one turn"""
OPEN: tuple[State, ...] = ("awaiting-approval", "queued")
INTERRUPTED = Text(
    "L'envoi a été interrompu : le réseau l'a peut-être. Il n'est pas refait, pour ne pas commander deux fois.",
    "Handing it over was interrupted: the network may have it. It is not done again, so as not to command twice.",
)
LAID_BACK = Text(
    "Une sauvegarde a été restaurée : cette commande est peut-être partie depuis. Elle n'est pas refaite.",
    "A backup was restored: this downlink may have left since. It is not done again.",
)
GONE = Text("L'appareil ou la connexion n'est plus là.", "The device or the connection is no longer there.")
UNANSWERED = Text(
    "L'appareil n'en a pas accusé réception avant l'échéance.", "The device did not acknowledge it before the deadline."
)
UNSENT = Text("Non émis avant l'échéance.", "Not sent before the deadline.")
NOT_ACKNOWLEDGED = Text("L'appareil n'a pas accusé réception.", "The device did not acknowledge it.")


class Due(NamedTuple):
    """A downlink that may leave. `whole`: its device and owner are still what they were when it was asked."""

    id: int
    key: str
    owner: str
    device: int
    code: str
    connection: str
    port: int
    payload: bytes
    confirmed: bool
    expires_at: datetime
    application: str | None
    name: str | None
    whole: bool


def due(tx: Transaction, *, now: datetime) -> list[Due]:
    """The eldest first."""
    d, r, v = downlink.c, reach.c, tables.device.c
    same = and_(v.id == d.device, v.owner == d.owner, v.code == d.device_code)
    by_it = and_(r.device == d.device, r.connection == d.connection)
    asked = (
        select(
            d.id, d.key, d.owner, d.device, d.device_code.label("code"), d.connection, d.port, d.payload,
            d.confirmed, d.expires_at,
            r.application, r.name, v.id.is_not(None).label("whole"),
        )
        .select_from(downlink.outerjoin(reach, by_it).outerjoin(tables.device, same))
        .where(d.state == "queued", d.begun_at.is_(None), d.expires_at > now)
        .order_by(d.id)
        .limit(TOGETHER)
    )  # fmt: skip
    return [Due(**row) for row in tx.execute(asked).mappings()]


def begin(tx: Transaction, id_: int, *, now: datetime) -> bool:
    """Whether it may leave now: no one else took it, cancelled it, or let it expire. Commit before it leaves."""
    chosen = update(downlink).where(
        downlink.c.id == id_, downlink.c.state == "queued", downlink.c.begun_at.is_(None), downlink.c.expires_at > now
    )
    return bool(tx.execute(chosen.values(begun_at=now)).rowcount)


def postpone(tx: Transaction, id_: int, why: Text) -> None:
    """Nothing left: it may be begun again; `why` is shown meanwhile."""
    chosen = update(downlink).where(downlink.c.id == id_, downlink.c.handed_at.is_(None))
    tx.execute(chosen.values(begun_at=None, reason_fr=why.fr, reason_en=why.en))


def handed(tx: Transaction, id_: int, *, network_key: str, now: datetime) -> None:
    """The network has it, and calls it `network_key`."""
    row = tx.execute(select(downlink.c.handed_at).where(downlink.c.id == id_)).one_or_none()
    if row is not None and row.handed_at is None:
        chosen = update(downlink).where(downlink.c.id == id_)
        tx.execute(chosen.values(handed_at=now, network_key=network_key, reason_fr=None, reason_en=None))
        step(tx, id_, "handed-over", now)


def fail(tx: Transaction, id_: int, reason: Text, *, now: datetime, uncertain: bool = False) -> None:
    """The network refused it; or, `uncertain`, nobody knows whether it has it."""
    _turn(tx, id_, "failed", "uncertain" if uncertain else "failed", now, reason)


def resume(tx: Transaction, *, now: datetime) -> int:
    """What was being handed over when the process died. To be called before anything is."""
    d = downlink.c
    asked = select(d.id).where(d.state == "queued", d.begun_at.is_not(None), d.handed_at.is_(None))
    ids = list(tx.execute(asked).scalars())
    for one in ids:
        fail(tx, one, INTERRUPTED, now=now, uncertain=True)
    return len(ids)


def laid_back(tx: Transaction, *, now: datetime) -> int:
    """A backup was laid: what had not left when it was made may have since, and does not leave again."""
    ids = list(tx.execute(select(downlink.c.id).where(downlink.c.state.in_(OPEN))).scalars())
    for one in ids:
        fail(tx, one, LAID_BACK, now=now, uncertain=True)
    return len(ids)


def expire(tx: Transaction, *, now: datetime) -> int:
    """Those whose deadline has passed: not approved, not sent, or sent and not acknowledged though they had to be."""
    found = tx.execute(_late(now).limit(1000)).all()
    for id_, state in found:
        _turn(tx, id_, "expired", "expired", now, UNANSWERED if state == "sent" else UNSENT)
    return len(found)


def any_late(tx: Transaction, *, now: datetime) -> bool:
    """Whether `expire` has anything to do."""
    return tx.execute(_late(now).limit(1)).first() is not None


def _late(now: datetime) -> Select[Any]:
    d = downlink.c
    waiting = or_(d.state.in_(OPEN), and_(d.state == "sent", d.confirmed))
    return select(d.id, d.state).where(waiting, d.expires_at <= now)


class Told(NamedTuple):
    """What a network said, and by which connection."""

    connection: str
    message: Message


def tells(message: Message) -> bool:
    """Whether it may be of a downlink."""
    return isinstance(message, Sent | Acknowledged | Failed) or (isinstance(message, Logged) and _logged(message) != "")


def follow(tx: Transaction, told: Sequence[Told]) -> None:
    """Bring downlinks to where their network says they are. What is told again, or late, changes nothing."""
    for one in told:
        row = _found(tx, one)
        if row is None:
            continue
        match one.message:
            case Sent():
                _sent(tx, row, one.message)
            case Acknowledged(acknowledged=True):
                _turn_from(tx, row, ("queued", "sent", "failed", "expired"), "acknowledged", "acknowledged", one)
            case Acknowledged():
                reason = NOT_ACKNOWLEDGED
                _turn_from(tx, row, ("queued", "sent"), "failed", "not-acknowledged", one, reason)
            case Failed(code=code, description=description):
                _turn_from(tx, row, ("queued",), "failed", "failed", one, _words(code, description))
            case Logged(code="downlink_queued"):
                _has_it(tx, row, one.message.time)
            case Logged(code="EXPIRED"):
                _turn_from(tx, row, ("queued",), "expired", "expired", one, UNSENT)
            case Logged(code=code, description=description):
                _turn_from(tx, row, ("queued",), "failed", "failed", one, _words(code, description))


def step(
    tx: Transaction, id_: int, name: StepName, at: datetime, *, by: str | None = None, note: Text | None = None
) -> None:
    said = {"note_fr": note.fr, "note_en": note.en} if note else {"note_fr": None, "note_en": None}
    tx.execute(insert(downlink_step).values(downlink=id_, step=name, at=at, by=by, **said))


def _sent(tx: Transaction, row: Any, message: Sent) -> None:
    if row.state in ("queued", "failed", "expired") and row.begun:
        _has_it(tx, row, message.time)
        values = {"counter": message.downlink_counter}
        tx.execute(update(downlink).where(downlink.c.id == row.id).values(values))
        _turn(tx, row.id, "sent", "sent", message.time, None)


def _has_it(tx: Transaction, row: Any, at: datetime) -> None:
    if row.handed_at is None:
        handed(tx, row.id, network_key=row.network_key or row.key, now=at)


def _found(tx: Transaction, one: Told) -> Any:
    """By the network's key of it, or the counter of a frame that was sent."""
    d, message = downlink.c, one.message
    key = _logged(message) if isinstance(message, Logged) else getattr(message, "downlink", None)
    sending = d.begun_at.is_not(None).label("begun")
    columns = select(d.id, d.key, d.state, d.handed_at, d.network_key, sending)
    asked = columns.where(d.connection == one.connection)
    if key:
        named = asked.where(or_(d.network_key == key, d.key == own_key(key)))
        return tx.execute(named.order_by(d.id.desc()).limit(1)).one_or_none()
    counter = getattr(message, "downlink_counter", None)
    if not isinstance(message, Acknowledged) or counter is None or message.device is None:
        return None
    device = tables.device.c
    codes = {message.device, message.device.upper(), message.device.lower()}
    same = asked.where(d.counter == counter, d.device.in_(select(device.id).where(device.code.in_(codes))))
    return tx.execute(same.where(d.state == "sent").order_by(d.id.desc()).limit(1)).one_or_none()


def _logged(message: Logged) -> str:
    """The downlink that a network's note is about: ChirpStack's `queue_item_id`, our own correlation identifier."""
    told = message.detail.get("queue_item_id") or message.detail.get("downlink") or ""
    return told if isinstance(told, str) else ""


def _turn_from(
    tx: Transaction,
    row: Any,
    states: Iterable[State],
    state: State,
    name: StepName,
    one: Told,
    reason: Text | None = None,
) -> None:
    if row.state in states and row.begun:
        _turn(tx, row.id, state, name, one.message.time, reason)


def _turn(tx: Transaction, id_: int, state: State, name: StepName, at: datetime, reason: Text | None) -> None:
    values: dict[str, Any] = {"state": state, "state_at": at}
    values |= {"reason_fr": reason and reason.fr, "reason_en": reason and reason.en}
    tx.execute(update(downlink).where(downlink.c.id == id_).values(values))
    step(tx, id_, name, at, note=reason)


def _words(code: str | None, description: str | None) -> Text:
    told = ": ".join(one for one in (code, description) if one) or "?"
    return Text(f"Le réseau dit : {told}", f"The network says: {told}")
