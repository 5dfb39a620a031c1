"""Whatever may be kept comes back the same from its own export, as CSV and as XLSX."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from beffroi.access import audit
from beffroi.database import Database, metadata
from beffroi.registry import assets, devices, exports, imports, models, relations, series, sheets, sites, structures
from beffroi.registry.columns import SheetNoun
from beffroi.registry.imports import Options
from beffroi.registry.model import Relation
from beffroi.registry.sheets import CSV, XLSX
from beffroi.registry.structures import NewStructure
from tests.registry.conftest import NOW, OLONNE, ROCHE, World

# Everything a name may hold: XML, hence XLSX, has no place for surrogates and the two non-characters.
characters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
names = st.text(characters, min_size=1, max_size=40).map(str.strip).filter(bool)
tricky = st.sampled_from(
    [
        "=1+1",
        "+33",
        "-12",
        "@A1",
        "'=x",
        "''-x",
        "1001",
        "007",
        "1,5",
        "2026-01-01",
        "oui",
        "a;b",
        'a"b',
        "_x0041_",
        "[a",
    ]
)
words = names | tricky


def floats(low: float, high: float) -> st.SearchStrategy[float]:
    """Of 15 significant digits, which is what a spreadsheet keeps."""
    return st.floats(low, high).map(lambda number: float(f"{number:.15g}"))


numbers = floats(-1e12, 1e12) | st.integers(-(10**9), 10**9).map(float)
scalars = st.none() | st.booleans() | words | st.floats(-1e9, 1e9) | st.integers(-(2**53), 2**53)
properties = st.dictionaries(words, scalars, max_size=4)
longitudes, latitudes = floats(-180, 180), floats(-90, 90)
places = st.fixed_dictionaries({}) | st.fixed_dictionaries({"longitude": longitudes, "latitude": latitudes})
lines = st.lists(st.tuples(longitudes, latitudes).map(list), min_size=2, max_size=4, unique_by=tuple)
geometries = lines.map(lambda line: {"geometry": {"type": "LineString", "coordinates": line}})
things = st.fixed_dictionaries({"name": words, "properties": properties, "simulated": st.booleans()})


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database.in_folder(tmp_path_factory.mktemp("round-trip"))
    audit.arm(database, b"secret of a test")
    metadata.create_all(database.engine)
    with database.write() as tx:
        system = World(tx).system
        structures.init(system, tx, NewStructure(form="spl", name="Essai"), now=NOW)
        structures.enrol(system, tx, [ROCHE, OLONNE], date(2026, 1, 1), now=NOW)
    yield database
    database.close()


@contextmanager
def fresh(database: Database) -> Iterator[World]:
    """A world whose every deed is undone."""
    with database.read() as tx:
        yield World(tx)


def come_back(world: World, noun: SheetNoun, found: list[Any], media: str) -> imports.ImportReport:
    """Export, then import over what is there: nothing may have changed."""
    content = exports.dump(world.system, world.tx, noun, found, media)
    return imports.load(
        world.system, world.tx, noun, sheets.read(content, media), Options(update=True, dry_run=True), now=NOW
    )


def assert_same(report: imports.ImportReport, count: int) -> None:
    assert report.faults == []
    assert (report.unchanged, report.updated, report.created) == (count, 0, 0)


quick = settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.parametrize("media", [CSV, XLSX])
@quick
@given(st.lists(st.tuples(words, things, places | geometries), min_size=1, max_size=4, unique_by=lambda row: row[0]))
def test_sites_and_assets_come_back(database: Database, media: str, rows: list[Any]) -> None:
    with fresh(database) as world:
        for code, thing, place in rows:
            site = world.site(code=code, **thing, **place)
            world.asset(code=code, kind="road-segment", site=site.id, **thing, **place)
        found = sites.find(world.system, world.tx, sites.SiteQuery()).items
        assert_same(come_back(world, "sites", found, media), len(rows))
        stood = assets.find(world.system, world.tx, assets.AssetQuery()).items
        assert_same(come_back(world, "assets", stood, media), len(rows))


categories = st.lists(words, min_size=1, max_size=4, unique=True)


@pytest.mark.parametrize("media", [CSV, XLSX])
@quick
@given(st.lists(st.tuples(words, things, categories, numbers), min_size=1, max_size=4, unique_by=lambda row: row[0]))
@example([("a", {"name": "n", "properties": {}, "simulated": False}, ["a|b", "c"], 0.1)])
@example([("a", {"name": "n", "properties": {}, "simulated": False}, ["-1|", "=2"], -0.0)])
def test_devices_and_series_come_back(database: Database, media: str, rows: list[Any]) -> None:
    with fresh(database) as world:
        model, asset = world.model(), world.asset(code="=CODE()")
        for code, thing, kinds, low in rows:
            device = world.device(code=code, asset=asset.id, model=model, **thing)
            world.series(code=f"n{code}", device=device.id, low=low, **thing)
            rolls = abs(low) or None
            world.series(
                code=f"i{code}", asset=asset.id, observed_property="water-volume", rolls_over_at=rolls, **thing
            )
            world.series(code=code, asset=asset.id, observed_property="lamp-state", categories=kinds, **thing)
        hung = devices.find(world.system, world.tx, devices.DeviceQuery()).items
        assert_same(come_back(world, "devices", hung, media), len(rows))
        found = series.find(world.system, world.tx, series.SeriesQuery()).items
        assert_same(come_back(world, "series", found, media), 3 * len(rows))
        known = list(models.every(world.system, world.tx, models.DeviceModelQuery()))
        assert_same(come_back(world, "device-models", known, media), 1)


instants = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize("media", [CSV, XLSX])
@quick
@given(since=instants, until=st.none() | instants, theirs=st.booleans())
def test_relations_come_back(
    database: Database, media: str, since: datetime, until: datetime | None, theirs: bool
) -> None:
    with fresh(database) as world:
        lamp = world.asset(code="1|2")
        cabinet = world.asset(code="@cabinet", owner=OLONNE if theirs else ROCHE, kind="lighting-cabinet")
        new = relations.NewRelation(
            kind="fed by",
            source_type="asset",
            source=lamp.id,
            target_type="asset",
            target=cabinet.id,
            since=since,
            until=until if until and until > since else None,
        )
        made: Relation = relations.create(world.system, world.tx, new, now=NOW)
        assert_same(come_back(world, "relations", [made], media), 1)


@pytest.mark.parametrize("media", [CSV, XLSX])
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "\t=1"])
def test_no_cell_is_a_formula_for_a_spreadsheet(media: str, text: str) -> None:
    content = sheets.write(media, ["a"], [[text]])
    cell = sheets.read(content, media).rows[0][1][0]
    assert str(cell).startswith("'")
    assert sheets.unquoted(str(cell)) == text
