"""What tests of connections that fetch share."""

import time
from collections.abc import Callable
from typing import Any

import httpx2

from tests.conftest import ROCHE, Territory

TABLE = """
device = "{Compteur}"
[format]
delimiter = ";"
decimal = ","
encoding = "cp1252"
[time]
column = ["Date", "Heure"]
format = "%d/%m/%Y %H:%M"
zone = "Europe/Paris"
[values.temperature]
column = "Température (°C)"
"""
HEARD = 2.0
"""seconds within which a look that was asked for is over, as a rule"""
HEADER = "Compteur;Date;Heure;Température (°C)\n"


def until(check: Callable[[], Any], seconds: float = 30) -> Any:
    """What `check` says once it is true."""
    end = time.monotonic() + seconds
    while not (said := check()):
        assert time.monotonic() < end, said
        time.sleep(0.05)
    return said


def table(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode("cp1252")


def asked(territory: Territory, who: str = "roche", **body: Any) -> httpx2.Response:
    given = {"owner": ROCHE, "kind": "json", "name": "Relevé", **body}
    return territory.as_(who, **{"Accept-Language": "en"}).post("/connections", json=given)


def connect(territory: Territory, who: str = "roche", **body: Any) -> str:
    made = asked(territory, who, **body)
    assert made.status_code == 201, made.text
    key: str = made.json()["connection"]["key"]
    return key


def state(territory: Territory, key: str, who: str = "roche") -> dict[str, Any]:
    told: dict[str, Any] = territory.as_(who, **{"Accept-Language": "en"}).get(f"/connections/{key}/state").json()
    return told


def look(territory: Territory, key: str) -> dict[str, Any]:
    """The state once a look that begins now is over. It is asked for again only if it was not heard, as by a connection
    that was just changed: asked for twice, there would be two."""
    before, hurried = state(territory, key).get("looked_at"), -HEARD

    def looked() -> bool:
        nonlocal hurried
        if time.monotonic() - hurried > HEARD:
            assert territory.as_("roche").post(f"/connections/{key}/fetch").status_code == 204
            hurried = time.monotonic()
        return bool(state(territory, key).get("looked_at") != before)

    until(looked)
    return state(territory, key)


def faults(answer: httpx2.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {one["field"]: one["detail"] for one in answer.json()["errors"]}
