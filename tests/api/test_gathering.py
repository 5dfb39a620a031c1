"""Small writes that go through the pipeline together are still each one's own."""

import asyncio
from datetime import timedelta
from typing import Any

from beffroi.access import Scope
from beffroi.api.formats import Observation
from beffroi.errors import Invalid, NotFound
from tests.conftest import NOW, OLONNE, Territory


def scope_of(territory: Territory, who: str) -> Scope:
    return territory.instance.rooms.doors.keeper.by_key(territory.keys[who], language="fr", now=NOW)


def together(territory: Territory, *requests: tuple[Scope, list[Observation]]) -> list[Any]:
    """What each request gets when all come in the same breath."""

    async def all_at_once() -> list[Any]:
        gathering = territory.instance.rooms.gathering
        waiting = (gathering.put(scope, rows, now=NOW) for scope, rows in requests)
        return await asyncio.gather(*waiting, return_exceptions=True)

    return asyncio.run(all_at_once())


def values(territory: Territory, series: int) -> list[float]:
    answer = territory.as_("roche").get("/observations", params={"series": series})
    return [row["value"] for row in answer.json()["items"]]


def test_each_request_is_answered_with_its_own_counts(territory: Territory) -> None:
    series = territory.a_series(low=0, high=50).id
    scope = scope_of(territory, "roche")
    answers = together(
        territory,
        (scope, [Observation(series=series, time=NOW, value=0.0)]),
        (scope, [Observation(series=series, time=NOW + timedelta(minutes=n), value=99.0) for n in (1, 2)]),
        (scope, [Observation(series=series, time=NOW + timedelta(minutes=3), value=n) for n in (1.0, 2.0)]),
    )
    assert [(one.rows, one.flagged) for one in answers] == [(1, 0), (2, 2), (1, 0)]
    assert values(territory, series) == [0.0, 99.0, 99.0, 2.0]


def test_one_at_fault_does_not_take_the_others_along(territory: Territory) -> None:
    series, theirs = territory.a_series().id, territory.a_series(owner=OLONNE).id
    scope = scope_of(territory, "roche")
    good, wrong, foreign, last = together(
        territory,
        (scope, [Observation(series=series, time=NOW, value=1.0)]),
        (scope, [Observation(series=series, time=NOW + timedelta(minutes=1), text="chaud")]),
        (scope, [Observation(series=theirs, time=NOW, value=1.0)]),
        (scope, [Observation(series=series, time=NOW + timedelta(minutes=2), value=3.0)]),
    )
    assert (good.rows, last.rows) == (1, 1)
    assert isinstance(wrong, Invalid)
    assert isinstance(foreign, NotFound)
    assert values(territory, series) == [1.0, 3.0]


def test_what_one_caller_may_write_gives_nothing_to_another(territory: Territory) -> None:
    series = territory.a_series().id
    owner, neighbour = scope_of(territory, "roche"), scope_of(territory, "olonne")
    row = Observation(series=series, time=NOW, value=1.0)
    mine, theirs = together(territory, (owner, [row]), (neighbour, [row]))
    assert mine.rows == 1
    assert isinstance(theirs, NotFound)
