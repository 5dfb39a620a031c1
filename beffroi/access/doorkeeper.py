"""The doorkeeper: what a key or a session opens at this very moment."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import update

from beffroi.access import agreements, keys, people, roles, sessions
from beffroi.access.agreements import Agreement
from beffroi.access.credentials import digest
from beffroi.access.scope import Actor, Right, Scope
from beffroi.access.tables import api_key, session
from beffroi.database import Database, Transaction
from beffroi.errors import Language, Text, Unauthenticated

NOTED_EVERY = timedelta(minutes=1)
"""how often the last use of a key or session is written"""
BOUND = 10_000
"""doors held in memory"""

Kind = Literal["key", "session"]
READ_AGAIN = timedelta(seconds=5)
"""what another process writes (a command beside a running server) holds after this long at the latest"""
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class _Door:
    """What was read for one credential: dates are looked at on every call, the rest holds until `forget`."""

    kind: Kind
    key: str
    actor: Actor
    rights: dict[str, Right]
    agreements: list[Agreement]
    instance: bool
    services: frozenset[str] | None
    opens: datetime | None
    closes: datetime | None
    seen: datetime
    scopes: dict[tuple[Language, tuple[bool, ...]], Scope] = field(default_factory=dict)
    """by language and by which agreements hold"""
    read: datetime = NEVER

    def is_open(self, now: datetime) -> bool:
        if self.opens is not None and now < self.opens:
            return False
        if self.kind == "session" and now >= self.seen + sessions.IDLE:
            return False
        return self.closes is None or now < self.closes

    def scope(self, language: Language, now: datetime) -> Scope:
        holding = tuple(one.holds(now) for one in self.agreements)
        found = self.scopes.get((language, holding))
        if found is None:
            shares = [
                agreements.share_of(one, self.rights[one.receiver])
                for one, holds in zip(self.agreements, holding, strict=True)
                if holds and (one.service is None or self.services is None or one.service in self.services)
            ]
            found = self.scopes[language, holding] = Scope(
                actor=self.actor,
                rights=self.rights,
                shares=tuple(shares),
                services=self.services,
                instance=self.instance,
                language=language,
            )
        return found


class Doorkeeper:
    """Turns the credentials of a request into its `Scope`, from memory when nothing was written since.

    `structure` reads the key of the collectivité whose administrators administer the instance. `forget` is called after
    each write; `epoch` then grows, so that whatever stays open (a live stream) knows when to ask again. The application
    calls `flush` about every minute, and at the end.
    """

    def __init__(self, database: Database, structure: Callable[[Transaction], str | None]) -> None:
        self.database = database
        self.structure = structure
        self.epoch = 0
        self._lock = threading.Lock()
        self._doors: dict[str, _Door] = {}
        self._used: dict[tuple[Kind, str], datetime] = {}

    def by_key(self, token: str, *, language: Language, now: datetime) -> Scope:
        """Raises `Unauthenticated` for a key that is unknown, revoked, or outside its dates."""
        scope = self._scope("key", token, language, now)
        if scope is None:
            raise Unauthenticated(
                Text(
                    "Clé d'API inconnue, révoquée ou hors de ses dates.",
                    "API key unknown, revoked or out of its dates.",
                )
            )
        return scope

    def by_session(self, token: str, *, language: Language, now: datetime) -> Scope:
        """Raises `Unauthenticated` for a session that is unknown or over."""
        scope = self._scope("session", token, language, now)
        if scope is None:
            raise Unauthenticated(
                Text("Session terminée : connectez-vous de nouveau.", "This session is over: sign in again.")
            )
        return scope

    def forget(self) -> None:
        """Something was written: rights, agreements, ownership may have changed."""
        with self._lock:
            self.epoch += 1
            self._doors.clear()

    def flush(self, now: datetime) -> None:
        """Write when keys and sessions were last used."""
        with self._lock:
            used = dict(self._used)
        if not used:
            return
        tables = {"key": (api_key, "last_used"), "session": (session, "seen")}
        with self.database.write() as tx:
            for (kind, key), at in used.items():
                table, column = tables[kind]
                tx.execute(update(table).where(table.c.key == key).values({column: at}))
        with self._lock:
            for one, at in used.items():
                if self._used.get(one) == at:
                    del self._used[one]

    def _scope(self, kind: Kind, token: str, language: Language, now: datetime) -> Scope | None:
        door = self._door(kind, token, now)
        if door is None or not door.is_open(now):
            return None
        if now - door.seen >= NOTED_EVERY:
            door.seen = now
            with self._lock:
                self._used[kind, door.key] = now
        return door.scope(language, now)

    def _door(self, kind: Kind, token: str, now: datetime) -> _Door | None:
        name = f"{kind}:{digest(token)}"
        with self._lock:
            door, epoch = self._doors.get(name), self.epoch
        if door is not None and now < door.read + READ_AGAIN:
            return door
        with self.database.read() as tx:
            door = self._read_key(tx, token, now) if kind == "key" else self._read_session(tx, token, now)
        if door is not None:
            door.read = now
            with self._lock:
                door.seen = max(door.seen, self._used.get((kind, door.key), door.seen))
                if self.epoch == epoch:  # otherwise what was read may be what was just changed
                    if len(self._doors) >= BOUND:
                        self._doors.clear()
                    self._doors[name] = door
        return door

    def _read_key(self, tx: Transaction, token: str, now: datetime) -> _Door | None:
        key = keys.by_token(tx, token)
        if key is None:
            return None
        rights = {key.collectivity: keys.RIGHTS[key.right]}
        return _Door(
            "key",
            key.key,
            keys.actor_of(key),
            rights,
            agreements.received(tx, rights, now),
            instance=key.services is None and self._is_instance(tx, rights),
            services=None if key.services is None else frozenset(key.services),
            opens=key.not_before,
            closes=key.expires,
            seen=key.last_used or NEVER,
        )

    def _read_session(self, tx: Transaction, token: str, now: datetime) -> _Door | None:
        found = sessions.by_token(tx, token)
        if found is None or (person := people.get(tx, found.person)).disabled:
            return None
        rights = roles.of_person(tx, person.key)
        return _Door(
            "session",
            found.key,
            sessions.actor_of(person),
            rights,
            agreements.received(tx, rights, now),
            instance=self._is_instance(tx, rights),
            services=None,
            opens=None,
            closes=found.expires,
            seen=found.seen,
        )

    def _is_instance(self, tx: Transaction, rights: dict[str, Right]) -> bool:
        structure = self.structure(tx)
        return structure is not None and rights.get(structure, 0) >= Right.ADMINISTER
