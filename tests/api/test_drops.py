"""Files left in a folder, here or on a server, are taken once, whole, and put aside once all in them is durable."""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import httpx2
import pytest

from beffroi.acquisition.fetching import drops as dropping
from beffroi.app import opened
from beffroi.settings import Settings
from tests.api.fetched import TABLE, asked, connect, faults, look, state, table, until
from tests.api.test_polling import make_station
from tests.conftest import OLONNE, ROCHE, Territory, a_territory, running
from tests.pipeline.test_reception import held, values
from tests.servers import PASSWORD, Drops, drops
from tests.sshd import an_sshd

ROW = "s1;22/11/2026;11:00;21,5"


@dataclass
class Place:
    """A folder that is watched, here or on a server: its files, and the connection."""

    territory: Territory
    folder: Path
    way: dict[str, Any]

    def connect(self, pattern: str = "*", **more: Any) -> str:
        way = {
            name: {**one, "pattern": pattern, "period": 3600} for name, one in self.way.items() if name != "password"
        }
        password = {"password": self.way["password"]} if "password" in self.way else {}
        return connect(self.territory, kind="table", mapping=TABLE, **{**way, **password, **more})

    def write(self, name: str, *rows: str) -> Path:
        path = self.folder / name
        path.write_bytes(table(*rows))
        return path

    def names(self, under: str = "") -> list[str]:
        folder = self.folder / under
        return sorted(one.name for one in folder.iterdir() if one.is_file()) if folder.is_dir() else []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Drops]:
    with drops(tmp_path / "server") as made:
        yield made


@pytest.fixture(params=["folder", "sftp"])
def place(request: pytest.FixtureRequest, territory: Territory, tmp_path: Path) -> Place:
    make_station(territory)
    if request.param == "folder":
        folder = tmp_path / "drops" / ROCHE / "releves"
        way: dict[str, Any] = {"folder": {"path": "releves"}}
    else:
        server = request.getfixturevalue("server")
        folder = server.folder / "releves"
        way = {"sftp": server.way(path="releves"), "password": PASSWORD}
    folder.mkdir(parents=True)
    return Place(territory, folder, way)


def begun(place: Place, key: str) -> None:
    until(lambda: state(place.territory, key).get("looked_at"))


def test_a_file_is_taken_at_the_second_look_and_put_aside(place: Place) -> None:
    place.write("a.csv", ROW)
    key = place.connect("*.csv")
    begun(place, key)
    assert values(place.territory) == [] and place.names() == ["a.csv"]
    told = look(place.territory, key)
    assert values(place.territory) == [("2026-11-22T10:00:00Z", 21.5)]
    assert (told["connected"], told["documents"], told["messages"]) == (True, 1, 1)
    assert (place.names(), place.names("done")) == ([], ["a.csv"])


def test_a_file_being_written_waits(place: Place) -> None:
    path = place.write("a.csv", ROW)
    key = place.connect()
    begun(place, key)
    for hour in (12, 13):
        with path.open("ab") as file:
            file.write(f"s1;22/11/2026;{hour}:00;22\n".encode())
        look(place.territory, key)
        assert values(place.territory) == [] and place.names() == ["a.csv"]
    look(place.territory, key)
    assert len(values(place.territory)) == 3 and place.names("done") == ["a.csv"]


def test_other_names_and_half_written_ones_are_left(place: Place) -> None:
    for name in ("a.csv.part", ".a.csv", "b.txt", "c.csv~"):
        place.write(name, ROW)
    place.write("d.csv", ROW)
    (place.folder / "e.csv").mkdir()
    key = place.connect("*.csv*")
    begun(place, key)
    look(place.territory, key)
    assert (place.names("done"), place.names()) == (["d.csv"], [".a.csv", "a.csv.part", "b.txt", "c.csv~"])
    (place.folder / "a.csv.part").rename(place.folder / "a.csv")
    look(place.territory, key)
    look(place.territory, key)
    assert place.names("done") == ["a.csv", "d.csv"]


def test_what_cannot_be_read_is_held_and_put_with_the_refused(place: Place) -> None:
    place.write("bad.csv", "s1;hier;11:00;21,5")
    place.write("good.csv", ROW)
    key = place.connect()
    begun(place, key)
    look(place.territory, key)
    assert (place.names(), place.names("done"), place.names("refused")) == ([], ["good.csv"], ["bad.csv"])
    (one,) = held(place.territory)
    assert one["cause"] == "unread" and "row 2, Date" in one["reason_en"]


def test_what_waits_for_its_device_is_done_with(place: Place) -> None:
    place.write("a.csv", "s2;22/11/2026;11:00;21,5")
    key = place.connect()
    begun(place, key)
    look(place.territory, key)
    assert place.names("done") == ["a.csv"]
    assert [one["cause"] for one in held(place.territory)] == ["unknown-device"]


def test_a_file_too_large_is_held_by_its_name(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropping, "LARGEST", 100)
    place.write("a.csv", *[ROW] * 10)
    key = place.connect()
    begun(place, key)
    look(place.territory, key)
    (one,) = held(place.territory)
    assert one["content"].startswith("a.csv (") and "more than" in one["reason_en"]
    assert place.names("refused") == ["a.csv"]


def test_the_same_name_again_writes_over_nothing(place: Place) -> None:
    key = place.connect()
    for hour in (11, 12, 13):
        place.write("a.csv", f"s1;22/11/2026;{hour}:00;21,5")
        look(place.territory, key)
        look(place.territory, key)
    assert place.names("done") == ["a-2.csv", "a-3.csv", "a.csv"]
    assert len(values(place.territory)) == 3


def test_where_nothing_can_be_put_aside_files_are_remembered(place: Place) -> None:
    """`done` is a file, so that nobody can make the folder. The same bytes written again are not taken again."""
    (place.folder / "done").write_text("in the way")
    path = place.write("a.csv", ROW)
    key = place.connect("*.csv")
    begun(place, key)
    assert look(place.territory, key)["documents"] == 1
    assert look(place.territory, key)["documents"] == 1
    os.utime(path, (1_700_000_000, 1_700_000_000))
    look(place.territory, key)
    assert look(place.territory, key)["documents"] == 1
    place.write("a.csv", ROW, "s1;22/11/2026;12:00;22")
    look(place.territory, key)
    assert look(place.territory, key)["documents"] == 2
    assert len(values(place.territory)) == 2 and place.names() == ["a.csv", "done"]


def test_nothing_is_put_aside_that_was_not_kept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    reception = place.territory.instance.rooms.reception
    receiving = reception.receiving

    def full(*given: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reception, "receiving", full)
    place.write("a.csv", ROW)
    key = place.connect()
    begun(place, key)
    assert "No space left" in look(place.territory, key)["error"]
    assert place.names() == ["a.csv"] and place.names("done") == []
    monkeypatch.setattr(reception, "receiving", receiving)
    look(place.territory, key)
    assert place.names("done") == ["a.csv"] and len(values(place.territory)) == 1


def test_links_are_not_followed(place: Place, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(table(ROW))
    (place.folder / "link.csv").symlink_to(secret)
    (place.folder / "done").symlink_to(tmp_path)
    key = place.connect("*.csv")
    begun(place, key)
    look(place.territory, key)
    assert values(place.territory) == [] and secret.read_bytes() == table(ROW)


def test_a_name_that_is_no_text_is_taken_too(place: Place) -> None:
    name = os.fsencode(str(place.folder)) + b"/\xe9.csv"
    with open(name, "wb") as file:  # noqa: PTH123 - a Path cannot hold it
        file.write(table(ROW))
    key = place.connect()
    begun(place, key)
    look(place.territory, key)
    assert len(values(place.territory)) == 1


def test_a_stranger_and_another_collectivity_see_nothing_of_it(place: Place) -> None:
    key = place.connect()
    for who, code in (("olonne", 404), ("stranger", 401)):
        assert place.territory.as_(who).get(f"/connections/{key}/state").status_code == code
        assert place.territory.as_(who).post(f"/connections/{key}/fetch").status_code == code


def test_a_folder_that_is_not_there_is_told(territory: Territory) -> None:
    key = connect(territory, folder={"path": "nowhere"})
    assert "nowhere cannot be read" in until(lambda: state(territory, key).get("error"))


@pytest.mark.parametrize("path", ["../commune-85194", "a/../../b", "/etc", "a/.ssh", "..", "a\\b", "a\x00b"])
def test_a_path_that_leaves_the_owner_s_folder_is_refused(territory: Territory, path: str) -> None:
    assert "folder.path" in faults(asked(territory, folder={"path": path}))


def test_each_collectivity_has_a_folder_of_its_own(territory: Territory, tmp_path: Path) -> None:
    make_station(territory)
    for owner in (ROCHE, OLONNE):
        (tmp_path / "drops" / owner).mkdir(parents=True)
        (tmp_path / "drops" / owner / "a.csv").write_bytes(table(ROW))
    key = connect(territory, "olonne", owner=OLONNE, folder={}, kind="table", mapping=TABLE)
    until(lambda: territory.as_("olonne").get(f"/connections/{key}/state").json().get("looked_at"))
    before = territory.as_("olonne").get(f"/connections/{key}/state").json()["looked_at"]
    territory.as_("olonne").post(f"/connections/{key}/fetch")
    until(lambda: territory.as_("olonne").get(f"/connections/{key}/state").json()["looked_at"] != before)
    assert (tmp_path / "drops" / ROCHE / "a.csv").exists()
    assert (tmp_path / "drops" / OLONNE / "done" / "a.csv").exists()
    assert values(territory) == [] and held(territory) == []


def test_a_link_on_the_way_is_refused(territory: Territory, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.csv").write_bytes(table(ROW))
    (tmp_path / "drops" / ROCHE).mkdir(parents=True)
    (tmp_path / "drops" / ROCHE / "way").symlink_to(outside)
    key = connect(territory, folder={"path": "way"}, kind="table", mapping=TABLE)
    assert "cannot be read" in until(lambda: state(territory, key).get("error"))
    assert "cannot be read" in look(territory, key)["error"]
    assert (outside / "a.csv").exists()


def test_without_the_operator_s_setting_no_folder_is_watched(tmp_path: Path) -> None:
    with a_territory(tmp_path) as territory:
        bounds = territory.instance.rooms.bounds
        object.__setattr__(bounds, "folders", None)
        told = faults(asked(territory, folder={"path": "x"}))["folder"]
        assert "watches no folder" in told
        assert "folder" not in territory.as_("roche").get("/connections/kinds").json()[0]["transports"]


def test_a_setting_that_is_no_network_stops_the_instance(tmp_path: Path) -> None:
    with (
        pytest.raises(Exception, match="neither a network nor a name"),
        opened(Settings(data=tmp_path / "data", reachable="10.0.0.0/99!")),
    ):
        pass


def test_killed_as_it_takes_files_it_loses_none_and_keeps_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soak: bool
) -> None:
    monkeypatch.setenv("BEFFROI_FOLDERS", str(tmp_path / "drops"))
    folder = tmp_path / "drops" / ROCHE
    folder.mkdir(parents=True)
    files, goals = (300, (1, 80, 160)) if soak else (120, (1, 40))
    for place in range(files):
        row = f"s1;{1 + place // 24:02}/11/2026;{place % 24:02}:00;{place % 30},5"
        (folder / f"{place:03}.csv").write_bytes(table(row))
    with a_territory(tmp_path) as territory:
        make_station(territory)
        headers = {"Authorization": f"Bearer {territory.keys['roche']}"}
        key = connect(territory, folder={"period": 3600}, kind="table", mapping=TABLE)
    done = folder / "done"

    def count() -> int:
        return len(list(done.iterdir())) if done.is_dir() else 0

    def reached(goal: int, url: str) -> bool:
        if count() < goal:
            httpx2.post(f"{url}/api/v1/connections/{key}/fetch", headers=headers)
        return count() >= goal

    for goal in goals:
        with running("serve", data=tmp_path / "data") as served:
            until(lambda goal=goal, url=served.url: reached(goal, url), 60)  # type: ignore[misc]
            os.kill(served.process.pid, signal.SIGKILL)
            served.process.wait()
    assert count() < files
    with running("serve", data=tmp_path / "data") as served:
        until(lambda: reached(files, served.url), 90)
        ask = {"observed_property": "temperature", "limit": "1000"}
        found = httpx2.get(f"{served.url}/api/v1/observations", params=ask, headers=headers).json()["items"]
    assert len(found) == files == len({one["time"] for one in found})


def test_the_server_s_key_is_shown_and_no_other_is_trusted(territory: Territory, server: Drops) -> None:
    question = {"owner": ROCHE, "host": "127.0.0.1", "port": server.port}
    shown = territory.as_("roche").post("/connections/host-key", json=question).json()
    assert shown["host_key"] == server.host_key and shown["fingerprint"].startswith("SHA256:")
    key = connect(territory, sftp=server.way(), password=PASSWORD)
    until(lambda: state(territory, key)["connected"])
    assert state(territory, key)["fingerprint"] == shown["fingerprint"]
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    wrong = connect(territory, sftp=server.way(host_key=other), password=PASSWORD)
    told = until(lambda: state(territory, wrong).get("error"))
    assert "not the expected one" in told and shown["fingerprint"] in told


def test_a_private_key_opens_and_is_never_shown(territory: Territory, server: Drops) -> None:
    key = connect(territory, sftp=server.way(), private_key=server.key)
    until(lambda: state(territory, key)["connected"])
    assert "PRIVATE" not in territory.as_("roche").get(f"/connections/{key}").text
    assert b"PRIVATE" not in (territory.instance.rooms.data / "beffroi.sqlite").read_bytes()


def test_what_does_not_open_is_told(territory: Territory, server: Drops) -> None:
    key = connect(territory, sftp=server.way(), password="wrong")
    assert "refuses the credentials" in until(lambda: state(territory, key).get("error"))
    missing = connect(territory, sftp=server.way(path="nowhere"), password=PASSWORD)
    assert "no folder nowhere" in until(lambda: state(territory, missing).get("error"))


@pytest.mark.parametrize(
    ("way", "more", "field"),
    [
        ({"host_key": "ssh-ed25519 nonsense"}, {"password": "x"}, "sftp.host_key"),
        ({"path": "a/../b"}, {"password": "x"}, "sftp.path"),
        ({}, {}, "password"),
        ({}, {"private_key": "nonsense"}, "private_key"),
    ],
)
def test_a_server_that_could_not_be_opened_is_refused(
    territory: Territory, server: Drops, way: dict[str, Any], more: dict[str, Any], field: str
) -> None:
    assert field in faults(asked(territory, sftp=server.way(**way), **more))


def test_a_server_s_key_is_asked_for_within_reach_only(territory: Territory, server: Drops) -> None:
    question = {"owner": ROCHE, "host": "127.0.0.2", "port": server.port}
    answer = territory.as_("roche").post("/connections/host-key", json=question)
    assert "private or reserved" not in answer.text and "host" in faults(answer)
    nobody = territory.as_("roche").post("/connections/host-key", json={**question, "host": "127.0.0.1", "port": 9})
    assert nobody.status_code == 503


def test_openssh_s_own_server_is_emptied_too(territory: Territory, tmp_path: Path) -> None:
    program = shutil.which("sshd", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")
    if program is None:
        pytest.skip("sshd is not installed (apt-get install openssh-server)")
    with an_sshd(tmp_path / "sshd", program) as server:
        make_station(territory)
        folder = tmp_path / "sshd" / "releves"
        folder.mkdir()
        (folder / "a.csv").write_bytes(table(ROW))
        way = {**server.way(), "path": str(folder)}
        key = connect(territory, sftp=way, private_key=server.key, kind="table", mapping=TABLE)
        until(lambda: state(territory, key).get("looked_at"))
        assert look(territory, key)["connected"]
        assert len(values(territory)) == 1 and (folder / "done" / "a.csv").exists()
