"""The commands as an operator types them, on a real folder; some while the instance runs."""

import contextlib
import csv
import io
import json
import socket
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest

from beffroi.access import Scope
from beffroi.app import opened
from beffroi.cli import main
from beffroi.observations import Windows
from beffroi.registry import retention
from beffroi.registry.retention import NewRule
from beffroi.registry.series import SeriesQuery
from beffroi.registry.series import find as find_series
from beffroi.settings import Settings
from tests.conftest import ROCHE, running

MAPPING = """
[time]
column = "time"

[series]
code = "{name}"

[create]
service = "buildings"

[values]
value = { property = "temperature", unit = "degC" }
"""


class Done(NamedTuple):
    stdout: str
    stderr: str


def beffroi(*arguments: str, status: int = 0) -> Done:
    """A command, run in this process as the shell would."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
        pytest.raises(SystemExit) as ended,
    ):
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.setattr(sys, "argv", ["beffroi", *arguments])
        main()
        sys.exit(0)
    told = Done(stdout.getvalue(), stderr.getvalue())
    assert (ended.value.code or 0) == status, told
    return told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real instance: a syndicate and two communes."""
    return an_instance(tmp_path_factory.mktemp("instance") / "data")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Another, for one test alone."""
    return an_instance(tmp_path / "fresh")


def an_instance(data: Path) -> Path:
    members = ("--member", ROCHE, "--member", "commune-85194")
    made = beffroi("init", "--structure", "Syndicat d'essai", "--admin", "a@example.fr", *members, "--data", str(data))
    assert "2 members" in made.stdout
    assert "/sign-in#token=" in made.stdout
    return data


@pytest.fixture
def readings(tmp_path: Path) -> tuple[str, str]:
    """A file with one bad cell, and its mapping."""
    path, mapping = tmp_path / "readings.csv", tmp_path / "mapping.toml"
    path.write_text("time,name,value\n2026-11-20T10:00:00Z,hall,19.5\n2026-11-20T11:00:00Z,hall,hot\n")
    mapping.write_text(MAPPING)
    return str(path), str(mapping)


def take_in_an_old_reading(folder: Path, path: str, mapping: str) -> None:
    Path(path).write_text("time,name,value\n2020-01-20T10:00:00Z,hall,19.5\n")
    beffroi("ingest", path, "--mapping", mapping, "--owner", ROCHE, "--data", str(folder))


def test_help_explains_every_command() -> None:
    told = beffroi("--help").stdout
    for word in ("demo", "init", "serve", "ingest", "import", "export", "backup", "restore", "doctor", "audit", "key"):
        assert word in told


def test_an_instance_is_made_once(folder: Path) -> None:
    told = beffroi("init", "--structure", "Autre", "--admin", "b@example.fr", "--data", str(folder), status=1)
    assert "This instance has its structure already." in told.stderr


def test_an_unknown_member_is_named(tmp_path: Path) -> None:
    told = beffroi(
        "init", "--structure", "S", "--admin", "a@b.fr", "--member", "commune-99999", "--data", str(tmp_path), status=1
    )
    assert "commune-99999" in told.stderr


def test_a_file_comes_in_and_its_bad_cell_is_told(folder: Path, readings: tuple[str, str]) -> None:
    path, mapping = readings
    told = beffroi("ingest", path, "--mapping", mapping, "--owner", ROCHE, "--data", str(folder))
    assert "1 observations" in told.stdout
    assert "1 in quarantine" in told.stdout
    assert "readings.csv 3 value: 'hot'" in told.stderr


def test_files_come_in_and_go_out_while_the_instance_runs(folder: Path, readings: tuple[str, str]) -> None:
    path, mapping = readings
    with running("serve", data=folder) as served:
        told = beffroi("ingest", path, "--mapping", mapping, "--owner", ROCHE, "--data", str(folder))
        assert "1 observations" in told.stdout
        token = beffroi("key", "create", ROCHE, "--right", "read", "--data", str(folder)).stdout.strip()
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx2.get(f"{served.url}/api/v1/observations", headers=headers)
        assert [row["value"] for row in answer.json()["items"]] == [19.5]
        assert httpx2.get(f"{served.url}/health").json()["status"] == "ok"
        again = beffroi("serve", "--data", str(folder), status=1)
        assert "already runs" in again.stderr


def test_equipment_is_imported_whole_or_not_at_all_and_exported(folder: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "assets.csv", tmp_path / "out.csv"
    path.write_text("code;kind;name\nB1;building;Mairie\nB2;castle;Château\n")
    refused = beffroi("import", "assets", str(path), "--owner", ROCHE, "--data", str(folder), status=1)
    assert "assets.csv 3 kind:" in refused.stderr
    assert "nothing written" in refused.stdout
    told = beffroi("import", "assets", str(path), "--owner", ROCHE, "--skip-bad", "--data", str(folder))
    assert "1 new" in told.stdout
    beffroi("export", "assets", str(out), "--owner", ROCHE, "--data", str(folder))
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert [(row["code"], row["kind"], row["name"]) for row in rows] == [("B1", "building", "Mairie")]


@pytest.mark.parametrize("running_too", [False, True])
def test_a_backup_is_restored_and_serves(folder: Path, tmp_path: Path, running_too: bool) -> None:
    target, laid = tmp_path / "backup", tmp_path / "laid"
    if running_too:
        with running("serve", data=folder):
            beffroi("backup", str(target), "--data", str(folder))
    else:
        beffroi("backup", str(target), "--data", str(folder))
    beffroi("restore", str(target), "--data", str(laid))
    with running("serve", data=laid) as served:
        assert httpx2.get(f"{served.url}/health").json()["status"] == "ok"
    assert "whole" in beffroi("audit", "verify", "--data", str(laid)).stdout


def test_the_record_is_settled_merged_and_verified(folder: Path, readings: tuple[str, str], tmp_path: Path) -> None:
    data = ("--data", str(folder))
    path, mapping = readings
    beffroi("ingest", path, "--mapping", mapping, "--owner", ROCHE, *data)
    assert beffroi("record", "settle", *data).stdout == "Files written: 1.\n"
    assert "In files of ended days: 1," in beffroi("record", "stats", *data).stdout
    assert "Files written: 0" in beffroi("record", "compact", *data).stdout
    assert "Every file is as it was written" in beffroi("record", "verify", *data).stdout
    (settled,) = (folder / "record" / "settled").glob("*.parquet")
    whole = settled.read_bytes()
    settled.write_bytes(whole[:-1])
    assert settled.name in beffroi("record", "verify", *data, status=1).stdout
    settled.write_bytes(whole)
    with running("serve", data=folder):
        assert "already runs" in beffroi("record", "settle", *data, status=1).stderr


def test_rules_of_retention_are_applied_by_hand_and_receipts_verified(
    fresh: Path, readings: tuple[str, str], tmp_path: Path
) -> None:
    data = ("--data", str(fresh))
    take_in_an_old_reading(fresh, *readings)
    assert beffroi("record", "retain", *data).stdout == "Nothing to delete or summarise.\n"
    with opened(Settings.load(data=fresh)) as instance, instance.rooms.database.write() as tx:
        retention.create(Scope.system("test"), tx, NewRule(purpose="Essai", keep_days=30), now=datetime.now(UTC))
    told = f"Rule 1, {ROCHE}: 1 observations deleted, of 1 series.\n"
    assert beffroi("record", "retain", "--dry-run", *data).stdout == told + "Dry run: nothing was changed.\n"
    assert beffroi("record", "retain", *data).stdout == told
    assert beffroi("record", "retain", *data).stdout == "Nothing to delete or summarise.\n"
    assert beffroi("deletions", "verify", *data).stdout == "Receipts whole: 1.\n"
    with sqlite3.connect(fresh / "beffroi.sqlite") as database:
        database.execute("UPDATE deletion SET owner = 'commune-85194'")
    assert "what was asked was changed" in beffroi("deletions", "verify", *data, status=1).stdout


def test_a_backup_cleans_the_older_ones_and_a_restore_deletes_again(
    fresh: Path, readings: tuple[str, str], tmp_path: Path
) -> None:
    data = ("--data", str(fresh))
    take_in_an_old_reading(fresh, *readings)
    for name in ("one", "elsewhere/two"):
        beffroi("backup", str(tmp_path / "backups" / name), *data)
    with opened(Settings.load(data=fresh)) as instance:
        system, rooms = Scope.system("test"), instance.rooms
        with rooms.database.read() as tx:
            (series,) = find_series(system, tx, SeriesQuery()).items
        assert (
            rooms.keeping.remove(system, [series], Windows.whole([series.id]), now=datetime.now(UTC)).observations == 1
        )
    made = beffroi("backup", str(tmp_path / "backups" / "three"), *data)
    assert "one: made anew without what was deleted since." in made.stdout
    register = str(tmp_path / "backups" / "deletions.json")
    old, laid = str(tmp_path / "backups" / "elsewhere" / "two"), str(tmp_path / "laid")
    again = beffroi("restore", old, "--data", laid, "--deletions", register)
    assert "Deletions asked for since this backup, done again: 1." in again.stdout
    for where in (laid, str(fresh)):
        assert "Observations: 0," in beffroi("record", "stats", "--data", where).stdout
        assert beffroi("deletions", "verify", "--data", where).stdout == "Receipts whole: 1.\n"


def test_an_edit_of_the_audit_trail_is_found(folder: Path, tmp_path: Path) -> None:
    beffroi("backup", str(tmp_path / "backup"), "--data", str(folder))
    beffroi("restore", str(tmp_path / "backup"), "--data", str(tmp_path / "laid"))
    database = sqlite3.connect(tmp_path / "laid" / "beffroi.sqlite")
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{trigger}"')
    database.execute("UPDATE audit SET subject = 'somebody else' WHERE seq = 2")
    database.commit()
    database.close()
    told = beffroi("audit", "verify", "--data", str(tmp_path / "laid"), status=1)
    assert "tampered" in told.stdout
    assert beffroi("doctor", "--data", str(tmp_path / "laid"), status=1).stdout.count("✗") >= 1


def test_the_doctor_names_what_is_missing(tmp_path: Path) -> None:
    told = beffroi("doctor", "--data", str(tmp_path / "nothing"), status=1)
    assert "✗ Data folder" in told.stdout


def test_a_port_that_is_taken_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = beffroi("demo", "--data", str(tmp_path / "demo"), "--port", str(taken.getsockname()[1]), status=1)
    assert "choose another port" in told.stderr
    assert not (tmp_path / "demo" / "demonstration.json").exists()


def test_an_empty_folder_is_served_with_an_address_that_another_start_replaces(tmp_path: Path) -> None:
    links = []
    for _ in range(2):
        with running("serve", data=tmp_path / "empty") as served:
            assert served.link.startswith(f"{served.url}/setup#token=")
            links.append(served.link.partition("token=")[2])
            answers = [_knocks(served.url, token) for token in links]
    assert answers == [403, 200]


def _knocks(url: str, token: str) -> int:
    return httpx2.get(f"{url}/api/v1/setup", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "beffroi.toml").write_text('time_zone = "Europe/Atlantis"\ncolour = "blue"\n')
    told = beffroi("settings", "--data", str(tmp_path), status=1)
    assert "time_zone: unknown time zone" in told.stderr
    assert "colour: unknown setting" in told.stderr


def test_openapi_is_printed_as_json() -> None:
    assert json.loads(beffroi("openapi").stdout)["openapi"] == "3.1.0"
