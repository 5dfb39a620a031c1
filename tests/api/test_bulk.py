"""Many devices or assets changed or moved in one go, by whoever may: tried first, told one by one, undone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from beffroi.access import roles
from tests.api.signed_in import signed_in
from tests.conftest import OLONNE, ROCHE, Caller, Territory

HOUR = timedelta(hours=1)


@pytest.fixture
def both(territory: Territory) -> Caller:
    """Somebody who administers La Roche-sur-Yon and Les Sables-d'Olonne."""
    from_ = territory.person("deux@exemple.fr", ROCHE, "administrator")
    with territory.instance.rooms.database.write() as tx:
        roles.grant(territory.system, tx, from_, OLONNE, "administrator", now=datetime.now(UTC))
    return signed_in(territory, from_)


def ask(caller: Caller, subject: str, ids: list[int], **asked: Any) -> dict[str, Any]:
    answer = caller.post("/bulk-changes", json={"subject": subject, "ids": ids, **asked})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def states(outcome: dict[str, Any]) -> list[str]:
    return [one["state"] for one in outcome["items"]]


def undo(caller: Caller, outcome: dict[str, Any]) -> list[str]:
    answer = caller.post(f"/bulk-changes/{outcome['key']}/undoing")
    assert answer.status_code == 200, answer.text
    return states(answer.json())


def seen(caller: Caller, device: int) -> dict[str, Any]:
    """A device, its series, and what is read of them."""
    series = caller.get("/series", params={"device": device}).json()["items"]
    found = [one["id"] for one in series]
    rows = caller.get("/observations", params={"series": found}).json()["items"] if found else []
    return {"device": caller.get(f"/devices/{device}").json(), "series": series, "rows": rows}


def measured(territory: Territory, **changes: Any) -> int:
    device = territory.a_device(**changes)
    series = territory.a_series(device=device.id, owner=device.owner)
    rows = [
        {"series": series.id, "time": (datetime.now(UTC) - hours * HOUR).isoformat(), "value": hours}
        for hours in (1, 5, 9)
    ]
    assert territory.as_("roche").post("/observations", json=rows).is_success
    made: int = device.id
    return made


MOVE = {"to": OLONNE, "past": "both"}


def test_a_dry_run_tells_and_keeps_nothing(territory: Territory, both: Caller) -> None:
    mine, theirs = measured(territory), territory.a_device(owner=OLONNE).id
    before = seen(both, mine)
    trail = both.get("/audit", params={"action": "move."}).json()
    tried = ask(both, "device", [mine, theirs, 987_654], move=MOVE, dry_run=True)
    assert states(tried) == ["done", "refused", "refused"] and "key" not in tried
    assert "déjà son propriétaire" in tried["items"][1]["why"]
    assert "name" not in tried["items"][2]
    assert seen(both, mine) == before
    assert both.get("/audit", params={"action": "move."}).json() == trail


@pytest.mark.parametrize("past", ["former", "new", "both"])
def test_a_move_undone_leaves_everything_as_it_was(territory: Territory, both: Caller, past: str) -> None:
    asset = territory.an_asset()
    devices = [measured(territory, asset=asset.id) for _ in range(3)]
    ends = {"source_type": "device", "source": devices[0], "target_type": "asset", "target": asset.id}
    related = both.post("/relations", json={"kind": "measures", "since": "2026-01-01T00:00:00Z", **ends})
    assert related.status_code == 201, related.text
    before = [seen(both, one) for one in devices]
    relations = both.get("/relations").json()
    at = (datetime.now(UTC) - 4 * HOUR).isoformat()
    done = ask(both, "device", devices, move={"to": OLONNE, "past": past, "at": at})
    assert states(done) == ["done"] * 3
    moved = [seen(both, one)["device"] for one in devices]
    assert {(one["owner"], one.get("asset")) for one in moved} == {(OLONNE, None)}
    assert undo(both, done) == ["done"] * 3
    assert [seen(both, one) for one in devices] == before
    assert both.get("/relations").json() == relations
    mine = territory.as_("roche reader")
    assert [len(seen(mine, one)["rows"]) for one in devices] == [3, 3, 3]
    assert territory.as_("olonne").get(f"/devices/{devices[0]}").status_code == 404


def test_an_asset_moves_and_comes_back_with_its_devices(territory: Territory, both: Caller) -> None:
    asset = territory.an_asset()
    device = measured(territory, asset=asset.id)
    before = seen(both, device)
    done = ask(both, "asset", [asset.id], move=MOVE)
    assert seen(both, device)["device"]["owner"] == OLONNE
    assert undo(both, done) == ["done"]
    assert seen(both, device) == before


def test_what_changed_since_stays_and_is_told(territory: Territory, both: Caller) -> None:
    first, second = measured(territory), measured(territory)
    done = ask(both, "device", [first, second], move=MOVE)
    asset = territory.an_asset(owner=OLONNE)
    assert both.patch(f"/devices/{first}", json={"asset": asset.id}).is_success
    assert sorted(undo(both, done)) == ["done", "refused"]
    owners = [seen(both, one)["device"]["owner"] for one in (first, second)]
    assert owners == [OLONNE, ROCHE]
    assert both.post(f"/bulk-changes/{done['key']}/undoing").status_code == 409


def test_who_administers_one_side_proposes_and_takes_back(territory: Territory) -> None:
    roche, device = territory.as_("roche"), measured(territory)
    done = ask(roche, "device", [device], move=MOVE)
    assert states(done) == ["proposed"]
    assert [one["state"] for one in roche.get("/moves").json()["items"]] == ["proposed"]
    assert undo(roche, done) == ["done"]
    assert [one["state"] for one in roche.get("/moves").json()["items"]] == ["withdrawn"]


def test_a_field_is_changed_for_many_and_each_gets_its_own_back(territory: Territory) -> None:
    editor = territory.as_("roche editor")
    asset, other = territory.an_asset(), territory.an_asset(owner=OLONNE)
    devices = [territory.a_device(service=service).id for service in ("buildings", "lighting", "water")]
    done = ask(editor, "device", devices, change={"service": "lighting"})
    assert states(done) == ["done", "unchanged", "done"]
    assert undo(editor, done) == ["done", "done"]
    services = [editor.get(f"/devices/{one}").json()["service"] for one in devices]
    assert services == ["buildings", "lighting", "water"]
    attached = ask(editor, "device", devices, change={"asset": asset.id})
    assert states(attached) == ["done"] * 3
    refused = ask(editor, "device", devices, change={"asset": other.id})
    assert states(refused) == ["refused"] * 3 and "key" not in refused


@pytest.mark.parametrize(
    ("who", "expected"),
    [("roche reader", "refused"), ("roche editor", "refused"), ("olonne", "refused"), ("syndicate", "refused")],
)
def test_nothing_moves_beyond_ones_rights(territory: Territory, who: str, expected: str) -> None:
    device = measured(territory)
    caller = territory.as_(who)
    outcome = ask(caller, "device", [device], move=MOVE)
    assert states(outcome) == [expected]
    assert ("name" in outcome["items"][0]) == (who.startswith("roche"))
    assert territory.as_("roche").get(f"/devices/{device}").json()["owner"] == ROCHE


def test_a_stranger_is_refused_and_only_who_did_it_undoes_it(territory: Territory, both: Caller) -> None:
    device = measured(territory)
    done = ask(both, "device", [device], move=MOVE)
    path = f"/bulk-changes/{done['key']}/undoing"
    stranger = territory.as_("stranger")
    assert stranger.post("/bulk-changes", json={"subject": "device", "ids": [device], "move": MOVE}).status_code == 401
    assert stranger.post(path).status_code == 401
    for who in ("roche", "olonne", "syndicate"):
        assert territory.as_(who).post(path).status_code == 404
    assert undo(both, done) == ["done"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"change": {}},
        {"change": {"service": "lighting"}, "move": MOVE},
        {"subject": "asset", "change": {"model": "x"}},
        {"subject": "site", "move": MOVE},
        {"ids": [], "move": MOVE},
        {"ids": [1] * 501, "move": MOVE},
        {"move": {"to": OLONNE, "past": "never"}},
    ],
)
def test_what_makes_no_sense_is_refused(territory: Territory, asked: dict[str, Any]) -> None:
    body = {"subject": "device", "ids": [1], **asked}
    assert territory.as_("roche").post("/bulk-changes", json=body).status_code == 422


def test_the_trail_of_both_sides_tells_the_move_and_its_undoing(territory: Territory, both: Caller) -> None:
    device = measured(territory)
    undo(both, ask(both, "device", [device], move=MOVE))
    for who in ("roche", "olonne"):
        lines = territory.as_(who).get("/audit", params={"action": "move."}).json()["items"]
        assert [one["action"] for one in lines] == ["move.undo", "move.accept", "move.propose"]
