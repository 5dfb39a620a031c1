"""A planned territory, and an installed one, made once: nothing here changes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from beffroi.app import Instance, opened
from beffroi.demo import Prepared, Scale, prepare
from beffroi.demo.history import Source
from beffroi.demo.plan import Plan, make_plan
from beffroi.demo.world import World
from beffroi.registry.model import Collectivity
from beffroi.registry.referential import REFERENTIAL
from beffroi.settings import Settings

SEED = 85
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def tenants() -> list[Collectivity]:
    entries = (*REFERENTIAL.of_departement("85"), *REFERENTIAL.of_departement("85", "epci"))
    return [
        Collectivity(one.key, one.kind, one.code, one.name, population=one.population, epci=one.epci) for one in entries
    ]


@pytest.fixture(scope="session")
def plan() -> Plan:
    return make_plan(SEED, Scale(), tenants())


@pytest.fixture(scope="session")
def world(plan: Plan) -> World:
    return World(SEED, gateways=len(plan.gateways))


@pytest.fixture(scope="session")
def every_source(plan: Plan) -> dict[str, Source]:
    """By `sort.channel`; series numbered from 1."""
    found: dict[str, Source] = {}
    first = 1
    for sort in plan.roster.sorts:
        things = plan.fleets[sort.code].things
        for channel in sort.told:
            ids = np.arange(first, first + len(things))
            found[f"{sort.code}.{channel.code}"] = Source(channel, things, ids, np.zeros(len(things), np.int64))
            first += len(things)
    return found


@dataclass(frozen=True)
class Demonstration:
    instance: Instance
    prepared: Prepared


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """The whole territory, with one day of history."""
    folder: Path = tmp_path_factory.mktemp("vendee")
    with opened(Settings(data=folder)) as instance:
        rooms = instance.rooms
        yield Demonstration(
            instance, prepare(rooms.database, rooms.record, folder, now=NOW, scale=Scale(days=1), seed=SEED)
        )
