"""The registry over HTTP: what each caller sees, changes, and is refused."""

import pytest

from tests.conftest import OLONNE, ROCHE, Territory


def test_smoke(territory: Territory) -> None:
    c = territory.as_("roche editor")
    a = c.post("/assets", json={"owner": ROCHE, "kind": "lamp", "code": "L1", "name": "Lampe"})
    assert a.status_code == 201, a.text
    print(c.get("/assets").text, c.get("/assets/1/relations").text)
    print(territory.as_("olonne").get("/assets/1").text)
    print(
        territory.as_("roche reader")
        .post("/assets", json={"owner": ROCHE, "kind": "lamp", "code": "L1", "name": "Lampe"})
        .text
    )
    print(c.post("/assets", json={"owner": ROCHE, "kind": "lampe", "code": "L1", "name": "Lampe"}).text)
    print(c.post("/assets", json={"owner": ROCHE, "kind": "lamp", "code": "L1", "name": "Lampe"}).text)
    print(c.get("/assets?kind=x&owner=y").text)
    print(c.get("/referential?q=olonne").text[:300])
