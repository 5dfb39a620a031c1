"""`beffroi decode` and `beffroi encode`, as one types them."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from beffroi.cli import main

SCRIPT = """
function decodeUplink(input) {
  if (input.bytes.length === 0) return { errors: ['empty'] };
  if (input.bytes[0] === 255) throw new Error('what?');
  return { data: { port: input.fPort, hour: input.recvTime && input.recvTime.getUTCHours(), first: input.bytes[0] } };
}
function encodeDownlink(input) { return { bytes: [input.data.level], fPort: input.fPort }; }
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "codec.js"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["beffroi", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_a_message_is_decoded(
    script: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("decode", "--codec", str(script), "--fport", "2", "--recv-time", "2026-11-26T08:00:00Z")
    for given in (("--hex", "01 02"), ("--base64", "AQI=")):
        assert run(monkeypatch, *options, *given) == 0
        assert json.loads(capsys.readouterr().out) == {"data": {"port": 2, "hour": 8, "first": 1}}


def test_a_command_is_encoded(
    script: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "encode", "--codec", str(script), "--fport", "85", "--data", '{"level": 7}') == 0
    assert json.loads(capsys.readouterr().out) == {"bytes": [7], "fPort": 85}


def test_cayenne_needs_no_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "decode", "--codec", "cayenne-lpp", "--hex", "03670110") == 0
    assert json.loads(capsys.readouterr().out) == {"data": {"temperature_3": 27.2}}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("--hex", "ff"), "the codec failed: Error: what?"),
        (("--hex", ""), "empty"),
        (("--hex", "0"), "--hex: cannot be read as bytes"),
        ((), "--hex: give --hex or --base64, one of them"),
        (("--hex", "00", "--recv-time", "today"), "--recv-time: is no instant"),
    ],
)
def test_an_error_is_told_with_exit_status_1(
    script: Path,
    given: tuple[str, ...],
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LC_ALL", "en")
    assert run(monkeypatch, "decode", "--codec", str(script), *given) == 1
    assert why in capsys.readouterr().err


def batch(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lines: list[str]) -> list[Any]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))
    monkeypatch.setenv("LC_ALL", "en")
    assert run(monkeypatch, "decode", "--batch", "-") == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_lines_are_answered_in_order_whatever_is_wrong_with_some(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codec = json.dumps(str(script))
    found = batch(
        monkeypatch,
        capsys,
        [
            f'{{"codec": {codec}, "input": {{"bytes": [1], "fPort": 2, "recvTime": "2026-11-26T08:00:00Z"}}}}',
            "nonsense",
            '{"codec": "/nowhere.js", "input": {}}',
            f'{{"codec": {codec}, "routine": "steal", "input": {{}}}}',
            f'{{"codec": {codec}, "input": {{"bytes": [255]}}}}',
            f'{{"codec": {codec}, "routine": "encodeDownlink", "input": {{"data": {{"level": 3}}}}}}',
            f'{{"codec": {json.dumps(str(tmp_path))}, "input": {{}}}}',
        ],
    )
    assert found[0] == {"data": {"port": 2, "hour": 8, "first": 1}}
    assert found[5] == {"bytes": [3]}
    assert [place for place, one in enumerate(found) if "error" in one] == [1, 2, 3, 4, 6]
    assert found[4] == {"error": "the codec failed: Error: what?"}
    assert found[2]["error"].startswith("/nowhere.js: ")


def test_many_lines_stream(script: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    line = '{{"codec": {}, "input": {{"bytes": [{}], "fPort": 1}}}}'
    found = batch(monkeypatch, capsys, [line.format(json.dumps(str(script)), place % 250) for place in range(5000)])
    assert [one["data"]["first"] for one in found] == [place % 250 for place in range(5000)]
