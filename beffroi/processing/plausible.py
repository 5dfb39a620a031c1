"""Whether a measurement follows from those before it: not too fast a change, not the same for too long, in its turn."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from beffroi.observations import Quality

SERIES_KEPT = 1_000_000
LATE = timedelta(hours=1)
"""between the time that a message tells and its arrival"""


class Steady(NamedTuple):
    """How a property behaves. `most`: the change that a minute can bring, in its unit; `step`: a change that is
    always taken, however soon. `frozen`: a value that stays exactly the same so long, over `MANY` readings, is a sensor
    that hangs; None where staying the same is usual (counters, doors, levels at rest)."""

    most: float
    step: float
    frozen: timedelta | None = None


MANY = 12
MINUTE = timedelta(minutes=1)
GOOD = Quality(0)
DAY = timedelta(hours=24)
BEHAVIOURS = {
    "temperature": Steady(3, 10, 2 * DAY),
    "ground-temperature": Steady(1, 5, 4 * DAY),
    "water-temperature": Steady(1, 5, 4 * DAY),
    "relative-humidity": Steady(20, 40, 2 * DAY),
    "co2": Steady(1000, 2000, DAY),
    "pressure": Steady(5, 10, DAY),
    "battery-voltage": Steady(2, 2),
}
"""of the properties that are measured continuously, in their registry's units; set wide, so that what is flagged is a
fault (a sensor carried from a warehouse to a freezer is flagged once)"""


@dataclass
class Last:
    """The last good measurement of a series, and since when and how often its value was told."""

    time: datetime
    value: float
    since: datetime
    times: int = 1


class Following:
    """The last measurements of series. Not for several threads at once."""

    def __init__(self, most: int = SERIES_KEPT) -> None:
        self._most = most
        self._last: OrderedDict[int, Last] = OrderedDict()

    def lacks(self, series: Iterable[int]) -> list[int]:
        return [one for one in series if one not in self._last]

    def recall(self, series: int, time: datetime, value: float) -> None:
        """What the record has of before this process began."""
        self._last[series] = Last(time, value, time)

    def flags(self, series: int, observed_property: str, time: datetime, value: float) -> Quality:
        """Of one measurement more. One out of its turn is compared to nothing, and changes nothing."""
        last = self._last.get(series)
        if last is not None and time <= last.time:
            return Quality.OUT_OF_ORDER if time < last.time else GOOD
        steady = BEHAVIOURS.get(observed_property)
        found = GOOD if steady is None or last is None else _compared(steady, last, time, value)
        if last is None:
            self._last[series] = Last(time, value, time)
        else:
            if value == last.value:
                last.times += 1
            else:
                last.value, last.since, last.times = value, time, 1
            last.time = time
            self._last.move_to_end(series)
        if len(self._last) > self._most:
            self._last.popitem(last=False)
        return found


def _compared(steady: Steady, last: Last, time: datetime, value: float) -> Quality:
    found = GOOD
    minutes = (time - last.time) / MINUTE
    if abs(value - last.value) > max(steady.step, steady.most * minutes):
        found |= Quality.JUMP
    if steady.frozen and value == last.value and time - last.since >= steady.frozen and last.times >= MANY:
        found |= Quality.FROZEN
    return found
