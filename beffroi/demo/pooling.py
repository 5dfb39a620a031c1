"""What the territory pools, as an example: models of cost of three services, a programme, an experiment, what is
entered by hand.

The communes are real; every amount, key and date is invented, and says so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.demo import buying, failing
from beffroi.demo.plan import Plan
from beffroi.pooling import computations, cost_models, entered, experiments, programmes, returns
from beffroi.pooling.computations import EffectAsked, PlanAsked, SharesAsked
from beffroi.pooling.cost_models import CostModel, Expected, ModelChange
from beffroi.pooling.entered import NewEntry
from beffroi.pooling.experiments import ExperimentChange
from beffroi.pooling.investments import Grant, Investment
from beffroi.pooling.keys import Key, Part
from beffroi.pooling.programme.model import Programme
from beffroi.pooling.programmes import ProgrammeChange
from beffroi.pooling.returns import Consent
from beffroi.pooling.tariffs import AllUnits, Fixed, FlatStep, Packs, PerUnit, Rate, Slices, Stepped, Tariff
from beffroi.pooling.trying.document import Experiment
from beffroi.pooling.trying.effect import Period
from beffroi.registry import assets
from beffroi.registry.assets import AssetQuery

PROGRAMME = Path(__file__).parent / "programme.json"
NOTE = "Exemple : les membres sont réels, les coûts, la clé et les quantités sont inventés."
EXAMPLE = (
    "Exemple : les communes sont de Vendée, mais les contrats, les coûts, les notes et les échéances sont inventés."
)
INTERVENTIONS = "interventions"
PLANNING = 30.0
"""seconds"""
CABINETS = 16
READABLE = {("lighting", "read"), ("lighting", "operate")}
LIGHTING: tuple[Tariff | Investment, ...] = (
    Slices(
        name="Plateforme et hébergement",
        unit="devices",
        vat=Decimal(20),
        rates=[Rate(Decimal(160)), Rate(Decimal(70), Decimal(20)), Rate(Decimal(18), Decimal(100))],
    ),
    Slices(
        name="Suivi des armoires et des lampes",
        unit="devices",
        rates=[Rate(Decimal(26)), Rate(Decimal(17), Decimal(200)), Rate(Decimal(11), Decimal(800))],
    ),
    PerUnit(name="Accompagnement de chaque commune", unit="members", price=Decimal(420)),
)
WASTE: tuple[Tariff | Investment, ...] = (
    Fixed(name="Plateforme", amount=Decimal(9_500)),
    Packs(name="Licences par cent bacs", unit="devices", size=Decimal(100), price=Decimal(1_900)),
    PerUnit(name="Capteurs de remplissage, location", unit="devices", price=Decimal(38)),
    PerUnit(name="Interventions", unit=INTERVENTIONS, price=Decimal(85)),
    Investment(
        name="Logiciel de tournées",
        amount=Decimal(36_000),
        vat=Decimal(20),
        years=8,
        subsidies=(Grant("FEDER", rate=Decimal(40)),),
    ),
)
ENVIRONMENT: tuple[Tariff | Investment, ...] = (
    Stepped(
        name="Étalonnage et maintenance",
        unit="devices",
        steps=[
            FlatStep(Decimal(7_500), Decimal(15)),
            FlatStep(Decimal(14_000), Decimal(60)),
            FlatStep(Decimal(29_000)),
        ],
    ),
    AllUnits(name="Liaison des stations", unit="devices", rates=[Rate(Decimal(54)), Rate(Decimal(38), Decimal(80))]),
    Fixed(name="Hydrologue, un quart de poste", amount=Decimal(14_500)),
)


class _Pooled(msgspec.Struct, frozen=True):
    service: str
    name: str
    costs: tuple[Tariff | Investment, ...]
    key: Key


POOLED = (
    _Pooled(
        "lighting",
        "Éclairage public piloté",
        LIGHTING,
        Key((Part("population", Decimal(60)), Part("devices", Decimal(40))), cap=Decimal(12)),
    ),
    _Pooled("waste", "Collecte à la demande", WASTE, Key((Part("population"),))),
    _Pooled(
        "environment",
        "Météo, air et bruit",
        ENVIRONMENT,
        Key((Part("population", Decimal(70)), Part("members", Decimal(30)))),
    ),
)


def lay(scope: Scope, tx: Transaction, plan: Plan, *, now: datetime) -> None:
    """Once, in a territory where nothing is pooled yet; shares and plan are then computed when it is served."""
    if cost_models.every(scope, tx) or programmes.every(scope, tx):
        return
    devices = _devices(plan)
    for pooled in POOLED:
        owners = [one.member for one in plan.adhesions if one.service == pooled.service]
        members = _members(owners, devices[pooled.service])
        if members:
            for year in (now.year, now.year + 1):
                _model(scope, tx, pooled, members, year, now)
    document = msgspec.json.decode(PROGRAMME.read_bytes(), type=Programme)
    kept = programmes.put(scope, tx, None, ProgrammeChange(document=document, example=EXAMPLE), now=now)
    computations.ask(scope, tx, PlanAsked(programme=kept.about.key, seconds=PLANNING, gap=0.5), now=now)
    _by_hand(scope, tx, plan, now)
    _experiment(scope, tx, plan, now)
    buying.lay(scope, tx, plan, now=now)
    buying.judge(scope, tx, plan, now=now)
    failing.lay(scope, tx, now=now)


def _devices(plan: Plan) -> Mapping[str, Counter[str]]:
    """By service, how many each owner has."""
    found: dict[str, Counter[str]] = {one.service: Counter() for one in POOLED}
    for sort in plan.roster.sorts:
        if sort.service in found:
            found[sort.service].update(plan.fleets[sort.code].owners)
    return found


def _members(owners: Iterable[str], devices: Counter[str]) -> list[Expected]:
    return [Expected(one, {"devices": Decimal(devices[one])}) for one in sorted(set(owners)) if devices[one]]


def _model(scope: Scope, tx: Transaction, pooled: _Pooled, members: list[Expected], year: int, now: datetime) -> None:
    if any(getattr(one, "unit", "") == INTERVENTIONS for one in pooled.costs):
        members = [
            Expected(
                one.member, {**one.quantities, INTERVENTIONS: (one.quantities["devices"] / 12).quantize(Decimal(1))}
            )
            for one in members
        ]
    model = CostModel(
        name=pooled.name,
        costs=list(pooled.costs),
        sharing_key=_held_by(pooled.key, len(members)),
        members=members,
        voted_on=date(year - 1, 12, 12),
        act=f"délibération fictive {year - 1}-12",
        note=NOTE,
        example=True,
    )
    cost_models.put(scope, tx, pooled.service, year, ModelChange(model=model, after=0), now=now)
    computations.ask(scope, tx, SharesAsked(service=pooled.service, year=year), now=now)


def _held_by(key: Key, members: int) -> Key:
    """Without its cap where so few members could not pay all under it."""
    return key if key.cap * members >= 100 else msgspec.structs.replace(key, cap=Decimal(100))


def _by_hand(scope: Scope, tx: Transaction, plan: Plan, now: datetime) -> None:
    """A few interventions of the month before, and who agrees to be compared."""
    month = (now.replace(day=1) - now.resolution).strftime("%Y-%m")
    cleaned = [one.member for one in plan.adhesions if one.service == "waste"]
    for rank, member in enumerate(cleaned[:6]):
        new = NewEntry(
            member=member,
            service="waste",
            month=month,
            unit=INTERVENTIONS,
            quantity=Decimal(2 + rank % 3),
            note="Relevé du prestataire (exemple)",
        )
        entered.enter(scope, tx, new, now=now)
    for member in dict.fromkeys(one.member for one in plan.adhesions):
        returns.agree(scope, tx, member, Consent(agrees=True), now=now)


def _experiment(scope: Scope, tx: Transaction, plan: Plan, now: datetime) -> None:
    """Cabinets that the structure may read, every second one of which has been given something since a fortnight:
    nothing was made up of its effect, and none should be found."""
    owners = sorted({one.member for one in plan.adhesions if (one.service, one.operator_right) in READABLE})
    query = AssetQuery(kind=["lighting-cabinet"], owner=owners)
    cabinets = [one.id for one in assets.every(scope, tx, query)][:CABINETS] if owners else []
    if len(cabinets) < CABINETS:
        return
    today = experiments.today(scope, tx, now)
    document = Experiment(
        name="Abaissement nocturne des armoires",
        hypothesis="Baisser la puissance entre minuit et 5 h réduit la consommation sans gêner personne.",
        action="Abaissement nocturne",
        service="lighting",
        observed_property="electrical-energy",
        by="asset",
        cohort=[*cabinets[::2]],
        comparison=[*cabinets[1::2]],
        before=Period(today - timedelta(days=29), today - timedelta(days=15)),
        after=Period(today - timedelta(days=14), today - timedelta(days=1)),
        decide_by=today + timedelta(days=570),
        expected=20.0,
        cost=Decimal(4_800),
        cost_note="Inventé pour la démonstration.",
        note="Exemple : les mesures sont simulées, et rien n'y a été changé ; aucun effet ne devrait être trouvé.",
        example=True,
    )
    kept = experiments.put(scope, tx, None, ExperimentChange(document=document), now=now)
    computations.ask(scope, tx, EffectAsked(experiment=kept.about.key), now=now)
