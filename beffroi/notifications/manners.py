"""How a person wants to be told: of what, where, when."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from sqlalchemy import delete, insert, select

from beffroi.database import Transaction
from beffroi.errors import Invalid, Text
from beffroi.notifications.kinds import KINDS, Kind
from beffroi.notifications.tables import notification_manner

Way = Literal["none", "console", "email"]
Hour = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""of the territory's clock"""


class Manner(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`ways`: of each kind; `email` shows it in the console too. `rhythm` of e-mails: `at-once`, but in the quiet hours
    (`quiet_from` to `quiet_until`, over midnight where they must), or once `daily` at `daily_at`. Hours are the
    territory's."""

    ways: dict[Kind, Way] = {}
    rhythm: Literal["at-once", "daily"] = "at-once"
    daily_at: Hour = "08:00"
    quiet_from: Hour | None = None
    quiet_until: Hour | None = None

    def way(self, kind: Kind) -> Way:
        return self.ways.get(kind, "console")

    def is_due(self, since: Sequence[datetime], now: datetime, zone: ZoneInfo) -> bool:
        """Whether what waits `since` these instants is mailed now."""
        if not since:
            return False
        if self.rhythm == "daily":
            return min(since) < _last(time.fromisoformat(self.daily_at), now, zone)
        return not self._quiet(now.astimezone(zone).time())

    def _quiet(self, at: time) -> bool:
        if self.quiet_from is None or self.quiet_until is None:
            return False
        start, end = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        return start <= at < end if start <= end else at >= start or at < end


def get(tx: Transaction, person: str) -> Manner:
    """For the person itself and the program. Everything is shown and nothing is mailed until a person chooses."""
    held = tx.execute(select(notification_manner.c.manner).where(notification_manner.c.person == person)).scalar()
    chosen = msgspec.convert(held, Manner) if held else Manner()
    return msgspec.structs.replace(chosen, ways={kind: chosen.way(kind) for kind in KINDS})


def put(tx: Transaction, person: str, manner: Manner) -> Manner:
    """For the person itself. Raises `Invalid` for quiet hours that begin and never end."""
    if (manner.quiet_from is None) != (manner.quiet_until is None):
        missing = "quiet_from" if manner.quiet_from is None else "quiet_until"
        raise Invalid(missing, Text("les deux heures, ou aucune", "both hours, or none"))
    tx.execute(delete(notification_manner).where(notification_manner.c.person == person))
    tx.execute(insert(notification_manner).values(person=person, manner=msgspec.to_builtins(manner)))
    return get(tx, person)


def _last(at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """When the clock last told that hour."""
    today = now.astimezone(zone).date()
    moment = datetime.combine(today, at, zone)
    return moment if moment <= now else datetime.combine(today - timedelta(days=1), at, zone)
