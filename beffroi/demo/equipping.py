"""The simulated equipment in the registry: gateways, sites, assets, devices, series, and what binds them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from beffroi.access import Scope
from beffroi.acquisition import model_codecs
from beffroi.acquisition.model_codecs import NewCodec
from beffroi.database import Transaction
from beffroi.demo.equipment import Place, Sort
from beffroi.demo.frames import channels_of, codec_of
from beffroi.demo.plan import Fleet, Plan
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


CHUNK = 20_000
"""pieces of equipment written together: bounds the memory that a large territory takes"""


class Equipping:
    """Sites, then each sort of equipment after its host: assets, devices, series and what binds them."""

    def __init__(self, scope: Scope, tx: Transaction, plan: Plan, *, since: datetime, now: datetime) -> None:
        self.scope, self.tx, self.plan, self.now = scope, tx, plan, now
        self.since = since
        self.sites: dict[str, list[int]] = {}
        """by sort or place and by row, the site where each is or which it is"""
        self.assets: dict[str, list[int]] = {}

    def install(self, structure: str, progress: Callable[[float], None]) -> None:
        """`progress` is told the share done."""
        gateways = self._gateways(structure)
        self._models()
        self._sites()
        total = sum(len(self.plan.fleets[sort.code].things) for sort in self.plan.roster.sorts)
        done = 0
        for sort in self.plan.roster.sorts:
            fleet = self.plan.fleets[sort.code]
            names = [f"{sort.asset_name} {name}" for name in self._numbered(fleet)]
            places = self._places(sort, fleet)
            self.assets[sort.code] = []
            for first in range(0, len(names), CHUNK):
                self._equip(_Part(sort, fleet, range(len(names))[first : first + CHUNK], names, places), gateways)
                progress((done + len(self.assets[sort.code])) / total)
            done += len(names)

    def _equip(self, part: "_Part", gateways: Sequence[int]) -> None:
        its = self._assets(part)
        self.assets[part.sort.code] += its
        found = self._devices(part, its)
        self._series(part, its, found)
        bonds = [*self._bonds(part, its, found), *self._reached(part, found, gateways)]
        relations.create_many(self.scope, self.tx, bonds, now=self.now)

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
            for sort in self.plan.roster.sorts
        ]  # fmt: skip
        models.create_many(self.scope, self.tx, news, now=self.now)
        for sort in self.plan.roster.sorts:
            if sort.radio:
                code, codec = f"simulated-{sort.code}", NewCodec(source=codec_of(sort))
                model_codecs.set_codec(self.scope, self.tx, code, codec, now=self.now)
                model_codecs.set_channels(self.scope, self.tx, code, channels_of(sort), now=self.now)

    def _sites(self) -> None:
        for place in self.plan.roster.places:
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

    def _assets(self, part: "_Part") -> list[int]:
        news = [
            NewAsset(
                owner=one.owner, kind=part.sort.asset_kind, code=code_of(part.sort, one.row), name=one.name,
                service=part.sort.service, site=one.site, simulated=True,
                longitude=one.longitude, latitude=one.latitude,
            )
            for one in part.pieces()
        ]  # fmt: skip
        return assets.create_many(self.scope, self.tx, news, now=self.now)

    def _devices(self, part: "_Part", its: Sequence[int]) -> list[int]:
        news = [
            NewDevice(
                owner=one.owner, kind="sensor", code=f"{one.seed:016X}", name=f"Capteur : {one.name}",
                service=part.sort.service, model=f"simulated-{part.sort.code}", asset=asset, site=one.site,
                simulated=True, longitude=one.longitude, latitude=one.latitude,
            )
            for one, asset in zip(part.pieces(), its, strict=True)
        ]  # fmt: skip
        return devices.create_many(self.scope, self.tx, news, now=self.now)

    def _series(self, part: "_Part", its: Sequence[int], found: Sequence[int]) -> None:
        sort = part.sort
        news = [
            NewSeries(
                owner=one.owner, code=series_code(sort, one.row, channel.code), name=f"{channel.name}, {one.name}",
                observed_property=channel.observed_property, service=sort.service, device=device, asset=asset,
                categories=list(channel.words), properties={"channel": channel.code}, simulated=True,
            )
            for channel in sort.told
            for one, asset, device in zip(part.pieces(), its, found, strict=True)
        ]  # fmt: skip
        series.create_many(self.scope, self.tx, news, now=self.now)

    def _bonds(self, part: "_Part", its: Sequence[int], found: Sequence[int]) -> Iterator[NewRelation]:
        """What each device measures, and what its asset depends on."""
        for device, asset in zip(found, its, strict=True):
            yield self._relation("measures", "device", device, "asset", asset)
        sort, hosts = part.sort, part.fleet.hosts
        if sort.bond is not None and sort.host is not None and hosts is not None:
            at_site = sort.host not in self.assets
            among = (self.sites if at_site else self.assets)[sort.host]
            for asset, host in zip(its, hosts[part.rows.start : part.rows.stop].tolist(), strict=True):
                yield self._relation(sort.bond, "asset", asset, "site" if at_site else "asset", among[host])

    def _reached(self, part: "_Part", found: Sequence[int], gateways: Sequence[int]) -> Iterator[NewRelation]:
        """The gateways that hear each device."""
        if part.sort.radio:
            fleet, rows = part.fleet, slice(part.rows.start, part.rows.stop)
            for heard_by in (fleet.things.gateway[rows], self.plan.second_gateway[fleet.town[rows]]):
                for device, gateway in zip(found, heard_by.tolist(), strict=True):
                    if gateway >= 0:
                        yield self._relation("reaches", "device", device, "device", gateways[gateway])

    def _relation(
        self, kind: RelationKind, source_type: Subject, source: int, target_type: Subject, target: int
    ) -> NewRelation:
        return NewRelation(
            kind=kind, source_type=source_type, source=source, target_type=target_type, target=target, since=self.since
        )

    def _numbered(self, fleet: Fleet) -> list[str]:
        """`3, Challans`: the third there."""
        counts: Counter[int] = Counter()
        names = []
        for town in fleet.town.tolist():
            counts[town] += 1
            names.append(f"{counts[town]}, {self.plan.communes[town].tenant.name}")
        return names


class _Piece(NamedTuple):
    """A row of a fleet, as plain values."""

    row: int
    owner: str
    name: str
    site: int | None
    seed: int
    longitude: float
    latitude: float


@dataclass(frozen=True)
class _Part:
    """Some rows of a fleet. `names` and `places` (the site of each) are of the whole fleet."""

    sort: Sort
    fleet: Fleet
    rows: range
    names: Sequence[str]
    places: Sequence[int | None]

    def pieces(self) -> Iterator[_Piece]:
        some = slice(self.rows.start, self.rows.stop)
        things = self.fleet.things
        columns = (column[some].tolist() for column in (things.seed, things.longitude, things.latitude))
        return map(_Piece, self.rows, self.fleet.owners[some], self.names[some], self.places[some], *columns)


def _position(fleet: Fleet, row: int) -> dict[str, Any]:
    return {"longitude": float(fleet.things.longitude[row]), "latitude": float(fleet.things.latitude[row])}
