"""What the simulated devices tell, checked as an agent would look at it: is this real life?"""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from beffroi import registry
from beffroi.demo.clock import DAY, HOUR, hour_of
from beffroi.demo.history import Source, slices, told
from beffroi.demo.radio import gateway_down
from beffroi.demo.sky import elevation
from beffroi.demo.world import World
from beffroi.observations import SCHEMA, Quality

Sources = dict[str, Source]
END = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp())
MONTH = END - 30 * DAY


def of(batch: pa.Table, name: str = "value") -> np.ndarray:
    return batch.sort_by([("series", "ascending"), ("time", "ascending")])[name].to_numpy()


def seconds(batch: pa.Table) -> np.ndarray:
    return of(batch, "time").astype("datetime64[s]").astype(np.int64)


def test_the_same_seed_and_stretch_give_the_same_observations(world: World, every_source: Sources) -> None:
    fresh = World(world.seed, gateways=world.gateways)
    sources = list(every_source.values())
    assert told(fresh, sources, END - HOUR, END).equals(told(world, sources, END - HOUR, END))


def test_another_seed_gives_other_observations(world: World, every_source: Sources) -> None:
    other = World(world.seed + 1, gateways=world.gateways)
    weather = [every_source["weather.temperature"]]
    assert not told(other, weather, END - HOUR, END).equals(told(world, weather, END - HOUR, END))


def test_every_observation_is_flagged_simulated(world: World, every_source: Sources) -> None:
    batch = told(world, list(every_source.values()), END - DAY, END)
    assert batch.schema == SCHEMA
    assert set(batch["quality"].to_pylist()) == {int(Quality.SIMULATED)}


def test_a_month_has_the_size_of_a_small_start(world: World, every_source: Sources) -> None:
    day = told(world, list(every_source.values()), END - DAY, END)
    assert 4_000_000 < 30 * len(day) < 6_500_000


@pytest.mark.parametrize("length", [5, 997, 7 * HOUR])
def test_stretch_after_stretch_tells_what_the_whole_tells(world: World, every_source: Sources, length: int) -> None:
    """So the live feed, second by second, goes on where history stops without a jump."""
    sources = list(every_source.values())
    start = END - min(20 * length, DAY)
    cut = pa.concat_tables([told(world, sources, *one) for one in slices(start, END, length)])
    whole = told(world, sources, start, END)
    order = [("series", "ascending"), ("time", "ascending")]
    assert len(whole) > 0
    assert cut.sort_by(order).equals(whole.sort_by(order))


def test_nothing_is_told_before_a_series_own_beginning(world: World, every_source: Sources) -> None:
    source = every_source["meter.volume"]
    later = source.after(np.full(len(source.series), END - HOUR))
    assert told(world, [later], END - DAY, END).equals(told(world, [source], END - HOUR, END))


def test_values_are_plausible_and_of_their_kind(world: World, every_source: Sources) -> None:
    packaged = tomllib.loads((Path(registry.__file__).parent / "kinds.toml").read_text())["observed-properties"]
    for name, source in every_source.items():
        known = packaged[source.channel.observed_property]
        batch = told(world, [source], END - 3 * DAY, END)
        assert len(batch) > 0, name
        if known["kind"] == "enumeration":
            assert batch["value"].null_count == len(batch), name
            assert set(batch["text"].to_pylist()) <= set(source.channel.words), name
            continue
        assert batch["text"].null_count == len(batch), name
        value = of(batch)
        assert np.isfinite(value).all(), name
        if known["kind"] == "boolean":
            assert set(value) == {0.0, 1.0}, name
        assert value.min() >= known.get("low", -np.inf), name
        assert value.max() <= known.get("high", np.inf), name


@pytest.mark.parametrize("name", ["meter.volume", "cabinet.energy", "energy-meter.energy"])
def test_counters_never_decrease_and_do_grow(world: World, every_source: Sources, name: str) -> None:
    batch = told(world, [every_source[name]], MONTH, END)
    series, value = of(batch, "series"), of(batch)
    same = series[1:] == series[:-1]
    assert (np.diff(value)[same] >= 0).all()
    firsts = np.flatnonzero(np.r_[True, ~same])
    lasts = np.r_[firsts[1:] - 1, len(value) - 1]
    assert ((value[lasts] - value[firsts])[lasts - firsts > 200] > 0).all()


@pytest.mark.parametrize("name", ["lamp.power", "lamp.state"])
def test_lamps_are_lit_at_night_only(world: World, every_source: Sources, name: str) -> None:
    batch = told(world, [every_source[name]], END - 10 * DAY, END)
    height = elevation(seconds(batch))
    lit = of(batch) > 0 if name == "lamp.power" else np.isin(of(batch, "text"), ["allumé", "réduit"])
    assert not lit[height > 0].any()
    evening = (height < -8) & (hour_of(seconds(batch)) > 18) & (hour_of(seconds(batch)) < 21)
    assert 0.9 < lit[evening].mean() < 1


def test_the_energy_of_a_cabinet_is_its_power_through_time(world: World, every_source: Sources) -> None:
    energy, power = (
        told(world, [every_source[f"cabinet.{name}"].rows(np.array([0]))], MONTH, END) for name in ("energy", "power")
    )
    used = of(energy)[-1] - of(energy)[0]
    assert used == pytest.approx(of(power).mean() / 1000 * 30 * 24, rel=0.05)


def test_some_meters_leak_day_and_night_and_most_do_not(world: World, every_source: Sources) -> None:
    source = every_source["meter.volume"]
    hours = END + np.arange(-30 * 24, 1)[None, :] * HOUR
    flow = np.diff(source.channel.value(world, source.things.upright(), hours)).reshape(-1, 30, 24)
    steady = flow.min(axis=2) > 0.3 * np.median(flow, axis=2).clip(0.005)
    leaking = steady.any(axis=1)
    assert 0.02 < leaking.mean() < 0.12
    assert (steady[leaking].sum(axis=1) < 30).any()  # begun or mended meanwhile
    assert steady[:, -1].any()


def test_containers_fill_and_are_emptied(world: World, every_source: Sources) -> None:
    batch = told(world, [every_source["container.fill"]], MONTH, END)
    series, value = of(batch, "series"), of(batch)
    step = np.where(series[1:] == series[:-1], np.diff(value), 0)
    emptied = np.array([(step[series[1:] == one] < -15).sum() for one in np.unique(series)])
    assert (emptied >= 1).mean() > 0.95
    assert emptied.max() <= 5


def test_car_parks_are_full_in_the_morning_and_empty_at_night(world: World, every_source: Sources) -> None:
    working_week = END - 6 * DAY
    batch = told(world, [every_source["space.occupied"]], working_week, working_week + 5 * DAY)
    hour, taken = hour_of(seconds(batch)), of(batch)
    assert taken[(hour > 10) & (hour < 12)].mean() > 2 * taken[(hour > 1) & (hour < 5)].mean()


def test_schools_are_stuffy_by_day_and_aired_at_night(world: World, every_source: Sources) -> None:
    batch = told(world, [every_source["room.co2"]], END - 6 * DAY, END - DAY)
    hour, value = hour_of(seconds(batch)), of(batch)
    assert value[(hour > 10) & (hour < 12)].mean() > 600
    assert value[(hour > 3) & (hour < 6)].mean() < 460


def test_outdoor_temperatures_are_much_the_same_everywhere(world: World, every_source: Sources) -> None:
    batch = told(world, [every_source["weather.temperature"]], END - 2 * HOUR, END)
    assert of(batch).std() < 2.5


def test_batteries_decline(world: World, every_source: Sources) -> None:
    batch = told(world, [every_source["meter.battery"]], END - 200 * DAY, END)
    series, value = of(batch, "series"), of(batch)
    change = np.array([value[series == one][-1] - value[series == one][0] for one in np.unique(series)])
    assert (change < 0).mean() > 0.7
    assert (change > 20).any()  # replaced


def test_some_devices_fall_silent_for_hours_and_a_few_frames_are_lost(world: World, every_source: Sources) -> None:
    batch = told(world, [every_source["meter.volume"]], MONTH, END)
    series, gap = of(batch, "series"), np.diff(seconds(batch))
    silent = np.unique(series[1:][(series[1:] == series[:-1]) & (gap > 5 * HOUR)])
    assert 0 < len(silent) < 0.3 * 560
    assert 0.9 < len(batch) / (560 * 720) < 0.999


def test_one_gateway_goes_down_and_takes_along_those_it_alone_hears(world: World, every_source: Sources) -> None:
    times = np.arange(MONTH, END, 600)
    down = {one: times[gateway_down(world, np.array(one), times)] for one in range(20)}
    assert 1 <= sum(len(hours) > 0 for hours in down.values()) <= 4
    things = every_source["lamp.power"].things
    mute = 0
    for gateway, outage in down.items():
        alone = np.flatnonzero((things.gateway == gateway) & (things.alone > 0))
        if len(outage) and len(alone):
            first, last = int(outage[0]), int(outage[-1])
            mute += 1
            assert len(told(world, [every_source["lamp.power"].rows(alone)], first, min(last, first + 2 * HOUR))) == 0
    assert mute or not any(len(one) for one in down.values()) or not (things.alone > 0).any()
