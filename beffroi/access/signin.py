"""Signing in: limited by account and by address, and the same to see for an e-mail nobody has."""

import ipaddress
import math
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from sqlalchemy import case, delete, insert, select, update

from beffroi.access import audit, people, sessions
from beffroi.access.credentials import Passwords, digest
from beffroi.access.inputs import folded
from beffroi.access.scope import STRANGER, Scope
from beffroi.access.sessions import Caller, Opened
from beffroi.access.tables import person, sign_in_failure
from beffroi.database import Database, Transaction
from beffroi.errors import Invalid, Text, TooMany, Unauthenticated

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)

ALLOWED: dict[Literal["account", "address"], int] = {"account": 5, "address": 20}
"""Failures before a delay, which doubles at each further one. Behind one address stands a whole town hall."""


class SignIns:
    """Opens sessions for people. Works outside transactions: a password takes a long time to check.

    An attempt is counted as failed before the password is looked at, and given back when it was right: attempts made
    all at once are all counted.
    """

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self.database = database
        self.passwords = passwords

    def by_password(self, email: str, password: str, *, caller: Caller, now: datetime) -> Opened:
        """Raises `TooMany`, or the same `Unauthenticated` for an unknown e-mail, wrong password or closed account."""
        found = self._matched(email, password, caller, now)
        with self.database.write() as tx:
            if found is not None:
                return sessions.open_(tx, found, "password", caller, now)
            account = _subjects(email, caller)["account"]
            refused = {"from": caller.address}
            audit.record(Scope(actor=STRANGER), tx, "session.refuse", subject=account, detail=refused, now=now)
        raise Unauthenticated(
            Text("Courriel ou mot de passe incorrect.", "Wrong e-mail or password."),
        )

    def by_link(self, token: str, *, caller: Caller, now: datetime) -> Opened:
        """Opens a session with a one-time link; `Unauthenticated` when it opens nothing."""
        with self.database.write() as tx:
            return sessions.use_link(tx, token, caller, now)

    def confirm(self, who: people.Person, password: str, *, caller: Caller, now: datetime) -> None:
        """Makes sure that the person signed in still knows its password; counted as a sign-in is."""
        if self._matched(who.email, password, caller, now) is None:
            raise Invalid("current", Text("ce n'est pas le mot de passe actuel", "this is not the current password"))

    def _matched(self, email: str, password: str, caller: Caller, now: datetime) -> people.Person | None:
        subjects = _subjects(email, caller)
        with self.database.write() as tx:
            for kind, subject in subjects.items():
                _wait(tx, subject, ALLOWED[kind], now)
            for subject in subjects.values():
                _count(tx, subject, now)
            columns = (*people.COLUMNS, person.c.password)
            row = tx.execute(select(*columns).where(person.c.email_folded == folded(email))).mappings().one_or_none()
        right = self.passwords.match(row["password"] if row else None, password)
        if row is None or not right or row["disabled"]:
            return None
        with self.database.write() as tx:
            tx.execute(delete(sign_in_failure).where(sign_in_failure.c.subject == subjects["account"]))
            one_less = case((sign_in_failure.c.failures > 0, sign_in_failure.c.failures - 1), else_=0)
            tx.execute(
                update(sign_in_failure)
                .where(sign_in_failure.c.subject == subjects["address"])
                .values(failures=one_less)
            )
        return msgspec.convert({name: row[name] for name in people.Person.__struct_fields__}, people.Person)


def _subjects(email: str, caller: Caller) -> dict[Literal["account", "address"], str]:
    return {"account": f"account:{digest(folded(email))[:32]}", "address": f"address:{_network(caller.address)}"}


def _network(address: str) -> str:
    """An IPv6 subscriber holds a /64: its addresses count as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _wait(tx: Transaction, subject: str, allowed: int, now: datetime) -> None:
    row = tx.execute(select(sign_in_failure).where(sign_in_failure.c.subject == subject)).one_or_none()
    if row is None or row.failures < allowed or now - row.last >= FORGOTTEN_AFTER:
        return
    delay = min(FIRST_DELAY * 2 ** min(row.failures - allowed, 10), LONGEST_DELAY)
    left = math.ceil((row.last + delay - now).total_seconds())
    if left > 0:
        raise TooMany(
            Text(
                f"Trop d'essais manqués : réessayez dans {left} s.",
                f"Too many failed attempts: try again in {left} s.",
            ),
            retry_after=left,
        )


def _count(tx: Transaction, subject: str, now: datetime) -> None:
    tx.execute(delete(sign_in_failure).where(sign_in_failure.c.last <= now - FORGOTTEN_AFTER))
    counted = {"failures": sign_in_failure.c.failures + 1, "last": now}
    if tx.execute(update(sign_in_failure).where(sign_in_failure.c.subject == subject).values(counted)).rowcount == 0:
        tx.execute(insert(sign_in_failure).values(subject=subject, failures=1, last=now))
