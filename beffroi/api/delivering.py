"""Messages that networks post one by one, by the thin way in (`thin`); the common way is `api/connections`."""

from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl

from beffroi.acquisition.connector import Envelope
from beffroi.api.connections import taken, told_by, without_secret
from beffroi.api.rooms import Rooms
from beffroi.api.thin import Begun, Message, bearer, is_small
from beffroi.pipeline.fates import Delivery


class Knock(NamedTuple):
    """What the address and the headers of a small delivery say. `key`: of the connection in the address."""

    token: str
    key: str
    query: dict[str, str]
    headers: dict[str, str]


class Delivering:
    """The `thin.Door` of small deliveries to `prefix`/connections/…/messages, sent with the secret, known at hand, of
    the connection in the address."""

    def __init__(self, rooms: Rooms, prefix: str) -> None:
        self._rooms = rooms
        self._before, self._after = f"{prefix}/connections/", "/messages"
        self.route = f"{self._before}{{key}}{self._after}"

    def knock(self, scope: Message) -> Knock | None:
        path: str = scope["path"]
        if not (path.startswith(self._before) and path.endswith(self._after)):
            return None
        sent: list[tuple[bytes, bytes]] = scope["headers"]
        told = dict(sent)
        if not is_small(told) or (token := bearer(told)) is None:
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent}
        return Knock(token, path[len(self._before) : -len(self._after)], told_by(query), without_secret(headers))

    def begin(self, knock: Knock, body: bytes) -> Begun | None:
        connection = self._rooms.secrets.at_hand(knock.token)
        if connection is None or connection.key != knock.key:
            return None
        media = knock.headers.get("content-type", "")
        envelope = Envelope(datetime.now(UTC), "http", "", knock.query, knock.headers, media)
        return Begun(self._rooms.inbox.put(Delivery(connection, body, envelope)), taken)
