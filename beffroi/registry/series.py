"""Series: the observations of one property, of one thing, by one device; who sees which stretch, and who may write."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import starmap
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import ColumnElement, String, and_, bindparam, cast, func, insert, or_, select, true

from beffroi.access import Right, Scope, Share
from beffroi.database import Page, Prepared, Transaction
from beffroi.errors import Fault, Text
from beffroi.registry import tables, things, units, visibility
from beffroi.registry.assets import SERVICE, SITE
from beffroi.registry.devices import ASSET, services_of
from beffroi.registry.fields import Code, Extras, Known, Limit, Name, Owner, RollsOverAt, Search, ThingId, Unit
from beffroi.registry.model import ObservedProperty, Series, ValueKind
from beffroi.registry.things import Filter, Noun, Reference, Row, RowFault

Categories = Annotated[list[Code], Meta(max_length=200)]


class NewSeries(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is left out comes from the observed property (unit, plausible range) and the asset or device (service)."""

    owner: Owner
    code: Code
    name: Name
    observed_property: Known
    unit: Unit | None = None
    service: Known | None = None
    device: ThingId | None = None
    asset: ThingId | None = None
    low: float | None = None
    high: float | None = None
    rolls_over_at: RollsOverAt | None = None
    categories: Categories = []
    properties: Extras = {}
    simulated: bool = False


class SeriesPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The observed property and the unit stay what they are: observations already kept are in them."""

    code: Code | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    service: Known | UnsetType = UNSET
    device: ThingId | UnsetType | None = UNSET
    asset: ThingId | UnsetType | None = UNSET
    low: float | UnsetType | None = UNSET
    high: float | UnsetType | None = UNSET
    rolls_over_at: RollsOverAt | UnsetType | None = UNSET
    categories: Categories | UnsetType = UNSET
    properties: Extras | UnsetType = UNSET


class SeriesSelection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which series are meant: those that answer every criterion given."""

    series: list[ThingId] | None = None
    owner: list[Owner] | None = None
    service: list[Known] | None = None
    observed_property: list[Known] | None = None
    asset_kind: list[Known] | None = None
    device: list[ThingId] | None = None
    asset: list[ThingId] | None = None
    site: list[ThingId] | None = None
    code: Code | None = None
    q: Search | None = None
    simulated: bool | None = None


class SeriesQuery(SeriesSelection, frozen=True, forbid_unknown_fields=True, kw_only=True):
    after: str | None = None
    limit: Limit | None = None


class Visible(NamedTuple):
    """A half-open stretch of phenomenon time of a series, None for unbounded, and who holds it: by a role or an
    agreement of that `owner`'s one may read it. `rolls_over_at` is the series'."""

    series: int
    owner: str
    since: datetime | None
    until: datetime | None
    rolls_over_at: float | None


class Stretch(NamedTuple):
    """As `Visible`, of all the series that one owner holds over the same stretch of time."""

    series: list[int]
    owner: str
    since: datetime | None
    until: datetime | None


EVENED = 64
"""of which the number of series asked for at once is a multiple"""


class SeriesRow(msgspec.Struct, frozen=True):
    """What is needed to write observations. `since`: its present owner's stretch begins there, None for always."""

    id: int
    owner: str
    value_kind: ValueKind
    unit: str
    low: float | None
    high: float | None
    categories: list[str]
    simulated: bool
    service: str
    since: datetime | None


class SeriesName(NamedTuple):
    id: int
    owner: str
    code: str


class SeriesOf(NamedTuple):
    """What a page on its owner needs of each."""

    id: int
    name: str
    service: str
    observed_property: str
    unit: str
    device: int | None


def _complete(tx: Transaction, rows: list[Row]) -> Iterator[RowFault]:
    properties = {row.code: row for row in tx.execute(select(tables.observed_property))}
    lacking = [row for row in rows if row["service"] is None]
    of_asset = services_of(tx, tables.asset, {row["asset"] for row in lacking if row["asset"]})
    of_device = services_of(tx, tables.device, {row["device"] for row in lacking if row["device"]})
    for index, row in enumerate(rows):
        if observed := properties.get(row["observed_property"]):
            _take(observed, row)
        if row["service"] is None:
            row["service"] = of_asset.get(row["asset"]) or of_device.get(row["device"])
        yield from (RowFault(index, fault) for fault in _faults(row))


def _take(observed: Any, row: Row) -> None:
    """The range comes with the unit it is told in, and only once: a row that exists keeps its own."""
    row["value_kind"] = observed.value_kind
    own_unit = row["unit"] is None or row["unit"] == observed.unit
    if "id" not in row and own_unit and row["low"] is None and row["high"] is None:
        row["low"], row["high"] = observed.low, observed.high
    if row["unit"] is None:
        row["unit"] = observed.unit


def _faults(row: Row) -> Iterator[Fault]:
    kind = row.get("value_kind")
    if row["service"] is None:
        yield things.lacking("service")
    if kind == "enumeration" and not row["categories"]:
        yield Fault("categories", Text("une énumération a besoin de ses mots", "an enumeration needs its words"))
    if kind not in (None, "enumeration") and row["categories"]:
        yield Fault("categories", Text("réservé aux énumérations", "only for an enumeration"))
    if len(set(row["categories"])) < len(row["categories"]):
        yield Fault("categories", Text("un mot y est deux fois", "a word is there twice"))
    yield from units.faults_of(row["unit"])
    if kind not in (None, "number", "counter") and (row["low"] is not None or row["high"] is not None):
        yield Fault("low", Text("réservé aux nombres", "only for numbers"))
    if row["low"] is not None and row["high"] is not None and row["low"] > row["high"]:
        yield Fault("low", Text("dépasse «\u00a0high\u00a0»", "exceeds “high”"))
    if kind not in (None, "counter") and row["rolls_over_at"] is not None:
        yield Fault("rolls_over_at", Text("réservé aux compteurs", "only for a counter"))


def _at_site(sites: list[int]) -> ColumnElement[bool]:
    """Series whose asset or device is at one of these sites."""
    things_there = {t.name: select(t.c.id).where(t.c.site.in_(sites)) for t in (tables.asset, tables.device)}
    return or_(tables.series.c.asset.in_(things_there["asset"]), tables.series.c.device.in_(things_there["device"]))


def _hold(scope: Scope, tx: Transaction, rows: list[Row], now: datetime) -> None:
    tx.execute(insert(tables.tenure), [{"series": row["id"], "owner": row["owner"]} for row in rows])


DEVICE = Reference("device", tables.device, Text("capteur ou appareil", "device"))
PROPERTY = Reference("observed_property", tables.observed_property, Text("propriété observée", "observed property"))
ASSET_KIND = Reference("asset_kind", tables.asset_kind, Text("sorte d'équipement", "asset kind"))

SERIES = Noun(
    text=Text("série", "series"),
    table=tables.series,
    type=Series,
    references=(PROPERTY, SERVICE, DEVICE, ASSET),
    complete=_complete,
    filters={
        "asset_kind": Filter(visibility.kinds_of_series, ASSET_KIND),
        "series": Filter(tables.series.c.id.in_),
        "site": Filter(_at_site, SITE),
    },
    wrote=_hold,
)


def create(scope: Scope, tx: Transaction, new: NewSeries, *, now: datetime) -> Series:
    return things.create(scope, tx, SERIES, new, now=now)


def create_many(scope: Scope, tx: Transaction, news: list[NewSeries], *, now: datetime) -> list[int]:
    return things.create_many(scope, tx, SERIES, news, now=now)


def get(scope: Scope, tx: Transaction, id_: int, right: Right = Right.READ) -> Series:
    return things.get(scope, tx, SERIES, id_, right)


def find(scope: Scope, tx: Transaction, query: SeriesQuery) -> Page[Series]:
    return things.find(scope, tx, SERIES, query)


def every(scope: Scope, tx: Transaction, query: SeriesQuery) -> Iterator[Series]:
    """All that the query asks, its `after` and `limit` left aside."""
    return things.every(scope, tx, SERIES, query)


def names(scope: Scope, tx: Transaction, query: SeriesQuery) -> list[SeriesName]:
    """As `every`, of which only what names them, for hundreds of thousands at once."""
    columns = [tables.series.c[name] for name in SeriesName._fields]
    statement = things.matching(scope, tx, SERIES, query).with_only_columns(*columns).order_by(tables.series.c.id)
    return [SeriesName(*row) for row in tx.execute(statement)]


def of_owner(scope: Scope, tx: Transaction, owner: str) -> list[SeriesOf]:
    """Those of `owner` that `scope` sees, in the order of ids."""
    table = tables.series
    columns = [table.c[name] for name in SeriesOf._fields]
    seen = (table.c.owner == owner, visibility.clause(table, scope))
    return [SeriesOf(*row) for row in tx.execute(select(*columns).where(*seen).order_by(table.c.id))]


def in_unit(scope: Scope, tx: Transaction, observed: ObservedProperty) -> set[int]:
    """The series of a property that are kept in its own unit: those whose values compare."""
    table = tables.series
    own = and_(table.c.observed_property == observed.code, table.c.unit == observed.unit)
    return set(tx.execute(select(table.c.id).where(own, visibility.clause(table, scope))).scalars())


def change(scope: Scope, tx: Transaction, id_: int, patch: SeriesPatch, *, now: datetime) -> Series:
    return things.change(scope, tx, SERIES, id_, patch, now=now)


def remove(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> None:
    """Raises `Conflict` while a relation names it. Whether observations of it are kept is the caller's to ask."""
    things.remove(scope, tx, SERIES, id_, now=now)


def windows(scope: Scope, tx: Transaction, selection: SeriesSelection) -> list[Visible]:
    """The stretches of the selected series that `scope` may read, in no order, perhaps overlapping.

    Those it may not see are absent, without a word. Raises `Invalid` when a criterion names something unknown.
    """
    if selection.series is None:
        return list(_windows(scope, tx, selection))
    parts = things.in_chunks(dict.fromkeys(selection.series))
    return [row for some in parts for row in _windows(scope, tx, msgspec.structs.replace(selection, series=some))]


def rollovers(rows: Iterable[Visible]) -> tuple[tuple[int, float], ...]:
    """Of what `windows` gave: the series whose index rolls over, each once and in order, and where it does."""
    return tuple(sorted({row.series: row.rolls_over_at for row in rows if row.rolls_over_at is not None}.items()))


def stretches(scope: Scope, tx: Transaction, *, among: Iterable[int] | None = None) -> list[Stretch]:
    """Of every series that `scope` may read, as `windows`: hundreds of thousands of them in a few rows; `among`: of
    these alone."""
    if among is None:
        return _stretches(scope, tx, true())
    held = tables.tenure
    return [row for some in things.in_chunks(among) for row in _stretches(scope, tx, held.c.series.in_(some))]


def _stretches(scope: Scope, tx: Transaction, chosen: ColumnElement[bool]) -> list[Stretch]:
    held = tables.tenure
    ids = func.aggregate_strings(cast(held.c.series, String), ",")
    asked = (
        select(ids, held.c.owner, held.c.since, held.c.until)
        .join(tables.series, held.c.series == tables.series.c.id)
        .where(chosen)
        .group_by(held.c.owner, held.c.since, held.c.until)
    )
    found = list(tx.execute(asked.where(visibility.by_role(held.c.owner, scope))))
    rows = [Stretch(_numbers(joined), *rest) for joined, *rest in found]
    for start, shares in _by_moment(scope).items():
        for joined, owner, since, until in tx.execute(asked.where(visibility.by_shares(held.c.owner, scope, shares))):
            if start is None or until is None or until > start:
                rows.append(Stretch(_numbers(joined), owner, _later(since, start), until))
    return rows


def _numbers(joined: str) -> list[int]:
    return list(map(int, joined.split(",")))


def writable(scope: Scope, tx: Transaction, ids: Sequence[int]) -> dict[int, SeriesRow]:
    """Those of `ids` that `scope` may write observations of, by id."""
    table, owners = tables.series, visibility.whole_roles(scope, Right.OPERATE)
    found: dict[int, SeriesRow] = {}
    for some in things.in_chunks(dict.fromkeys(ids)):
        rows: Iterable[Iterable[Any]]
        if owners is None:
            rows = tx.execute(_HELD.where(table.c.id.in_(some), visibility.clause(table, scope, Right.OPERATE))).all()
        else:
            rows = _HELD_BY.rows(tx, some=_evened(some), owners=owners)
        found |= {row.id: row for row in starmap(SeriesRow, rows)}
    return found


_HELD = select(
    *(tables.tenure.c.since if name == "since" else tables.series.c[name] for name in SeriesRow.__struct_fields__)
).join(
    tables.tenure,
    and_(
        tables.tenure.c.series == tables.series.c.id,
        tables.tenure.c.owner == tables.series.c.owner,
        tables.tenure.c.until.is_(None),
    ),
)
_HELD_BY = Prepared(
    _HELD.where(
        tables.series.c.id.in_(bindparam("some", expanding=True)),
        tables.series.c.owner.in_(bindparam("owners", expanding=True)),
    )
)
"""Of those whose roles open all: who writes, most often."""


def _evened(ids: list[int]) -> list[int]:
    """With the last again and again, so that few lengths are prepared."""
    return ids + [ids[-1]] * (-len(ids) % EVENED)


def _windows(scope: Scope, tx: Transaction, selection: SeriesSelection) -> Iterator[Visible]:
    owners, some = visibility.whole_roles(scope), selection.series
    if owners is not None and some is not None and selection == SeriesSelection(series=some):
        yield from (Visible(*row) for row in _OF_SOME.rows(tx, some=some, owners=owners))
        return
    held = tables.tenure
    asked = _STRETCHES.where(*things.conditions(scope, tx, SERIES, selection))
    yield from (Visible(*row) for row in tx.execute(asked.where(visibility.by_role(held.c.owner, scope))))
    if scope.everything:
        return
    for start, shares in _by_moment(scope).items():
        for row in tx.execute(asked.where(visibility.by_shares(held.c.owner, scope, shares))):
            given = Visible(*row)
            if start is None or given.until is None or given.until > start:
                yield given._replace(since=_later(given.since, start))


_STRETCHES = select(
    tables.tenure.c.series, tables.tenure.c.owner, tables.tenure.c.since, tables.tenure.c.until,
    tables.series.c.rolls_over_at,
).join(tables.series, tables.tenure.c.series == tables.series.c.id)  # fmt: skip
_OF_SOME = Prepared(
    _STRETCHES.where(
        tables.tenure.c.series.in_(bindparam("some", expanding=True)),
        tables.tenure.c.owner.in_(bindparam("owners", expanding=True)),
    )
)
"""Series by id, of those whose owners' roles open all: what charts ask."""


def _by_moment(scope: Scope) -> dict[datetime | None, tuple[Share, ...]]:
    """The scope's shares, by the moment from which they give: those of one moment are asked in one statement."""
    moments: dict[datetime | None, tuple[Share, ...]] = {}
    for share in scope.shares:
        moments[share.since] = (*moments.get(share.since, ()), share)
    return moments


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    given = [time for time in (one, other) if time is not None]
    return max(given) if given else None
