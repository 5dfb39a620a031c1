"""A server killed under writers, and one whose disk is full: what was acknowledged over HTTP is kept, once."""

import random
import threading
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from beffroi.app import opened
from beffroi.errors import Unavailable
from beffroi.observations import Windows
from beffroi.settings import Settings
from tests.conftest import a_territory, running
from tests.disks import Disk

WRITERS = 3


def row(series: int, second: int) -> list[dict[str, Any]]:
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_711_843_200 + second))
    return [{"series": series, "time": at, "value": second}]


def written(url: str, token: str, series: int, start: int, kept: list[int], begun: threading.Event) -> None:
    """One observation a request from second `start` on, until the server is no more."""
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
        for second in range(start, start + 10**6):
            try:
                answer = client.post("/api/v1/observations", json=row(series, second))
            except httpx2.TransportError:
                return
            if answer.status_code == 200:
                kept.append(second)
                begun.set()


@pytest.mark.timeout(3600)
def test_what_a_killed_server_acknowledged_is_kept_once(tmp_path: Path, soak: bool) -> None:
    chance, lives = random.Random(7), 25 if soak else 2
    with a_territory(tmp_path) as territory:
        token = territory.keys["roche"]
        series = [territory.a_series().id for _ in range(WRITERS)]
    kept: dict[int, list[int]] = {one: [] for one in series}
    for life in range(lives):
        with running("serve", data=tmp_path / "data") as served:
            begun = threading.Event()
            given = (served.url, token)
            more = (life * 10**6,)
            threads = [threading.Thread(target=written, args=(*given, one, *more, kept[one], begun)) for one in series]
            for thread in threads:
                thread.start()
            assert begun.wait(60)
            time.sleep(chance.uniform(0.01, 0.8))
            served.process.kill()
            for thread in threads:
                thread.join()
    with opened(Settings(data=tmp_path / "data")) as instance:
        found = instance.rooms.record.read(Windows.whole(series)).read_all()
    for one in series:
        here = [row["value"] for row in found.to_pylist() if row["series"] == one]
        assert len(here) == len(set(here))
        assert set(kept[one]) <= set(here)
        assert len(here) <= len(kept[one]) + lives, "of each life, one more at most was under way"


def test_a_full_disk_is_told_as_503_and_reads_go_on(disk: Disk) -> None:
    with a_territory(disk.folder) as territory:
        series = territory.a_series().id
        operator, stranger = territory.as_("roche operator", **{"Accept-Language": "en"}), territory.as_("olonne")
        disk.fill()
        kept = 0
        while (answer := operator.post("/observations", json=row(series, kept))).status_code == 200:
            kept += 1
        assert answer.status_code == 503
        assert "disk full" in answer.json()["detail"]
        assert answer.headers["retry-after"]
        assert stranger.post("/observations", json=row(series, 0)).status_code == 404
        for path, body in (("/backups", {"name": "full"}), ("/assets", {"owner": "commune-85191", "kind": "building"})):
            given = body | ({} if path == "/backups" else {"code": "full", "name": "Plein"})
            refused = territory.as_("syndicate" if path == "/backups" else "roche").post(path, json=given)
            assert refused.status_code == 503, refused.text
        assert len(operator.get("/observations", params={"series": series}).json()["items"]) == kept
        disk.free()
        assert operator.post("/observations", json=row(series, 10**6)).status_code == 200
        assert territory.as_("syndicate").post("/backups", json={"name": "room"}).status_code == 201
        assert len(operator.get("/observations", params={"series": series}).json()["items"]) == kept + 1


def test_an_instance_says_that_it_cannot_start_on_a_full_disk(disk: Disk) -> None:
    with a_territory(disk.folder) as territory:
        series = territory.a_series().id
        assert territory.as_("roche").post("/observations", json=row(series, 1)).status_code == 200
    disk.fill()
    with pytest.raises(Unavailable, match="make room"), opened(Settings(data=disk.folder / "data")):
        pass
    disk.free()
    with opened(Settings(data=disk.folder / "data")) as instance:
        assert len(instance.rooms.record.read(Windows.whole([series])).read_all()) == 1
