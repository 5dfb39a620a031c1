"""The secrets of connections, kept at hand: each delivery shows one."""

import threading
import time

from beffroi.acquisition import connections
from beffroi.acquisition.connections import Connection
from beffroi.database import Database
from beffroi.errors import Text, Unauthenticated

KEPT, KEPT_SECONDS = 4096, 10.0
"""secrets, and how long: a command may have ended a connection beside the instance that runs"""


class Secrets:
    """Which connection a secret opens, looked up once in a while; forgotten when connections may have changed."""

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, threading.Lock()
        self._known: dict[str, tuple[Connection, float]] = {}

    def forget(self) -> None:
        with self._lock:
            self._known = {}

    def at_hand(self, token: str) -> Connection | None:
        """Without looking it up."""
        found = self._known.get(token)
        return found[0] if found is not None and time.monotonic() < found[1] else None

    def opens(self, token: str) -> Connection:
        """Raises `Unauthenticated` for what opens none."""
        known = self._known
        if (found := self.at_hand(token)) is not None:
            return found
        with self._database.read() as tx:
            found = connections.by_secret(tx, token)
        if found is None:
            raise Unauthenticated(Text("Ce secret n'ouvre aucune connexion.", "This secret opens no connection."))
        with self._lock:
            if known is self._known:
                if len(known) >= KEPT:
                    known.clear()
                known[token] = (found, time.monotonic() + KEPT_SECONDS)
        return found
