"""What every connector must do, whatever its network."""

import base64
import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.connectors import CONNECTORS
from beffroi.acquisition.guides import guide
from beffroi.acquisition.messages import Uplink, written
from tests.acquisition.networks import ENVELOPE, NOW, everywhere, read

FILES = {"__init__.py", "manifest.toml", "README.md", "README.fr.md", "recorded.toml"}
BASE64 = ("chirpstack-v4", "chirpstack-v3", "tts-v3")
any_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
kinds = pytest.mark.parametrize("kind", CONNECTORS)


def package_of(kind: str) -> Any:
    name = {"json": "json_http"}.get(kind, kind.replace("-", "_"))
    return resources.files("beffroi.acquisition.connectors").joinpath(name)


def recorded_of(kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(package_of(kind).joinpath("recorded.toml").read_text("utf-8"))[
        "payloads"
    ]
    return found


FAMILIES = [(kind, one["path"]) for kind in CONNECTORS for one in recorded_of(kind) if "files" in one]
WHOLE = [(kind, one["path"]) for kind in CONNECTORS for one in recorded_of(kind) if "whole" in one]


def files_of(kind: str, path: str, shared_data: Path) -> list[tuple[str, bytes, dict[str, Any]]]:
    (entry,) = (one for one in recorded_of(kind) if one["path"] == path)
    return [(file.name, file.read_bytes(), entry) for file in sorted(shared_data.glob(path))]


@kinds
def test_the_folder_holds_the_same_files_as_every_other(kind: str) -> None:
    assert {one.name for one in package_of(kind).iterdir()} >= FILES


@kinds
def test_the_manifest_is_of_this_connector(kind: str) -> None:
    manifest = CONNECTORS[kind].manifest
    assert manifest.kind == CONNECTORS[kind].kind == kind
    assert manifest.name.fr
    assert manifest.events
    assert "mqtt" in manifest.transports or not manifest.topics


@kinds
def test_what_the_manifest_calls_recorded_was_recorded(kind: str) -> None:
    quality = msgspec.to_builtins(CONNECTORS[kind].manifest.quality)
    assert not ("recorded" in quality.values() and not recorded_of(kind))


@kinds
@pytest.mark.parametrize("page", ["README.md", "README.fr.md"])
def test_the_page_names_every_event_and_topic(kind: str, page: str) -> None:
    text = package_of(kind).joinpath(page).read_text("utf-8")
    manifest = CONNECTORS[kind].manifest
    for name in (*manifest.events, *manifest.topics):
        assert f"`{name}`" in text, name


@pytest.mark.parametrize(("kind", "path"), FAMILIES)
def test_recorded_payloads_are_of_the_kinds_said(kind: str, path: str, shared_data: Path) -> None:
    found: dict[str, int] = {}
    files = files_of(kind, path, shared_data)
    for _, content, _ in files:
        for message in read(kind, content):
            name = written(message)["kind"]
            found[name] = found.get(name, 0) + 1
    assert len(files) == files[0][2]["files"]
    assert found == files[0][2]["kinds"]


@pytest.mark.parametrize(("kind", "path"), WHOLE)
def test_the_recorded_payload_is_understood_in_full(kind: str, path: str, shared_data: Path) -> None:
    ((_, content, entry),) = files_of(kind, path, shared_data)
    (message,) = read(kind, content)
    assert written(message) == entry["whole"]


@pytest.mark.parametrize(("kind", "path"), FAMILIES)
def test_nothing_of_a_recorded_frame_is_lost(kind: str, path: str, shared_data: Path) -> None:
    """Compared with what a blind look at the raw document finds by name."""
    for name, content, _ in files_of(kind, path, shared_data):
        raw = json.loads(content)
        for frame in (one for one in read(kind, content) if isinstance(one, Uplink)):
            for told, names in (("rssi", {"rssi", "LrrRSSI"}), ("snr", {"snr", "loRaSNR", "LrrSNR"})):
                there = sorted(float(one) for one in everywhere(raw, names))
                if kind == "thingpark":  # tells the best station twice
                    there = there[1:]
                assert (
                    sorted(getattr(one, told) for one in frame.gateways if getattr(one, told) is not None) == there
                ), name
            _same_number(frame.frame_counter, raw, {"fCnt", "f_cnt", "FCntUp", "fcnt", "fCntUp"}, name)
            _same_number(frame.port, raw, {"fPort", "f_port", "FPort", "port"}, name)
            _same_number(frame.spreading_factor, raw, {"spreadingFactor", "spreading_factor", "SpFact", "sf"}, name)
            assert frame.payload.hex() == _payload(kind, raw), name


def _same_number(found: int | None, raw: Any, names: set[str], name: str) -> None:
    there = [int(one) for one in everywhere(raw, names)]
    assert not there or found == there[0], name


def _payload(kind: str, raw: Any) -> str:
    told = [one for one in everywhere(raw, {"data", "frm_payload", "payload", "payload_hex"}) if isinstance(one, str)]
    return base64.b64decode(told[0]).hex() if kind in BASE64 else told[0].lower()


@kinds
@pytest.mark.parametrize(
    "content", [b"", b" \n", b"\xef\xbb\xbf", b"null", b"[]", b"{}", b'"\\ud800"', b"\x00", b"{", b"<"]
)
def test_what_says_nothing_is_told_of(kind: str, content: bytes) -> None:
    found = read(kind, content)
    assert found
    assert {written(one)["kind"] for one in found} == {"unknown"}


@kinds
@given(content=st.binary(min_size=1))
def test_any_bytes_are_told_of(kind: str, content: bytes) -> None:
    found = read(kind, content)
    assert found
    for message in found:
        msgspec.json.encode(written(message))


@kinds
@given(
    value=any_json,
    event=st.sampled_from(["", "up", "join", "ack", "status", "log", "location", "error", "integration"]),
)
def test_any_json_is_told_of_and_written(kind: str, value: Any, event: str) -> None:
    found = CONNECTORS[kind].read(json.dumps(value).encode(), Envelope(NOW, query={"event": event} if event else {}))
    assert found
    for message in found:
        msgspec.json.encode(written(message))


@pytest.mark.parametrize(("kind", "path"), FAMILIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_recorded_payload_with_one_field_changed_is_told_of(
    kind: str, path: str, data: st.DataObject, shared_data: Path
) -> None:
    files = sorted(shared_data.glob(path))
    value = json.loads(data.draw(st.sampled_from(files[:6])).read_bytes())
    place: Any = value
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(any_json)
            break
        place = place[key]
    found = read(kind, value)
    assert found
    for message in found:
        msgspec.json.encode(written(message))


@kinds
def test_a_deep_document_is_refused_and_not_followed(kind: str) -> None:
    for depth in (50, 300, 500, 900, 100_000):
        for opening, closing in (
            (b"[", b"]"),
            (b'{"object":', b"}"),
            (b'{"result":', b"}"),
            (b'{"list":[', b"]}"),
            (b"<a>", b"</a>"),
        ):
            for content in (opening * depth, opening * depth + b"1" + closing * depth):
                for message in CONNECTORS[kind].read(content, ENVELOPE):
                    msgspec.json.encode(written(message))


@kinds
def test_a_guide_says_what_to_do_in_the_network_s_own_console(kind: str) -> None:
    told = guide(kind)
    assert told.fr and told.en and told.fr != told.en
    assert "##" not in told.fr + told.en
