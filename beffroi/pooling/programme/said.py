"""Amounts, parts and quarters as they are said in each language."""

from datetime import date

from beffroi.errors import Language
from beffroi.pooling.programme.calendar import Calendar


def day(told: date, language: Language) -> str:
    return told.strftime("%d/%m/%Y") if language == "fr" else told.isoformat()


def number(amount: float, language: Language) -> str:
    told = f"{amount:,.0f}".replace("-0", "0") if abs(amount) < 0.5 else f"{amount:,.0f}"
    return told.replace(",", "\u202f").replace("-", "\u2212") if language == "fr" else told.replace("-", "\u2212")


def euros(amount: float | None, language: Language) -> str:
    if amount is None:
        return "?"
    if language == "fr":
        return f"{number(amount, language)}\u00a0€"
    return f"\u2212€{number(-amount, language)}" if amount <= -0.5 else f"€{number(amount, language)}"


def percent(part: float, language: Language, digits: int = 1) -> str:
    told = f"{part * 100:.{digits}f}"
    return f"{told.replace('.', ',')}\u00a0%" if language == "fr" else f"{told}%"


def quarter(name: str, language: Language) -> str:
    """`2027-Q3` as it is said."""
    return Calendar.beginning(name).said(0, language)
