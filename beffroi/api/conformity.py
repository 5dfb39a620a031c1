"""How far the console conforms to the RGAA, as an audit by people found; without an audit, it does not."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Level = Literal["full", "partial", "none"]
VALID = timedelta(days=3 * 365)
"""that an audit holds: a statement is renewed every three years at the latest"""


@dataclass(frozen=True)
class Conformity:
    """The structure's facts in its accessibility statement. `rate`: the share of criteria respected, in percent."""

    contact: str = ""
    plan_url: str = ""
    rate: float | None = None
    audited: date | None = None
    auditor: str = ""

    def holds(self, today: date) -> bool:
        """Whether an audit is there, and recent enough."""
        return self.rate is not None and self.audited is not None and self.audited <= today < self.audited + VALID

    def level(self, today: date) -> Level:
        """As RGAA 4.1 has it: none without a valid audit, or under half of the criteria; full only with all of them."""
        if self.rate is None or self.rate < 50 or not self.holds(today):
            return "none"
        return "full" if self.rate == 100 else "partial"
