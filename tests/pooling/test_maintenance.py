"""Batteries by month: what is expected, what may be, and what nothing is told of."""

from datetime import date
from typing import Any

from beffroi.pooling.buying.batteries import Emptying
from beffroi.pooling.buying.seen import Battery, Held
from beffroi.pooling.maintenance import forecast

TODAY = date(2026, 11, 27)


def a_battery(id_: int = 1, level: float = 60, at: date | None = None, **given: Any) -> Battery:
    device = Held(id_, "commune-85191", f"code-{id_}", f"Capteur {id_}", "buildings", given.pop("model", "am1"))
    told = at and Emptying(level, TODAY, 0.1, at, given.get("earliest", at), given.get("latest", at), 30)
    return Battery(device, level, TODAY, told)


def test_a_battery_is_due_in_the_month_it_reaches_empty() -> None:
    found = forecast([a_battery(at=date(2027, 3, 9))], TODAY, 12)
    assert [(one.month, one.weeks) for one in found.changes] == [("2027-03", 30)]
    assert [one.month for one in found.months if one.expected] == ["2027-03"]
    assert (found.months[0].month, found.months[-1].month, len(found.months)) == ("2026-11", "2027-11", 13)


def test_the_margin_counts_from_the_beginning() -> None:
    one = a_battery(at=date(2027, 3, 9), earliest=date(2027, 1, 2), latest=date(2027, 6, 1))
    months = {each.month: (each.low, each.high) for each in forecast([one], TODAY, 12).months}
    assert (months["2026-12"], months["2027-01"], months["2027-05"], months["2027-06"]) == (
        (0, 0),
        (0, 1),
        (0, 1),
        (1, 1),
    )


def test_a_low_level_is_due_now_whatever_was_seen() -> None:
    (change,) = forecast([a_battery(level=14)], TODAY, 6).changes
    assert (change.month, change.weeks) == ("2026-11", 0)


def test_what_is_past_is_due_now_and_what_is_far_is_told_and_not_listed() -> None:
    found = forecast([a_battery(1, at=date(2026, 1, 1)), a_battery(2, at=date(2030, 1, 1)), a_battery(3)], TODAY, 12)
    assert (found.batteries, found.told) == (3, 2)
    assert [(one.device, one.month) for one in found.changes] == [(1, "2026-11")]


def test_a_next_purchase_needs_them_by_model_and_owner() -> None:
    due = date(2027, 2, 1)
    found = forecast([a_battery(1, at=due), a_battery(2, at=due), a_battery(3, at=due, model=None)], TODAY, 12)
    assert {(one.model, one.quantity) for one in found.proposed} == {("am1", 2), (None, 1)}
