"""What a tender asks, as tables: needs by lot and member, and the price schedule (bordereau des prix) to fill in."""

from collections.abc import Iterable
from typing import Literal

from beffroi.errors import Language
from beffroi.pooling.purchases import Purchase
from beffroi.registry import sheets
from beffroi.registry.sheets import Cell

Document = Literal["needs", "prices"]
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
}


def written(found: Purchase, what: Document, names: dict[str, str], media: str, language: Language) -> bytes:
    """`names`: of collectivités, by key. As CSV or XLSX, by `media`."""
    rows = _needs(found, names) if what == "needs" else _prices(found)
    return sheets.write(media, HEADERS[what][language], rows)


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
