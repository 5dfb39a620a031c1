"""Connections made from the command line: what is fetched, and the keys of servers."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from beffroi.cli import main
from tests.api.fetched import TABLE
from tests.conftest import ROCHE, a_territory
from tests.servers import PASSWORD, drops


@dataclass(frozen=True)
class Told:
    code: int
    out: str


Run = Callable[..., Told]


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`beffroi connection …` on a territory."""

    def run_(*words: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["beffroi", "connection", *words, "--data", str(data)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Told(int(ended.value.code or 0), said.out + said.err)

    return run_


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with a_territory(tmp_path):
        pass
    (tmp_path / "mapping.toml").write_text(TABLE, encoding="utf-8")
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    return tmp_path / "data"


def test_an_address_is_connected_with_its_headers_kept_secret(run: Run, data: Path) -> None:
    headers = data.parent / "headers"
    headers.write_text("X-Api-Key: s3cret\n")
    told = run(
        "add", "json", "--name", "Station", "--owner", ROCHE, "--poll", "http://127.0.0.1/x",
        "--period", "60", "--headers-file", str(headers),
    )  # fmt: skip
    assert told.code == 0, told.out
    assert "poll" in run("list").out
    assert b"s3cret" not in (data / "beffroi.sqlite").read_bytes()


def test_a_private_address_is_refused(run: Run, data: Path) -> None:
    told = run("add", "json", "--name", "x", "--poll", "http://192.168.0.1/")
    assert told.code != 0


def test_a_folder_is_refused_without_the_setting(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("add", "table", "--name", "x", "--folder", "eau", "--mapping", str(data.parent / "mapping.toml"))
    assert run(*arguments).code != 0
    monkeypatch.setenv("BEFFROI_FOLDERS", str(data.parent / "drops"))
    assert run(*arguments).code == 0
    assert "folder" in run("list").out


def test_a_server_is_connected_by_the_key_it_shows(run: Run, tmp_path: Path) -> None:
    with drops(tmp_path / "server") as server:
        shown = run("host-key", f"127.0.0.1:{server.port}").out.splitlines()
        assert shown[0] == server.host_key and shown[1].startswith("SHA256:")
        told = run(
            "add", "table", "--name", "Dépôt", "--sftp", f"depot@127.0.0.1:{server.port}/releves",
            "--host-key", shown[0], "--password-file", str(tmp_path / "password"),
            "--mapping", str(tmp_path / "mapping.toml"),
        )  # fmt: skip
    assert told.code == 0, told.out
    assert "sftp" in run("list").out
