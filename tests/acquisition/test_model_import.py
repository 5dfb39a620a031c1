"""Published models, tried on their examples and put in the catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from beffroi.access import Scope
from beffroi.acquisition import examples, model_codecs, model_import
from beffroi.acquisition.codecs import Codecs
from beffroi.acquisition.model_codecs import ChannelOf, NewCodec
from beffroi.acquisition.model_import import Imported
from beffroi.acquisition.repositories import Defect, read
from beffroi.registry import models
from tests.acquisition.checkouts import DECODER, NORMALISER, profiles
from tests.conftest import NOW, Territory

SYSTEM = Scope.system("test")


@pytest.fixture(scope="module")
def codecs() -> Iterator[Codecs]:
    with Codecs(workers=1) as made:
        yield made


def imported(territory: Territory, codecs: Codecs, path: Path, *, dry_run: bool = False) -> list[Imported | Defect]:
    done: list[Imported | Defect] = []
    database = territory.instance.rooms.database
    model_import.load(SYSTEM, database, codecs, read(path), now=NOW, dry_run=dry_run, told=done.append)
    return done


def test_a_model_comes_with_what_its_maker_says(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    imported(territory, codecs, profiles(tmp_path))
    with territory.instance.rooms.database.read() as tx:
        model = models.get(SYSTEM, tx, "ami-th1")
        codec = model_codecs.codec_of(tx, "ami-th1")
        kept = examples.of_model(tx, "ami-th1")
    assert (model.maker, model.name, model.radio) == ("Ami", "TH 1", "LoRaWAN")
    assert {
        "firmware": "1.2",
        "regions": "EU868",
        "mac_version": "1.0.3",
        "classes": "A, C",
    }.items() <= model.properties.items()
    assert codec.source == DECODER
    assert [one.payload for one in kept] == [bytes([41, 90, 0]), bytes([40, 90, 0])]


def test_its_codec_is_tried_on_its_examples(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    (one,) = imported(territory, codecs, profiles(tmp_path))
    assert isinstance(one, Imported)
    assert (one.fate, one.passed) == ("created", 2)
    assert [failure.en for failure in one.failures] == ["285a00 (2): another value of temperature"]


def test_importing_again_changes_nothing(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    imported(territory, codecs, profiles(tmp_path))
    (again,) = imported(territory, codecs, tmp_path)
    assert isinstance(again, Imported)
    assert again.fate == "unchanged"
    with territory.instance.rooms.database.read() as tx:
        assert len(model_codecs.versions(tx, "ami-th1")) == 1


def test_another_codec_is_a_version_and_leaves_channels(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    imported(territory, codecs, profiles(tmp_path))
    database = territory.instance.rooms.database
    with database.write() as tx:
        said = ChannelOf(key="temperature", observed_property="temperature")
        model_codecs.set_channels(SYSTEM, tx, "ami-th1", [said], now=NOW)
    (again,) = imported(territory, codecs, profiles(tmp_path, DECODER + "// mended\n"))
    assert isinstance(again, Imported)
    with database.read() as tx:
        versions = model_codecs.versions(tx, "ami-th1")
        assert (again.fate, versions[0].version, versions[0].current) == ("changed", 2, True)
        assert model_codecs.channels_of(tx, "ami-th1") == [said]


def test_a_codec_put_by_a_person_stays(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    imported(territory, codecs, profiles(tmp_path))
    database = territory.instance.rooms.database
    with database.write() as tx:
        model_codecs.set_codec(SYSTEM, tx, "ami-th1", NewCodec(source=DECODER + "// by hand\n"), now=NOW)
    imported(territory, codecs, profiles(tmp_path, DECODER + "// published since\n"))
    with database.read() as tx:
        assert model_codecs.codec_of(tx, "ami-th1").source.endswith("// by hand\n")


def test_a_dry_run_writes_nothing(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    (one,) = imported(territory, codecs, profiles(tmp_path), dry_run=True)
    assert isinstance(one, Imported)
    assert one.fate == "created"
    with territory.instance.rooms.database.read() as tx:
        assert not models.existing(tx, ["ami-th1"])


def test_what_cannot_be_a_model_stops_no_other(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    profiles(tmp_path)
    devices = tmp_path / "vendors" / "ami" / "devices"
    (devices / "th0.toml").write_text('[device]\nname = "  "\n', encoding="utf-8")
    (devices.parent / "vendor.toml").write_text(
        '[vendor]\nname = "Ami"\nvendor_id = 7\ndevices = ["th0.toml", "th1.toml"]\n', encoding="utf-8"
    )
    done = imported(territory, codecs, tmp_path)
    assert [one.where for one in done if isinstance(one, Defect)] == ["vendors/ami/devices/th0.toml"]
    assert [one.code for one in done if isinstance(one, Imported)] == ["ami-th1"]


def test_a_bench_shows_series_and_quality(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    imported(territory, codecs, profiles(tmp_path, DECODER + NORMALISER))
    with territory.instance.rooms.database.write() as tx:
        said = ChannelOf(key="normalised.air.temperature", observed_property="temperature")
        model_codecs.set_channels(SYSTEM, tx, "ami-th1", [said], now=NOW)
    territory.instance.rooms.changed()
    answer = territory.as_("syndicate" if "syndicate" in territory.keys else "syndicat").post(
        "/device-models/ami-th1/bench", json={"bytes": "c85a00", "port": 2}
    )
    (shown,) = [one for one in answer.json()["values"] if one.get("observed_property")]
    assert (shown["key"], shown["value"], shown["plausible"]) == ("normalised.air.temperature", 100.0, False)


def test_channels_are_proposed_by_its_examples(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    imported(territory, codecs, profiles(tmp_path))
    answer = territory.as_("roche reader").get("/device-models/ami-th1/channels/proposed")
    found = {one["key"]: one.get("observed_property") for one in answer.json()}
    assert found == {"alarm": None, "battery": "battery", "temperature": "temperature"}
    assert territory.as_("stranger").get("/device-models/ami-th1/channels/proposed").status_code == 401


def test_a_message_given_is_looked_at_too(territory: Territory, codecs: Codecs, tmp_path: Path) -> None:
    imported(territory, codecs, profiles(tmp_path, tests=[]))
    reader = territory.as_("roche reader")
    assert reader.get("/device-models/ami-th1/channels/proposed").json() == []
    answer = reader.get("/device-models/ami-th1/channels/proposed", params={"bytes": "285a00", "port": 2})
    assert {one["key"] for one in answer.json()} == {"alarm", "battery", "temperature"}
