import json
import stat
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from beffroi.access import Right, Scope
from beffroi.access.tables import agreement, person
from beffroi.app import Instance, opened
from beffroi.demo import Prepared, Scale, prepare
from beffroi.demo.preparation import MEMORY
from beffroi.errors import Conflict
from beffroi.observations import Quality, Windows
from beffroi.registry import structures, tables
from beffroi.settings import Settings
from tests.demo.conftest import NOW, SEED, Demonstration

SMALL = Scale(gateways=3, devices=150, days=2)


def prepared(instance: Instance, *, later: timedelta = timedelta(), scale: Scale = SMALL) -> Prepared:
    rooms = instance.rooms
    return prepare(rooms.database, rooms.record, instance.settings.data, now=NOW + later, scale=scale, seed=SEED)


def count(demonstration: Demonstration, statement: object) -> int:
    with demonstration.instance.rooms.database.read() as tx:
        return int(tx.execute(statement).scalar_one())  # type: ignore[call-overload]


def test_the_registry_holds_the_communes_epci_gateways_and_devices(demonstration: Demonstration) -> None:
    device, collectivity = tables.device.c, tables.collectivity.c
    assert count(demonstration, select(func.count()).where(collectivity.kind == "commune")) == 253
    assert count(demonstration, select(func.count()).where(collectivity.kind == "epci")) == 19
    assert count(demonstration, select(func.count()).where(device.kind == "gateway")) == 20
    assert count(demonstration, select(func.count()).where(device.kind == "sensor")) == 2000


def test_all_that_is_made_up_says_so_and_the_real_collectivites_do_not(demonstration: Demonstration) -> None:
    for table in (tables.site, tables.asset, tables.device, tables.series):
        assert count(demonstration, select(func.count()).where(table.c.simulated.is_(False))) == 0
    made_up = select(tables.collectivity.c.kind).where(tables.collectivity.c.simulated)
    with demonstration.instance.rooms.database.read() as tx:
        assert tx.execute(made_up).scalars().all() == ["structure"]
    assert count(demonstration, select(func.count()).where(~person.c.name.contains("démonstration"))) == 0


def test_nobody_has_a_password(demonstration: Demonstration) -> None:
    assert count(demonstration, select(func.count(person.c.key))) >= 5
    assert count(demonstration, select(func.count()).where(person.c.password.is_not(None))) == 0


def test_every_sort_of_agreement_is_shown(demonstration: Demonstration) -> None:
    given = agreement.c
    by_hand = given.origin == ""
    for subject in (given.service, given.asset_kind, given.series):
        assert count(demonstration, select(func.count()).where(by_hand, subject.is_not(None), subject != "null")) > 0


def test_an_epci_reads_the_water_of_two_of_its_communes(demonstration: Demonstration) -> None:
    by_hand = (agreement.c.origin == "") & (agreement.c.service == "water")
    with demonstration.instance.rooms.database.read() as tx:
        given = tx.execute(select(agreement.c.giver, agreement.c.receiver).where(by_hand)).all()
        epci = select(tables.collectivity.c.epci).where(tables.collectivity.c.key.in_([row.giver for row in given]))
        assert len(given) == 2
        assert tx.execute(epci.distinct()).scalars().all() == [given[0].receiver]


def test_every_collectivity_has_its_place(demonstration: Demonstration) -> None:
    assert count(demonstration, select(func.count()).where(tables.collectivity.c.longitude.is_(None))) == 0


def test_every_observation_kept_is_flagged_simulated(demonstration: Demonstration) -> None:
    record = demonstration.instance.rooms.record
    kept = record.read(Windows.whole(demonstration.prepared.owners.series.tolist())).read_all()
    assert len(kept) == record.stats().observations > 100_000
    assert set(kept["quality"].unique().to_pylist()) == {int(Quality.SIMULATED)}


def test_a_second_start_adds_the_gap_and_nothing_else(tmp_path: Path) -> None:
    with opened(Settings(data=tmp_path)) as instance:
        record = instance.rooms.record
        first = prepared(instance)
        before = record.read(Windows.whole(first.owners.series.tolist())).read_all()
        again = prepared(instance)
        assert record.stats().observations == len(before)
        assert again.tokens == first.tokens
        gap = timedelta(hours=5)
        prepared(instance, later=gap)
        after = record.read(Windows.whole(first.owners.series.tolist())).read_all()
    new = after["time"].to_numpy() >= np.datetime64(NOW.replace(tzinfo=None), "us")
    assert after.filter(~new).equals(before)
    assert 0 < new.sum() < len(before) / 4


def test_a_start_cut_short_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    def cut(text: object, done: float) -> None:
        if done >= 0.5:
            raise KeyboardInterrupt

    def times(instance: Instance, found: Prepared) -> list[object]:
        everything = instance.rooms.record.read(Windows.whole(found.owners.series.tolist())).read_all()
        return everything.select(["series", "time", "value"]).to_pylist()

    with opened(Settings(data=tmp_path / "whole")) as instance:
        whole = times(instance, prepared(instance))
    with opened(Settings(data=tmp_path / "cut")) as instance:
        rooms = instance.rooms
        with pytest.raises(KeyboardInterrupt):
            prepare(rooms.database, rooms.record, instance.settings.data, now=NOW, scale=SMALL, seed=SEED, progress=cut)
        assert 0 < len(times(instance, prepared(instance))) == len(whole)


def test_a_long_stop_is_filled_up_to_a_month(tmp_path: Path) -> None:
    with opened(Settings(data=tmp_path)) as instance:
        tiny = Scale(gateways=1, devices=60, days=30)
        first = prepared(instance, scale=tiny)
        prepared(instance, later=timedelta(days=90), scale=tiny)
        kept = instance.rooms.record.read(Windows.whole(first.owners.series.tolist())).read_all()
    times = np.sort(kept["time"].to_numpy())
    longest = np.diff(times).max()
    assert np.timedelta64(59, "D") < longest < np.timedelta64(61, "D")


def test_the_first_start_decides_the_scale(tmp_path: Path) -> None:
    with opened(Settings(data=tmp_path)) as instance:
        first = prepared(instance)
        again = prepared(instance, scale=Scale(devices=1000))
    assert again.owners.series.tolist() == first.owners.series.tolist()


def test_a_real_instance_is_left_alone(tmp_path: Path) -> None:
    with opened(Settings(data=tmp_path)) as instance:
        with instance.rooms.database.write() as tx:
            new = structures.NewStructure(form="spl", name="SPL bien réelle")
            structures.init(Scope.system("test"), tx, new, now=NOW)
        with pytest.raises(Conflict):
            prepared(instance)
        assert not (tmp_path / MEMORY).exists()
        with instance.rooms.database.read() as tx:
            assert tx.execute(select(func.count()).select_from(tables.collectivity)).scalar_one() == 1


def test_only_the_account_that_runs_it_may_read_the_keys(demonstration: Demonstration) -> None:
    path = demonstration.instance.settings.data / MEMORY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["scale"]["days"] == 1


def test_each_key_opens_what_its_collectivite_owns_and_no_more(demonstration: Demonstration) -> None:
    owners = demonstration.prepared.owners
    keeper = demonstration.instance.rooms.doors.keeper
    for owner, token in demonstration.prepared.tokens.items():
        scope = keeper.by_key(token, language="fr", now=NOW)
        assert scope.owners(Right.OPERATE) == {owner}
    assert set(demonstration.prepared.tokens) == set(owners.names)
