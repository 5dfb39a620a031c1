"""Buying together: facts and what is seen, needs until a day, offers allotted, documents, deliveries, batteries."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from beffroi.pooling import deliveries
from beffroi.pooling.tables import purchase
from beffroi.registry import models, sheets
from tests.api.test_experiments import lent
from tests.api.test_pooling import elected
from tests.conftest import CHALLANS, NOW, OLONNE, ROCHE, Caller, Territory

MODELS = "/pooling/compared-models"
PATH = "/pooling/purchases"
TODAY = datetime.now(UTC).astimezone(ZoneInfo("Europe/Paris")).date()
LOT = {"name": "CO2", "model": "am1", "requirement": "NDIR, ±50 ppm", "warranty_months": 24}
OFFERS = [
    {"supplier": "Acme", "lots": [{"lot": "CO2", "tiers": [{"from": 1, "price": "90"}, {"from": 5, "price": "70"}]}]},
    {"supplier": "Bel", "lots": [{"lot": "CO2", "tiers": [{"from": 1, "price": "80"}], "fixed": "15"}]},
]


@pytest.fixture
def market(territory: Territory) -> Territory:
    with territory.instance.rooms.database.write() as tx:
        for code in ("am1", "em300", "ws101"):
            models.create(
                territory.system, tx, models.NewDeviceModel(code=code, maker="Milesight", name=code.upper()), now=NOW
            )
    return territory


def opened(market: Territory, **changes: Any) -> str:
    new = {
        "name": "Capteurs de CO2",
        "service": "buildings",
        "closes_on": (TODAY + timedelta(days=30)).isoformat(),
        "lots": [LOT],
        **changes,
    }
    answer = market.as_("syndicate").post(PATH, json=new)
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["key"]
    return key


def told(market: Territory, key: str, member: str, quantity: int, who: str = "syndicate") -> Any:
    return market.as_(who).put(f"{PATH}/{key}/needs", json={"member": member, "lot": "CO2", "quantity": quantity})


def closed(market: Territory, key: str, on: date = TODAY - timedelta(days=1)) -> None:
    """As when the day has come: nothing else closes it."""
    with market.instance.rooms.database.write() as tx:
        tx.execute(update(purchase).where(purchase.c.key == key).values(closes_on=on))


def ordered(market: Territory, **needs: int) -> str:
    key = opened(market)
    for member, quantity in ((ROCHE, needs.get("roche", 3)), (OLONNE, needs.get("olonne", 2))):
        assert told(market, key, member, quantity).status_code == 200
    for offer in OFFERS:
        assert market.as_("syndicate").put(f"{PATH}/{key}/offers", json=offer).status_code == 200
    closed(market, key)
    answer = market.as_("syndicate").post(f"{PATH}/{key}/order")
    assert answer.status_code == 200, answer.text
    return key


def delivered(caller: Caller, key: str, rows: list[tuple[str, ...]], dry: bool = False, media: str = "text/csv") -> Any:
    content = sheets.write(media, ["Lot", "DevEUI", "Numéro de série", "Collectivité"], rows)
    return caller.post(
        f"{PATH}/{key}/deliveries", params={"dry_run": dry}, content=content, headers={"Content-Type": media}
    )


def eui(number: int) -> str:
    return f"24e124{number:010x}"


def test_needs_are_gathered_and_the_last_one_holds(market: Territory) -> None:
    key = opened(market)
    assert told(market, key, ROCHE, 12).json()["quantities"] == {"CO2": 12}
    assert told(market, key, ROCHE, 3, who="roche editor").json()["quantities"] == {"CO2": 3}
    found = told(market, key, OLONNE, 2).json()
    assert (found["quantities"], found["members"]) == ({"CO2": 5}, 2)
    assert told(market, key, OLONNE, 0).json()["members"] == 1
    assert told(market, key, CHALLANS, -1).status_code == 422


def test_needs_are_taken_until_the_closing_day_has_ended_in_the_territory(market: Territory) -> None:
    key = opened(market, closes_on=TODAY.isoformat())
    assert told(market, key, ROCHE, 1).status_code == 200
    closed(market, key)
    late = told(market, key, ROCHE, 2)
    assert late.status_code == 409
    assert market.as_("syndicate").get(f"{PATH}/{key}").json()["state"] == "closed"
    past = {"name": "x", "service": "buildings", "closes_on": "2020-01-01", "lots": [LOT, LOT, {**LOT, "model": "no"}]}
    refused = market.as_("syndicate").post(PATH, json=past)
    assert [one["field"] for one in refused.json()["errors"]] == [
        "closes_on",
        "lots[1].name",
        "lots[2].name",
        "lots[2].model",
    ]


def test_offers_are_allotted_at_the_least_cost_and_an_offer_takes_the_place_of_the_former(market: Territory) -> None:
    key, syndicate = opened(market), market.as_("syndicate")
    told(market, key, ROCHE, 3)
    for offer in OFFERS:
        syndicate.put(f"{PATH}/{key}/offers", json=offer)
    found = syndicate.get(f"{PATH}/{key}/allotment").json()
    assert (Decimal(found["total"]), found["lines"][0]["supplier"]) == (Decimal(255), "Bel")
    told(market, key, OLONNE, 4)
    found = syndicate.get(f"{PATH}/{key}/allotment").json()
    assert (Decimal(found["total"]), found["lines"][0]["supplier"]) == (Decimal(490), "Acme")
    syndicate.put(f"{PATH}/{key}/offers", json={**OFFERS[0], "lots": []})
    found = syndicate.get(f"{PATH}/{key}/allotment").json()
    assert (Decimal(found["total"]), found["lines"][0]["supplier"]) == (Decimal(575), "Bel")
    wrong = {"supplier": "Cle", "lots": [{"lot": "eau", "tiers": [{"from": 1, "price": "1"}]}]}
    assert syndicate.put(f"{PATH}/{key}/offers", json=wrong).json()["errors"][0]["field"] == "lots[0].lot"


def test_what_stands_in_the_way_is_said_and_nothing_is_ordered(market: Territory) -> None:
    key, syndicate = opened(market, terms={"budget": "100"}), market.as_("syndicate")
    told(market, key, ROCHE, 3)
    syndicate.put(f"{PATH}/{key}/offers", json=OFFERS[0])
    assert [one["fr"] for one in syndicate.get(f"{PATH}/{key}/allotment").json()["why"]] == ["le budget"]
    assert syndicate.post(f"{PATH}/{key}/order").status_code == 409
    closed(market, key)
    refused = syndicate.post(f"{PATH}/{key}/order")
    assert refused.status_code == 409
    assert "le budget" in refused.json()["detail"]


def test_an_order_freezes_its_allotment(market: Territory) -> None:
    key, syndicate = ordered(market), market.as_("syndicate")
    found = syndicate.get(f"{PATH}/{key}").json()
    assert (found["state"], Decimal(found["allotment"]["total"])) == ("ordered", Decimal(350))
    assert told(market, key, ROCHE, 50).status_code == 409
    assert syndicate.put(f"{PATH}/{key}/offers", json=OFFERS[1]).status_code == 409
    assert syndicate.post(f"{PATH}/{key}/order").status_code == 409


def test_an_offer_across_lots_is_taken_only_where_the_purchase_says_why_it_may(market: Territory) -> None:
    syndicate, discounted = market.as_("syndicate"), {**OFFERS[1], "discounts": [DISCOUNT]}
    key = opened(market)
    refused = syndicate.put(f"{PATH}/{key}/offers", json=discounted)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "discounts")
    assert "L. 2151-1" in refused.json()["errors"][0]["detail"]
    key = opened(market, terms={"discounts_because": "achat hors du code de la commande publique"})
    told(market, key, ROCHE, 3)
    assert syndicate.put(f"{PATH}/{key}/offers", json=discounted).is_success
    found = syndicate.get(f"{PATH}/{key}/allotment").json()
    assert (Decimal(found["total"]), Decimal(found["discounts"][0]["amount"])) == (Decimal("229.50"), Decimal("25.50"))


DISCOUNT = {"of": "units", "from": 3, "percent": "10"}
CRITERIA = [
    {"name": "Prix", "aspect": "price", "weight": "60"},
    {"name": "Technique", "aspect": "technical", "weight": "25"},
    {"name": "Environnement", "aspect": "environment", "weight": "15"},
]


def marked(market: Territory, key: str, supplier: str, technical: str, environment: str, who: str = "syndicate") -> Any:
    marks = [
        {"criterion": name, "mark": told, "because": "vu sur pièces"}
        for name, told in (("Technique", technical), ("Environnement", environment))
    ]
    new = {"supplier": supplier, "lot": "CO2", "marks": marks}
    return market.as_(who).put(f"{PATH}/{key}/marks", json=new)


def by_criteria(market: Territory) -> str:
    """Acme cheaper for five, Bel better."""
    key = opened(market, criteria=CRITERIA, terms={"budget": "420"})
    told(market, key, ROCHE, 3)
    told(market, key, OLONNE, 2)
    for offer in OFFERS:
        assert market.as_("syndicate").put(f"{PATH}/{key}/offers", json=offer).is_success
    return key


def test_offers_are_ranked_by_criteria_and_a_person_decides_with_a_reason(market: Territory) -> None:
    key, syndicate = by_criteria(market), market.as_("syndicate")
    lot = marked(market, key, "Bel", "9", "9").json()["lots"][0]
    assert [(one["supplier"], one["rank"]) for one in lot["offers"]] == [("Bel", 1), ("Acme", None)]
    lot = marked(market, key, "Acme", "6", "4").json()["lots"][0]
    assert [(one["supplier"], one["rank"], Decimal(one["points"])) for one in lot["offers"]] == [
        ("Bel", 1, Decimal("86.60")),
        ("Acme", 2, Decimal("81.00")),
    ]
    award = {"lots": {"CO2": "Bel"}, "reason": "Première au classement."}
    assert syndicate.post(f"{PATH}/{key}/award", json=award).status_code == 409
    closed(market, key)
    assert syndicate.post(f"{PATH}/{key}/order").status_code == 409
    assert syndicate.post(f"{PATH}/{key}/award", json={**award, "reason": ""}).status_code == 422
    for wrong in ({"CO2": "Cle"}, {"eau": "Bel"}, {"CO2": None}):
        assert syndicate.post(f"{PATH}/{key}/award", json={**award, "lots": wrong}).status_code == 422, wrong
    done = syndicate.post(f"{PATH}/{key}/award", json=award).json()
    assert (done["state"], Decimal(done["allotment"]["total"])) == ("ordered", Decimal(415))
    kept = syndicate.get(f"{PATH}/{key}/analysis").json()
    assert (kept["awarded"], kept["reason"], kept["decided"]["by"] != "") == ({"CO2": "Bel"}, award["reason"], True)
    assert marked(market, key, "Bel", "1", "1").status_code == 409
    assert syndicate.post(f"{PATH}/{key}/award", json=award).status_code == 409
    trail = syndicate.get("/audit", params={"action": "purchase.award"}).json()["items"]
    assert trail[0]["detail"]["reason"] == award["reason"]


def test_an_award_waits_for_every_mark_and_stays_in_the_budget(market: Territory) -> None:
    key, syndicate = by_criteria(market), market.as_("syndicate")
    marked(market, key, "Bel", "9", "9")
    closed(market, key)
    award = {"lots": {"CO2": "Bel"}, "reason": "x"}
    refused = syndicate.post(f"{PATH}/{key}/award", json=award)
    assert "à noter" in refused.json()["errors"][0]["detail"]
    marked(market, key, "Acme", "6", "4")
    dear = {**OFFERS[1], "lots": [{"lot": "CO2", "tiers": [{"from": 1, "price": "90"}]}]}
    assert syndicate.put(f"{PATH}/{key}/offers", json=dear).is_success
    again = syndicate.get(f"{PATH}/{key}/analysis").json()["lots"][0]["offers"]
    assert {one["supplier"]: one["rank"] for one in again} == {"Acme": 1, "Bel": None}
    marked(market, key, "Bel", "10", "10")
    over = syndicate.post(f"{PATH}/{key}/award", json=award)
    assert "budget" in over.json()["errors"][0]["detail"]
    assert syndicate.post(f"{PATH}/{key}/award", json={**award, "lots": {"CO2": "Acme"}}).is_success


def test_the_analysis_of_offers_leaves_as_a_file_for_the_structure_alone(market: Territory) -> None:
    key, syndicate = by_criteria(market), market.as_("syndicate")
    marked(market, key, "Acme", "6", "4")
    path, french = f"{PATH}/{key}/documents/analysis", {"Accept": sheets.CSV, "Accept-Language": "fr"}
    header, *rows = syndicate.get(path, headers=french).content.decode("utf-8-sig").splitlines()
    assert header.split(";")[:4] == ["lot", "fournisseur", "montant HT (€)", "critère"]
    assert rows[1].split(";")[:8] == ["CO2", "Acme", "350,0", "Technique", "25,0", "6,0", "15,0", "vu sur pièces"]
    for who, status in (("roche", 403), ("olonne operator", 403), ("stranger", 401)):
        caller = market.as_(who)
        assert caller.get(path).status_code == status
        assert caller.get(f"{PATH}/{key}/analysis").status_code == status
        assert marked(market, key, "Acme", "1", "1", who=who).status_code == status
        new = {"lots": {"CO2": "Acme"}, "reason": "x"}
        assert caller.post(f"{PATH}/{key}/award", json=new).status_code == status
    reading = elected(market)
    assert reading.get(f"{PATH}/{key}/analysis").status_code == 200
    assert reading.post(f"{PATH}/{key}/award", json={"lots": {"CO2": "Acme"}, "reason": "x"}).status_code == 403
    market.keys["water"] = market.key(ROCHE, "read", services=["water"])
    assert market.as_("water").get(f"{PATH}/{key}/analysis").status_code == 404
    assert [one["name"] for one in market.as_("roche").get(f"{PATH}/{key}").json()["document"]["criteria"]] == [
        "Prix",
        "Technique",
        "Environnement",
    ]


def test_criteria_and_lots_judged_together_exclude_one_another(market: Territory) -> None:
    new = {"name": "x", "service": "buildings", "closes_on": "2099-01-01", "lots": [LOT], "criteria": CRITERIA}
    refused = market.as_("syndicate").post(PATH, json={**new, "terms": {"split": True}})
    assert [one["field"] for one in refused.json()["errors"]] == ["terms"]
    refused = market.as_("syndicate").post(PATH, json={**new, "criteria": CRITERIA[:2]})
    assert [one["field"] for one in refused.json()["errors"]] == ["criteria"]


@pytest.mark.parametrize("media", [sheets.CSV, sheets.XLSX])
def test_a_tender_leaves_as_files(market: Territory, media: str) -> None:
    key, syndicate = opened(market), market.as_("syndicate")
    told(market, key, ROCHE, 4)
    told(market, key, OLONNE, 2)

    def rows(what: str, who: Caller = syndicate) -> list[list[Any]]:
        answer = who.get(f"{PATH}/{key}/documents/{what}", headers={"Accept": media, "Accept-Language": "fr"})
        assert answer.headers["content-type"].startswith(media)
        if media == sheets.XLSX:
            return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        return [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()]

    needs = rows("needs")
    assert needs[0][:5] == ["lot", "modèle ou équivalent", "exigences", "collectivité", "quantité"]
    assert [(row[3], int(float(row[4]))) for row in needs[1:]] == [("La Roche-sur-Yon", 4), ("Les Sables-d'Olonne", 2)]
    prices = rows("prices")
    assert prices[0][3:5] == ["quantité à partir de", "prix unitaire HT (€)"]
    assert [int(float(row[3])) for row in prices[1:]] == [1, 3, 6, 12]
    assert [row[3] for row in rows("needs", market.as_("roche reader"))[1:]] == ["La Roche-sur-Yon"]


def test_a_delivery_goes_into_the_registry_of_who_ordered_once(market: Territory) -> None:
    for member in (ROCHE, OLONNE):
        lent(market, member, "operate")
    key, syndicate = ordered(market), market.as_("syndicate")
    rows = [("CO2", eui(1), "SN-1", "La Roche-sur-Yon"), ("co2", eui(2), "SN-2", OLONNE)]
    dry = delivered(syndicate, key, rows, dry=True).json()
    assert (dry["created"], dry["written"], dry["faults"]) == (2, False, [])
    assert syndicate.get(f"{PATH}/{key}/deliveries").json()["items"] == []
    done = delivered(syndicate, key, rows).json()
    assert (done["created"], done["unchanged"], done["written"]) == (2, 0, True)
    again = delivered(syndicate, key, rows, media=sheets.XLSX).json()
    assert (again["created"], again["unchanged"], again["written"]) == (0, 2, True)
    (device,) = market.as_("roche reader").get("/devices").json()["items"]
    assert (device["code"], device["model"], device["properties"]) == (eui(1).upper(), "am1", {"serial": "SN-1"})
    found = syndicate.get(f"{PATH}/{key}/deliveries").json()["items"]
    assert {one["member"] for one in found} == {ROCHE, OLONNE}
    assert {one["supplier"] for one in found} == {"Acme"}
    assert {one["warranty_until"] for one in found} == {str(deliveries.warranty(TODAY, 24))}
    mine = market.as_("roche reader").get(f"{PATH}/{key}/deliveries").json()["items"]
    assert [one["member"] for one in mine] == [ROCHE]


def test_every_fault_of_a_delivery_is_told_in_place_and_nothing_is_written(market: Territory) -> None:
    lent(market, ROCHE, "operate")
    key, syndicate = ordered(market, roche=1), market.as_("syndicate")
    rows = [
        ("CO2", eui(1), "", "La Roche-sur-Yon"),
        ("CO2", eui(1), "", "La Roche-sur-Yon"),
        ("eau", eui(2), "", "La Roche-sur-Yon"),
        ("CO2", "nope", "", "La Roche-sur-Yon"),
        ("CO2", eui(3), "", "Nulle part"),
        ("CO2", eui(4), "", "La Roche-sur-Yon"),
        ("CO2", eui(5), "", "Les Sables-d'Olonne"),
    ]
    report = delivered(syndicate, key, rows).json()
    assert not report["written"]
    assert [(one["row"], one["column"]) for one in report["faults"]] == [
        (3, "DevEUI"),
        (4, "Lot"),
        (5, "DevEUI"),
        (6, "Collectivité"),
        (7, "Collectivité"),
        (8, "Collectivité"),
    ]
    assert "ne permet pas" in report["faults"][-1]["detail"] or "Rien de tel" in report["faults"][-1]["detail"]
    assert market.as_("roche reader").get("/devices").json()["items"] == []
    headers = {"Content-Type": "text/csv"}
    short = syndicate.post(f"{PATH}/{key}/deliveries", content=b"Lot;Nom\nCO2;x\n", headers=headers).json()
    assert {one["column"] for one in short["faults"]} == {"code", "member"}


def test_a_member_takes_its_own_delivery_where_the_structure_may_not_write(market: Territory) -> None:
    key = ordered(market)
    rows = [("CO2", eui(1), "SN-1", "La Roche-sur-Yon")]
    assert not delivered(market.as_("syndicate"), key, rows).json()["written"]
    assert delivered(market.as_("roche"), key, rows).json()["written"]
    other = delivered(market.as_("olonne"), key, [("CO2", eui(2), "", "La Roche-sur-Yon")]).json()
    assert [(one["column"], one["detail"]) for one in other["faults"]] == [
        ("Collectivité", "collectivité inconnue, ou pas à vous")
    ]
    taken = delivered(market.as_("olonne"), key, [("CO2", eui(1), "", OLONNE)]).json()
    assert [one["detail"] for one in taken["faults"]] == ["déjà livré à une autre"]


def test_a_member_reads_its_own_needs_and_no_offer(market: Territory) -> None:
    key = ordered(market)
    mine = market.as_("roche reader").get(f"{PATH}/{key}").json()
    assert ([one["member"] for one in mine["needs"]], mine["whole"]) == ([ROCHE], False)
    assert (mine["offers"], mine["allotment"], mine["quantities"]) == ([], None, {"CO2": 5})
    assert [one["key"] for one in market.as_("roche reader").get(PATH).json()["items"]] == [key]


@pytest.mark.parametrize(
    ("who", "status"), [("roche", 403), ("olonne operator", 403), ("elected", 403), ("stranger", 401)]
)
def test_only_the_structures_people_buy(market: Territory, who: str, status: int) -> None:
    key = opened(market)
    caller = elected(market) if who == "elected" else market.as_(who)
    new = {"name": "x", "service": "buildings", "closes_on": "2099-01-01", "lots": [LOT]}
    assert caller.post(PATH, json=new).status_code == status
    assert caller.put(f"{PATH}/{key}/offers", json=OFFERS[0]).status_code == status
    assert caller.post(f"{PATH}/{key}/order").status_code == status
    assert caller.put("/pooling/compared-models/am1", json={"facts": {}}).status_code == status
    reads = 200 if who == "elected" else status
    assert caller.get(f"{PATH}/{key}/allotment").status_code == reads


def test_who_says_a_members_needs_edits_it(market: Territory) -> None:
    key = opened(market)
    for who, status in (("roche reader", 403), ("olonne", 404), ("stranger", 401)):
        assert told(market, key, ROCHE, 1, who=who).status_code == status, who


def test_a_stranger_and_a_key_of_another_service_find_nothing(market: Territory) -> None:
    key = ordered(market)
    market.keys["water"] = market.key(ROCHE, "read", services=["water"])
    for path in (f"{PATH}/{key}", f"{PATH}/{key}/deliveries", f"{PATH}/{key}/documents/needs", MODELS):
        assert market.as_("stranger").get(path).status_code == 401
        assert market.as_("water").get(path).status_code == 404
    assert market.as_("water").get(PATH).json() == {"items": []}
    assert market.as_("stranger").get("/pooling/maintenance").status_code == 401


def test_facts_have_a_source_and_words_that_compare(market: Territory) -> None:
    syndicate = market.as_("syndicate")

    def fact(value: str) -> dict[str, str]:
        return {"value": value, "source": "devis du 3 novembre", "of": "2026-11-03"}

    facts = {"price": fact("79.5"), "openness": fact("documented"), "country": fact("FR"), "radio-class": fact("A")}
    kept = syndicate.put("/pooling/compared-models/am1", json={"facts": facts})
    assert kept.json() == {"revision": 1}
    assert syndicate.put("/pooling/compared-models/am1", json={"facts": facts}).status_code == 409
    assert syndicate.put("/pooling/compared-models/none", json={"facts": facts}).status_code == 404
    wrong = {"price": fact("cheap"), "openness": fact("yes"), "country": fact("France")}
    refused = syndicate.put("/pooling/compared-models/am1", json={"facts": wrong, "after": 1})
    assert sorted(one["field"] for one in refused.json()["errors"]) == [
        "facts.country.value",
        "facts.openness.value",
        "facts.price.value",
    ]
    lines = {one["model"]["code"]: one for one in market.as_("roche reader").get(MODELS).json()["items"]}
    assert lines["am1"]["facts"]["price"]["value"] == "79.5"
    assert (lines["em300"]["facts"], lines["em300"]["revision"]) == ({}, 0)
    assert lines["am1"]["seen"]["battery_months"] is None


def a_voltage(market: Territory, number: int, volts: float, fall: float, model: str) -> int:
    """Told each day of the last twenty weeks, down to `volts`."""
    device = market.a_device(owner=ROCHE, code=eui(number).upper(), model=model, name=f"Capteur {number}")
    series = market.a_series(
        owner=ROCHE, device=device.id, observed_property="battery-voltage", code=f"v-{number}", unit="V"
    )
    now = datetime.now(UTC)
    rows = [
        {"series": series.id, "time": (now - timedelta(days=day)).isoformat(), "value": volts + fall * day}
        for day in range(140)
    ]
    assert market.as_("roche").post("/observations", json=rows).is_success
    return int(device.id)


def states(market: Territory, model: str, chemistry: str, full: str, empty: str) -> Any:
    told = {"battery-chemistry": chemistry, "battery-full-volts": full, "battery-empty-volts": empty}
    facts = {name: {"value": value, "source": "notice", "of": "2026-11-03"} for name, value in told.items()}
    return market.as_("syndicate").put(f"{MODELS}/{model}", json={"facts": facts})


def test_a_voltage_tells_a_month_where_the_model_states_how_it_falls_and_none_where_it_stays_level(
    market: Territory,
) -> None:
    falling = a_voltage(market, 1, 2.2, 0.002, "am1")
    assert market.as_("roche").get("/pooling/maintenance").json()["unstated"] == 1
    wrong = states(market, "am1", "alkaline", "1.8", "3.0")
    assert wrong.json()["errors"][0]["field"] == "facts.battery-full-volts.value"
    assert states(market, "am1", "alkaline", "3.0", "1.8").is_success
    assert states(market, "em300", "lithium-thionyl-chloride", "3.6", "3.0").is_success
    a_voltage(market, 2, 3.55, 0.0005, "em300")
    spent = a_voltage(market, 3, 2.9, 0.0, "em300")
    found = market.as_("roche").get("/pooling/maintenance").json()
    assert (found["batteries"], found["told"], found["level"], found["unstated"]) == (3, 2, 1, 0)
    changes = {one["device"]: one for one in found["changes"]}
    assert changes.keys() == {falling, spent}
    assert (changes[spent]["weeks"], changes[spent]["volts"]) == (0, pytest.approx(2.9))
    due = TODAY + timedelta(days=(2.2 - (1.8 + 0.1 * 1.2)) / 0.002)
    assert abs((date.fromisoformat(f"{changes[falling]['month']}-15") - due).days) < 32


def a_battery(market: Territory, number: int, pace: float, owner: str = ROCHE, model: str = "am1") -> int:
    """Told each day of the last twenty weeks."""
    device = market.a_device(owner=owner, code=eui(number).upper(), model=model, name=f"Capteur {number}")
    series = market.a_series(owner=owner, device=device.id, observed_property="battery", code=f"b-{number}")
    now = datetime.now(UTC)
    rows = [
        {"series": series.id, "time": (now - timedelta(days=day)).isoformat(), "value": 20 + pace * day}
        for day in range(140)
    ]
    who = {ROCHE: "roche", OLONNE: "olonne"}[owner]
    assert market.as_(who).post("/observations", json=rows).is_success
    return int(device.id)


def test_batteries_seen_compare_models_and_make_the_maintenance_of_who_sees_them(market: Territory) -> None:
    first = a_battery(market, 1, 0.2)
    for number in range(2, 6):
        a_battery(market, number, 0.1, owner=OLONNE)
    a_battery(market, 6, 0.0, model="em300")
    lines = {one["model"]["code"]: one for one in market.as_("roche reader").get(MODELS).json()["items"]}
    seen = lines["am1"]["seen"]
    assert (seen["devices"], seen["batteries"], seen["batteries_seen"]) == (5, 5, 5)
    assert seen["battery_months"] == pytest.approx(90 / 0.1 / 30.437, rel=0.02)
    assert (lines["em300"]["seen"]["battery_months"], lines["em300"]["seen"]["batteries_seen"]) == (None, 1)
    mine = market.as_("roche reader").get("/pooling/maintenance").json()
    assert (mine["batteries"], mine["told"]) == (2, 1)
    (change,) = mine["changes"]
    assert change["device"] == first
    due = TODAY + timedelta(days=(20 - 10) / 0.2)
    assert abs((date.fromisoformat(f"{change['month']}-15") - due).days) < 32
    assert mine["proposed"] == [{"model": "am1", "owner": ROCHE, "quantity": 1}]
    assert mine["months"][-1]["high"] == 1
    assert market.as_("roche reader").get("/pooling/maintenance", params={"service": "water"}).json()["batteries"] == 0
    assert market.as_("olonne").get("/pooling/maintenance").json()["batteries"] == 4
