"""`beffroi connector`, as one types it."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from beffroi.acquisition.connectors import CONNECTORS
from beffroi.cli import main

FRAME = {
    "deviceInfo": {"devEui": "0102030405060708"},
    "fPort": 2,
    "fCnt": 4,
    "data": "AxI=",
    "time": "2023-05-22T07:47:05.404859Z",
}


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["beffroi", "connector", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_message_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rx = [
        {"gatewayId": "6a7e111a10000000", "rssi": -35, "snr": 11.5, "location": {"latitude": 46.6, "longitude": -1.4}}
    ]
    lora = {"modulation": {"lora": {"spreadingFactor": 7}}}
    (tmp_path / "up.json").write_text(json.dumps({**FRAME, "rxInfo": rx, "txInfo": lora}), encoding="utf-8")
    assert run(monkeypatch, "read", "chirpstack-v4", str(tmp_path / "up.json")) == 0
    (found,) = printed(capsys)
    gateway = {"id": "6a7e111a10000000", "rssi": -35, "snr": 11.5, "longitude": -1.4, "latitude": 46.6, "channel": 0}
    expected = {
        "kind": "uplink",
        "device": "0102030405060708",
        "port": 2,
        "bytes": "0312",
        "frame_counter": 4,
        "spreading_factor": 7,
    }
    assert expected.items() <= found.items()
    assert (found["time"], found["gateways"]) == ("2023-05-22T07:47:05.404859Z", [gateway])


def test_what_several_files_tell_of_one_frame_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = {"EUI": "0102030405060708", "ts": 1690901260493, "fcnt": 3, "port": 2, "data": "0112"}
    (tmp_path / "rx.json").write_text(json.dumps({"cmd": "rx", **frame, "rssi": -38}), encoding="utf-8")
    (tmp_path / "gw.json").write_text(
        json.dumps({"cmd": "gw", **frame, "gws": [{"gweui": "AA", "rssi": -38}]}), encoding="utf-8"
    )
    assert run(monkeypatch, "read", "loriot", str(tmp_path / "rx.json"), str(tmp_path / "gw.json")) == 0
    (found,) = printed(capsys)
    assert found["gateways"] == [{"id": "AA", "rssi": -38}]


@pytest.mark.parametrize("option", [("--query", "event=status"), ("--topic", "application/a/device/b/event/status")])
def test_the_address_or_the_topic_says_the_event(
    option: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.dumps({"deviceInfo": {"devEui": "0102030405060708"}}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert run(monkeypatch, "read", "chirpstack-v4", "-", *option) == 0
    assert printed(capsys)[0]["kind"] == "status"


def test_any_json_is_read_by_a_mapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mapping.toml").write_text('device = "d"\n[values]\nt = "x.y"\n', encoding="utf-8")
    (tmp_path / "sent.json").write_text('{"d": "a", "x": {"y": 2}}', encoding="utf-8")
    assert (
        run(monkeypatch, "read", "json", str(tmp_path / "sent.json"), "--mapping", str(tmp_path / "mapping.toml")) == 0
    )
    assert printed(capsys)[0]["values"] == {"t": 2}


def test_what_cannot_be_read_is_told_in_the_reader_s_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x").write_bytes(b"bonjour")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert run(monkeypatch, "read", "loriot", str(tmp_path / "x")) == 0
    assert printed(capsys)[0]["reason"] == "ce n'est pas du JSON"


@pytest.mark.parametrize("words", [("nothing", "-"), ("loriot", "no-such-file")])
def test_an_unknown_kind_or_file_ends_with_status_2(
    words: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "read", *words) == 2
    said = capsys.readouterr()
    assert (said.out, said.err != "") == ("", True)


def test_every_kind_is_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "list") == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(CONNECTORS)
