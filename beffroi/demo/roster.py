"""Which sorts of equipment a demonstration has, how many of each, and how often they speak."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from beffroi.demo import buildings, environment, lighting, parking, waste, water
from beffroi.demo.clock import DAY, HOUR
from beffroi.demo.equipment import Place, Sort

RosterName = Literal["sample", "departement"]
Paces = Mapping[str, tuple[int, int]]
"""the channels kept, by code: seconds between two readings, and the heartbeat (see `Channel`)"""


@dataclass(frozen=True)
class Roster:
    """`appetite`: of the communes, and of the EPCI, that take up anything, what share takes each service.
    `large`: rows come in the order of the communes, as after one campaign of installation each, and each day settles as
    soon as it is made."""

    sorts: tuple[Sort, ...]
    places: tuple[Place, ...]
    appetite: Mapping[str, tuple[float, float]]
    large: bool = False


SAMPLE = Roster(
    sorts=(*lighting.SORTS, *water.SORTS, *buildings.SORTS, *waste.SORTS, *parking.SORTS, *environment.SORTS),
    places=(*water.PLACES, *buildings.PLACES, *parking.PLACES),
    appetite={
        "lighting": (0.75, 0.0),
        "water": (0.45, 0.0),
        "buildings": (0.60, 0.0),
        "parking": (0.0, 0.0),
        "waste": (0.0, 0.65),
        "environment": (0.0, 0.55),
    },
)

# Every home's meter tells its index each hour; the other equipment is of the proportions that lighting syndicates and
# intercommunalities publish (lamps by far the most), and speaks rarely or when something changes.
FLEETS: tuple[tuple[Sort, int, Paces], ...] = (
    (lighting.CABINET, 2_800, {"energy": (1800, 1), "power": (1800, 1), "state": (900, 24)}),
    (lighting.LAMP, 55_000, {"state": (1800, 48)}),
    (water.METER, 450_000, {"volume": (HOUR, 1)}),
    (water.FLOW, 900, {"flow": (900, 1)}),
    (water.TANK, 200, {"level": (900, 1)}),
    (buildings.ENERGY_METER, 900, {"energy": (900, 1)}),
    (buildings.ROOM, 2_600, {"temperature": (HOUR, 1), "humidity": (HOUR, 1), "co2": (HOUR, 1), "battery": (DAY, 1)}),
    (waste.CONTAINER, 3_500, {"fill": (HOUR, 1), "battery": (DAY, 1)}),
    (parking.SPACE, 3_800, {"occupied": (300, 12), "battery": (DAY, 1)}),
    (
        environment.STATION,
        60,
        {"temperature": (600, 1), "humidity": (600, 1), "pressure": (600, 1), "rain": (600, 1), "wind": (600, 1)},
    ),
    (environment.AIR, 90, {"no2": (900, 1), "pm10": (900, 1)}),
    (environment.NOISE, 150, {"level": (900, 1)}),
)
GROUNDS = ((water.TOWER, 200), (buildings.BUILDING, 900), (parking.CAR_PARK, 60))
DEVICES = sum(count for _, count, _ in FLEETS)


def _paced(sort: Sort, count: int, paces: Paces) -> Sort:
    told = {channel.code: channel for channel in sort.channels}
    channels = tuple(
        replace(told[code], period=period, heartbeat=heartbeat) for code, (period, heartbeat) in paces.items()
    )
    return replace(sort, share=count / DEVICES, channels=channels, tells_signal=False)


DEPARTEMENT = Roster(
    sorts=tuple(_paced(*fleet) for fleet in FLEETS),
    places=tuple(replace(place, share=count / DEVICES) for place, count in GROUNDS),
    appetite={**SAMPLE.appetite, "water": (1.0, 0.0)},
    large=True,
)
ROSTERS: Mapping[RosterName, Roster] = {"sample": SAMPLE, "departement": DEPARTEMENT}


@dataclass(frozen=True)
class Scale:
    """How much is simulated. The sorts of the roster share the devices; `days` of history end when it begins."""

    gateways: int = 20
    devices: int = 2000
    days: int = 30
    roster: RosterName = "sample"


SCALES: Mapping[RosterName, Scale] = {
    "sample": Scale(),
    "departement": Scale(gateways=253, devices=DEVICES, roster="departement"),
}
