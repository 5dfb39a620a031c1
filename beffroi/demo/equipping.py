"""The simulated equipment in the registry: gateways, sites, assets, devices, series, and what binds them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.demo.equipment import Place, Sort
from beffroi.demo.plan import PLACES, SORTS, Fleet, Plan
from beffroi.registry import assets, devices, models, relations, series, sites
from beffroi.registry.assets import NewAsset
from beffroi.registry.devices import NewDevice
from beffroi.registry.model import RelationKind, Subject
from beffroi.registry.models import NewDeviceModel
from beffroi.registry.relations import NewRelation
from beffroi.registry.series import NewSeries
from beffroi.registry.sites import NewSite


def code_of(sort: Sort | Place, row: int) -> str:
    """Unique in the territory: `meter-00012`."""
    return f"{sort.code}-{row + 1:05d}"


def series_code(sort: Sort, row: int, channel: str) -> str:
    return f"{code_of(sort, row)}.{channel}"


class Equipping:
    """Sites, then each sort of equipment after its host: assets, devices, series and what binds them."""

    def __init__(self, scope: Scope, tx: Transaction, plan: Plan, *, since: datetime, now: datetime) -> None:
        self.scope, self.tx, self.plan, self.now = scope, tx, plan, now
        self.since = since
        self.sites: dict[str, list[int]] = {}
        """by sort or place and by row, the site where each is or which it is"""
        self.assets: dict[str, list[int]] = {}
        self.relations: list[NewRelation] = []

    def install(self, structure: str) -> None:
        gateways = self._gateways(structure)
        self._models()
        self._sites()
        for sort in SORTS:
            fleet = self.plan.fleets[sort.code]
            names = [f"{sort.asset_name} {name}" for name in self._numbered(fleet)]
            places = self._places(sort, fleet)
            self.assets[sort.code] = self._assets(sort, fleet, names, places)
            found = self._devices(sort, fleet, names, places)
            self._series(sort, fleet, names, found)
            self._bind(sort, fleet, found, gateways)
        relations.create_many(self.scope, self.tx, self.relations, now=self.now)

    def _gateways(self, structure: str) -> list[int]:
        towns = [self.plan.communes[row] for row in self.plan.gateways]
        news = [
            NewDevice(
                owner=structure, kind="gateway", code=f"5A{number:014X}", name=f"Passerelle {town.tenant.name}",
                service="networks", longitude=town.longitude, latitude=town.latitude, simulated=True,
            )
            for number, town in enumerate(towns, 1)
        ]  # fmt: skip
        return devices.create_many(self.scope, self.tx, news, now=self.now)

    def _models(self) -> None:
        news = [
            NewDeviceModel(
                code=f"simulated-{sort.code}", maker="Beffroi", name=f"Capteur simulé : {sort.asset_name.lower()}",
                radio="LoRaWAN" if sort.radio else "LTE-M",
            )
            for sort in SORTS
        ]  # fmt: skip
        models.create_many(self.scope, self.tx, news, now=self.now)

    def _sites(self) -> None:
        for place in PLACES:
            fleet = self.plan.fleets[place.code]
            uses = fleet.things.host_choice(len(place.names)).tolist()
            news = [
                NewSite(
                    owner=owner, code=code_of(place, row), name=f"{place.names[uses[row]]} {name}", simulated=True,
                    **_position(fleet, row),
                )
                for row, (owner, name) in enumerate(zip(fleet.owners, self._numbered(fleet), strict=True))
            ]  # fmt: skip
            self.sites[place.code] = sites.create_many(self.scope, self.tx, news, now=self.now)

    def _places(self, sort: Sort, fleet: Fleet) -> Sequence[int | None]:
        """The site of each: that of its host."""
        if sort.host not in self.sites or fleet.hosts is None:
            return [None] * len(fleet.things)
        self.sites[sort.code] = [self.sites[sort.host][host] for host in fleet.hosts]
        return self.sites[sort.code]

    def _assets(self, sort: Sort, fleet: Fleet, names: Sequence[str], places: Sequence[int | None]) -> list[int]:
        news = [
            NewAsset(
                owner=owner, kind=sort.asset_kind, code=code_of(sort, row), name=names[row], service=sort.service,
                site=places[row], simulated=True, **_position(fleet, row),
            )
            for row, owner in enumerate(fleet.owners)
        ]  # fmt: skip
        return assets.create_many(self.scope, self.tx, news, now=self.now)

    def _devices(self, sort: Sort, fleet: Fleet, names: Sequence[str], places: Sequence[int | None]) -> list[int]:
        news = [
            NewDevice(
                owner=owner, kind="sensor", code=f"{int(fleet.things.seed[row]):016X}", name=f"Capteur : {names[row]}",
                service=sort.service, model=f"simulated-{sort.code}", asset=self.assets[sort.code][row],
                site=places[row], simulated=True, **_position(fleet, row),
            )
            for row, owner in enumerate(fleet.owners)
        ]  # fmt: skip
        return devices.create_many(self.scope, self.tx, news, now=self.now)

    def _series(self, sort: Sort, fleet: Fleet, names: Sequence[str], found: Sequence[int]) -> None:
        news = [
            NewSeries(
                owner=owner, code=series_code(sort, row, channel.code), name=f"{channel.name}, {names[row]}",
                observed_property=channel.observed_property, service=sort.service, device=found[row],
                asset=self.assets[sort.code][row], categories=list(channel.words), simulated=True,
            )
            for channel in sort.told
            for row, owner in enumerate(fleet.owners)
        ]  # fmt: skip
        series.create_many(self.scope, self.tx, news, now=self.now)

    def _bind(self, sort: Sort, fleet: Fleet, found: Sequence[int], gateways: Sequence[int]) -> None:
        for device, asset in zip(found, self.assets[sort.code], strict=True):
            self._relate("measures", "device", device, "asset", asset)
        if sort.bond is not None and sort.host is not None and fleet.hosts is not None:
            at_site = sort.host not in self.assets
            hosts = (self.sites if at_site else self.assets)[sort.host]
            for asset, host in zip(self.assets[sort.code], fleet.hosts, strict=True):
                self._relate(sort.bond, "asset", asset, "site" if at_site else "asset", hosts[host])
        if sort.radio:
            for reached in (fleet.things.gateway, self.plan.second_gateway[fleet.town]):
                for device, gateway in zip(found, reached, strict=True):
                    if gateway >= 0:
                        self._relate("reaches", "device", device, "device", gateways[gateway])

    def _relate(self, kind: RelationKind, source_type: Subject, source: int, target_type: Subject, target: int) -> None:
        new = NewRelation(
            kind=kind, source_type=source_type, source=source, target_type=target_type, target=target, since=self.since
        )
        self.relations.append(new)

    def _numbered(self, fleet: Fleet) -> list[str]:
        """`3, Challans`: the third there."""
        counts: Counter[int] = Counter()
        names = []
        for town in fleet.town.tolist():
            counts[town] += 1
            names.append(f"{counts[town]}, {self.plan.communes[town].tenant.name}")
        return names


def _position(fleet: Fleet, row: int) -> dict[str, Any]:
    return {"longitude": float(fleet.things.longitude[row]), "latitude": float(fleet.things.latitude[row])}
