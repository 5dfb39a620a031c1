"""With whom, as an example: needs of communes for two services, a neighbour's catalogue, skills lent.

The communes are real; every quantity, contract, price and hour is invented, and says so.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.demo.plan import Plan
from beffroi.pooling import catalogue, computations, lent, needs, skills
from beffroi.pooling.catalogue import NewOffer
from beffroi.pooling.gathering_needs import GroupsAsked
from beffroi.pooling.groups.question import Distance, Need, RunningContract
from beffroi.pooling.investments import Investment
from beffroi.pooling.keys import Key, Part
from beffroi.pooling.lent import NewTime
from beffroi.pooling.needs import NeedQuery, NewNeed
from beffroi.pooling.skills import BookingAnswer, NewBooking, NewSkillOffer
from beffroi.pooling.tariffs import Fixed, PerUnit, Rate, Slices, Tariff

NOTE = "Exemple : besoin, contrat et coûts inventés."
SERVICE = "buildings"
PURCHASE = "Capteurs de bâtiments"
MOST = 18
"""communes that say a need"""
COSTS: list[Tariff | Investment] = [
    Fixed(name="Plateforme", amount=Decimal(14_000)),
    Slices(name="Suivi des capteurs", unit="devices", rates=[Rate(Decimal(46)), Rate(Decimal(29), Decimal(200))]),
    PerUnit(name="Accompagnement", unit="members", price=Decimal(380)),
]
KEY = Key((Part("population", Decimal(50)), Part("devices", Decimal(50))))
NEIGHBOUR = "Syndicat voisin (exemple)"


def lay(scope: Scope, tx: Transaction, plan: Plan, *, now: datetime) -> None:
    """Once, in a territory where no need is told yet; groups are then computed when it is served."""
    if needs.find(scope, tx, NeedQuery(withdrawn=True)):
        return
    year = now.year + 1
    for new in _needs(plan, year):
        needs.declare(scope, tx, new, now=now)
    asked = GroupsAsked(
        service=SERVICE,
        start=date(year, 1, 1),
        until=date(year + 4, 1, 1),
        costs=COSTS,
        sharing_key=KEY,
        distance=Distance(per_km=Decimal(14), farthest=Decimal(60)),
    )
    computations.ask(scope, tx, asked, now=now)
    catalogue.enter(scope, tx, list(_offers(plan)), now=now)
    _lent(scope, tx, plan, now)


def _needs(plan: Plan, year: int) -> Iterator[NewNeed]:
    """Of the most populated communes, some bound by a contract, some later."""
    towns = sorted(plan.communes, key=lambda one: -(one.tenant.population or 0))[:MOST]
    for rank, town in enumerate(towns):
        devices = max(8, (town.tenant.population or 0) // 420)
        quantities = {"devices": Decimal(devices)}
        if rank % 3 == 0:
            ends = (date(year, 6, 30), date(year + 1, 12, 31), date(year, 12, 31))[rank // 3 % 3]
            contract = RunningContract(
                ends=ends, yearly=Decimal(1100 + devices * 72), penalty=Decimal(600 + 300 * (rank % 4))
            )
            need = Need(quantities=quantities, contract=contract)
        elif rank % 3 == 1:
            need = Need(quantities=quantities, alone=Decimal(1500 + devices * 75))
        else:
            need = Need(quantities=quantities, alone=Decimal(1500 + devices * 75), wished=date(year, 9, 1))
        yield NewNeed(member=town.tenant.key, service=SERVICE, need=need, note=NOTE, example=True)
        if rank < MOST // 2:
            bought = Need(quantities=quantities, alone=Decimal(devices * 95))
            yield NewNeed(
                member=town.tenant.key, service=SERVICE, tender=PURCHASE, need=bought, note=NOTE, example=True
            )


def _offers(plan: Plan) -> Iterator[NewOffer]:
    communes = [one.tenant.key for one in plan.communes[:24]]
    offered = (
        ("lighting", "Maintenance de l'éclairage public", communes[:14], "38 € par point lumineux"),
        (SERVICE, "Conseil en énergie partagé", communes[8:], "0,60 € par habitant"),
        ("parking", "Stationnement en temps réel", communes[:3], ""),
    )
    for service, name, area, price in offered:
        if area:
            yield NewOffer(
                provider=NEIGHBOUR,
                service=service,
                name=name,
                area=area,
                since=date(2022, 1, 1),
                price=price,
                source="inventé pour la démonstration",
                example=True,
            )


def _lent(scope: Scope, tx: Transaction, plan: Plan, now: datetime) -> None:
    """Two members of one service: hours offered, asked, accepted, spent and confirmed this year."""
    members = sorted({one.member for one in plan.adhesions if one.service == "lighting"})
    if len(members) < 2:
        return
    lender, borrower = members[:2]
    month = f"{now:%Y-%m}"
    new = NewSkillOffer(
        lender=lender,
        service="lighting",
        skill="Assistance à projet (exemple)",
        first=f"{now.year}-01",
        last=f"{now.year + 1}-12",
        hours=Decimal(21),
        cost=Decimal("38.5"),
        note=NOTE,
        example=True,
    )
    offer = skills.offer(scope, tx, new, now=now)
    for hours, accepted in ((Decimal(14), True), (Decimal(6), False)):
        asked = NewBooking(
            offer=offer.id, borrower=borrower, month=month, hours=hours, purpose="Cahier des charges de l'éclairage"
        )
        made = skills.ask(scope, tx, asked, now=now)
        if accepted:
            skills.answer(scope, tx, made.id, BookingAnswer("accepted"), now=now)
            lent.spend(scope, tx, made.id, NewTime(hours=Decimal("12.5")), now=now)
            lent.confirm(scope, tx, made.id, 1, now=now)
