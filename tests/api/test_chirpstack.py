"""Devices of the registry are declared in ChirpStack, compared with it, and written to through its API."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from beffroi.acquisition.chirpstack import wire
from beffroi.acquisition.protobuf import Table, decoded, encoded
from beffroi.registry import models
from tests.api.test_subscribers import until
from tests.chirpstacks import TENANT, TOKEN, Chirpstack, a_chirpstack, application_pb2, device_pb2, device_profile_pb2
from tests.conftest import NOW, OLONNE, ROCHE, Territory

EUIS = [f"70B3D57ED00000{place:02X}" for place in range(5)]
APP_KEY, NWK_KEY = "000102030405060708090A0B0C0D0E0F", "F" * 32


@pytest.fixture
def server() -> Iterator[Chirpstack]:
    with a_chirpstack() as made:
        yield made


@pytest.fixture
def connection(territory: Territory, server: Chirpstack) -> str:
    new = {"owner": ROCHE, "kind": "chirpstack-v4", "name": "Réseau", "api": {"url": server.url, "tenant": TENANT}}
    made = territory.as_("roche").post("/connections", json={**new, "token": TOKEN})
    assert made.status_code == 201 and TOKEN not in made.text, made.text
    return str(made.json()["connection"]["key"])


@pytest.fixture
def registry(territory: Territory) -> list[int]:
    """Three sensors of a model, the second without keys, one whose code is no DevEUI, and one of a neighbour."""
    with territory.instance.rooms.database.write() as tx:
        models.create(territory.system, tx, models.NewDeviceModel(code="am1", maker="M", name="AM1"), now=NOW)
    made = [territory.a_device(code=one, model="am1", properties={"join_eui": "70B3D57ED1FFFFFF"}) for one in EUIS[:3]]
    territory.a_device(code="sonde-1", model="am1")
    territory.a_device(code=EUIS[3], model="am1", owner=OLONNE)
    keys = [
        {"owner": ROCHE, "code": EUIS[0].lower(), "app_key": APP_KEY},
        {"owner": ROCHE, "code": EUIS[2], "app_key": APP_KEY, "nwk_key": NWK_KEY},
    ]
    kept = territory.as_("roche editor").put("/device-keys", json=keys)
    assert kept.json() == {"devices": 2}
    return [one.id for one in made]


def declared(territory: Territory, connection: str, who: str = "roche operator", **changes: Any) -> dict[str, Any]:
    path = f"/connections/{connection}/chirpstack/devices"
    answer = territory.as_(who, **{"Accept-Language": "en"}).post(path, json={"dry_run": False, **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def actions(told: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    return {one["code"]: (one["action"], one.get("done", False)) for one in told["outcomes"]}


def test_a_dry_run_tells_all_and_changes_nothing(
    territory: Territory, server: Chirpstack, connection: str, registry: list[int]
) -> None:
    told = declared(territory, connection, dry_run=True)
    assert told["makes"] == ["application Beffroi", "profile AM1"]
    wanted = {one: ("create", False) for one in EUIS[:3]} | {"sonde-1": ("impossible", False)}
    assert actions(told) == wanted
    assert "without keys" in next(one["why"] for one in told["outcomes"] if one["code"] == EUIS[1])
    assert not server.applications and not server.devices and not any("Create" in call for call in server.calls)


def test_devices_are_declared_with_profile_and_keys(
    territory: Territory, server: Chirpstack, connection: str, registry: list[int]
) -> None:
    told = declared(territory, connection, profile={"region": "EU868", "mac_version": "LORAWAN_1_0_4", "class_c": True})
    assert actions(told) == {one: ("create", True) for one in EUIS[:3]} | {"sonde-1": ("impossible", False)}
    (application,), (profile,) = server.applications.values(), server.profiles.values()
    assert (application.name, application.tenant_id) == ("Beffroi", TENANT)
    assert (profile.name, profile.mac_version, profile.supports_class_c, profile.supports_otaa) == (
        "AM1",
        4,
        True,
        True,
    )
    device = server.devices[EUIS[0].lower()]
    assert (device.application_id, device.device_profile_id) == (application.id, profile.id)
    assert (device.join_eui, device.tags["beffroi"]) == ("70b3d57ed1ffffff", str(registry[0]))
    first, third = server.keys[EUIS[0].lower()], server.keys[EUIS[2].lower()]
    assert (first.nwk_key, first.app_key) == (APP_KEY, "")
    assert (third.nwk_key, third.app_key) == (NWK_KEY, APP_KEY)
    assert EUIS[1].lower() not in server.keys


def test_it_is_safe_to_repeat(territory: Territory, server: Chirpstack, connection: str, registry: list[int]) -> None:
    declared(territory, connection)
    before = {eui: one.SerializeToString() for eui, one in server.devices.items()}
    calls = len(server.calls)
    again = declared(territory, connection)
    assert again["makes"] == [] and {state for state, _ in actions(again).values()} == {"there", "impossible"}
    assert {eui: one.SerializeToString() for eui, one in server.devices.items()} == before
    assert not any("Create" in call for call in server.calls[calls:])


def test_each_device_has_its_own_failure(
    territory: Territory, server: Chirpstack, connection: str, registry: list[int]
) -> None:
    server.refuses = {EUIS[1].lower()}
    told = declared(territory, connection)
    assert actions(told)[EUIS[1]] == ("create", False) and actions(told)[EUIS[2]] == ("create", True)
    assert "max. number of devices: é" in next(one["why"] for one in told["outcomes"] if one["code"] == EUIS[1])
    server.refuses = set()
    assert actions(declared(territory, connection))[EUIS[1]] == ("create", True)


def test_progress_is_told(territory: Territory, connection: str, registry: list[int]) -> None:
    path = f"/connections/{connection}/chirpstack/devices"
    answer = territory.as_("roche", Accept="application/x-ndjson").post(path, json={"dry_run": False})
    *progress, last = [json.loads(line) for line in answer.text.splitlines()]
    assert progress[-1] == {"done": 4, "total": 4} and len(last["outcomes"]) == 4


def test_a_comparison_tells_what_lacks_on_either_side_and_what_differs(
    territory: Territory, server: Chirpstack, connection: str, registry: list[int]
) -> None:
    declared(territory, connection, devices=registry[:2])
    server.devices[EUIS[0].lower()].name = "autre nom"
    (profile,), (application,) = server.profiles, server.applications
    server.devices["00000000000000aa"] = device_pb2.Device(
        dev_eui="00000000000000aa", name="là-bas", application_id=application, device_profile_id=profile
    )
    told = (
        territory.as_("roche", **{"Accept-Language": "en"})
        .get(f"/connections/{connection}/chirpstack/comparison")
        .json()
    )
    assert told["same"] == 1
    assert [one["code"] for one in told["missing_there"]] == [EUIS[2]]
    assert told["missing_here"] == [{"code": "00000000000000AA", "name": "là-bas", "profile": "AM1"}]
    assert "autre nom" in told["differing"][0]["why"]


def test_a_long_list_is_read_by_pages(territory: Territory, server: Chirpstack, connection: str) -> None:
    server.applications["a"] = application_pb2.Application(id="a", name="Beffroi")
    server.profiles["p"] = device_profile_pb2.DeviceProfile(id="p", name="AM1")
    for place in range(1203):
        eui = f"{place:016x}"
        server.devices[eui] = device_pb2.Device(dev_eui=eui, application_id="a", device_profile_id="p")
    told = territory.as_("roche").get(f"/connections/{connection}/chirpstack/comparison").json()
    assert len(told["missing_here"]) == 1203


def test_keys_are_nowhere_in_plain_and_never_shown(territory: Territory, registry: list[int]) -> None:
    data = territory.instance.settings.data
    kept = b"".join(path.read_bytes() for path in data.glob("*.sqlite*")) or b"".join(
        path.read_bytes() for path in data.iterdir() if path.is_file()
    )
    assert kept and APP_KEY.encode() not in kept
    for path in ("/devices", f"/devices/{registry[0]}", "/audit"):
        assert APP_KEY not in territory.as_("roche").get(path).text


def test_the_server_s_word_is_passed_on(territory: Territory, server: Chirpstack, connection: str) -> None:
    path = f"/connections/{connection}/chirpstack/comparison"
    english = territory.as_("roche", **{"Accept-Language": "en"})
    territory.as_("roche").put(f"/connections/{connection}/api", json={"url": server.url})
    assert "which tenant" in english.get(path).text
    server.global_token = True
    assert english.get(path).status_code == 200
    territory.as_("roche").put(f"/connections/{connection}/api", json={"url": server.url, "token": "wrong"})
    assert "refuses the token" in english.get(path).text
    elsewhere = {"url": "http://127.0.0.1:9", "token": TOKEN}
    territory.as_("roche").put(f"/connections/{connection}/api", json=elsewhere)
    answer = english.get(path)
    assert answer.status_code == 503 and "127.0.0.1:9" in answer.text
    moved = territory.as_("roche").put(f"/connections/{connection}/api", json={"url": server.url})
    assert moved.status_code == 422  # a token goes to no other address than the one it was given for


def test_a_downlink_goes_by_the_api(
    territory: Territory, server: Chirpstack, connection: str, registry: list[int]
) -> None:
    declared(territory, connection)
    body = {"payload": "0107", "port": 12, "confirmed": True, "connection": connection}
    asked = territory.as_("roche operator").post(f"/devices/{registry[0]}/downlinks", json=body)
    assert asked.status_code == 201, asked.text
    path = f"/downlinks/{asked.json()['key']}"
    until(lambda: territory.as_("roche").get(path).json().get("handed_at"))
    (item,) = server.queue
    assert (item.dev_eui, item.f_port, item.data, item.confirmed) == (EUIS[0].lower(), 12, b"\x01\x07", True)
    expires = datetime.fromisoformat(asked.json()["expires_at"])
    assert item.expires_at.ToDatetime(UTC).replace(microsecond=0) == expires.replace(microsecond=0)
    body["connection"] = connection
    unknown = territory.a_device(code=EUIS[4])
    asked = territory.as_("roche operator").post(f"/devices/{unknown.id}/downlinks", json=body)
    path = f"/downlinks/{asked.json()['key']}"
    told = until(lambda: (one := territory.as_("roche").get(path).json())["state"] == "failed" and one)
    assert "does not exist" in told["reason_en"] and len(server.queue) == 1


def test_others_declare_and_see_nothing(
    territory: Territory, server: Chirpstack, connection: str, registry: list[int]
) -> None:
    path = f"/connections/{connection}/chirpstack"
    for who, status in (("olonne", 404), ("roche reader", 404), ("stranger", 401)):
        caller = territory.as_(who)
        assert caller.post(f"{path}/devices", json={}).status_code == status
        assert caller.get(f"{path}/comparison").status_code == status
        key = [{"owner": ROCHE, "code": EUIS[0], "app_key": APP_KEY}]
        assert caller.put("/device-keys", json=key).status_code == (401 if who == "stranger" else 422)
        new = {"url": "http://example.invalid", "token": "x"}
        assert caller.put(f"/connections/{connection}/api", json=new).status_code == status
    assert server.calls == []
    other = declared(territory, connection, dry_run=True)
    assert EUIS[3] not in actions(other)


@pytest.mark.parametrize(
    ("genuine", "table", "told"),
    [
        (device_profile_pb2.CreateDeviceProfileRequest, wire.CREATE_PROFILE, {"deviceProfile": {
            "tenantId": TENANT, "name": "é", "description": "d", "region": "AS923_4", "macVersion": "LORAWAN_1_1_0",
            "regParamsRevision": "RP002_1_0_3", "adrAlgorithmId": "default", "flushQueueOnActivate": True,
            "uplinkInterval": 3600, "deviceStatusReqInterval": 1, "supportsOtaa": True, "supportsClassC": True,
            "classCTimeout": 300}}),
        (device_pb2.CreateDeviceRequest, wire.CREATE_DEVICE, {"device": {
            "devEui": "00" * 8, "name": "n" * 200, "description": "d", "applicationId": "a", "deviceProfileId": "p",
            "tags": {"a": "b", "c": "é"}, "joinEui": "11" * 8}}),
        (device_pb2.CreateDeviceKeysRequest, wire.CREATE_KEYS, {"deviceKeys": {
            "devEui": "00" * 8, "nwkKey": APP_KEY, "appKey": NWK_KEY}}),
    ],
)  # fmt: skip
def test_what_is_written_is_what_the_genuine_messages_read(genuine: Any, table: Table, told: dict[str, Any]) -> None:
    message = genuine.FromString(encoded(told, table))
    assert MessageToDict(message) == told
    assert decoded(message.SerializeToString(), table) == told
