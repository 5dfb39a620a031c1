"""The secrets of connections, kept at hand: each delivery shows one."""

import threading

from beffroi.acquisition import connections
from beffroi.acquisition.connections import Connection
from beffroi.database import Database
from beffroi.errors import Text, Unauthenticated

KEPT = 4096


class Secrets:
    """Which connection a secret opens, looked up once; forgotten when connections may have changed."""

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, threading.Lock()
        self._known: dict[str, Connection] = {}

    def forget(self) -> None:
        with self._lock:
            self._known = {}

    def opens(self, token: str) -> Connection:
        known = self._known
        if token in known:
            return known[token]
        with self._database.read() as tx:
            found = connections.by_secret(tx, token)
        if found is None:
            raise Unauthenticated(
                Text("Ce secret n'ouvre aucune connexion.", "This secret opens no connection."),
            )
        with self._lock:
            if known is self._known and len(known) < KEPT:
                known[token] = found
        return found
