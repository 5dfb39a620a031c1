"""Units of measurement, as producers write them, and the way from one to another (pint)."""

import math
import re
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pint
from numpy.typing import NDArray

from beffroi.errors import Fault, Invalid, Text

SIGNIFICANT = 12
"""digits kept after a conversion: 279.15 K is 6 °C, not 5.999999999999943"""

DEFINED = (
    "octa = 0.125 = okta",
    "dBA = [sound_level]",
    "NTU = [turbidity]",
    "FNU = NTU",
    "pH = [acidity]",
    "vehicle = [] = veh",
    "ppb = 1e-9",
)
"""as pint writes them: what it does not know"""
_MAKING = threading.Lock()

SPELLINGS = {
    "Cel": "degC",
    "°C": "degC",
    "℃": "degC",
    "°F": "degF",
    "°": "degree",
    "microg": "ug",
    "1": "",
    "dB(A)": "dBA",
    "mm/h": "mm/hour",
}
"""What pint does not read, as it reads it: UCUM and the habits of French producers"""

ONE = r"(?:1|[A-Za-zµ%°Ωℓ_]+)(?:(?:\*\*|\^)?-?[1-9]|[²³])?"
READABLE = re.compile(rf"(?:{ONE}(?:[ */·]{ONE}){{0,5}})?")
EXPONENT = re.compile(r"(?<=[A-Za-zµμ])([23])(?![A-Za-z0-9])")


def registry() -> Any:
    """Pint's, made when a unit is first read: no command that reads none waits for it. One for all threads: pint
    refuses to mix units of two."""
    with _MAKING:
        return _registry()


@cache
def _registry() -> Any:
    made: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=True, cache_folder=None)
    for definition in DEFINED:
        made.define(definition)
    return made


class Conversion:
    """From one unit to another: `value * factor + offset`."""

    def __init__(self, factor: float, offset: float) -> None:
        self.factor, self.offset = factor, offset

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """NaN stays NaN. Noise of the computation beyond `SIGNIFICANT` digits is rounded away."""
        if self.factor == 1 and self.offset == 0:
            return values
        scaled = values * self.factor
        moved = scaled + self.offset
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            largest = np.log10(np.maximum(np.abs(scaled), np.abs(moved)))
            power = np.power(10.0, SIGNIFICANT - 1 - np.floor(largest))
            rounded = np.round(moved * power) / power
        return np.where(np.isfinite(rounded), rounded, moved)


@cache
def conversion(source: str, target: str) -> Conversion:
    """The way from `source` to `target`; raises `Invalid` for an unknown unit, or two that do not measure the same."""
    if symbol(source) == symbol(target):
        return Conversion(1, 0)
    known, one, other = registry(), _parsed(source), _parsed(target)
    try:
        zero, unit, ten = (float(known.Quantity(value, one).to(other).magnitude) for value in (0.0, 1.0, 10.0))
        if not math.isclose(ten - zero, 10 * (unit - zero), rel_tol=1e-9):
            raise pint.DimensionalityError(one, other)  # logarithmic: no factor says it
    except pint.DimensionalityError as error:
        raise Invalid(
            "unit",
            Text(
                f"«\u00a0{source}\u00a0» ne se convertit pas en «\u00a0{target}\u00a0»",
                f"“{source}” does not convert to “{target}”",
            ),
        ) from error
    return Conversion(unit - zero, zero)


@cache
def symbol(unit: str) -> str:
    """How Beffroi writes a unit: ASCII (`degC`, `ug/m3`, `hPa`); raises `Invalid` for an unknown one."""
    short = f"{_parsed(unit):~C}"
    for long, ascii_ in (("**", ""), ("Δ°", "delta_deg"), ("°C", "degC"), ("°F", "degF"), ("°", "deg"), ("µ", "u")):
        short = short.replace(long, ascii_)
    return short


def faults_of(unit: str | None) -> Iterator[Fault]:
    """What is wrong with a unit given for a series or a property; none is a unit too."""
    try:
        symbol(unit or "")
    except Invalid as error:
        yield from error.faults


def _parsed(unit: str) -> Any:
    spelled = SPELLINGS.get(unit.strip(), unit.strip())
    for part, known in (("microg", "ug"), ("μ", "µ")):
        spelled = spelled.replace(part, known)
    try:
        if not READABLE.fullmatch(spelled):
            raise ValueError(spelled)
        return registry().parse_units(EXPONENT.sub(r"**\1", spelled))
    except (pint.PintError, ValueError, TypeError, AttributeError) as error:
        raise Invalid("unit", Text(f"unité inconnue : «\u00a0{unit}\u00a0»", f"unknown unit: “{unit}”")) from error
