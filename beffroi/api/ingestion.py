"""Small posts of observations by the thin way in (`thin`)."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from beffroi.access import Scope
from beffroi.api import formats, problems
from beffroi.api.rooms import Rooms
from beffroi.api.thin import Begun, Message, bearer, is_small
from beffroi.errors import BeffroiError, Language
from beffroi.pipeline import Received


class Stored(msgspec.Struct, frozen=True):
    """`rows`: distinct (series, time) now durable. `flagged`: how many of those received carry a quality flag."""

    batch_id: str
    rows: int
    flagged: int


class Knock(NamedTuple):
    """What the headers of a small post say."""

    token: str
    language: Language


ENCODER = msgspec.json.Encoder()
NEVER, NOTHING, BREATH = datetime.min.replace(tzinfo=UTC), timedelta(0), timedelta(milliseconds=1)


class Ingestion:
    """The `thin.Door` of observations in JSON rows, sent with a key."""

    def __init__(self, rooms: Rooms, route: str) -> None:
        self._rooms, self.route = rooms, route
        self._breath: dict[Knock, Scope] = {}
        self._epoch, self._began = 0, NEVER
        """who knocks in one breath is looked up once, however many posts come together, unless something was written"""

    def knock(self, scope: Message) -> Knock | None:
        if scope["path"] != self.route or scope["query_string"]:
            return None
        headers = dict(scope["headers"])
        media = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if media != b"application/json" or not is_small(headers) or (token := bearer(headers)) is None:
            return None
        return Knock(token, problems.language_among(headers.get(b"accept-language", b"").decode("latin-1")))

    def begin(self, knock: Knock, body: bytes) -> Begun | None:
        now = datetime.now(UTC)
        try:
            rows = formats.parse_rows(body)
            actor = self._actor(knock, now)
        except (BeffroiError, msgspec.DecodeError):
            return None
        if not rows:
            return None
        return Begun(self._rooms.gathering.put(actor, rows, now=now), _told)

    def _actor(self, knock: Knock, now: datetime) -> Scope:
        keeper = self._rooms.doors.keeper
        if keeper.epoch != self._epoch or not NOTHING <= now - self._began < BREATH:
            self._breath.clear()
            self._epoch, self._began = keeper.epoch, now
        actor = self._breath.get(knock)
        if actor is None:
            actor = self._breath[knock] = keeper.by_key(knock.token, language=knock.language, now=now)
        return actor


def _told(received: Received) -> bytes:
    return ENCODER.encode(Stored(received.batch_id, received.rows, received.flagged))
