"""Downlinks, ChirpStack and whose a device is, at the prompt."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from beffroi.cli import main
from beffroi.registry import models
from tests.api.test_killed_downlinks import prepared
from tests.api.test_subscribers import until
from tests.brokers import a_broker, a_listener
from tests.chirpstacks import TENANT, TOKEN, a_chirpstack
from tests.conftest import NOW, OLONNE, ROCHE, a_territory, running
from tests.pipeline.test_reception import EUI

APP_KEY = "000102030405060708090A0B0C0D0E0F"


Beffroi = Callable[..., str]


@pytest.fixture
def beffroi(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Beffroi:
    """`beffroi ARGUMENTS`: what it says, once it ended as it should."""
    monkeypatch.setenv("LANG", "C.UTF-8")

    def said(*arguments: str, data: Path, status: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["beffroi", *arguments, "--data", str(data)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert int(ended.value.code or 0) == status, told.out + told.err
        return told.out + told.err

    return said


def test_a_downlink_is_asked_and_listed(beffroi: Beffroi, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with a_broker(tmp_path / "broker") as broker:
        with a_territory(tmp_path) as territory:
            device, token = prepared(territory, broker), territory.keys["roche"]
        refused = beffroi("downlink", "list", data=data, status=1)
        assert "not running" in refused
        with (
            a_listener(broker.port, "application/+/device/+/command/+") as listener,
            running("serve", data=data) as served,
        ):
            grant(served.url, token)
            seen = beffroi("downlink", "ask", str(device), "--hex", "01 07", "--fport", "12", "--dry-run", data=data)
            assert seen.startswith("0107 fPort 12")
            asked = beffroi("downlink", "ask", str(device), "--hex", "01 07", "--fport", "12", data=data)
            key = asked.split()[0]
            assert key in beffroi("downlink", "list", "--device", str(device), data=data)
            beffroi("downlink", "cancel", "00000000-0000-0000-0000-000000000000", data=data, status=1)
            demanded = beffroi("downlink", "demand", "--asset-kind", "building", data=data)
            assert demanded == beffroi("downlink", "demand", data=data) == "asset-kind building\n"
            assert "No downlink" in beffroi("downlink", "demand", "--none", data=data)
        assert [json.loads(payload)["id"] for _, payload in listener.heard] == [key]


def test_what_had_not_left_when_a_backup_was_made_does_not_leave_once_it_is_laid(
    beffroi: Beffroi, tmp_path: Path
) -> None:
    data, kept, laid = tmp_path / "data", tmp_path / "kept", tmp_path / "laid"
    with a_broker(tmp_path / "broker") as broker:
        with a_territory(tmp_path) as territory:
            device = prepared(territory, broker)
            broker.stop()
            body = {"payload": "01", "port": 1}
            asked = territory.as_("roche").post(f"/devices/{device}/downlinks", json=body)
            assert asked.status_code == 201
        beffroi("backup", str(kept), data=data)
        told = beffroi("restore", str(kept), data=laid)
        assert "will not any more: 1" in told
        broker.start()
        with a_listener(broker.port, "application/+/device/+/command/+") as listener:
            with running("serve", data=data):
                until(lambda: listener.heard)
            with running("serve", data=laid):
                time.sleep(5)
        assert len(listener.heard) == 1


def grant(url: str, token: str) -> None:
    """La Roche lets the structure operate its buildings."""
    headers = {"Authorization": f"Bearer {token}"}
    structure = httpx2.get(f"{url}/api/v1/structure", headers=headers).json()
    agreement = {
        "giver": ROCHE,
        "receiver": structure["key"],
        "right": "operate",
        "service": "buildings",
        "purpose": "astreinte",
    }
    answer = httpx2.post(f"{url}/api/v1/agreements", json=agreement, headers=headers)
    assert answer.status_code == 201, answer.text


@pytest.fixture
def folder(tmp_path: Path) -> tuple[Path, str]:
    with a_territory(tmp_path) as territory:
        with territory.instance.rooms.database.write() as tx:
            models.create(territory.system, tx, models.NewDeviceModel(code="am1", maker="M", name="AM1"), now=NOW)
        territory.a_device(code=EUI, model="am1")
        new: dict[str, Any] = {"owner": ROCHE, "kind": "chirpstack-v4", "name": "Réseau"}
        made = territory.as_("roche").post("/connections", json=new).json()
    return tmp_path / "data", made["connection"]["key"]


def test_devices_are_declared_in_chirpstack_and_compared(
    beffroi: Beffroi, folder: tuple[Path, str], tmp_path: Path
) -> None:
    data, connection = folder
    token, keys = tmp_path / "token", tmp_path / "keys.csv"
    token.write_text(TOKEN + "\n")
    keys.write_text(f"dev_eui,app_key,nwk_key\n{EUI.lower()},{APP_KEY},\n")
    with a_chirpstack() as server:
        api = ("chirpstack", "api", connection, server.url, "--token-file", str(token), "--tenant", TENANT)
        beffroi(*api, data=data)
        assert "1 devices" in beffroi("chirpstack", "keys", str(keys), "--owner", ROCHE, data=data)
        told = beffroi("chirpstack", "declare", connection, data=data)
        assert "+ profile AM1" in told and f"+? {EUI}" in told and not server.devices
        assert f"+  {EUI}" in beffroi("chirpstack", "declare", connection, "--do", data=data)
        assert server.keys[EUI.lower()].nwk_key == APP_KEY
        assert "1 the same" in beffroi("chirpstack", "compare", connection, data=data)
        server.devices[EUI.lower()].name = "x"
        assert "≠" in beffroi("chirpstack", "compare", connection, data=data, status=1)


def test_a_wrong_key_is_told_by_its_line_and_never_shown(
    beffroi: Beffroi, folder: tuple[Path, str], tmp_path: Path
) -> None:
    keys = tmp_path / "keys.csv"
    keys.write_text(f"dev_eui,app_key\n{EUI},not-a-key-but-secret\n")
    told = beffroi("chirpstack", "keys", str(keys), "--owner", ROCHE, data=folder[0], status=1)
    assert "keys.csv:2" in told and "secret" not in told


def test_whose_a_device_is_is_settled(beffroi: Beffroi, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with a_territory(tmp_path) as territory:
        for who, owner in (("roche", ROCHE), ("olonne", OLONNE)):
            new = {"owner": owner, "kind": "sensor", "code": EUI, "name": "x", "service": "buildings"}
            made = territory.as_(who).post("/devices", json=new).json()
    listed = beffroi("claim", "list", data=data)
    assert listed.count(EUI) == 2 and "unconfirmed" in listed
    beffroi("claim", "confirm", str(made["id"]), data=data, status=1)
    beffroi("claim", "settle", EUI, str(made["id"]), "--reason", "posé là", data=data)
    assert "Nothing to decide" in beffroi("claim", "list", data=data)
