"""An investment as a charge of each year: amortisation, subsidies with their ceilings, VAT and its fund.

Sources, French law: straight-line amortisation from the day of commissioning, pro rata temporis (instruction M57,
volume 1, title 3); public aid of 80 % at most, since the owner brings 20 % of public financing (CGCT, article
L. 1111-10, III); FCTVA of 16.404 % of the expense with VAT (CGCT, article L. 1615-6). All may be derogated from:
`own_part` and `fctva_rate` are given, with these defaults.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from beffroi.errors import Text
from beffroi.pooling.amounts import cents, largest_remainder
from beffroi.pooling.tariffs import Charge, Fixed

OWN_PART = Decimal(20)
FCTVA_RATE = Decimal("16.404")


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From FEDER, DETR, DSIL, Banque des Territoires…: an amount, or a rate in percent of the `eligible` expense (the
    whole without VAT by default), `ceiling` at most. `public`: counts against the ceiling of public aid."""

    source: str
    amount: Decimal | None = None
    rate: Decimal | None = None
    eligible: Decimal | None = None
    ceiling: Decimal | None = None
    public: bool = True

    def wanted(self, expense: Decimal) -> Decimal:
        base = min(self.eligible, expense) if self.eligible is not None else expense
        asked = (self.amount or Decimal(0)) + (self.rate or Decimal(0)) / 100 * base
        return cents(asked if self.ceiling is None else min(asked, self.ceiling))


class Investment(Charge, frozen=True, tag="investment"):
    """`amount`: without VAT; `years`: of use, from the day it was `commissioned`, if told. `fctva`: whether the expense
    is eligible to the fund."""

    amount: Decimal
    years: int
    subsidies: tuple[Grant, ...] = ()
    fctva: bool = True
    fctva_rate: Decimal = FCTVA_RATE
    own_part: Decimal = OWN_PART
    commissioned: date | None = None

    @property
    def spent(self) -> Decimal:
        """With VAT."""
        return cents(self.amount * self.taxed)

    @property
    def returned(self) -> Decimal:
        """By the FCTVA, on what bore VAT."""
        return cents(self.spent * self.fctva_rate / 100) if self.fctva and self.vat else Decimal(0)

    @property
    def granted(self) -> list[tuple[Grant, Decimal]]:
        """In the order given, public aid until its ceiling, and never more than the expense."""
        public = cents(self.amount * (100 - self.own_part) / 100)
        left, found = self.amount, []
        for subsidy in self.subsidies:
            given = min(subsidy.wanted(self.amount), left, public if subsidy.public else left)
            public -= given if subsidy.public else Decimal(0)
            left -= given
            found.append((subsidy, given))
        return found

    @property
    def borne(self) -> Decimal:
        """What remains to the members over all years."""
        return self.spent - self.returned - sum((given for _, given in self.granted), Decimal(0))

    def yearly(self) -> Fixed:
        """The same charge every full year."""
        return Fixed(name=self.name, amount=self.borne / self.years)

    def of_year(self, year: int) -> Decimal:
        """Of a calendar year: the first and last by their days; a full year where no day is told."""
        if self.commissioned is None:
            return self.yearly().amount
        return prorata(self.borne, self.years, self.commissioned).get(year, Decimal(0))

    def faults(self) -> Iterable[Text]:
        if self.years < 1:
            yield Text("durée d'au moins un an attendue", "expected a duration of one year at least")
        if not 0 <= self.own_part <= 100 or not 0 <= self.fctva_rate <= 100:
            yield Text("taux de 0 à 100 attendus", "expected rates from 0 to 100")
        if self.amount < 0 or not self.amount.is_finite():
            yield Text("montant fini, au moins 0, attendu", "expected a finite amount, 0 at least")
        for one in self.subsidies:
            told = [value for value in (one.amount, one.rate, one.eligible, one.ceiling) if value is not None]
            if any(value < 0 or not value.is_finite() for value in told) or (one.amount, one.rate) == (None, None):
                yield Text(
                    f"subvention {one.source} : un montant ou un taux positif",
                    f"subsidy {one.source}: an amount or a rate",
                )


def prorata(amount: Decimal, years: int, commissioned: date) -> dict[int, Decimal]:
    """Straight line over `years` years from a day on, each calendar year by its days in use."""
    end = _years_later(commissioned, years)
    days = {
        year: (min(end, date(year + 1, 1, 1)) - max(commissioned, date(year, 1, 1))) / timedelta(days=1)
        for year in range(commissioned.year, (end - timedelta(days=1)).year + 1)
    }
    full = {year: Decimal(int(count)) / (date(year + 1, 1, 1) - date(year, 1, 1)).days for year, count in days.items()}
    shares = largest_remainder(amount, list(full.values()))
    return dict(zip(full, shares, strict=True))


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
