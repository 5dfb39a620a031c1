"""Dashboards: cards that show series, kept by a collectivité, and shown to the public by a link when it says so.

Inside, a dashboard gives nobody anything: each reader reads the series on it by their own rights. In public, it gives
the series that its cards name, of its owner alone, read as if by the owner's role and by no agreement: what others
share with the owner is not the owner's to publish. That is asked at each reading, and not once.
"""

import secrets
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import JSON, Column, ForeignKey, String, Table, delete, insert, select, update

from beffroi.access import Actor, Right, Scope, audit
from beffroi.database import Page, Transaction, Utc, metadata, new_key, page_of
from beffroi.database.paging import struct_of
from beffroi.errors import Fault, Invalid, NotFound, Text
from beffroi.registry import series as registry_series
from beffroi.registry.fields import Known, Limit, Name, Owner, ThingId
from beffroi.registry.series import SeriesSelection

LIMIT = 100
NOUN = Text("tableau de bord", "dashboard")

dashboard = Table(
    "dashboard",
    metadata,
    Column("key", String, primary_key=True),
    Column("owner", String, ForeignKey("collectivity.key"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("cards", JSON, nullable=False),
    Column("changed_at", Utc, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("link", String, unique=True),
    Column("published_at", Utc),
    Column("published_by", String),
)
"""`link`: the end of the public address. It opens nothing but what was made public, and is told again; kept plain."""


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One picture. `series`: those named; or, with `observed_property`, those of the collectivité chosen while reading.
    `width`: columns taken, of three. `text`: what a card of words says."""

    kind: Literal["curve", "value", "text"]
    title: Annotated[str, Meta(max_length=200)] = ""
    series: Annotated[list[ThingId], Meta(max_length=8)] = []
    observed_property: Known | None = None
    service: Known | None = None
    period: Literal["day", "week", "month", "year"] = "week"
    width: Annotated[int, Meta(ge=1, le=3)] = 1
    text: Annotated[str, Meta(max_length=2000)] = ""


Cards = Annotated[list[Card], Meta(max_length=60)]


class Dashboard(msgspec.Struct, frozen=True, omit_defaults=True):
    """`link`: the end of its public address, where there is one."""

    key: str
    owner: str
    name: str
    cards: list[Card]
    changed_at: datetime
    changed_by: str
    link: str | None = None
    published_at: datetime | None = None
    published_by: str | None = None

    @property
    def series(self) -> list[int]:
        """Those that its cards name, each once."""
        return list(dict.fromkeys(one for card in self.cards for one in card.series))

    @property
    def public_scope(self) -> Scope:
        """What the public reads by: the owner's role alone. To be asked of `series` and of nothing else."""
        actor = Actor("stranger", f"public:{self.key}", self.name)
        return Scope(actor, rights={self.owner: Right.READ})


class NewDashboard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: Owner
    name: Name
    cards: Cards = []


class DashboardChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All of it, as it is to be."""

    name: Name
    cards: Cards


class DashboardQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: list[Owner] | None = None
    after: str | None = None
    limit: Limit | None = None


COLUMNS = [dashboard.c[name] for name in Dashboard.__struct_fields__]


def make(scope: Scope, tx: Transaction, new: NewDashboard, *, now: datetime) -> Dashboard:
    """For who may change the owner's registry."""
    scope.require(Right.EDIT, new.owner)
    _check(scope, tx, new.cards)
    made = Dashboard(new_key("dsh"), new.owner, new.name, new.cards, now, scope.actor.key)
    tx.execute(insert(dashboard).values(msgspec.to_builtins(made, builtin_types=(datetime,))))
    _note(scope, tx, "dashboard.make", made, now)
    return made


def find(scope: Scope, tx: Transaction, query: DashboardQuery) -> Page[Dashboard]:
    """Those of the collectivités in which the actor has a role."""
    wanted = select(*COLUMNS)
    if not scope.everything:
        wanted = wanted.where(dashboard.c.owner.in_(_readable(scope)))
    if query.owner:
        wanted = wanted.where(dashboard.c.owner.in_(query.owner))
    return page_of(tx, wanted, Dashboard, key=dashboard.c.key, after=query.after, limit=query.limit or LIMIT)


def get(scope: Scope, tx: Transaction, key: str, right: Right = Right.READ) -> Dashboard:
    """Raises `NotFound` when it is not the actor's to see, `Forbidden` when it is seen without `right`."""
    row = tx.execute(select(*COLUMNS).where(dashboard.c.key == key)).mappings().one_or_none()
    if row is None or not (scope.everything or row["owner"] in _readable(scope)):
        raise NotFound(NOUN, key)
    scope.require(right, row["owner"])
    return struct_of(row, Dashboard)


def change(scope: Scope, tx: Transaction, key: str, wanted: DashboardChange, *, now: datetime) -> Dashboard:
    """While it is public, what is not the owner's to publish is refused."""
    before = get(scope, tx, key, Right.EDIT)
    _check(scope, tx, wanted.cards)
    changes = {"name": wanted.name, "cards": wanted.cards, "changed_at": now, "changed_by": scope.actor.key}
    after = msgspec.structs.replace(before, **changes)
    if after.link is not None:
        scope.require(Right.ADMINISTER, after.owner)
        _check_publishable(tx, after)
    tx.execute(update(dashboard).where(dashboard.c.key == key).values(**_stored(changes)))
    _note(scope, tx, "dashboard.change", after, now)
    return after


def remove(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> None:
    gone = get(scope, tx, key, Right.EDIT)
    tx.execute(delete(dashboard).where(dashboard.c.key == key))
    _note(scope, tx, "dashboard.remove", gone, now)


def publish(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Dashboard:
    """Give it a public address, another one when it has one. For the owner's administrators.

    Raises `Invalid` naming the cards that hold what the owner may not publish."""
    before = get(scope, tx, key, Right.ADMINISTER)
    _check_publishable(tx, before)
    changes = {"link": secrets.token_urlsafe(24), "published_at": now, "published_by": scope.actor.key}
    tx.execute(update(dashboard).where(dashboard.c.key == key).values(**changes))
    after = msgspec.structs.replace(before, **changes)
    _note(scope, tx, "dashboard.publish", after, now)
    return after


def withdraw(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Dashboard:
    """Its public address shows nothing any more."""
    before = get(scope, tx, key, Right.ADMINISTER)
    changes = {"link": None, "published_at": None, "published_by": None}
    tx.execute(update(dashboard).where(dashboard.c.key == key).values(**changes))
    _note(scope, tx, "dashboard.withdraw", before, now)
    return msgspec.structs.replace(before, **changes)


def published(tx: Transaction, link: str) -> Dashboard:
    """By the end of its public address: whoever has that may see it."""
    row = tx.execute(select(*COLUMNS).where(dashboard.c.link == link)).mappings().one_or_none()
    if row is None:
        raise NotFound(NOUN, "")
    return struct_of(row, Dashboard)


def _readable(scope: Scope) -> frozenset[str]:
    """A key narrowed to services reads no dashboard: they are of no service."""
    return frozenset() if scope.services is not None else scope.owners(Right.READ)


def _check(scope: Scope, tx: Transaction, cards: list[Card]) -> None:
    """A card names what its author sees."""
    asked = sorted({one for card in cards for one in card.series})
    seen = {row.series for row in registry_series.windows(scope, tx, SeriesSelection(series=asked))} if asked else set()
    faults = [
        Fault(f"cards[{place}].series", Text(f"série inconnue : {one}", f"unknown series: {one}"))
        for place, card in enumerate(cards)
        for one in card.series
        if one not in seen
    ]
    if faults:
        raise Invalid.of(faults)


def _check_publishable(tx: Transaction, wanted: Dashboard) -> None:
    asked = wanted.series
    scope = wanted.public_scope
    own = {row.series for row in registry_series.windows(scope, tx, SeriesSelection(series=asked))} if asked else set()
    faults = []
    for place, card in enumerate(wanted.cards):
        others = [one for one in card.series if one not in own]
        if others or card.observed_property is not None:
            name = card.title or f"n° {place + 1}"
            faults.append(
                Fault(
                    f"cards[{place}]",
                    Text(
                        f"«\u00a0{name}\u00a0» montre ce qui n'est pas à cette collectivité",
                        f"“{name}” shows what is not this collectivité's",
                    )
                    if others
                    else Text(
                        f"«\u00a0{name}\u00a0» dépend de la collectivité choisie : nommez ses séries",
                        f"“{name}” depends on the collectivité chosen: name its series",
                    ),
                )
            )
    if faults:
        raise Invalid.of(faults)


def _stored(changes: dict[str, object]) -> dict[str, object]:
    return {name: msgspec.to_builtins(value, builtin_types=(datetime,)) for name, value in changes.items()}


def _note(scope: Scope, tx: Transaction, action: str, one: Dashboard, now: datetime) -> None:
    detail = {"name": one.name, "series": one.series}
    audit.record(scope, tx, action, now=now, owner=one.owner, subject=one.key, detail=detail)
