"""Reaching an instance that is already running, from the folder it holds."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from beffroi import app
from beffroi.access import Scope, keys
from beffroi.cli.say import language
from beffroi.errors import Text, Unavailable
from beffroi.registry import structures
from beffroi.settings import Settings

ALLOWED_TIME = timedelta(hours=12)


@contextmanager
def client_of(settings: Settings, url: str, collectivity: str | None = None) -> Iterator[httpx2.Client]:
    """An HTTP client of the instance at `url`, as an administrator of `collectivity`, else of the structure.

    Whoever holds the folder may make a key: this one lasts as long as the command.
    """
    now = datetime.now(UTC)
    system = Scope.system("command line")
    database = app.database_of(settings)
    with database.write() as tx:
        holder = structures.collectivity(system, tx, collectivity or structures.get(system, tx).key)
        new = keys.NewKey(collectivity=holder.key, name="command line", right="administer", expires=now + ALLOWED_TIME)
        made = keys.make(system, tx, new, now=now)
    try:
        headers = {"Authorization": f"Bearer {made.token}", "Accept-Language": language()}
        with httpx2.Client(base_url=f"{url}/api/v1", headers=headers, timeout=ALLOWED_TIME.seconds) as client:
            yield client
    finally:
        with database.write() as tx:
            keys.revoke(system, tx, made.key.key, now=datetime.now(UTC))
        database.close()


def long_answer_of(client: httpx2.Client, path: str, body: Any, advance: Callable[[float, float], None]) -> Any:
    """As `answer_of`, of work that tells how far it is."""
    last: Any = None
    with client.stream("POST", path, json=body, headers={"Accept": "application/x-ndjson"}) as response:
        if not response.is_success:
            response.read()
            return answer_of(response)
        for line in response.iter_lines():
            last = json.loads(line)
            if last.keys() == {"done", "total"}:
                advance(last["done"], last["total"])
    if "status" in last and "title" in last:
        raise Unavailable(Text(last["detail"], last["detail"]))
    return last


def answer_of(response: httpx2.Response) -> Any:
    """The JSON of a good answer; `Unavailable` with the problem's words otherwise."""
    if response.is_success:
        return response.json()
    problem = response.json()
    told = "; ".join(f"{one['field']}: {one['detail']}" for one in problem.get("errors", [])) or problem["detail"]
    raise Unavailable(Text(told, told))
