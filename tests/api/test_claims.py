"""Whose a device is: believed of the structure, confirmed of members, settled where several say so."""

from typing import Any

from beffroi.registry import moves
from beffroi.registry.model import Move
from tests.conftest import NOW, OLONNE, ROCHE, Territory
from tests.pipeline.test_reception import EUI, Network, decoded, held, model, uplink, values  # noqa: F401 - fixtures

REASON = {"reason": "posé à La Roche, place Napoléon"}


def declare(territory: Territory, who: str, owner: str, **changes: Any) -> int:
    new = {"owner": owner, "kind": "sensor", "code": EUI, "name": f"x {owner}", "service": "buildings", **changes}
    answer = territory.as_(who).post("/devices", json=new)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def network(territory: Territory) -> Network:
    """The structure's."""
    return Network(territory, "syndicate", territory.structure)


def causes(territory: Territory, who: str = "syndicate") -> list[str]:
    return [one["cause"] for one in held(territory, who)]


def listed(territory: Territory, who: str = "syndicate") -> list[dict[str, Any]]:
    return territory.as_(who).get("/claims").json()  # type: ignore[no-any-return]


def test_a_member_s_word_alone_does_not_bring_it_what_the_structure_hears(
    territory: Territory,
    decoded: str,  # noqa: F811
) -> None:
    device = declare(territory, "olonne", OLONNE, model=decoded)
    structure = network(territory)
    assert structure.send(uplink())["held"] == 1
    assert causes(territory) == ["unconfirmed-claim"] and causes(territory, "olonne") == []
    (one,) = listed(territory)
    assert (one["identifier"], one["contested"], one["heard"][0]["messages"]) == (EUI, False, 1)
    assert one["heard"][0]["connection"] == structure.key and one["claims"][0]["declared_at"]
    done = territory.as_("syndicate").post("/claims/confirm", json={"devices": [device]}).json()
    assert done == {"identifiers": [EUI], "replayed": 1, "waiting": 0}
    assert len(values(territory, "olonne")) == 1 and listed(territory) == []
    structure.send(uplink(counter=2))
    lines = territory.as_("olonne").get("/audit", params={"action": "claim"}).json()["items"]
    assert [line["action"] for line in lines] == ["claim.confirm"]


def test_what_the_structure_declares_is_believed(territory: Territory, decoded: str) -> None:  # noqa: F811
    declare(territory, "syndicate", territory.structure, model=decoded)
    assert network(territory).send(uplink())["stored"] == 1


def test_a_member_s_own_network_needs_nobody_s_word(territory: Territory, decoded: str) -> None:  # noqa: F811
    declare(territory, "olonne", OLONNE, model=decoded)
    assert Network(territory, "olonne", OLONNE).send(uplink())["stored"] == 1


def test_another_s_declaration_disturbs_no_confirmed_device(territory: Territory, decoded: str) -> None:  # noqa: F811
    territory.a_device(code=EUI, model=decoded, owner=OLONNE)
    structure = network(territory)
    structure.send(uplink())
    declare(territory, "roche", ROCHE, model=decoded)
    assert structure.send(uplink(counter=2))["stored"] == 1
    (one,) = listed(territory)
    assert one["contested"] and {claim["state"] for claim in one["claims"]} == {"confirmed", "unconfirmed"}


def test_the_structure_settles_what_two_declare_and_what_waited_comes(
    territory: Territory,
    decoded: str,  # noqa: F811
) -> None:
    mine, theirs = declare(territory, "roche", ROCHE, model=decoded), declare(territory, "olonne", OLONNE)
    network(territory).send(uplink())
    assert causes(territory) == ["claimed-twice"]
    refused = territory.as_("syndicate").post("/claims/confirm", json={"devices": [mine]})
    assert refused.status_code == 409
    done = territory.as_("syndicate").post(f"/claims/{EUI.lower()}/settle", json={"device": mine, **REASON}).json()
    assert done["replayed"] == 1 and len(values(territory, "roche")) == 1
    assert values(territory, "olonne") == [] and listed(territory) == []
    trail = territory.as_("olonne").get("/audit", params={"action": "claim.refuse"}).json()["items"]
    assert trail[0]["subject"] == str(theirs) and trail[0]["detail"]["note"] == REASON["reason"]


def test_an_owner_withdraws_and_declares_again(territory: Territory, decoded: str) -> None:  # noqa: F811
    mine, theirs = declare(territory, "roche", ROCHE, model=decoded), declare(territory, "olonne", OLONNE)
    network(territory).send(uplink())
    assert territory.as_("roche").post(f"/devices/{theirs}/claim/withdraw").status_code == 404
    assert territory.as_("olonne reader").post(f"/devices/{theirs}/claim/withdraw").status_code == 404
    assert territory.as_("olonne").post(f"/devices/{theirs}/claim/withdraw").json()["state"] == "withdrawn"
    assert territory.as_("syndicate").post("/claims/confirm", json={"devices": [mine]}).json()["replayed"] == 1
    assert territory.as_("olonne").post(f"/devices/{theirs}/claim/renew").json()["state"] == "unconfirmed"
    assert network(territory).send(uplink(counter=2))["stored"] == 1


def test_another_code_is_another_declaration(territory: Territory, decoded: str) -> None:  # noqa: F811
    """A device that was confirmed is given a neighbour's DevEUI."""
    device = territory.a_device(code="70B3D57ED0000009", model=decoded, owner=OLONNE)
    changed = territory.as_("olonne").patch(f"/devices/{device.id}", json={"code": EUI})
    assert changed.status_code == 200
    network(territory).send(uplink())
    assert causes(territory) == ["unconfirmed-claim"]


def test_devices_that_a_member_imports_wait_too(territory: Territory) -> None:
    table = f"kind,code,name,service\nsensor,{EUI},Sonde,buildings\n"
    answer = territory.as_("olonne").post(
        f"/imports/devices?owner={OLONNE}", content=table, headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 200, answer.text
    network(territory).send(uplink())
    assert causes(territory) == ["unconfirmed-claim"]


def test_a_move_keeps_what_was_confirmed(territory: Territory, decoded: str) -> None:  # noqa: F811
    device = territory.a_device(code=EUI, model=decoded, owner=OLONNE)
    with territory.instance.rooms.database.write() as tx:
        moves.move(territory.system, tx, "device", device.id, Move(ROCHE, NOW.replace(year=2025), "both"), now=NOW)
    territory.instance.rooms.changed()
    assert network(territory).send(uplink())["stored"] == 1


def test_members_see_their_own_word_and_decide_nothing(territory: Territory) -> None:
    mine, theirs = declare(territory, "roche", ROCHE), declare(territory, "olonne", OLONNE)
    network(territory).send(uplink())
    (one,) = listed(territory, "roche")
    assert [claim["device"] for claim in one["claims"]] == [mine] and one["contested"] and one["heard"] == []
    assert OLONNE not in territory.as_("roche").get("/claims").text
    settle, confirm = {"device": mine, **REASON}, {"devices": [mine]}
    for who, status in (("roche", 404), ("stranger", 401)):
        assert territory.as_(who).post(f"/claims/{EUI}/settle", json=settle).status_code == status
        assert territory.as_(who).post("/claims/confirm", json=confirm).status_code == status
    assert territory.as_("roche").post(f"/devices/{theirs}/claim/renew").status_code == 404
    assert territory.as_("stranger").get("/claims").status_code == 401
