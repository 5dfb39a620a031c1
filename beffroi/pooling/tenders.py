"""What a tender asks, and how offers were judged, as tables: needs, price schedule (bordereau des prix), analysis."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from beffroi.errors import Language
from beffroi.pooling.awards import LotsAnalysis
from beffroi.pooling.purchases import Purchase
from beffroi.registry import sheets
from beffroi.registry.sheets import Cell

Document = Literal["needs", "prices", "analysis"]
STEPS = (0.5, 1, 2)
"""of what is needed: the quantities of which a schedule asks the price"""
HEADERS: dict[Document, dict[Language, tuple[str, ...]]] = {
    "needs": {
        "fr": ("lot", "modèle ou équivalent", "exigences", "collectivité", "quantité", "garantie (mois)"),
        "en": ("lot", "model or equivalent", "requirements", "collectivité", "quantity", "warranty (months)"),
    },
    "prices": {
        "fr": (
            "lot",
            "modèle ou équivalent",
            "exigences",
            "quantité à partir de",
            "prix unitaire HT (€)",
            "frais fixes HT (€)",
            "quantité minimale",
            "quantité livrable",
            "modèle proposé",
        ),
        "en": (
            "lot",
            "model or equivalent",
            "requirements",
            "quantity from",
            "unit price before tax (€)",
            "fixed costs before tax (€)",
            "least quantity",
            "deliverable quantity",
            "model proposed",
        ),
    },
    "analysis": {
        "fr": (
            "lot",
            "fournisseur",
            "montant HT (€)",
            "critère",
            "pondération",
            "note sur 10",
            "points",
            "justification",
            "total sur 100",
            "rang",
            "retenu",
            "motif de la décision",
        ),
        "en": (
            "lot",
            "supplier",
            "amount before tax (€)",
            "criterion",
            "weight",
            "mark out of 10",
            "points",
            "justification",
            "total out of 100",
            "rank",
            "chosen",
            "reason of the decision",
        ),
    },
}


def written(
    found: Purchase, what: Literal["needs", "prices"], names: dict[str, str], media: str, language: Language
) -> bytes:
    """`names`: of collectivités, by key. As CSV or XLSX, by `media`."""
    rows = _needs(found, names) if what == "needs" else _prices(found)
    return sheets.write(media, HEADERS[what][language], rows)


def judged(found: LotsAnalysis, media: str, language: Language) -> bytes:
    """A line a lot, supplier and criterion."""
    return sheets.write(media, HEADERS["analysis"][language], _judged(found, language))


def _needs(found: Purchase, names: dict[str, str]) -> Iterable[list[Cell]]:
    lots = {one.name: one for one in found.document.lots}
    for need in found.needs:
        lot = lots[need.lot]
        yield [
            lot.name,
            lot.model,
            lot.requirement,
            names.get(need.member, need.member),
            need.quantity,
            lot.warranty_months,
        ]


def _prices(found: Purchase) -> Iterable[list[Cell]]:
    """A line a lot and threshold: from one unit, half of what is needed, all of it, twice as many."""
    for lot in found.document.lots:
        needed = found.quantities[lot.name]
        for start in sorted({1, *(round(part * needed) for part in STEPS)} - {0}):
            yield [lot.name, lot.model, lot.requirement, start, None, None, None, None, None]


def _judged(found: LotsAnalysis, language: Language) -> Iterable[list[Cell]]:
    weights = {one.name: one.weight for one in found.criteria}
    yes, no = {"fr": ("oui", "non"), "en": ("yes", "no")}[language]
    for lot in found.lots:
        for offer in lot.offers:
            chosen = None if found.decided is None else found.awarded.get(lot.lot) == offer.supplier
            for one in offer.marks:
                yield [
                    lot.lot,
                    offer.supplier,
                    _number(offer.amount),
                    one.criterion,
                    _number(weights[one.criterion]),
                    _number(one.mark),
                    _number(one.points),
                    one.because,
                    _number(offer.points),
                    offer.rank,
                    None if chosen is None else yes if chosen else no,
                    found.reason if chosen else None,
                ]


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
