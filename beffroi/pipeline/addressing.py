"""From what a network calls a device to the device, its owner and its series."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select

from beffroi.access import Scope
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.recipes import Channel, Recipe
from beffroi.acquisition.steps import Steps
from beffroi.database import Database, Transaction
from beffroi.registry import series, structures, tables, things
from beffroi.registry.claims import claim
from beffroi.registry.series import SERIES, NewSeries

MESSAGES = "radio-message"
"""observed property of the series that keeps what a device sent, as it was understood"""
ADDRESSES_KEPT = 1_000_000
"""those of devices that nobody declared too"""
BATTERY = Channel("battery", "battery", "%", "number", 0, 100)

Recipes = Callable[[Transaction, set[str]], Mapping[str, Recipe]]
"""those of models, by code"""


class Address(NamedTuple):
    """`owner`: whose devices are meant, None for those of every member of the structure."""

    owner: str | None
    identifier: str


@dataclass(eq=False)
class Target:
    """A device as messages reach it. `messages`: the series of what it sent; `series`: those of its channels, by
    observed property and key, made when they first have a value. `since`: when it came to its present owner."""

    device: int
    owner: str
    code: str
    name: str
    service: str
    model: str | None
    asset: int | None
    simulated: bool
    claim: str = "unconfirmed"
    messages: int = 0
    recipe: Recipe | None = None
    since: datetime | None = None
    series: dict[str, int] = field(default_factory=dict)


class Several(NamedTuple):
    """More than one collectivité says that a device is its own."""

    owners: tuple[str, ...]


class Unconfirmed(NamedTuple):
    """Only its owner says that a device is its own; the structure did not confirm it yet."""

    owner: str


Addressee = Target | Several | Unconfirmed | None
"""None for a device that nobody declared"""
Found = Mapping[Address, Addressee]


class Addresses:
    """A cache, dropped whole when the registry changes."""

    def __init__(self, database: Database, recipes: Recipes, scope: Scope) -> None:
        self._database, self._recipes, self._scope = database, recipes, scope
        self._lock = threading.Lock()
        self._known: dict[Address, Addressee] = {}
        self._structure: str | None = None
        self._epoch = 0

    def forget(self) -> None:
        with self._lock:
            self._epoch += 1
            self._known = {}
            self._structure = None

    def of(self, told: Iterable[tuple[Connection, str]]) -> Steps[list[Address]]:
        """As a connection tells of a device by its identifier."""
        structure = self._structure or (yield self._learn_structure)
        return [
            Address(None if connection.owner == structure else connection.owner, identifier)
            for connection, identifier in told
        ]

    def found(self, addresses: Iterable[Address], *, now: datetime) -> Steps[Found]:
        """None for a device that nobody declared."""
        known = self._known
        try:
            return {one: known[one] for one in addresses}
        except KeyError:
            found: Found = yield lambda: self._look_up(set(addresses), now)
            return found

    def _learn_structure(self) -> str | None:
        with self._database.read() as tx:
            self._structure = structures.key(tx)
        return self._structure

    def _look_up(self, asked: set[Address], now: datetime) -> Found:
        with self._lock:
            known, epoch = self._known, self._epoch
        if missing := [one for one in asked if one not in known]:
            found = self._looked_for(missing)
            self._with_messages([one for one in found.values() if isinstance(one, Target)], now)
            with self._lock:
                if len(self._known) > ADDRESSES_KEPT:
                    self._known = {}
                if epoch == self._epoch:  # else what was just learned may be stale already: used once, not kept
                    self._known.update(found)
            return {one: found[one] if one in found else known[one] for one in asked}
        return {one: known[one] for one in asked}

    def with_series(self, lacking: Mapping[int, tuple[Target, set[Channel]]], *, now: datetime) -> None:
        """Make the series of channels that have a first value."""
        news, places = [], []
        for target, channels in lacking.values():
            for channel in sorted(channels, key=lambda one: one.key):
                news.append(_series_of(target, channel))
                places.append((target, channel.key))
        for (target, key), id_ in zip(places, self._made(news, now), strict=True):
            target.series[key] = id_

    def _looked_for(self, addresses: list[Address]) -> dict[Address, Addressee]:
        with self._database.read() as tx:
            rows = _declared(tx, {one.identifier for one in addresses})
            recipes = self._recipes(tx, {row.model for held in rows.values() for row in held if row.model})
            targets = {row.device: row for held in rows.values() for row in held}
            for target in targets.values():
                target.recipe = recipes.get(target.model) if target.model else None
            _with_series(tx, targets)
        return {one: _whose(one, rows.get(_folded(one.identifier), [])) for one in addresses}

    def _with_messages(self, targets: list[Target], now: datetime) -> None:
        lacking = {target.device: target for target in targets if not target.messages}
        news = [
            NewSeries(
                owner=target.owner,
                code=f"{target.code[:90]}-messages",
                name=f"{target.name} : messages"[:200],
                observed_property=MESSAGES,
                device=target.device,
                service=target.service,
                simulated=target.simulated,
            )
            for target in lacking.values()
        ]
        for target, id_ in zip(lacking.values(), self._made(news, now), strict=True):
            target.messages = id_

    def _made(self, news: list[NewSeries], now: datetime) -> list[int]:
        """Those that another thread has just made are taken as they are."""
        if not news:
            return []
        with self._database.write() as tx:
            keys = [(new.owner, new.code) for new in news]
            held = things.existing(tx, SERIES, keys)
            lacking = {key: new for key, new in zip(keys, news, strict=True) if key not in held}
            ids = series.create_many(self._scope, tx, list(lacking.values()), now=now)
            held |= dict(zip(lacking, ids, strict=True))
        return [held[key] for key in keys]


def _whose(address: Address, held: list[Target]) -> Addressee:
    """By a collectivité's own connection, its own; by the structure's, the one that is confirmed, whatever others say
    without being."""
    if address.owner is not None:
        held = [row for row in held if row.owner == address.owner and row.claim != "withdrawn"]
        if len(held) > 1:
            return Several((address.owner,))
        return held[0] if held else None
    sure = [row for row in held if row.claim == "confirmed"]
    said = [row for row in held if row.claim == "unconfirmed"]
    if len(sure or said) > 1:
        return Several(tuple(sorted({row.owner for row in sure or said})))
    if sure:
        return sure[0]
    return Unconfirmed(said[0].owner) if said else None


def _folded(identifier: str) -> str:
    return identifier.upper()


def _declared(tx: Transaction, identifiers: set[str]) -> dict[str, list[Target]]:
    """Devices of any owner by identifier in upper case; people write DevEUIs in either case."""
    device, held = tables.device, defaultdict[str, list[Target]](list)
    names = ("owner", "code", "name", "service", "model", "asset", "simulated")
    for some in things.in_chunks({spelt for one in identifiers for spelt in (one, one.upper(), one.lower())}):
        asked = (
            select(device.c.id, *(device.c[name] for name in names), func.coalesce(claim.c.state, "unconfirmed"))
            .outerjoin(claim, claim.c.device == device.c.id)
            .where(device.c.code.in_(some))
        )
        for row in tx.execute(asked):
            held[_folded(row.code)].append(Target(*row))
    return held


def _with_series(tx: Transaction, targets: dict[int, Target]) -> None:
    own, tenure = tables.series, tables.tenure
    for some in things.in_chunks(targets):
        asked = (
            select(own.c.id, own.c.device, own.c.observed_property, own.c.properties, tenure.c.since)
            .join(tenure, (tenure.c.series == own.c.id) & (tenure.c.owner == own.c.owner) & tenure.c.until.is_(None))
            .where(own.c.device.in_(some), or_(own.c.observed_property == MESSAGES, own.c.properties.is_not(None)))
        )
        for id_, device, observed, properties, since in tx.execute(asked):
            target = targets[device]
            if observed == MESSAGES:
                target.messages, target.since = id_, since
            elif key := properties.get("channel"):
                target.series[key] = id_


def _series_of(target: Target, channel: Channel) -> NewSeries:
    return NewSeries(
        owner=target.owner,
        code=f"{target.code}-{channel.key}"[:100],
        name=f"{target.name} : {channel.key}"[:200],
        observed_property=channel.observed_property,
        device=target.device,
        asset=target.asset,
        service=target.service,
        low=channel.low,
        high=channel.high,
        categories=list(channel.categories),
        properties={"channel": channel.key},
        simulated=target.simulated,
    )
