"""Small posts of observations by the thin way in (`thin`)."""

from datetime import UTC, datetime
from functools import partial
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


class Ingestion:
    """The `thin.Door` of observations in JSON rows, sent with a key."""

    def __init__(self, rooms: Rooms, route: str) -> None:
        self._rooms, self.route = rooms, route

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
            actor = self._rooms.doors.keeper.by_key(knock.token, language=knock.language, now=now)
        except (BeffroiError, msgspec.DecodeError):
            return None
        if not rows:
            return None
        return Begun(self._rooms.gathering.put(actor, rows, now=now), partial(self._told, actor, now))

    def _told(self, actor: Scope, now: datetime, received: Received) -> bytes:
        self._rooms.views.note(actor, "observations.write", owner=None, subject="observations", now=now)
        return ENCODER.encode(Stored(received.batch_id, received.rows, received.flagged))
