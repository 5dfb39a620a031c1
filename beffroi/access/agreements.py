"""Sharing agreements: a collectivité lets another read or operate one subject, for a purpose and a period."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from sqlalchemy import ColumnElement, and_, insert, or_, select, true, update

from beffroi.access import audit
from beffroi.access.inputs import Instant, Key, Prose, dated
from beffroi.access.scope import Right, Scope, Share
from beffroi.access.tables import agreement
from beffroi.database import Page, Transaction, new_key, page_of, struct_of
from beffroi.errors import Fault, Invalid, NotFound, Text

RIGHTS = {"read": Right.READ, "operate": Right.OPERATE}
Direction = Literal["given", "received"]


class Agreement(msgspec.Struct, frozen=True, omit_defaults=True):
    """`giver` lets `receiver` use one of `service`, `asset_kind`, `series`, from `valid_from` until `valid_until` or
    `revoked_at`, half-open. What was observed before `since` stays hidden. `origin` names what made it, when it was not
    a person: `adhesion:12`."""

    key: str
    giver: str
    receiver: str
    right: Literal["read", "operate"]
    purpose: str
    valid_from: datetime
    created: datetime
    created_by: str
    service: str | None = None
    asset_kind: str | None = None
    series: list[int] | None = None
    valid_until: datetime | None = None
    since: datetime | None = None
    origin: str = ""
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def holds(self, now: datetime) -> bool:
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What of the giver's would be given: exactly one of `service`, `asset_kind`, `series`."""

    giver: Key
    service: Key | None = None
    asset_kind: Key | None = None
    series: (
        Annotated[list[Annotated[int, msgspec.Meta(ge=1, lt=2**53)]], msgspec.Meta(min_length=1, max_length=10_000)]
        | None
    ) = None

    @property
    def share(self) -> Share:
        """The least that an agreement on it opens."""
        named = None if self.series is None else frozenset(self.series)
        return Share("", self.giver, Right.READ, self.service, self.asset_kind, named)


class NewAgreement(Subject, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`valid_from` is now when absent. `past`: whether what was observed before `valid_from` is given too."""

    receiver: Key
    right: Literal["read", "operate"]
    purpose: Prose
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    past: bool = False


COLUMNS = [agreement.c[name] for name in Agreement.__struct_fields__]


def make(scope: Scope, tx: Transaction, new: NewAgreement, *, now: datetime, origin: str = "") -> Agreement:
    """Only administrators of the giver may. That the receiver, the subject and the ownership of the series exist is
    checked by the caller, who knows the registry."""
    scope.require(Right.ADMINISTER, new.giver)
    starts = new.valid_from or now
    _check(new, starts, now)
    made = Agreement(
        key=new_key("agr"),
        giver=new.giver,
        receiver=new.receiver,
        right=new.right,
        purpose=new.purpose.strip(),
        valid_from=starts,
        created=now,
        created_by=scope.actor.key,
        service=new.service,
        asset_kind=new.asset_kind,
        series=new.series and sorted(set(new.series)),
        valid_until=new.valid_until,
        since=None if new.past else starts,
        origin=origin,
    )
    tx.execute(insert(agreement).values(msgspec.structs.asdict(made)))
    _note(scope, tx, "agreement.make", made, now)
    return made


def find(
    scope: Scope,
    tx: Transaction,
    *,
    now: datetime,
    collectivity: str | None = None,
    direction: Direction | None = None,
    current: bool = False,
    after: str | None = None,
    limit: int = 100,
) -> Page[Agreement]:
    """Agreements given or received by what the actor administers (or by one `collectivity` of it); `current` leaves out
    those revoked or over."""
    if collectivity:
        scope.require(Right.ADMINISTER, collectivity)
    sides = {"given": (agreement.c.giver,), "received": (agreement.c.receiver,), None: _SIDES}[direction]
    statement = select(*COLUMNS).where(
        _visible(scope, sides),
        or_(*(side == collectivity for side in sides)) if collectivity else true(),
        _not_over(now) if current else true(),
    )
    return page_of(tx, statement, Agreement, key=agreement.c.key, after=after, limit=limit)


def get(scope: Scope, tx: Transaction, key: str) -> Agreement:
    """One that the actor's collectivité gave or received."""
    statement = select(*COLUMNS).where(_visible(scope, _SIDES), agreement.c.key == key)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("convention de partage", "sharing agreement"), key)
    return _agreement(row)


def revoke(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Agreement:
    """The giver takes it back, or the receiver renounces it; from the next request on. Revoking twice is once."""
    found = get(scope, tx, key)
    if found.revoked_at is not None:
        return found
    values = {"revoked_at": now, "revoked_by": scope.actor.key}
    tx.execute(update(agreement).where(agreement.c.key == key).values(values))
    _note(scope, tx, "agreement.revoke", found, now)
    return msgspec.structs.replace(found, revoked_at=now, revoked_by=scope.actor.key)


def revoke_origin(scope: Scope, tx: Transaction, origin: str, *, now: datetime, at: datetime | None = None) -> int:
    """Ends the agreements made by `origin`, now or `at` a later instant; how many. As for `revoke`, only the giver's
    or the receiver's administrators reach them."""
    statement = select(*COLUMNS).where(_visible(scope, _SIDES), agreement.c.origin == origin, _not_over(now))
    found = [_agreement(row) for row in tx.execute(statement).mappings()]
    for one in found:
        if at is None or at <= now:
            revoke(scope, tx, one.key, now=now)
        elif one.valid_until is None or at < one.valid_until:
            tx.execute(update(agreement).where(agreement.c.key == one.key).values(valid_until=at))
            _note(scope, tx, "agreement.end", msgspec.structs.replace(one, valid_until=at), now)
    return len(found)


def received(tx: Transaction, receivers: Iterable[str], now: datetime) -> list[Agreement]:
    """Those in force, or that will be, for any of `receivers`; for the rooms."""
    statement = select(*COLUMNS).where(agreement.c.receiver.in_(list(receivers)), _not_over(now))
    return [_agreement(row) for row in tx.execute(statement.order_by(agreement.c.key)).mappings()]


def in_force(tx: Transaction, receivers: Mapping[str, Right], now: datetime) -> list[Share]:
    """What agreements give at `now` to an actor holding these rights in the receiving collectivités."""
    return [share_of(one, receivers[one.receiver]) for one in received(tx, receivers, now) if one.holds(now)]


def share_of(one: Agreement, held: Right) -> Share:
    """An agreement to operate only lets read who does not operate in the receiving collectivité."""
    return Share(
        agreement=one.key,
        giver=one.giver,
        right=Right.OPERATE if one.right == "operate" and held >= Right.OPERATE else Right.READ,
        service=one.service,
        asset_kind=one.asset_kind,
        series=None if one.series is None else frozenset(one.series),
        since=one.since,
    )


_SIDES = (agreement.c.giver, agreement.c.receiver)


def one_subject(of: Subject) -> list[Fault]:
    """The fault of naming none, or several."""
    if (of.service, of.asset_kind, of.series).count(None) == 2:
        return []
    one = Text(
        "exactement un sujet attendu : «\u00a0service\u00a0», «\u00a0asset_kind\u00a0» ou «\u00a0series\u00a0»",
        "exactly one subject expected: “service”, “asset_kind” or “series”",
    )
    return [Fault("service", one)]


def _check(new: NewAgreement, starts: datetime, now: datetime) -> None:
    faults = one_subject(new)
    if new.receiver == new.giver:
        faults.append(Fault("receiver", Text("une autre collectivité est attendue", "another collectivité expected")))
    if new.valid_until is not None and dated("valid_until", new.valid_until) <= max(starts, now):
        never = Text("la convention ne serait jamais en vigueur", "the agreement would never be in force")
        faults.append(Fault("valid_until", never))
    dated("valid_from", starts)
    if faults:
        raise Invalid.of(faults)


def _note(scope: Scope, tx: Transaction, action: str, one: Agreement, now: datetime) -> None:
    """On both sides' trails: each must be able to read what it gave or was given."""
    detail = {
        "giver": one.giver,
        "receiver": one.receiver,
        "right": one.right,
        "subject": {"service": one.service, "asset_kind": one.asset_kind, "series": one.series},
        "until": one.valid_until,
    }
    for owner in (one.giver, one.receiver):
        audit.record(scope, tx, action, owner=owner, subject=one.key, detail=detail, now=now)


def _not_over(now: datetime) -> ColumnElement[bool]:
    return and_(agreement.c.revoked_at.is_(None), or_(agreement.c.valid_until.is_(None), agreement.c.valid_until > now))


def _visible(scope: Scope, sides: tuple[ColumnElement[Any], ...]) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    administered = scope.owners(Right.ADMINISTER) if scope.services is None else frozenset[str]()
    return or_(*(side.in_(administered) for side in sides))


def _agreement(row: Mapping[Any, Any]) -> Agreement:
    return struct_of(row, Agreement)
