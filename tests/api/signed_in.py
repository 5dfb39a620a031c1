"""Callers signed in by a session, as a browser is."""

from datetime import UTC, datetime
from typing import Any

from beffroi.access import people, sessions
from beffroi.access.sessions import Caller as From
from beffroi.access.sessions import Opening
from tests.conftest import Caller, Territory

PASSWORD = "une phrase assez longue"


def a_person(
    territory: Territory, email: str, collectivity: str, role: str = "administrator", password: str | None = None
) -> str:
    """Its key; `password` is hashed as the instance does."""
    hashed = password and territory.instance.rooms.sign_ins.passwords.hashed(password)
    return territory.person(email, collectivity, role, hashed)


def browser(territory: Territory, token: str, **headers: str) -> Caller:
    """A page of the console with this session's cookie; `headers` replace what it says of itself."""
    said = {"Sec-Fetch-Site": "same-origin", **headers}
    return Caller(territory.client, {"Cookie": f"beffroi_session={token}", **said})


def signed_in(territory: Territory, person: str, opened_by: Opening = "password", age: Any = None) -> Caller:
    """The console of a person of that key, signed in since `age`."""
    now = datetime.now(UTC) - age if age else datetime.now(UTC)
    with territory.instance.rooms.database.write() as tx:
        token = sessions.open_(tx, people.get(tx, person), opened_by, From("192.0.2.1", "test"), now).token
    return browser(territory, token)


def cookie_of(answer: Any, territory: Territory) -> str:
    """The session that an answer opens, taken out of the client's own jar."""
    token: str = answer.cookies["beffroi_session"]
    territory.client.cookies.clear()
    return token
