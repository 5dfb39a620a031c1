"""A territory of people who share: what the pages on people, keys, agreements and the trail are looked at with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from beffroi.access import roles
from beffroi.registry import models
from tests.api.signed_in import PASSWORD, a_person
from tests.api.test_pooling import MODEL
from tests.api.test_programmes import SMALL
from tests.conftest import CHALLANS, NOW, OLONNE, ROCHE, Served, a_territory, running

GIVER, RECEIVER, READER, CHIEF = "ines@exemple.fr", "luc@exemple.fr", "ana@exemple.fr", "chef@exemple.fr"
CLERK = "zoe@exemple.fr"
"""reads Challans, where the structure's administrator is one too"""
PURPOSE = "Chercher les fuites ensemble"


@dataclass(frozen=True)
class Affairs:
    served: Served
    structure: str
    water: int
    """a series of La Roche's, of its water"""
    device: int
    programme: str
    experiment: str
    purchase: str


@contextmanager
def affairs(folder: Path, **settings: str) -> Iterator[Affairs]:
    """La Roche's administrator and reader, Les Sables' administrator, the structure's; water and lighting, observed."""
    with a_territory(folder) as made:
        chief = a_person(made, CHIEF, made.structure, "administrator", PASSWORD)
        a_person(made, GIVER, ROCHE, "administrator", PASSWORD)
        a_person(made, RECEIVER, OLONNE, "administrator", PASSWORD)
        a_person(made, READER, ROCHE, "reader", PASSWORD)
        a_person(made, CLERK, CHALLANS, "reader", PASSWORD)
        with made.instance.rooms.database.write() as tx:
            roles.grant(made.system, tx, chief, CHALLANS, "administrator", now=NOW)
            models.create(made.system, tx, models.NewDeviceModel(code="am1", maker="Milesight", name="AM1"), now=NOW)
        meter = made.an_asset(kind="water-meter", service="water", name="Compteur du stade")
        device = made.a_device(service="water", asset=meter.id, name="Tête du stade")
        series = [
            made.a_series(service="water", device=device.id, asset=meter.id, name=name, observed_property=observed)
            for name, observed in (("Débit du stade", "temperature"), ("Pression du stade", "battery"))
        ]
        light = made.a_series(service="lighting", name="Armoire 4")
        rows = [{"series": one.id, "time": "2026-11-22T10:00:00Z", "value": 12} for one in (*series, light)]
        assert made.as_("roche").post("/observations", json=rows).status_code == 200
        theirs = {"giver": OLONNE, "receiver": CHALLANS, "right": "read", "service": "lighting", "purpose": "Voisins"}
        assert made.as_("olonne").post("/agreements", json=theirs).status_code == 201
        syndicate = made.as_("syndicate")
        kept = syndicate.put("/pooling/models/buildings/2026", json={"model": MODEL, "after": 0})
        assert kept.is_success, kept.text
        programme = syndicate.post("/pooling/programmes", json={"document": SMALL}).json()["about"]["key"]
        tried = {
            "name": "Purges du stade",
            "hypothesis": "Purger rafraîchit l'eau.",
            "action": "Purges",
            "service": "water",
            "observed_property": "temperature",
            "by": "collectivity",
            "cohort": [ROCHE],
            "comparison": [OLONNE],
            "before": {"first": "2026-01-01", "last": "2026-03-31"},
            "after": {"first": "2027-01-01", "last": "2027-03-31"},
            "decide_by": "2027-09-30",
        }
        kept = syndicate.post("/pooling/experiments", json={"document": tried})
        assert kept.is_success, kept.text
        experiment = kept.json()["about"]["key"]
        lot = {"name": "Têtes", "model": "am1"}
        wanted = {"name": "Têtes de compteur", "service": "water", "closes_on": "2099-12-31", "lots": [lot]}
        kept = syndicate.post("/pooling/purchases", json=wanted)
        assert kept.is_success, kept.text
        purchase = kept.json()["key"]
        structure = made.structure
    with running("serve", data=folder / "data", **settings) as served:
        yield Affairs(served, structure, series[0].id, device.id, programme, experiment, purchase)
