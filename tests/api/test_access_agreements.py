"""What sharing agreements and adhesions open over HTTP, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import CHALLANS, OLONNE, ROCHE, Territory

DOORS = [
    ("GET", "/agreements"),
    ("POST", "/agreements"),
    ("POST", "/agreements/preview"),
    ("GET", "/agreements/agr-1"),
    ("GET", "/agreements/agr-1/opening"),
    ("DELETE", "/agreements/agr-1"),
]


def test_a_stranger_is_asked_to_sign_in(territory: Territory) -> None:
    for method, path in DOORS:
        assert territory.as_("stranger")(method, path).status_code == 401


def given(territory: Territory, who: str = "roche", **changes: Any) -> Any:
    body = {"giver": ROCHE, "receiver": OLONNE, "right": "read", "purpose": "Suivre les fuites", **changes}
    return territory.as_(who).post("/agreements", json=body)


def an_observation(series: int, **changes: Any) -> dict[str, Any]:
    return {"series": series, "time": "2026-11-22T10:00:00Z", "value": 1, **changes}


def seen(territory: Territory, who: str) -> set[int]:
    """The series whose observations are given to `who`, which must also be those it finds in the registry."""
    ids = {one["id"] for one in territory.as_(who).get("/series").json()["items"]}
    answer = territory.as_(who).get("/observations")
    assert answer.status_code == 200, answer.text
    read = {row["series"] for row in answer.json()["items"]}
    assert read <= ids
    return read


@pytest.fixture
def furnished(territory: Territory) -> tuple[Territory, dict[str, int]]:
    """La Roche's series, each with an observation: water and lighting, of a meter (an asset) and of none."""
    meter = territory.an_asset(kind="water-meter", service="water").id
    ids = {
        "water": territory.a_series(service="water", observed_property="temperature").id,
        "meter": territory.a_series(asset=meter, service="environment").id,
        "lighting": territory.a_series(service="lighting").id,
    }
    rows = [an_observation(series) for series in ids.values()]
    assert territory.as_("roche").post("/observations", json=rows).status_code == 200
    return territory, ids


Furnished = tuple[Territory, dict[str, int]]


def test_without_an_agreement_a_neighbour_reads_nothing(furnished: Furnished) -> None:
    territory, _ = furnished
    assert seen(territory, "olonne") == set()


@pytest.mark.parametrize(
    ("subject", "opened"),
    [({"service": "water"}, "water"), ({"asset_kind": "water-meter"}, "meter"), ({"series": "lighting"}, "lighting")],
)
def test_an_agreement_opens_its_subject_and_nothing_else(
    furnished: Furnished, subject: dict[str, str], opened: str
) -> None:
    territory, ids = furnished
    named = {name: [ids[value]] if name == "series" else value for name, value in subject.items()}
    assert given(territory, past=True, **named).status_code == 201
    for who in ("olonne", "olonne reader"):
        assert seen(territory, who) == {ids[opened]}
    for name, series in ids.items():
        expected = 200 if name == opened else 404
        assert territory.as_("olonne reader").get(f"/series/{series}").status_code == expected
    assert seen(territory, "syndicate") == set()


def test_what_is_read_is_not_written_nor_changed(furnished: Furnished) -> None:
    territory, ids = furnished
    given(territory, service="water", past=True)
    olonne = territory.as_("olonne")
    assert olonne.post("/observations", json=[an_observation(ids["water"], value=9)]).status_code >= 400
    assert olonne.patch(f"/series/{ids['water']}", json={"name": "À nous"}).status_code == 403
    values = territory.as_("roche").get("/observations", params={"series": ids["water"]}).json()["items"]
    assert [row["value"] for row in values] == [1]


def test_an_agreement_to_operate_lets_operators_write_and_readers_read(furnished: Furnished) -> None:
    territory, ids = furnished
    given(territory, service="water", right="operate", past=True)
    row = [an_observation(ids["water"], time="2026-11-22T11:00:00Z")]
    assert territory.as_("olonne reader").post("/observations", json=row).status_code >= 400
    assert territory.as_("olonne operator").post("/observations", json=row).status_code == 200
    other = [an_observation(ids["lighting"])]
    assert territory.as_("olonne operator").post("/observations", json=other).status_code >= 400
    assert seen(territory, "olonne reader") == {ids["water"]}


def test_revoking_shuts_the_door_to_the_very_next_request(furnished: Furnished) -> None:
    territory, ids = furnished
    key = given(territory, service="water", past=True).json()["key"]
    assert seen(territory, "olonne") == {ids["water"]}
    assert territory.as_("roche").delete(f"/agreements/{key}").json()["revoked_by"]
    assert seen(territory, "olonne") == set()
    assert territory.as_("olonne").get(f"/series/{ids['water']}").status_code == 404


def test_what_was_observed_before_the_agreement_stays_hidden(furnished: Furnished) -> None:
    territory, ids = furnished
    given(territory, service="water", valid_from="2026-11-22T10:00:00.000001Z")
    rows = [an_observation(ids["water"], time=f"2026-11-22T10:00:00.00000{digit}Z") for digit in range(3)]
    assert territory.as_("roche").post("/observations", json=rows).status_code == 200
    read = territory.as_("olonne").get("/observations").json()["items"]
    assert [row["time"] for row in read] == ["2026-11-22T10:00:00.000001Z", "2026-11-22T10:00:00.000002Z"]


def test_an_agreement_to_come_opens_nothing_yet(furnished: Furnished) -> None:
    territory, _ = furnished
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert given(territory, service="water", past=True, valid_from=tomorrow.isoformat()).status_code == 201
    assert seen(territory, "olonne") == set()


def test_only_the_givers_administrators_give(furnished: Furnished) -> None:
    territory, _ = furnished
    for who, status in (
        ("olonne", 404),
        ("syndicate", 404),
        ("roche operator", 403),
        ("roche editor", 403),
        ("roche reader", 403),
    ):
        assert given(territory, who, service="water").status_code == status
    assert seen(territory, "olonne") == set()


def test_a_subject_must_exist_and_be_the_givers(furnished: Furnished) -> None:
    territory, ids = furnished
    foreign = territory.a_series(owner=OLONNE).id
    for changes, field in (
        ({"service": "no-such"}, "service"),
        ({"asset_kind": "no-such"}, "asset_kind"),
        ({"series": [ids["water"], foreign]}, "series"),
        ({"series": [ids["water"], 999_999]}, "series"),
        ({"service": "water", "receiver": "commune-00000"}, "receiver"),
        ({"service": "water", "receiver": ROCHE}, "receiver"),
        ({"service": "water", "asset_kind": "water-meter"}, "service"),
        ({}, "service"),
        ({"service": "water", "purpose": " "}, "purpose"),
    ):
        answer = given(territory, **changes)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert territory.as_("roche").get("/agreements").json() == {"items": []}


def test_what_one_was_given_is_not_ones_to_give(territory: Territory) -> None:
    series = territory.a_series(owner=OLONNE, service="water").id
    body = {"giver": OLONNE, "receiver": ROCHE, "right": "read", "purpose": "Fuites", "service": "water", "past": True}
    assert territory.as_("olonne").post("/agreements", json=body).status_code == 201
    assert territory.as_("roche").get(f"/series/{series}").status_code == 200
    answer = given(territory, series=[series], receiver=CHALLANS)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "series")


def test_both_sides_see_it_and_others_do_not(territory: Territory) -> None:
    made = given(territory, service="water").json()
    path = f"/agreements/{made['key']}"
    for who, direction in (("roche", "given"), ("olonne", "received")):
        assert territory.as_(who).get("/agreements", params={"direction": direction}).json()["items"] == [made]
        assert territory.as_(who).get(path).json() == made
    for who in ("syndicate", "roche operator", "olonne reader"):
        assert territory.as_(who).get("/agreements").json() == {"items": []}
        assert territory.as_(who).get(path).status_code == 404
        assert territory.as_(who).delete(path).status_code == 404
    assert territory.as_("olonne").get("/agreements", params={"collectivity": ROCHE}).status_code == 404


def test_the_structure_reads_a_member_by_its_adhesion_until_it_ends(furnished: Furnished) -> None:
    territory, ids = furnished
    assert seen(territory, "syndicate") == set()
    body = {"member": ROCHE, "service": "water", "since": "2026-01-01", "operator_right": "read"}
    assert territory.as_("syndicate").post("/adhesions", json=body).status_code in (403, 404)
    adhesion = territory.as_("roche").post("/adhesions", json=body).json()["id"]
    assert seen(territory, "syndicate") == {ids["water"]}
    assert seen(territory, "olonne") == set()
    row = [an_observation(ids["water"])]
    assert territory.as_("syndicate").post("/observations", json=row).status_code >= 400
    ended = territory.as_("roche").patch(f"/adhesions/{adhesion}", json={"until": "2026-11-21"})
    assert ended.status_code == 200
    assert seen(territory, "syndicate") == set()


def test_the_structure_sees_nothing_of_members_that_give_it_nothing(furnished: Furnished) -> None:
    territory, ids = furnished
    syndicate = territory.as_("syndicate")
    for path in ("/sites", "/assets", "/devices", "/series"):
        assert syndicate.get(path).json()["items"] == []
    assert syndicate.get(f"/series/{ids['water']}").status_code == 404
    body = {"member": CHALLANS, "service": "water", "since": "2026-01-01", "operator_right": "none"}
    assert syndicate.post("/adhesions", json=body).status_code == 201
    assert seen(territory, "syndicate") == set()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ({"service": "water"}, {"assets": 1, "devices": 0, "series": 1}),
        ({"asset_kind": "water-meter"}, {"assets": 1, "devices": 0, "series": 1}),
        ({"series": ["water", "lighting"]}, {"assets": 0, "devices": 0, "series": 2}),
    ],
)
def test_a_preview_counts_what_the_receiver_then_sees(
    furnished: Furnished, subject: dict[str, Any], expected: dict[str, int]
) -> None:
    territory, ids = furnished
    territory.a_series(owner=OLONNE, service="water")
    named = {name: [ids[one] for one in value] if isinstance(value, list) else value for name, value in subject.items()}
    told = territory.as_("roche").post("/agreements/preview", json={"giver": ROCHE, **named}).json()
    observed = told.pop("observed_properties")
    assert (told, sum(one["series"] for one in observed)) == (expected, expected["series"])
    made = given(territory, receiver=CHALLANS, **named).json()
    territory.keys["challans"] = territory.key(CHALLANS, "administer")
    challans = territory.as_("challans")
    for noun, count in expected.items():
        assert len(challans.get(f"/{noun}").json()["items"]) == count
    for who in ("roche", "challans"):
        opening = territory.as_(who).get(f"/agreements/{made['key']}/opening").json()
        assert opening == {**expected, "observed_properties": observed}


def test_only_the_givers_administrators_preview(furnished: Furnished) -> None:
    territory, _ = furnished
    body = {"giver": ROCHE, "service": "water"}
    for who, status in (("roche", 200), ("roche operator", 403), ("roche reader", 403), ("olonne", 404)):
        assert territory.as_(who).post("/agreements/preview", json=body).status_code == status
    for wrong, field in (({}, "service"), ({"service": "no-such"}, "service"), ({"series": [999_999]}, "series")):
        answer = territory.as_("roche").post("/agreements/preview", json={"giver": ROCHE, **wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_what_an_agreement_opens_is_told_to_its_two_sides(furnished: Furnished) -> None:
    territory, _ = furnished
    path = f"/agreements/{given(territory, service='water').json()['key']}/opening"
    for who, status in (("roche", 200), ("olonne", 200), ("syndicate", 404), ("olonne reader", 404)):
        assert territory.as_(who).get(path).status_code == status
