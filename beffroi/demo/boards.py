"""Dashboards of the structure, as examples: of its largest town, and of the whole territory for a watch room."""

from datetime import datetime
from typing import Literal, NamedTuple

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.demo.territory import TOWN
from beffroi.publication import dashboards
from beffroi.publication.dashboards import Card, DashboardQuery, NewDashboard
from beffroi.registry import series, structures
from beffroi.registry.series import SeriesQuery

NOTE = Card(kind="text", text="Tableau d'exemple : toutes les mesures sont simulées.", width=3)


class Drawn(NamedTuple):
    """A card of the first `most` series of an observed property in a service."""

    title: str
    kind: Literal["curve", "value"]
    observed_property: str
    service: str
    most: int
    width: int = 1
    period: Literal["day", "week"] = "week"


BOARDS: tuple[tuple[str, str | None, tuple[Drawn, ...]], ...] = (
    (
        "La Roche-sur-Yon en un coup d'œil (exemple)",
        TOWN,
        (
            Drawn("Débit des conduites", "curve", "flow", "water", 2, width=2),
            Drawn("Niveau des réservoirs", "value", "water-level", "water", 3),
            Drawn("Puissance des armoires", "value", "electrical-power", "lighting", 4),
            Drawn("Température des salles", "curve", "temperature", "buildings", 3, width=2),
            Drawn("CO2 des salles", "curve", "co2", "buildings", 3, width=2, period="day"),
            Drawn("Places de stationnement", "value", "occupancy", "parking", 5),
        ),
    ),
    (
        "Salle de veille (exemple)",
        None,
        (
            Drawn("Réservoirs d'eau", "value", "water-level", "water", 6),
            Drawn("Débit des conduites", "curve", "flow", "water", 4, width=2, period="day"),
            Drawn("Température extérieure", "curve", "temperature", "environment", 4, width=2),
            Drawn("Bruit", "value", "noise", "environment", 6),
            Drawn("Vent", "curve", "wind-speed", "environment", 3, width=2, period="day"),
            Drawn("Remplissage des conteneurs", "value", "fill-level", "waste", 6),
        ),
    ),
)


def lay(scope: Scope, tx: Transaction, *, now: datetime) -> None:
    """Once, in a territory that has none."""
    if dashboards.find(scope, tx, DashboardQuery(limit=1)).items:
        return
    structure = structures.get(scope, tx).key
    for name, owner, drawn in BOARDS:
        cards = [_card(scope, tx, one, owner) for one in drawn]
        dashboards.make(scope, tx, NewDashboard(owner=structure, name=name, cards=[*cards, NOTE]), now=now)


def _card(scope: Scope, tx: Transaction, drawn: Drawn, owner: str | None) -> Card:
    query = SeriesQuery(
        owner=[owner] if owner else None,
        observed_property=[drawn.observed_property],
        service=[drawn.service],
        limit=drawn.most,
    )
    shown = [one.id for one in series.find(scope, tx, query).items]
    return Card(kind=drawn.kind, title=drawn.title, series=shown, width=drawn.width, period=drawn.period)
