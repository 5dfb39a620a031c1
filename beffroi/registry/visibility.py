"""Who may see or change which rows of the registry, as SQL: the one place where roles and shares meet the tables.

A role in the owner gives its right over the owner's rows, narrowed to `Scope.services` for a narrowed API key. A share
gives, of what its giver owns: for a service, everything of that service; for an asset kind, these assets, the devices
attached to them and the series of either; for named series, these series alone. A series is read by whoever holds a
stretch of it (its tenures), and changed by its present owner's people.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, Table, and_, exists, false, or_, select, true

from beffroi.access import Right, Scope, Share
from beffroi.errors import Forbidden, Text
from beffroi.registry.tables import asset, device, relation, series, site, tenure

Clause = ColumnElement[bool]
FEW_OWNERS = 32
"""about an intercommunality's communes"""


def clause(table: Table, scope: Scope, right: Right = Right.READ) -> Clause:
    """The condition on the rows of `table` (site, asset, device, series or relation) over which `scope` has `right`."""
    return true() if scope.everything else _CLAUSES[table.name](scope, right)


def require(scope: Scope, right: Right, owner: str, *, service: str | None) -> None:
    """For something not yet there: as `Scope.require`, a share of the owner's whole service counting too."""
    shared = {one.service for one in scope.shares if one.giver == owner and one.service and one.right >= right}
    if service in shared and _reaches(scope, service):
        return
    if owner not in scope.rights and any(one.giver == owner for one in scope.shares):
        raise Forbidden(
            Text(
                f"Ce que «\u00a0{owner}\u00a0» partage avec vous ne permet pas cela.",
                f"What “{owner}” shares with you does not allow this.",
            )
        )
    scope.require(right, owner, service=service)


def by_role(owner: ColumnElement[str], scope: Scope, right: Right = Right.READ) -> Clause:
    """The condition on series whose `owner` (their owner's column, or that of a tenure) gives `right` by a role."""
    return true() if scope.everything else _role(owner, series.c.service, scope, right)


def by_shares(owner: ColumnElement[str], scope: Scope, shares: tuple[Share, ...], right: Right = Right.READ) -> Clause:
    """The condition on series that some of the scope's `shares` give with `right`, when `owner` is who gives."""
    return _any(list(_shared(owner, msgspec.structs.replace(scope, shares=shares), right)))


def whole_roles(scope: Scope, right: Right = Right.READ) -> list[str] | None:
    """The owners over all of whose series the scope has `right`, when it has it over no others; None when shares or
    services have their say."""
    if scope.everything or scope.shares or scope.services is not None:
        return None
    return sorted(scope.owners(right))


def kinds_of_series(kinds: list[str]) -> Clause:
    """Series whose asset, or whose device's asset, is of one of `kinds`."""
    assets = select(asset.c.id).where(asset.c.kind.in_(kinds))
    devices = select(device.c.id).where(device.c.asset.in_(assets))
    return or_(series.c.asset.in_(assets), series.c.device.in_(devices))


def _sites(scope: Scope, right: Right) -> Clause:
    """A site has no service: a narrowed key reads those where it sees an asset or a device, and changes none."""
    own = site.c.owner.in_(scope.owners(right))
    if scope.services is None:
        return own
    if right > Right.READ:
        return _any([])
    return and_(
        own, or_(*(exists().where(t.c.site == site.c.id, clause(t, scope)).correlate(site) for t in (asset, device)))
    )


def _assets(scope: Scope, right: Right) -> Clause:
    return _any(
        [
            _role(asset.c.owner, asset.c.service, scope, right),
            *_services_shared(asset.c.owner, asset.c.service, scope, right),
            *(
                and_(asset.c.kind == kind, asset.c.owner.in_(givers), _narrowed(asset.c.service, scope))
                for kind, givers in _givers(scope, right, "asset_kind")
            ),
        ]
    )


def _devices(scope: Scope, right: Right) -> Clause:
    return _any(
        [
            _role(device.c.owner, device.c.service, scope, right),
            *_services_shared(device.c.owner, device.c.service, scope, right),
            *(
                and_(
                    device.c.owner.in_(givers),
                    device.c.asset.in_(select(asset.c.id).where(asset.c.kind == kind)),
                    _narrowed(device.c.service, scope),
                )
                for kind, givers in _givers(scope, right, "asset_kind")
            ),
        ]
    )


def _series(scope: Scope, right: Right) -> Clause:
    if right > Right.READ:
        return _held(series.c.owner, scope, right)
    seen = _held(tenure.c.owner, scope, right)
    if len(owners := _seen_owners(scope)) > FEW_OWNERS:
        return exists().where(tenure.c.series == series.c.id, seen).correlate(series)
    # who sees few owners' series is given them by these owners, not by looking at each series of the territory
    theirs = select(tenure.c.series).where(tenure.c.owner.in_(owners))
    still_seen = exists().where(tenure.c.series == series.c.id, seen).correlate(series)
    return and_(series.c.id.in_(theirs), still_seen)


def _seen_owners(scope: Scope) -> set[str]:
    return {*scope.owners(Right.READ), *(share.giver for share in scope.shares)}


def _held(owner: ColumnElement[str], scope: Scope, right: Right) -> Clause:
    return or_(by_role(owner, scope, right), by_shares(owner, scope, scope.shares, right))


def _relations(scope: Scope, right: Right) -> Clause:
    """By a role in its owner, or by both its ends: the source with `right`, the target at least seen."""
    ends = and_(
        _end(relation.c.source_type, relation.c.source, scope, right),
        _end(relation.c.target_type, relation.c.target, scope, Right.READ),
    )
    return ends if scope.services is not None else or_(relation.c.owner.in_(scope.owners(right)), ends)


def _end(type_: ColumnElement[str], id_: ColumnElement[int], scope: Scope, right: Right) -> Clause:
    tables = (site, asset, device, series)
    return or_(*(and_(type_ == t.name, id_.in_(_ids(t, scope, right))) for t in tables))


def _ids(table: Table, scope: Scope, right: Right) -> Select[Any]:
    return select(table.c.id).where(clause(table, scope, right))


_CLAUSES: dict[str, Callable[[Scope, Right], Clause]] = {
    "site": _sites,
    "asset": _assets,
    "device": _devices,
    "series": _series,
    "relation": _relations,
}


def _role(owner: ColumnElement[str], service: ColumnElement[str], scope: Scope, right: Right) -> Clause:
    return and_(owner.in_(scope.owners(right)), _narrowed(service, scope))


def _shared(owner: ColumnElement[str], scope: Scope, right: Right) -> Iterator[Clause]:
    """What agreements give of series."""
    yield from _services_shared(owner, series.c.service, scope, right)
    for kind, givers in _givers(scope, right, "asset_kind"):
        yield and_(owner.in_(givers), kinds_of_series([kind]), _narrowed(series.c.service, scope))
    for named, givers in _givers(scope, right, "series"):
        yield and_(owner.in_(givers), series.c.id.in_(named), _narrowed(series.c.service, scope))


def _services_shared(
    owner: ColumnElement[str], service: ColumnElement[str], scope: Scope, right: Right
) -> Iterator[Clause]:
    for shared, givers in _givers(scope, right, "service"):
        if _reaches(scope, shared):
            yield and_(service == shared, owner.in_(givers))


def _givers(scope: Scope, right: Right, subject: str) -> list[tuple[Any, list[str]]]:
    """Each shared `service`, `asset_kind` or set of `series`, with those who give it."""
    givers: dict[Any, list[str]] = defaultdict(list)
    for share in scope.shares:
        given = getattr(share, subject)
        if given is not None and share.right >= right:
            givers[given].append(share.giver)
    return list(givers.items())


def _reaches(scope: Scope, service: str | None) -> bool:
    return scope.services is None or service in scope.services


def _narrowed(service: ColumnElement[str], scope: Scope) -> Clause:
    return true() if scope.services is None else service.in_(scope.services)


def _any(conditions: list[Clause]) -> Clause:
    return or_(false(), *conditions)
