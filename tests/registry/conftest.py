"""A small territory: a syndicate, two communes that are its members, and people of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from beffroi.access import Actor, Right, Scope, Share, audit
from beffroi.database import Database, Transaction
from beffroi.registry import assets, devices, models, series, sites, structures
from beffroi.registry.model import Asset, Device, Series, Site
from beffroi.registry.structures import NewStructure
from tests.migrated import migrated

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROCHE, OLONNE = "commune-85191", "commune-85194"


def scope_of(name: str, owner: str | None = None, right: Right = Right.READ, **changes: Any) -> Scope:
    rights = {owner: right} if owner else {}
    return Scope(actor=Actor("person", f"per-{name}", name), **{"rights": rights, **changes})


@dataclass
class World:
    """Builders with defaults: every thing is La Roche-sur-Yon's unless said otherwise."""

    tx: Transaction
    structure: str = ""
    system: Scope = field(default_factory=lambda: Scope.system("test"))
    editor: Scope = field(default_factory=lambda: scope_of("editor", ROCHE, Right.EDIT))
    reader: Scope = field(default_factory=lambda: scope_of("reader", ROCHE))
    administrator: Scope = field(default_factory=lambda: scope_of("administrator", ROCHE, Right.ADMINISTER))
    neighbour: Scope = field(default_factory=lambda: scope_of("neighbour", OLONNE, Right.ADMINISTER))
    stranger: Scope = field(default_factory=lambda: scope_of("stranger"))
    made: int = 0

    @property
    def operator(self) -> Scope:
        """An administrator of the structure, to whom nothing is shared."""
        return scope_of("operator", self.structure, Right.ADMINISTER, instance=True)

    def shared(self, right: Right = Right.READ, **subject: Any) -> Scope:
        """The structure's administrator, given something of La Roche-sur-Yon's."""
        share = Share(**{"agreement": "agr-1", "giver": ROCHE, "right": right, **subject})
        return scope_of("operator", self.structure, Right.ADMINISTER, instance=True, shares=(share,))

    def code(self, noun: str) -> str:
        self.made += 1
        return f"{noun}-{self.made}"

    def site(self, **changes: Any) -> Site:
        given = {"owner": ROCHE, "code": self.code("site"), "name": "Centre technique", **changes}
        return sites.create(self.system, self.tx, sites.NewSite(**given), now=NOW)

    def asset(self, **changes: Any) -> Asset:
        given = {"owner": ROCHE, "kind": "lamp", "code": self.code("asset"), "name": "Lampe", **changes}
        return assets.create(self.system, self.tx, assets.NewAsset(**given), now=NOW)

    def device(self, **changes: Any) -> Device:
        given = {"owner": ROCHE, "kind": "sensor", "code": self.code("device"), "name": "Capteur", **changes}
        if "asset" not in given:
            given.setdefault("service", "lighting")
        return devices.create(self.system, self.tx, devices.NewDevice(**given), now=NOW)

    def series(self, **changes: Any) -> Series:
        given = {
            "owner": ROCHE,
            "code": self.code("series"),
            "name": "Température",
            "observed_property": "temperature",
            **changes,
        }
        if "asset" not in given and "device" not in given:
            given.setdefault("service", "environment")
        return series.create(self.system, self.tx, series.NewSeries(**given), now=NOW)

    def model(self, code: str = "elsys-ers") -> str:
        new = models.NewDeviceModel(code=code, maker="Elsys", name="ERS", radio="LoRaWAN")
        return models.create(self.system, self.tx, new, now=NOW).code


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(tmp_path)
    audit.arm(database, b"secret of a test")
    yield database
    database.close()


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.write() as tx:
        yield tx


@pytest.fixture
def world(tx: Transaction) -> World:
    world = World(tx)
    new = NewStructure(form="syndicat", name="Vendée Numérique d'essai")
    world.structure = structures.init(world.system, tx, new, now=NOW).key
    structures.enrol(world.system, tx, [ROCHE, OLONNE], date(2026, 1, 1), now=NOW)
    return world
