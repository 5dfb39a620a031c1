"""Batteries to be changed, month by month, as they were seen to empty: a list for whoever goes, and a next purchase."""

from collections.abc import Sequence
from datetime import date

import msgspec

from beffroi.pooling.buying.batteries import EMPTY
from beffroi.pooling.buying.seen import Battery

SOON = 5.0
"""points above `EMPTY`: now, whatever the pace"""


class BatteryChange(msgspec.Struct, frozen=True):
    """A battery to be changed about `month` (`2027-03`), between `earliest` and `latest`; `latest` None when it may be
    never. `weeks`: that it was seen; 0 when its level alone says so. `volts`: when it tells its voltage alone: then
    `level` comes of it by what is stated of the model."""

    device: int
    owner: str
    code: str
    name: str
    service: str
    model: str | None
    level: float
    seen: date
    month: str
    earliest: str
    latest: str | None
    weeks: int
    volts: float | None = None


class MonthCount(msgspec.Struct, frozen=True):
    """Batteries by the month they are expected in; `low` are sure by then even at the slowest pace, `high` may be by
    then at the fastest: both counted from the beginning."""

    month: str
    expected: int
    low: int
    high: int


class ProposedQuantity(msgspec.Struct, frozen=True):
    """Batteries of a model to be had for the coming months, and of which owner."""

    model: str | None
    owner: str
    quantity: int


class Forecast(msgspec.Struct, frozen=True):
    """`told`: batteries of which a month is told, of `batteries` seen; the others were seen too little, or do not empty
    visibly. Of these, `level`: tell a voltage that stays level until the end, and `unstated`: a voltage, of models of
    which no discharge is stated. `within`: months looked ahead. `proposed`: by model and owner, over these months."""

    batteries: int
    told: int
    within: int
    changes: list[BatteryChange]
    months: list[MonthCount]
    proposed: list[ProposedQuantity]
    level: int = 0
    unstated: int = 0


def forecast(found: Sequence[Battery], today: date, within: int) -> Forecast:
    """The nearest first."""
    last = _month_after(today, within)
    every = [change for one in found if (change := _change(one, today)) is not None]
    near = sorted((one for one in every if one.month <= last), key=lambda one: (one.month, one.earliest, one.device))
    months = [_month_after(today, ahead) for ahead in range(within + 1)]
    groups: dict[tuple[str, str], int] = {}
    for one in near:
        place = (one.model or "", one.owner)
        groups[place] = groups.get(place, 0) + 1
    return Forecast(
        batteries=len(found),
        told=len(every),
        within=within,
        changes=near,
        months=[
            MonthCount(
                month=month,
                expected=sum(1 for one in near if one.month == month),
                low=sum(1 for one in every if one.latest is not None and one.latest <= month),
                high=sum(1 for one in every if one.earliest <= month),
            )
            for month in months
        ],
        proposed=[ProposedQuantity(model or None, owner, count) for (model, owner), count in sorted(groups.items())],
        level=sum(1 for one in found if one.stated and one.level is None),
        unstated=sum(1 for one in found if not one.stated),
    )


def _change(one: Battery, today: date) -> BatteryChange | None:
    now = _told(today)
    latest: str | None
    if one.level is None:
        return None
    if one.level <= EMPTY + SOON:
        month = earliest = latest = now
        weeks = 0 if one.emptying is None else one.emptying.weeks
    elif one.emptying is None:
        return None
    else:
        month, earliest = (max(_told(day), now) for day in (one.emptying.at, one.emptying.earliest))
        latest = None if one.emptying.latest is None else max(_told(one.emptying.latest), now)
        weeks = one.emptying.weeks
    device = one.device
    return BatteryChange(
        device=device.id,
        owner=device.owner,
        code=device.code,
        name=device.name,
        service=device.service,
        model=device.model,
        level=one.level,
        seen=one.seen,
        month=month,
        earliest=earliest,
        latest=latest,
        weeks=weeks,
        volts=one.volts,
    )


def _told(day: date) -> str:
    return f"{day:%Y-%m}"


def _month_after(today: date, months: int) -> str:
    month = today.month - 1 + months
    return f"{today.year + month // 12:04}-{month % 12 + 1:02}"
