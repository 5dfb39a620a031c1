import gzip
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.conftest import ROCHE, ROOT, Caller, Territory

MAPPING = """
[time]
column = "at"
[series]
code = "{station}:{value}"
[create]
service = "environment"
[values]
t = { property = "temperature", unit = "kelvin" }
"""
GOOD = b"at,station,t\n2024-01-01T00:00Z,s,280\n"
BAD = GOOD + b"2024-01-02T00:00Z,s,28O\n"


def send(
    caller: Caller, content: bytes = GOOD, mapping: str = MAPPING, *, name: str = "file.csv", **query: Any
) -> httpx2.Response:
    parts = {"file": (name, content), "mapping": ("mapping.toml", mapping.encode())}
    return caller.post("/files", params={"owner": ROCHE, **query}, files=parts)


def test_a_file_sent_is_read_back_as_observations(territory: Territory) -> None:
    roche = territory.as_("roche")
    (report,) = send(roche).json()["files"]
    assert (report["observations"], report["created"], report["faults"]) == (1, 1, 0)
    (made,) = roche.get("/series", params={"code": "s:t"}).json()["items"]
    (one,) = roche.get("/observations", params={"series": made["id"]}).json()["items"]
    assert (one["time"][:10], one["value"]) == ("2024-01-01", 6.85)


def test_a_real_file_sent_is_taken_whole(territory: Territory, shared_data: Path) -> None:
    content = (shared_data / "series" / "comptage-velo-measure.csv").read_bytes()
    mapping = (ROOT / "examples" / "mappings" / "bicycle-counts.toml").read_text()
    (report,) = send(territory.as_("roche"), content, mapping).json()["files"]
    assert (report["rows"], report["observations"], report["quarantined"]) == (3_650, 3_650, 0)


def test_a_dry_run_makes_nothing(territory: Territory) -> None:
    answer = send(territory.as_("roche"), dry_run="true").json()
    assert answer["dry_run"]
    assert answer["files"][0]["observations"] == 1
    assert territory.as_("roche").get("/series").json()["items"] == []


def test_a_wrong_mapping_is_a_problem_naming_table_and_key(territory: Territory) -> None:
    answer = send(territory.as_("roche"), mapping=MAPPING.replace("kelvin", "smoot"))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["values.t.unit"]


def test_a_file_that_cannot_be_read_is_a_problem(territory: Territory) -> None:
    answer = send(territory.as_("roche", **{"Accept-Language": "en"}), gzip.compress(GOOD))
    assert answer.status_code == 422
    assert "gzip" in answer.json()["detail"]


def test_the_name_of_a_file_is_only_a_name(territory: Territory) -> None:
    (report,) = send(territory.as_("roche"), name="../../etc/cron.d/x.csv").json()["files"]
    assert report["file"] == "x.csv"


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"mapping": (None, MAPPING)}, "file"),
        ({"file": ("file.csv", GOOD)}, "mapping"),
        ({"file": (None, "at,station"), "mapping": (None, MAPPING)}, "file"),
        ({"file": ("file.csv", GOOD), "mapping": (None, MAPPING), "colour": (None, "red")}, "colour"),
        ({"file": ("file.csv", GOOD), "mapping": ("m.toml", b"\xff")}, "mapping"),
    ],
)
def test_a_form_without_its_parts_is_a_problem_naming_them(
    territory: Territory, parts: dict[str, Any], field: str
) -> None:
    answer = territory.as_("roche").post("/files", params={"owner": ROCHE}, files=parts)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("media", "status"),
    [("text/csv", 415), ("multipart/form-data", 422), ("multipart/form-data; boundary=x", 422)],
)
def test_a_body_that_is_no_form_is_a_problem(territory: Territory, media: str, status: int) -> None:
    answer = territory.as_("roche").post("/files", content=b"what is this?", headers={"Content-Type": media})
    assert answer.status_code == status


def test_a_file_over_the_limit_is_refused(territory: Territory) -> None:
    limit = territory.instance.rooms.upload_limit
    answer = send(territory.as_("roche"), b"x" * (limit + 2**20))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 401), ("olonne", 404), ("roche reader", 403), ("roche editor", 403)]
)
def test_who_may_not_write_there_sends_nothing(territory: Territory, who: str, status: int) -> None:
    assert send(territory.as_(who)).status_code == status
    assert territory.instance.rooms.record.stats().observations == 0


def waiting(caller: Caller) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = caller.get("/quarantine", params={"state": "waiting"}).json()["items"]
    return items


def test_a_bad_cell_waits_with_its_place_and_reason_until_corrected(territory: Territory) -> None:
    roche = territory.as_("roche")
    send(roche, BAD)
    (item,) = waiting(roche)
    assert (item["file"], item["row"], item["column"], item["raw"]) == ("file.csv", 3, "t", "28O")
    assert (item["reason_fr"], item["reason_en"]) == ("n'est pas un nombre", "is not a number")
    refused = roche.post(f"/quarantine/{item['id']}/replay", json={"value": "28o"})
    assert refused.status_code == 422
    done = roche.post(f"/quarantine/{item['id']}/replay", json={"value": "280"})
    assert done.json() == {"replayed": 1, "observations": 1, "still_waiting": 0}
    assert waiting(roche) == []


def test_all_that_waits_is_tried_again_by_a_mended_mapping(territory: Territory) -> None:
    roche = territory.as_("roche")
    send(roche, BAD)
    (item,) = waiting(roche)
    mended = {"source": item["source"], "mapping": f"format.missing = ['28O']\n{MAPPING}"}
    assert roche.post("/quarantine/replay", json=mended).json()["replayed"] == 1


def test_an_item_given_up_says_why(territory: Territory) -> None:
    roche = territory.as_("roche")
    send(roche, BAD)
    (item,) = waiting(roche)
    done = roche.post(f"/quarantine/{item['id']}/discard", json={"reason": "capteur démonté"}).json()
    assert (done["state"], done["note"]) == ("discarded", "capteur démonté")
    again = roche.post(f"/quarantine/{item['id']}/discard", json={"reason": "encore"})
    assert again.status_code == 409


def test_strangers_and_neighbours_see_nothing_of_the_quarantine(territory: Territory) -> None:
    send(territory.as_("roche"), BAD)
    (item,) = waiting(territory.as_("roche"))
    olonne = territory.as_("olonne")
    assert waiting(olonne) == []
    assert olonne.get(f"/quarantine/{item['id']}").status_code == 404
    assert olonne.post(f"/quarantine/{item['id']}/discard", json={"reason": "x"}).status_code == 404
    assert olonne.post("/quarantine/replay", json={"source": item["source"]}).json()["replayed"] == 0
    assert territory.as_("stranger").get("/quarantine").status_code == 401


def test_a_reader_sees_the_quarantine_and_may_not_touch_it(territory: Territory) -> None:
    send(territory.as_("roche"), BAD)
    reader = territory.as_("roche reader")
    (item,) = waiting(reader)
    assert reader.post(f"/quarantine/{item['id']}/discard", json={"reason": "x"}).status_code == 403
