"""Group purchases under way, as examples: needs, offers, a lot judged by criteria, what is said of two models. All
invented."""

from datetime import datetime, timedelta
from decimal import Decimal

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.demo.plan import Plan
from beffroi.pooling import awards, compared, experiments, purchases
from beffroi.pooling.awards import NewMarks
from beffroi.pooling.buying.allotment import LotOffer, Terms, Tier
from beffroi.pooling.buying.judging import AwardCriterion, Mark
from beffroi.pooling.compared import Fact, FactName, FactsChange
from beffroi.pooling.purchases import Lot, NewPurchase, NewPurchaseNeed, NewSupplierOffer
from beffroi.registry import models

SERVICE = "buildings"
ROOM, METER = "simulated-room", "simulated-energy-meter"
ROOMS, METERS = "Ambiance des salles", "Compteurs d'énergie"
SOURCE = "Inventé pour la démonstration"
NOTE = "Exemple : les collectivités sont réelles, leurs besoins, les fournisseurs et les prix sont inventés."
FACTS: dict[str, dict[FactName, str]] = {
    ROOM: {
        "price": "84",
        "accuracy": "±50 ppm, ±0,3 °C",
        "openness": "documented",
        "repairability": "battery",
        "country": "FR",
        "radio-class": "A",
        "battery-months": "60",
    },
    METER: {"price": "132", "accuracy": "classe 1", "openness": "open", "repairability": "repairable", "country": "FR"},
}
OFFERS: dict[str, dict[str, list[tuple[int, int]]]] = {
    "Fournisseur A": {ROOMS: [(1, 92), (50, 81), (200, 74)], METERS: [(1, 140), (40, 128)]},
    "Fournisseur B": {ROOMS: [(1, 86), (100, 79)]},
    "Fournisseur C": {METERS: [(1, 126)]},
}
CRITERIA = [
    AwardCriterion(name="Prix", aspect="price", weight=Decimal(45), about="Montant du lot, quantités demandées"),
    AwardCriterion(name="Valeur technique", aspect="technical", weight=Decimal(35), about="Mesure, pile, ouverture"),
    AwardCriterion(
        name="Environnement", aspect="environment", weight=Decimal(20), about="Réparabilité, emballages, transport"
    ),
]
MARKS = {
    "Fournisseur A": (("8", "Mesures tenues, format documenté"), ("7.5", "Pile remplaçable, reprise en fin de vie")),
    "Fournisseur B": (("6", "Dérive de la mesure après un an"), ("5", "Boîtier scellé")),
}
FIXED = {"Fournisseur A": Decimal(250), "Fournisseur B": Decimal(400), "Fournisseur C": Decimal(300)}


def lay(scope: Scope, tx: Transaction, plan: Plan, *, now: datetime) -> None:
    """Nothing where the models are not in the catalogue, or nobody takes the service."""
    members = sorted({one.member for one in plan.adhesions if one.service == SERVICE})
    known = models.existing(tx, [ROOM, METER])
    if known < {ROOM, METER} or not members:
        return
    today = experiments.today(scope, tx, now)
    for model, said in FACTS.items():
        facts = {name: Fact(value=value, source=SOURCE, of=today) for name, value in said.items()}
        compared.tell(scope, tx, model, FactsChange(facts=facts), now=now)
    new = NewPurchase(
        name="Capteurs de bâtiment, prochaine campagne",
        service=SERVICE,
        closes_on=today + timedelta(days=21),
        lots=[
            Lot(name=ROOMS, model=ROOM, requirement="CO2 par infrarouge, température, humidité ; pile remplaçable"),
            Lot(name=METERS, model=METER, requirement="Triphasé, index en kWh", warranty_months=36),
        ],
        terms=Terms(suppliers=2),
        note=NOTE,
        example=True,
    )
    key = purchases.make(scope, tx, new, now=now).key
    for rank, member in enumerate(members[:12]):
        for lot, quantity in ((ROOMS, 4 + 3 * (rank % 5)), (METERS, 1 + rank % 4)):
            purchases.tell(scope, tx, key, NewPurchaseNeed(member=member, lot=lot, quantity=quantity), now=now)
    for supplier, asked in OFFERS.items():
        lots = [
            LotOffer(lot=lot, tiers=[Tier(since, Decimal(price)) for since, price in tiers], fixed=FIXED[supplier])
            for lot, tiers in asked.items()
        ]
        purchases.offer(scope, tx, key, NewSupplierOffer(supplier=supplier, lots=lots), now=now)


def judge(scope: Scope, tx: Transaction, plan: Plan, *, now: datetime) -> None:
    """A purchase awarded by criteria, of which the offers are marked and the decision is still to be taken."""
    members = sorted({one.member for one in plan.adhesions if one.service == SERVICE})
    if models.existing(tx, [ROOM]) < {ROOM} or not members:
        return
    today = experiments.today(scope, tx, now)
    new = NewPurchase(
        name="Capteurs d'écoles, par critères",
        service=SERVICE,
        closes_on=today + timedelta(days=7),
        lots=[Lot(name=ROOMS, model=ROOM, requirement="CO2 par infrarouge, affichage en classe")],
        criteria=CRITERIA,
        note=NOTE,
        example=True,
    )
    key = purchases.make(scope, tx, new, now=now).key
    for rank, member in enumerate(members[:8]):
        need = NewPurchaseNeed(member=member, lot=ROOMS, quantity=6 + 2 * (rank % 4))
        purchases.tell(scope, tx, key, need, now=now)
    for supplier, marked in MARKS.items():
        tiers = [Tier(since, Decimal(price)) for since, price in OFFERS[supplier][ROOMS]]
        lots = [LotOffer(lot=ROOMS, tiers=tiers, fixed=FIXED[supplier])]
        purchases.offer(scope, tx, key, NewSupplierOffer(supplier=supplier, lots=lots), now=now)
        marks = [
            Mark(criterion=one.name, mark=Decimal(mark), because=f"{because} (inventé)")
            for one, (mark, because) in zip(CRITERIA[1:], marked, strict=True)
        ]
        awards.mark(scope, tx, key, NewMarks(supplier=supplier, lot=ROOMS, marks=marks), now=now)
