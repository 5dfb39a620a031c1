"""Who takes what and what stands where: drawn from a seed, the same at every start."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from beffroi.demo.derive import COS_LATITUDE, KM_PER_DEGREE
from beffroi.demo.equipment import Place, Sort
from beffroi.demo.noise import Floats, Ints, apart, between, chance, seed_of, seeds
from beffroi.demo.roster import ROSTERS, Roster, Scale
from beffroi.demo.world import Things
from beffroi.registry.model import Collectivity

REACH_KM = 16.0
"""a second gateway hears a device from no further"""
HOST_KM = 0.15
OperatorRight = Literal["none", "read", "operate"]


class Commune(NamedTuple):
    tenant: Collectivity
    longitude: float
    latitude: float
    room_km: float


class Taken(NamedTuple):
    """An adhesion to be."""

    member: str
    service: str
    operator_right: OperatorRight


@dataclass(frozen=True)
class Fleet:
    """All of one sort, by row. `hosts`: their rows in the fleet of the sort's host."""

    things: Things
    town: Ints
    owners: list[str]
    hosts: Ints | None = None


@dataclass(frozen=True)
class Plan:
    seed: int
    roster: Roster
    communes: list[Commune]
    epci: list[Collectivity]
    adhesions: list[Taken]
    gateways: list[int]
    """rows of the communes where they stand"""
    second_gateway: Ints
    """of each commune, -1 when too far"""
    fleets: dict[str, Fleet]
    """by the code of a sort or place"""


def make_plan(seed: int, scale: Scale, tenants: Sequence[Collectivity]) -> Plan:
    """`tenants`: the communes and EPCI of Vendée; others are left aside."""
    roster = ROSTERS[scale.roster]
    communes = _located(tenants)
    theirs = {commune.tenant.epci for commune in communes}
    epci = sorted((one for one in tenants if one.key in theirs), key=lambda one: one.key)
    adhesions = _adhesions(seed, roster, communes, epci)
    land = _Land(seed, communes, _place_gateways(communes, scale.gateways), adhesions, by_town=roster.large)
    fleets: dict[str, Fleet] = {}
    both: tuple[Sort | Place, ...] = (*roster.places, *roster.sorts)
    for sort in both:
        fleets[sort.code] = land.fleet(sort, round(sort.share * scale.devices), fleets)
    return Plan(seed, roster, communes, epci, adhesions, land.gateways, land.second, fleets)


def _located(tenants: Sequence[Collectivity]) -> list[Commune]:
    with (Path(__file__).parent / "vendee.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = {one.code: one for one in tenants if one.kind == "commune"}
    return [
        Commune(found[row["insee"]], float(row["longitude"]), float(row["latitude"]), float(row["room_km"]))
        for row in rows
        if row["insee"] in found
    ]


EVERYTHING_FROM, PARKING_FROM, SURELY_FROM = 40_000, 7_000, 5_000
"""inhabitants from which a commune takes up all that communes may and shows it, manages its parking, and takes up at
least something"""


def _adhesions(seed: int, roster: Roster, communes: Sequence[Commune], epci: Sequence[Collectivity]) -> list[Taken]:
    taken: list[Taken] = []
    for tenant in (*(commune.tenant for commune in communes), *epci):
        drawn = seed_of("member", seed, tenant.key)
        population = tenant.population or 0
        wholly = tenant.kind == "commune" and population >= EVERYTHING_FROM
        reluctant = tenant.kind == "commune" and population < SURELY_FROM and chance(drawn)[0] > 0.5
        for service, appetites in roster.appetite.items():
            appetite = appetites[tenant.kind == "epci"]
            if reluctant and appetite < 1:
                continue
            if service == "parking" and tenant.kind == "commune" and population >= PARKING_FROM:
                appetite = 0.8
            if wholly and appetite:
                appetite = 1.0
            if chance(apart(drawn, service))[0] < appetite:
                given = chance(apart(drawn, f"operator in {service}"))[0] * (0.8 if wholly else 1.0)
                taken.append(
                    Taken(tenant.key, service, "operate" if given < 0.45 else "read" if given < 0.8 else "none")
                )
    return taken


def _place_gateways(communes: Sequence[Commune], count: int) -> list[int]:
    """One after the other where most people are far from those already there."""
    points = _points(communes)
    people = np.array([commune.tenant.population or 0 for commune in communes], float)
    far = np.full(len(communes), 30.0)
    chosen: list[int] = []
    for _ in range(min(count, len(communes))):
        row = int(np.argmax(np.sqrt(people) * far))
        chosen.append(row)
        far = np.minimum(far, np.hypot(*(points - points[row]).T))
        far[row] = 0
    return chosen


class _Land:
    """Where equipment may stand: the communes where its service is taken up."""

    def __init__(
        self, seed: int, communes: list[Commune], gateways: list[int], adhesions: Iterable[Taken], *, by_town: bool
    ) -> None:
        self.seed = seed
        self.by_town = by_town
        self.communes = communes
        self.gateways = gateways
        self.adherents = {(one.member, one.service) for one in adhesions}
        self.population = np.array([commune.tenant.population or 0 for commune in communes], float)
        self.town_seed = np.array([seed_of("town", seed, commune.tenant.key) for commune in communes], np.uint64)
        points = _points(communes)
        distances = np.hypot(*(points[:, None] - points[gateways][None]).transpose(2, 0, 1))
        order = np.argsort(distances, axis=1)
        self.nearest = order[:, 0]
        self.distance = distances.min(axis=1)
        second = order[:, min(1, len(gateways) - 1)]
        near = np.take_along_axis(distances, second[:, None], 1)[:, 0] <= REACH_KM
        self.second = np.where(near & (second != self.nearest), second, -1)

    def fleet(self, sort: Sort | Place, count: int, fleets: Mapping[str, Fleet]) -> Fleet:
        """`count` of a sort, at least one if anybody took the service; hosts come before what they host."""
        seed = seeds(sort.code, self.seed, max(count, 1))
        host = getattr(sort, "host", None)
        owner_of = [self._owner(sort, commune) for commune in self.communes]
        if host is None:
            town, hosts = self._ordered(self._towns(seed, owner_of)), None
            longitude, latitude = self._scatter(seed, town)
            host_seed = seed
        else:
            hosts = self._ordered((chance(apart(seed, "host")) * len(fleets[host].things)).astype(np.int64))
            hosting = fleets[host].things.rows(hosts)
            town, host_seed = fleets[host].town[hosts], hosting.host_seed
            longitude, latitude = _around(seed, hosting.longitude, hosting.latitude, HOST_KM)
        things = Things(
            seed,
            host_seed,
            self.town_seed[town],
            longitude.round(6),
            latitude.round(6),
            self.population[town],
            self.nearest[town] if getattr(sort, "radio", False) else np.full(len(town), -1),
            self.distance[town] + between(seed, "off", 0.1, 0.6),
            (self.second[town] < 0).astype(float),
        )
        return Fleet(things, town, [str(owner_of[row]) for row in town], hosts)

    def _owner(self, sort: Sort | Place, commune: Commune) -> str | None:
        owner = commune.tenant.epci if getattr(sort, "owner", "commune") == "epci" else commune.tenant.key
        return owner if (owner, sort.service) in self.adherents else None

    def _towns(self, seed: NDArray[np.uint64], owner_of: Sequence[str | None]) -> Ints:
        """A commune for each, the larger the likelier."""
        weights = np.where([owner is not None for owner in owner_of], self.population**0.85, 0.0)
        bounds = np.cumsum(weights) / weights.sum()
        return np.searchsorted(bounds, chance(apart(seed, "town")), side="right")

    def _ordered(self, chosen: Ints) -> Ints:
        return np.sort(chosen) if self.by_town else chosen

    def _scatter(self, seed: NDArray[np.uint64], town: Ints) -> tuple[Floats, Floats]:
        """Around the centre of the commune: the larger the town, the wider, never out of it."""
        room = np.array([commune.room_km for commune in self.communes])
        wide = np.minimum(room * 0.95, 0.35 + 0.9 * np.sqrt(self.population / 10_000))[town]
        longitude = np.array([commune.longitude for commune in self.communes])[town]
        latitude = np.array([commune.latitude for commune in self.communes])[town]
        return _around(seed, longitude, latitude, wide)


def _around(
    seed: NDArray[np.uint64], longitude: Floats, latitude: Floats, radius_km: Floats | float
) -> tuple[Floats, Floats]:
    away = radius_km * chance(apart(seed, "away")) ** 0.6
    angle = 2 * np.pi * chance(apart(seed, "angle"))
    east, north = away * np.cos(angle), away * np.sin(angle)
    return longitude + east / (KM_PER_DEGREE * COS_LATITUDE), latitude + north / KM_PER_DEGREE


def _points(communes: Sequence[Commune]) -> Floats:
    """Kilometres east and north."""
    degrees = np.array([(commune.longitude, commune.latitude) for commune in communes])
    return np.asarray(degrees * [KM_PER_DEGREE * COS_LATITUDE, KM_PER_DEGREE])
