"""Rules of retention: for a kind of series, how long observations are kept, what they become, when even that goes.

A rule is the structure's, for all (`owner` absent), or a collectivité's, for its own series. The owner's come first,
whether they keep longer or shorter; then the most precise: an observed property says more than a service, which says
more than a kind of value. Where no rule speaks, everything is kept.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, Table, and_, insert, or_, select, true, update

from beffroi.access import Right, Scope, audit
from beffroi.database import Page, Transaction, Utc, metadata, page_of, struct_of
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.registry import kinds, tables
from beffroi.registry.fields import Known, Limit, Owner
from beffroi.registry.model import ValueKind
from beffroi.registry.tables import Id

LONGEST = 36_500
Days = Annotated[int, Meta(ge=1, le=LONGEST)]
Figures = Literal["none", "hour", "day"]

retention_rule = Table(
    "retention_rule",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", String, index=True),
    Column("observed_property", String),
    Column("service", String),
    Column("value_kind", String),
    Column("keep_days", Integer),
    Column("figures", String, nullable=False),
    Column("figures_days", Integer),
    Column("purpose", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("changed_at", Utc),
    Column("ended_at", Utc),
    Column("current", Boolean, nullable=False),
    CheckConstraint("keep_days IS NULL OR keep_days > 0", name="retention_keeps_some_days"),
    sqlite_autoincrement=True,
)
CRITERIA = ("observed_property", "service", "value_kind")


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """Observations older than `keep_days` become `figures` (`none`: they go); what is older than `figures_days`, by the
    observations' time too, goes. Without `keep_days`, everything is kept."""

    id: int
    figures: Figures
    purpose: str
    made_by: str
    made_at: datetime
    current: bool
    owner: str | None = None
    observed_property: str | None = None
    service: str | None = None
    value_kind: ValueKind | None = None
    keep_days: int | None = None
    figures_days: int | None = None
    changed_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def longest(self) -> float:
        """Days after which nothing is left."""
        last = self.keep_days if self.figures == "none" else self.figures_days
        return float("inf") if last is None else float(last)


class NewRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """For series of that property, service and kind of value, where they are said; of `owner`, or of all."""

    purpose: Annotated[str, Meta(min_length=1, max_length=2000, description="Why: what a register of processing says.")]
    owner: Owner | None = None
    observed_property: Known | None = None
    service: Known | None = None
    value_kind: ValueKind | None = None
    keep_days: Days | None = None
    figures: Figures = "none"
    figures_days: Days | None = None


class RulePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose series it is for, and which, stay what they are: end it and make another."""

    purpose: Annotated[str, Meta(min_length=1, max_length=2000)] | UnsetType = UNSET
    keep_days: Days | UnsetType | None = UNSET
    figures: Figures | UnsetType = UNSET
    figures_days: Days | UnsetType | None = UNSET


class RuleQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: Owner | None = None
    current: bool = True
    after: str | None = None
    limit: Limit = 100


class Ruled(NamedTuple):
    """A stretch of a series (half-open, None for unbounded) and the rule that holds there."""

    series: int
    code: str
    name: str
    owner: str
    value_kind: ValueKind
    since: datetime | None
    until: datetime | None
    rule: Rule


def create(scope: Scope, tx: Transaction, new: NewRule, *, now: datetime) -> Rule:
    """Raises `Conflict` when a rule in force is for the same series."""
    drafted = draft(scope, tx, new, now=now)
    table = retention_rule
    same = [table.c[name].is_not_distinct_from(getattr(new, name)) for name in ("owner", *CRITERIA)]
    if tx.execute(select(table.c.id).where(*same, table.c.current)).first():
        raise Conflict(
            Text("Une règle en vigueur vise déjà ces séries.", "A rule in force is for these series already.")
        )
    row = {name: value for name, value in msgspec.structs.asdict(drafted).items() if name != "id"}
    id_ = int(tx.execute(insert(table).values(row).returning(table.c.id)).scalar_one())
    return _noted(scope, tx, "create", id_, now)


def draft(scope: Scope, tx: Transaction, new: NewRule, *, now: datetime) -> Rule:
    """The rule that `create` would make, numbered 0."""
    _require(scope, new.owner)
    _check(tx, new)
    return Rule(id=0, made_by=scope.actor.key, made_at=now, current=True, **msgspec.structs.asdict(new))


def get(scope: Scope, tx: Transaction, id_: int) -> Rule:
    """The structure's rules are for every member's eyes; a collectivité's, for those who read there."""
    row = tx.execute(select(*_columns()).where(_visible(scope), retention_rule.c.id == id_)).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("règle de conservation", "retention rule"), id_)
    return struct_of(row, Rule)


def find(scope: Scope, tx: Transaction, query: RuleQuery) -> Page[Rule]:
    table = retention_rule
    statement = select(*_columns()).where(
        _visible(scope),
        table.c.owner == query.owner if query.owner else true(),
        table.c.current if query.current else true(),
    )
    return page_of(tx, statement, Rule, key=table.c.id, after=query.after, limit=query.limit)


def change(scope: Scope, tx: Transaction, id_: int, patch: RulePatch, *, now: datetime) -> Rule:
    found = _held(scope, tx, id_)
    given = {name: value for name, value in msgspec.structs.asdict(patch).items() if value is not UNSET}
    _check_lengths(msgspec.structs.replace(found, **given))
    tx.execute(update(retention_rule).where(retention_rule.c.id == id_).values(**given, changed_at=now))
    return _noted(scope, tx, "change", id_, now)


def end(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> Rule:
    """What it removed stays removed."""
    _held(scope, tx, id_)
    tx.execute(update(retention_rule).where(retention_rule.c.id == id_).values(current=False, ended_at=now))
    return _noted(scope, tx, "end", id_, now)


def ruled(scope: Scope, tx: Transaction, *, only: Rule | None = None) -> list[Ruled]:
    """Every stretch of a series that a rule in force limits; of a stretch that several collectivités hold, by the rule
    that keeps longest. `only`: as if that rule were in force too, and the stretches where it then holds."""
    rules = [struct_of(row, Rule) for row in tx.execute(select(*_columns()).where(retention_rule.c.current)).mappings()]
    if only is not None:
        rules = [only, *(one for one in rules if not _same_series(one, only))]
    if not rules:
        return []
    held, table = tables.tenure, tables.series
    columns = [table.c[name] for name in ("id", "code", "name", "value_kind", "observed_property", "service")]
    wanted = true() if scope.everything else held.c.owner.in_(scope.owners(Right.ADMINISTER))
    statement = (
        select(*columns, held.c.owner, held.c.since, held.c.until)
        .join(held, held.c.series == table.c.id)
        .where(table.c.id.in_(select(held.c.series).where(wanted)))
        .order_by(table.c.id)
    )
    found: list[Ruled] = []
    stretches: list[Any] = []
    for row in [*tx.execute(statement), None]:
        if stretches and (row is None or row.id != stretches[0].id):
            found += _of_series(stretches, rules)
            stretches = []
        stretches.append(row)
    return [one for one in found if only is None or one.rule is only]


def _of_series(stretches: list[Any], rules: list[Rule]) -> Iterable[Ruled]:
    """The stretches of one series, cut where who holds them changes."""
    bounds = sorted({time for one in stretches for time in (one.since, one.until) if time is not None})
    for since, until in zip([None, *bounds], [*bounds, None], strict=True):
        holders = [
            one
            for one in stretches
            if (one.since is None or (since is not None and one.since <= since))
            and (one.until is None or (until is not None and until <= one.until))
        ]
        chosen = [_rule_of(one, rules) for one in holders]
        if holders and all(rule is not None and rule.keep_days is not None for rule in chosen):
            pairs = [(rule, one) for rule, one in zip(chosen, holders, strict=True) if rule is not None]
            rule, one = max(pairs, key=lambda pair: (pair[0].longest, pair[0].keep_days or 0))
            yield Ruled(one.id, one.code, one.name, one.owner, one.value_kind, since, until, rule)


def _rule_of(series: Any, rules: list[Rule]) -> Rule | None:
    def fits(rule: Rule) -> bool:
        return rule.owner in (None, series.owner) and all(
            getattr(rule, name) in (None, getattr(series, name)) for name in CRITERIA
        )

    def rank(rule: Rule) -> tuple[bool, ...]:
        return (rule.owner is not None, *(getattr(rule, name) is not None for name in CRITERIA))

    return max(filter(fits, rules), key=rank, default=None)


def _same_series(one: Rule, other: Rule) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("owner", *CRITERIA))


def _held(scope: Scope, tx: Transaction, id_: int) -> Rule:
    """One in force that the actor may change."""
    found = get(scope, tx, id_)
    _require(scope, found.owner)
    if not found.current:
        raise Conflict(Text("Cette règle n'est plus en vigueur.", "This rule is no longer in force."))
    return found


def _require(scope: Scope, owner: str | None) -> None:
    if owner is None:
        scope.require_instance()
    else:
        scope.require(Right.ADMINISTER, owner)


def _check(tx: Transaction, new: NewRule) -> None:
    looked_up = (("observed_property", kinds.observed_property), ("service", kinds.service))
    faults = []
    for field, look_up in looked_up:
        try:
            if (code := getattr(new, field)) is not None:
                look_up(tx, code)
        except NotFound as error:
            faults.append(Fault(field, error.text))
    known = select(tables.collectivity.c.key).where(tables.collectivity.c.key == new.owner)
    if new.owner is not None and tx.execute(known).first() is None:
        faults.append(Fault("owner", Text("collectivité inconnue", "unknown collectivité")))
    if faults:
        raise Invalid.of(faults)
    _check_lengths(new)


def _check_lengths(one: NewRule | Rule) -> None:
    if one.keep_days is None and (one.figures != "none" or one.figures_days is not None):
        raise Invalid("keep_days", Text("dites après combien de jours", "say after how many days"))
    if one.figures == "none" and one.figures_days is not None:
        raise Invalid("figures_days", Text("il n'y a pas de figures à garder", "there are no figures to keep"))
    if one.keep_days is not None and one.figures_days is not None and one.figures_days <= one.keep_days:
        raise Invalid("figures_days", Text("doit dépasser «\u00a0keep_days\u00a0»", "must exceed “keep_days”"))


def _noted(scope: Scope, tx: Transaction, verb: str, id_: int, now: datetime) -> Rule:
    rule = struct_of(tx.execute(select(*_columns()).where(retention_rule.c.id == id_)).mappings().one(), Rule)
    detail = {name: getattr(rule, name) for name in (*CRITERIA, "keep_days", "figures", "figures_days", "purpose")}
    audit.record(scope, tx, f"retention.{verb}", now=now, owner=rule.owner, subject=str(id_), detail=detail)
    return rule


def _columns() -> list[Any]:
    return [retention_rule.c[name] for name in Rule.__struct_fields__]


def _visible(scope: Scope) -> Any:
    if scope.everything:
        return true()
    table = retention_rule
    return or_(
        and_(table.c.owner.is_(None), true() if scope.rights or scope.instance else ~true()),
        table.c.owner.in_(scope.owners(Right.READ)),
    )
