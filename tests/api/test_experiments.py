"""Experiments kept by revisions, measured from real series, decided on frozen figures; and who reads what of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from beffroi.access import Scope
from beffroi.pooling import computations
from beffroi.registry import adhesions
from tests.api.test_pooling import computed, elected
from tests.api.test_programmes import SMALL
from tests.conftest import CHALLANS, NOW, OLONNE, ROCHE, Caller, Territory

BEFORE = {"first": "2026-01-05", "last": "2026-02-01"}
AFTER = {"first": "2026-03-02", "last": "2026-03-29"}
COHORT = 4
PATH = "/pooling/experiments"


@dataclass(frozen=True)
class Tried:
    """Schools whose electricity is metered; the first four of each commune have something new after."""

    territory: Territory
    cohort: list[int]
    comparison: list[int]

    def document(self, **changes: Any) -> dict[str, Any]:
        return {
            "name": "Minuteries dans les écoles",
            "hypothesis": "Une minuterie coupe le chauffage oublié le soir.",
            "action": "Minuteries",
            "service": "buildings",
            "observed_property": "electrical-energy",
            "by": "asset",
            "cohort": self.cohort,
            "comparison": self.comparison,
            "before": BEFORE,
            "after": AFTER,
            "decide_by": "2027-09-01",
            "expected": 10,
            "cost": "1200",
            **changes,
        }

    def kept(self, **changes: Any) -> str:
        answer = self.territory.as_("syndicate").post(PATH, json={"document": self.document(**changes)})
        assert answer.status_code == 201, answer.text
        key: str = answer.json()["about"]["key"]
        return key

    def measured(self, key: str, state: str = "done") -> str:
        found: str = computed(self.territory, {"kind": "effect", "experiment": key}, state)["key"]
        return found

    def page(self, key: str, who: str = "syndicate") -> dict[str, Any]:
        answer = self.territory.as_(who).get(f"{PATH}/{key}")
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page


def lent(territory: Territory, member: str, right: Any = "read") -> None:
    """The structure may read what `member` measures of its buildings."""
    with territory.instance.rooms.database.write() as tx:
        new = adhesions.NewAdhesion(member=member, service="buildings", since=date(2026, 1, 1), operator_right=right)
        adhesions.adhere(Scope.system("test"), tx, new, now=NOW)
    territory.instance.rooms.changed()


def a_school(territory: Territory, owner: str, saves: float, place: int) -> int:
    """Its meter, read twice a day, a little unlike the others'."""
    asset = territory.an_asset(owner=owner, name=f"École {place}")
    series = territory.a_series(owner=owner, asset=asset.id, observed_property="electrical-energy", code=f"kwh-{place}")
    rows, index = [], 100.0 * place
    for day in range(90):
        at = datetime(2026, 1, 3, 6, tzinfo=UTC) + timedelta(days=day)
        pace = 40 + 3 * (place % 4) + (day % 7) - (saves + 0.5 * (place % 3) if at.date() >= date(2026, 3, 2) else 0)
        for hour in (0, 12):
            index += pace / 2
            rows.append({"series": series.id, "time": (at + timedelta(hours=hour)).isoformat(), "value": index})
    who = {ROCHE: "roche", OLONNE: "olonne"}[owner]
    answer = territory.as_(who).post("/observations", json=rows)
    assert answer.is_success, answer.text
    return int(asset.id)


@pytest.fixture
def tried(territory: Territory) -> Tried:
    for member in (ROCHE, OLONNE):
        lent(territory, member)
    owners = [ROCHE, ROCHE, OLONNE, OLONNE]
    cohort = [a_school(territory, owner, 6, place) for place, owner in enumerate(owners)]
    comparison = [a_school(territory, owner, 0, place + COHORT) for place, owner in enumerate(owners)]
    return Tried(territory, cohort, comparison)


def test_an_effect_is_measured_from_the_record_with_its_interval(tried: Tried) -> None:
    key = tried.kept()
    assert tried.page(key)["effect"] is None
    tried.measured(key)
    effect = tried.page(key)["effect"]
    assert (effect["verdict"], effect["unit"], effect["way"]) == ("less", "kWh", "growth")
    assert effect["low"] < -6 < effect["high"] < 0
    assert {one["days_before"] for one in effect["rows"]} == {28}
    assert (effect["cohort"]["counted"], effect["comparison"]["counted"]) == (4, 4)
    assert len(effect["weeks"]) == 8
    assert effect["refusals"] == []


def test_units_that_may_not_be_read_are_left_out_and_the_experiment_concludes_nothing(territory: Territory) -> None:
    lent(territory, ROCHE)
    cohort = [a_school(territory, ROCHE, 6, place) for place in range(4)]
    hidden = a_school(territory, OLONNE, 0, 9)
    tried = Tried(territory, cohort, [hidden])
    refused = territory.as_("syndicate").post(PATH, json={"document": tried.document()})
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["errors"]] == ["document.comparison[0]"]
    whole = tried.kept(by="collectivity", cohort=[ROCHE], comparison=[OLONNE, CHALLANS])
    tried.measured(whole)
    effect = tried.page(whole)["effect"]
    assert (effect["verdict"], effect["effect"]) == ("refused", None)
    assert len(effect["refusals"]) == 2
    assert any("2 unité(s) sans série" in one["fr"] for one in effect["warnings"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"after": {"first": "2026-01-20", "last": "2026-03-01"}}, "document.after.first"),
        ({"before": {"first": "2026-02-01", "last": "2026-01-01"}}, "document.before.last"),
        ({"decide_by": "2026-03-01"}, "document.decide_by"),
        ({"observed_property": "radio-message"}, "document.observed_property"),
        ({"by": "collectivity"}, "document.cohort[0]"),
        ({"cost": "-1"}, "document.cost"),
    ],
)
def test_an_experiment_that_cannot_be_is_refused_with_what_is_wrong(
    tried: Tried, changes: dict[str, Any], field: str
) -> None:
    answer = tried.territory.as_("syndicate").post(PATH, json={"document": tried.document(**changes)})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_unit_is_in_one_group_only(tried: Tried) -> None:
    document = tried.document(comparison=[*tried.comparison, tried.cohort[0]])
    answer = tried.territory.as_("syndicate").post(PATH, json={"document": document})
    assert [one["field"] for one in answer.json()["errors"]] == [f"document.comparison[{COHORT}]"]


def test_a_decision_freezes_the_figures_it_is_based_on(tried: Tried) -> None:
    key, syndicate = tried.kept(), tried.territory.as_("syndicate")
    based = tried.measured(key)
    new = {"decision": "spread", "reasons": "Les écoles consomment moins.", "computation": based}
    assert syndicate.post(f"{PATH}/{key}/decisions", json={**new, "reasons": ""}).status_code == 422
    answer = syndicate.post(f"{PATH}/{key}/decisions", json=new)
    assert answer.status_code == 201, answer.text
    frozen = answer.json()["figures"]
    assert frozen == tried.page(key)["effect"]
    (line,) = syndicate.get(PATH).json()["items"]
    assert (line["decision"], line["about"]["state"]) == ("spread", "to-decide")
    changed = syndicate.put(f"{PATH}/{key}", json={"document": tried.document(name="Autre"), "after": 1})
    assert changed.json()["about"]["revision"] == 2
    page = tried.page(key)
    assert page["effect"] is None
    assert (page["decisions"][0]["figures"], page["decisions"][0]["revision"]) == (frozen, 1)
    assert syndicate.post(f"{PATH}/{key}/decisions", json=new).status_code == 409
    assert syndicate.put(f"{PATH}/{key}", json={"document": tried.document(), "after": 1}).status_code == 409
    assert [one["revision"] for one in syndicate.get(f"{PATH}/{key}/revisions").json()["items"]] == [2, 1]
    former = syndicate.get(f"{PATH}/{key}/document", params={"revision": 1}).json()
    assert former["document"]["name"] == "Minuteries dans les écoles"


def test_another_experiments_figures_decide_nothing(tried: Tried) -> None:
    key, other = tried.kept(), tried.kept(name="Autre")
    new = {"decision": "stop", "reasons": "Rien.", "computation": tried.measured(other)}
    assert tried.territory.as_("syndicate").post(f"{PATH}/{key}/decisions", json=new).status_code == 409


def test_savings_are_measured_the_same_way_and_show_in_each_members_return(tried: Tried) -> None:
    key, syndicate = tried.kept(), tried.territory.as_("syndicate")
    new = {"computation": tried.measured(key), "action": "Minuteries", "price": "0.2"}
    found = syndicate.post(f"{PATH}/{key}/savings", json=new).json()["items"]
    effect = tried.page(key)["effect"]["effect"]
    assert {one["member"]: one["units"] for one in found} == {ROCHE: 2, OLONNE: 2}
    assert sum(one["quantity"] for one in found) == pytest.approx(-effect * 4 * 28)
    assert all(one["low"] < one["quantity"] < one["high"] and one["proven"] for one in found)
    mine = tried.territory.as_("roche reader").get(f"/pooling/returns/{ROCHE}/2026").json()
    (total,) = mine["saved"]
    assert (total["kind"], total["proven"]) == ("kWh", True)
    assert total["euros"] == pytest.approx(0.2 * total["quantity"])
    assert [one["member"] for one in mine["savings"]] == [ROCHE]
    assert 2026 in tried.territory.as_("roche").get(f"/pooling/returns/{ROCHE}").json()["years"]
    again = syndicate.post(f"{PATH}/{key}/savings", json=new).json()["items"]
    whole = syndicate.get("/pooling/savings", params={"experiment": key}).json()["items"]
    assert (len(again), len(whole), sum(one["withdrawn"] is None for one in whole)) == (2, 4, 2)
    gone = syndicate.post(f"/pooling/savings/{again[0]['key']}/withdrawal")
    assert gone.json()["withdrawn"] is not None
    assert syndicate.post(f"/pooling/savings/{again[0]['key']}/withdrawal").status_code == 409


def test_a_saving_opens_to_the_rows_of_its_member(tried: Tried) -> None:
    key, syndicate = tried.kept(), tried.territory.as_("syndicate")
    new = {"computation": tried.measured(key), "action": "Minuteries"}
    found = syndicate.post(f"{PATH}/{key}/savings", json=new).json()["items"]
    mine = next(one["key"] for one in found if one["member"] == ROCHE)
    text = tried.territory.as_("roche reader").get(f"/pooling/savings/{mine}/rows").text
    assert text.lstrip("\ufeff").splitlines()[0].startswith("unit,name,group,before,after,change")
    assert len(text.splitlines()) == 5
    assert len(syndicate.get(f"/pooling/savings/{mine}/rows").text.splitlines()) == 9
    assert tried.territory.as_("olonne").get(f"/pooling/savings/{mine}/rows").status_code == 404


def test_a_temperature_saves_nothing_that_adds_up(territory: Territory) -> None:
    lent(territory, ROCHE)
    rooms = []
    for place in range(8):
        room = territory.a_device(owner=ROCHE, name=f"Salle {place}")
        series = territory.a_series(owner=ROCHE, device=room.id, code=f"t-{place}")
        start = datetime(2026, 1, 3, 12, tzinfo=UTC)
        rows = [
            {"series": series.id, "time": (start + timedelta(days=day)).isoformat(), "value": 19 + (day + place) % 3}
            for day in range(90)
        ]
        assert territory.as_("roche").post("/observations", json=rows).is_success
        rooms.append(room.id)
    tried = Tried(territory, rooms[:4], rooms[4:])
    key = tried.kept(by="device", observed_property="temperature")
    based = tried.measured(key)
    assert tried.page(key)["effect"]["way"] == "mean"
    answer = territory.as_("syndicate").post(f"{PATH}/{key}/savings", json={"computation": based, "action": "x"})
    assert answer.status_code == 422
    assert "°C" in answer.json()["errors"][0]["detail"]


def test_measured_gains_are_proposed_beside_the_programmes_and_taken_up_by_a_revision(tried: Tried) -> None:
    syndicate = tried.territory.as_("syndicate")
    programme = syndicate.post("/pooling/programmes", json={"document": SMALL}).json()["about"]["key"]
    key = tried.kept()
    new = {"computation": tried.measured(key), "action": "Éclairage", "price": "0.25", "programme": programme}
    wrong = syndicate.post(f"{PATH}/{key}/savings", json={**new, "action": "Inconnue"})
    assert wrong.json()["errors"][0]["field"] == "action"
    assert syndicate.post(f"{PATH}/{key}/savings", json=new).status_code == 201
    gains = syndicate.get(f"/pooling/programmes/{programme}/gains").json()["items"]
    said = {one["member"]: one for one in gains}
    roche = said["La Roche-sur-Yon"]
    assert (roche["says"], said["Les Sables-d'Olonne"]["says"], roche["days"]) == (900, 0, 28)
    effect = tried.page(key)["effect"]["effect"]
    assert roche["measured"] == pytest.approx(-effect * 2 * 0.25 * 365.2425 / 4, abs=0.01)
    assert roche["low"] < roche["measured"] < roche["high"]
    taken = {"actions": ["Éclairage"], "after": 1}
    for who, status in (("roche", 403), ("stranger", 401)):
        assert tried.territory.as_(who).post(f"/pooling/programmes/{programme}/gains", json=taken).status_code == status
    assert tried.territory.as_("olonne").get(f"/pooling/programmes/{programme}/gains").status_code == 404
    kept = syndicate.post(f"/pooling/programmes/{programme}/gains", json=taken).json()
    assert kept["about"]["revision"] == 2
    assert kept["document"]["actions"][0]["benefits"]["La Roche-sur-Yon"] == roche["measured"]
    assert "mesurés" in kept["document"]["actions"][0]["note"]
    assert syndicate.post(f"/pooling/programmes/{programme}/gains", json=taken).status_code == 409
    following = syndicate.post("/pooling/programmes", json={"document": SMALL}).json()["about"]["key"]
    again = {one["member"]: one for one in syndicate.get(f"/pooling/programmes/{following}/gains").json()["items"]}
    assert again["La Roche-sur-Yon"]["measured"] == roche["measured"]
    assert again["La Roche-sur-Yon"]["elsewhere"] and not roche["elsewhere"]
    kept = syndicate.post(f"/pooling/programmes/{following}/gains", json=taken).json()
    assert kept["document"]["actions"][0]["benefits"]["La Roche-sur-Yon"] == roche["measured"]


def test_only_the_structures_editors_write_and_a_member_reads_its_own_units(tried: Tried) -> None:
    key, territory = tried.kept(cost_note="devis confidentiel"), tried.territory
    based = tried.measured(key)
    decided = {"decision": "adjust", "reasons": "À revoir.", "computation": based}
    assert territory.as_("syndicate").post(f"{PATH}/{key}/decisions", json=decided).status_code == 201
    mine = tried.page(key, "roche reader")
    assert not mine["whole"]
    assert mine["computation"] is None
    assert {one["owner"] for one in mine["kept"]["units"]} == {ROCHE}
    assert {one["owner"] for one in mine["effect"]["rows"]} == {ROCHE}
    assert {one["owner"] for one in mine["decisions"][0]["figures"]["rows"]} == {ROCHE}
    assert mine["kept"]["document"]["cohort"] == tried.cohort[:2]
    assert mine["kept"]["document"]["cost_note"] == ""
    assert mine["effect"]["cohort"] == tried.page(key)["effect"]["cohort"]
    assert territory.as_("roche reader").get(f"{PATH}/{key}/revisions").status_code == 404
    for who, status in (("roche", 403), ("olonne operator", 403), ("stranger", 401)):
        caller = territory.as_(who)
        for write in writes(tried, caller, key, based):
            assert write == status, who
    reader = elected(territory)
    assert reader.get(f"{PATH}/{key}").json()["whole"]
    assert set(writes(tried, reader, key, based)) == {403}


def writes(tried: Tried, caller: Caller, key: str, based: str) -> list[int]:
    """What each way to change something answers."""
    change = {"document": tried.document(), "after": 1}
    return [
        caller.post(PATH, json={"document": tried.document()}).status_code,
        caller.put(f"{PATH}/{key}", json=change).status_code,
        caller.post(
            f"{PATH}/{key}/decisions", json={"decision": "stop", "reasons": "Non.", "computation": based}
        ).status_code,
        caller.post(f"{PATH}/{key}/savings", json={"computation": based, "action": "x"}).status_code,
        caller.post("/pooling/computations", json={"kind": "effect", "experiment": key}).status_code,
    ]


def test_to_who_is_in_neither_group_nothing_exists(tried: Tried) -> None:
    key, territory = tried.kept(), tried.territory
    territory.keys["challans"] = territory.key(CHALLANS, "administer")
    other, stranger = territory.as_("challans"), territory.as_("stranger")
    assert other.get(PATH).json() == {"items": []}
    assert other.get("/pooling/savings").json() == {"items": []}
    for path in (f"{PATH}/{key}", f"{PATH}/{key}/document", f"{PATH}/{key}/revisions"):
        assert other.get(path).status_code == 404
        assert stranger.get(path).status_code == 401
    assert other.post("/pooling/computations", json={"kind": "effect", "experiment": key}).status_code == 404
    assert stranger.get(PATH).status_code == stranger.get("/pooling/savings").status_code == 401


def test_a_key_narrowed_to_another_service_finds_nothing(tried: Tried) -> None:
    key, territory = tried.kept(), tried.territory
    territory.keys["water"] = territory.key(ROCHE, "read", services=["water"])
    territory.keys["buildings"] = territory.key(ROCHE, "read", services=["buildings"])
    assert territory.as_("water").get(f"{PATH}/{key}").status_code == 404
    assert territory.as_("water").get(PATH).json() == {"items": []}
    assert tried.page(key, "buildings")["kept"]["about"]["key"] == key


def test_nothing_is_measured_before_a_day_after_has_ended(tried: Tried) -> None:
    key = tried.kept(after={"first": "2098-01-01", "last": "2098-02-01"}, decide_by="2099-01-01")
    answer = tried.territory.as_("syndicate").post("/pooling/computations", json={"kind": "effect", "experiment": key})
    assert answer.status_code == 422
    assert tried.page(key)["kept"]["about"]["cycle"] == "long"


def test_a_measure_is_cancelled_while_it_is_read(tried: Tried, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is slow; whoever asked gives up meanwhile."""
    key, syndicate = tried.kept(), tried.territory.as_("syndicate")
    record = tried.territory.instance.rooms.record
    aggregate = record.aggregate
    asked: list[str] = []

    def giving_up(*given: Any, **more: Any) -> Any:
        if not asked:
            found = syndicate.get("/pooling/computations", params={"subject": f"buildings {key}"}).json()["items"]
            asked.append(found[0]["key"])
            assert found[0]["progress"]["whole"] == 2 * COHORT
            assert syndicate.post(f"/pooling/computations/{asked[0]}/cancellation").status_code == 200
        return aggregate(*given, **more)

    monkeypatch.setattr(record, "aggregate", giving_up)
    done = tried.measured(key, "cancelled")
    assert done == asked[0]
    assert tried.page(key)["effect"] is None
    with tried.territory.instance.rooms.database.read() as tx:
        assert computations.next_waiting(tx) is None
    monkeypatch.undo()
    tried.measured(key)
    assert tried.page(key)["effect"] is not None
