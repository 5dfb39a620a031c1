"""People are told of what happens: every few seconds what is new is written for whoever wants and may know, then
e-mails that are due leave."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import structlog

from beffroi.access import Scope
from beffroi.acquisition import connections
from beffroi.api import happenings, state_counts
from beffroi.api.happenings import Look
from beffroi.api.seen import Remembered
from beffroi.api.subscribers import Subscribers
from beffroi.database import Database, Transaction
from beffroi.network.health import Ward
from beffroi.notifications import manners, told
from beffroi.notifications.mail import Post, Unsent, composed
from beffroi.notifications.told import Notification, Waiting
from beffroi.observations import Record
from beffroi.registry.devices import DeviceQuery

log = structlog.get_logger()

EVERY = 10.0
"""seconds between two looks"""
SILENCE_EVERY = timedelta(minutes=5)
"""between two looks for devices that fell silent: those of one failure are told of together"""
SYSTEM = Scope.system("notifications")


class Notifying:
    def __init__(
        self,
        database: Database,
        record: Record,
        ward: Ward,
        remembered: Remembered,
        subscribers: Subscribers,
        post: Post | None,
        time_zone: str,
        home: str,
    ) -> None:
        """`home`: the address of the console, for links. No `post`: nothing is mailed."""
        self._database, self._record, self._ward = database, record, ward
        self._remembered, self._subscribers = remembered, subscribers
        self._post, self._zone, self._home = post, ZoneInfo(time_zone), home
        self._turning = threading.Lock()
        self._began: datetime | None = None
        self._trouble: str | None = None

    @property
    def mails(self) -> bool:
        """Whether there is a server to hand e-mails to."""
        return self._post is not None

    @property
    def trouble(self) -> str | None:
        """What the server answered, when the last e-mail could not be handed to it."""
        return self._trouble

    @property
    def zone(self) -> ZoneInfo:
        """Whose hours people's manners are in."""
        return self._zone

    async def keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await asyncio.to_thread(self.turn, datetime.now(UTC))
            except Exception as error:  # what was not told is told at a later turn
                log.error("people could not be told what happens, for now", exc_info=error)

    def turn(self, now: datetime) -> None:
        """One at a time: what two looks would find together, both would tell."""
        with self._turning:
            self._turn(now)

    def _turn(self, now: datetime) -> None:
        self._began = self._began or now
        looks = self._looks(now)
        with self._database.write() as tx:
            for source, look in looks.items():
                told.put(tx, look.events, mails=self.mails)
                if told.seen_up_to(tx, source) != look.told:
                    told.note(tx, source, look.told)
            told.forget(tx, now=now)
        if self._post is not None:
            self._mail(self._post, now)

    def _looks(self, now: datetime) -> dict[str, Look]:
        with self._database.read() as tx:
            open_ = connections.all_open(tx)
            states = {one.key: self._subscribers.state(one.key) for one in open_}
            looks = {
                "trail": happenings.in_trail(tx, told.seen_up_to(tx, "trail")),
                "computations": happenings.in_computations(tx, told.seen_up_to(tx, "computations"), now),
                "connections": happenings.in_connections(tx, told.seen_up_to(tx, "connections"), open_, states, now),
                "quarantine": happenings.in_quarantine(tx, told.seen_up_to(tx, "quarantine"), now),
            }
            if (silence := self._silence(tx, now)) is not None:
                looks["silence"] = silence
        return looks

    def _silence(self, tx: Transaction, now: datetime) -> Look | None:
        """None before its turn, and just after a start: networks first deliver what they kept meanwhile."""
        noted = told.seen_up_to(tx, "silence")
        if noted is None:
            return Look([], now.isoformat())
        since = datetime.fromisoformat(noted)
        if self._began is None or now - max(since, self._began) < SILENCE_EVERY:
            return None
        seen = self._remembered.devices(SYSTEM, tx, DeviceQuery())
        fallen = state_counts.fallen_silent(seen, self._record, self._ward, since, now)
        return Look(happenings.of_silent(tx, fallen, now), now.isoformat())

    def _mail(self, post: Post, now: datetime) -> None:
        with self._database.read() as tx:
            waiting = told.waiting(tx)
            due = [one for one in waiting if _is_due(tx, one, now, self._zone)]
        if hidden := [one for one in waiting if one.hidden]:
            with self._database.write() as tx:
                for one in hidden:
                    told.withdraw(tx, one.person.key, _ids(one.notifications))
        if not due:
            return
        try:
            outcomes = post.send([self._composed(post, one, now) for one in due])
        except Unsent as error:
            self._trouble = str(error)
            log.warning("e-mails could not be sent, for now", why=str(error))
            return
        refused = [one for one in outcomes if one is not None]
        self._trouble = str(refused[-1]) if refused else None
        with self._database.write() as tx:
            for one, outcome in zip(due, outcomes, strict=True):
                if outcome is None or outcome.for_good:
                    told.mailed(tx, _ids(one.notifications), "sent" if outcome is None else "refused")

    def _composed(self, post: Post, one: Waiting, now: datetime) -> EmailMessage:
        told_of, home, zone = one.notifications, self._home, self._zone
        return composed(one.person, told_of, sender=post.sender, home=home, zone=zone, now=now)


def _is_due(tx: Transaction, one: Waiting, now: datetime, zone: ZoneInfo) -> bool:
    return manners.get(tx, one.person.key).is_due([of.at for of in one.notifications], now, zone)


def _ids(some: list[Notification]) -> list[int]:
    return [one.id for one in some]
