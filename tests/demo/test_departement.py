"""The plan of a whole département, at a reduced scale, and at the full one where nothing is computed but the plan."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from beffroi.app import Instance, opened
from beffroi.demo import Prepared, prepare
from beffroi.demo.clock import DAY
from beffroi.demo.history import batches, told
from beffroi.demo.plan import Plan, make_plan
from beffroi.demo.roster import DEPARTEMENT, DEVICES, FLEETS, SCALES
from beffroi.errors import Text
from beffroi.observations import Quality, Windows
from beffroi.registry import tables
from beffroi.settings import Settings
from tests.demo.conftest import NOW, SEED, tenants
from tests.trials import SOAK

FULL = SCALES["departement"]
REDUCED = replace(FULL, devices=DEVICES // 500, days=2)


def prepared(instance: Instance, *, now: datetime = NOW, progress: object = None) -> Prepared:
    rooms = instance.rooms
    told_to = {"progress": progress} if progress else {}
    return prepare(rooms.database, rooms.record, instance.settings.data, now=now, scale=REDUCED, seed=SEED, **told_to)  # type: ignore[arg-type]


def everything(instance: Instance, found: Prepared) -> list[dict[str, object]]:
    kept = instance.rooms.record.read(Windows.whole(found.owners.series.tolist())).read_all()
    return kept.select(["series", "time", "value", "text"]).to_pylist()


@pytest.fixture(scope="module")
def full() -> Plan:
    return make_plan(SEED, FULL, tenants())


@pytest.fixture
def reduced(tmp_path: Path) -> Iterator[tuple[Instance, Prepared]]:
    with opened(Settings(data=tmp_path)) as instance:
        yield instance, prepared(instance)


def test_it_has_450_000_meters_and_70_000_other_devices(full: Plan) -> None:
    sizes = {sort.code: len(full.fleets[sort.code].things) for sort in full.roster.sorts}
    assert sizes == {sort.code: count for sort, count, _ in FLEETS}
    assert sizes.pop("meter") == 450_000
    assert sum(sizes.values()) == 70_000


def test_it_has_about_550_000_series(full: Plan) -> None:
    series = sum(len(full.fleets[sort.code].things) * len(sort.told) for sort in full.roster.sorts)
    assert 530_000 < series < 560_000


def test_every_commune_has_meters_the_larger_the_more(full: Plan) -> None:
    meters = Counter(full.fleets["meter"].owners)
    assert len(meters) == 253
    largest = max(full.communes, key=lambda commune: commune.tenant.population or 0)
    assert meters.most_common(1)[0][0] == largest.tenant.key


def test_what_a_commune_has_of_a_sort_is_in_one_stretch(full: Plan) -> None:
    for sort in full.roster.sorts:
        owners = np.array(full.fleets[sort.code].owners)
        assert np.count_nonzero(owners[1:] != owners[:-1]) == len(set(owners.tolist())) - 1 or sort.owner == "epci"


def test_the_same_seed_plans_the_same_departement() -> None:
    one, again = (make_plan(SEED, REDUCED, tenants()) for _ in range(2))
    assert one.fleets["meter"].owners == again.fleets["meter"].owners
    assert (one.fleets["lamp"].things.longitude == again.fleets["lamp"].things.longitude).all()


def test_a_day_at_full_scale_is_of_eleven_to_twelve_million_observations(
    reduced: tuple[Instance, Prepared],
) -> None:
    found = reduced[1]
    until = found.until // DAY * DAY
    day = told(found.world, found.sources, until - DAY, until)
    assert 11_000_000 < len(day) * DEVICES / REDUCED.devices < 12_500_000
    meters = next(source for source in found.sources if source.channel.code == "volume")
    assert len(told(found.world, [meters], until - DAY, until)) == pytest.approx(24 * len(meters.series), rel=0.05)


def test_batches_hold_what_is_told_at_once(reduced: tuple[Instance, Prepared], monkeypatch: pytest.MonkeyPatch) -> None:
    found = reduced[1]
    whole = told(found.world, found.sources, found.until - DAY, found.until)
    monkeypatch.setattr("beffroi.demo.history.BATCH_ROWS", 5_000)
    parts = list(batches(found.world, found.sources, found.until - DAY, found.until))
    assert len(parts) > 1
    assert sum(len(part) for part, _ in parts) == len(whole)
    assert sum(series for _, series in parts) == len(found.owners.series)


def test_its_ended_days_are_settled_and_all_is_simulated(reduced: tuple[Instance, Prepared]) -> None:
    instance, found = reduced
    stats = instance.rooms.record.stats()
    today = Windows.whole(found.owners.series.tolist()).between(NOW.replace(hour=0), None)
    assert stats.settled == stats.observations - len(instance.rooms.record.read(today).read_all()) > 0
    kept = instance.rooms.record.read(Windows.whole(found.owners.series.tolist())).read_all()
    assert set(kept["quality"].unique().to_pylist()) == {int(Quality.SIMULATED)}
    with instance.rooms.database.read() as tx:
        for table in (tables.site, tables.asset, tables.device, tables.series):
            real = select(func.count()).where(table.c.simulated.is_(False))
            assert tx.execute(real).scalar_one() == 0


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9] if SOAK else [0.3])
def test_cut_within_a_day_it_is_taken_up_without_a_hole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    monkeypatch.setattr("beffroi.demo.history.BATCH_ROWS", 2_000)

    def cut(step: Text, done: float) -> None:
        if step.en == "History" and done > share:
            raise KeyboardInterrupt

    with opened(Settings(data=tmp_path / "whole")) as instance:
        whole = everything(instance, prepared(instance))
    with opened(Settings(data=tmp_path / "cut")) as instance, pytest.raises(KeyboardInterrupt):
        prepared(instance, progress=cut)
    with opened(Settings(data=tmp_path / "cut")) as instance:
        assert everything(instance, prepared(instance)) == whole


def test_cut_while_the_registry_is_made_it_begins_again(tmp_path: Path) -> None:
    def cut(step: Text, done: float) -> None:
        if step.en == "Territory" and done > 0.5:
            raise KeyboardInterrupt

    with opened(Settings(data=tmp_path)) as instance, pytest.raises(KeyboardInterrupt):
        prepared(instance, progress=cut)
    with opened(Settings(data=tmp_path)) as instance:
        found = prepared(instance)
        assert len(found.owners.series) > REDUCED.devices


def test_a_later_start_adds_what_came_meanwhile(tmp_path: Path) -> None:
    later = NOW + timedelta(hours=20)
    with opened(Settings(data=tmp_path / "twice")) as instance:
        prepared(instance)
        twice = everything(instance, prepared(instance, now=later))
    with opened(Settings(data=tmp_path / "once")) as instance:
        once = everything(instance, prepared(instance, now=later))
    first = min(row["time"] for row in once)  # type: ignore[type-var]
    assert [row for row in twice if row["time"] >= first] == once  # type: ignore[operator]


def test_the_sorts_are_those_of_the_sample() -> None:
    assert {sort.code for sort in DEPARTEMENT.sorts} == {sort.code for sort, _, _ in FLEETS}
    assert sum(sort.share for sort in DEPARTEMENT.sorts) == pytest.approx(1)
