"""The territory in the registry: real collectivités, an invented syndicate, simulated equipment."""

from datetime import date, datetime, timedelta

import numpy as np

from beffroi.access import Scope, agreements, people, roles
from beffroi.access.agreements import NewAgreement
from beffroi.access.people import NewPerson
from beffroi.access.roles import RoleName
from beffroi.database import Transaction
from beffroi.demo.equipping import Equipping, series_code
from beffroi.demo.history import Source
from beffroi.demo.plan import SORTS, Plan
from beffroi.registry import adhesions, series, structures
from beffroi.registry.adhesions import NewAdhesion
from beffroi.registry.series import SERIES, SeriesQuery
from beffroi.registry.structures import NewStructure
from beffroi.registry.things import every

SCOPE = Scope.system("demonstration")
STRUCTURE = NewStructure(
    form="syndicat",
    name="Vendée Territoires Connectés (syndicat fictif, démonstration)",
    since=date(2024, 1, 1),
    simulated=True,
)
ADMINISTRATOR = NewPerson(name="Camille Guérin (démonstration)", email="administration@demonstration.example")
TOWN = "commune-85191"
"""La Roche-sur-Yon"""
AGENTS: tuple[tuple[str, str, str, RoleName], ...] = (
    ("Yann Bernard", "yann.bernard", TOWN, "administrator"),
    ("Inès Moreau", "ines.moreau", "commune-85047", "operator"),
    ("Paul Raffin", "paul.raffin", "commune-85109", "editor"),
    ("Lucie Chauvet", "lucie.chauvet", "commune-85128", "reader"),
    ("Marc Teillet", "marc.teillet", "epci-248500589", "operator"),
)
PUT_IN = timedelta(days=600)
"""ago: when adhesions and relations began"""


def install(tx: Transaction, plan: Plan, *, now: datetime) -> None:
    """Everything but observations. To be called once, on an instance without structure."""
    structure = structures.init(SCOPE, tx, STRUCTURE, now=now).key
    since = (now - PUT_IN).date()
    everyone = [*(commune.entry.key for commune in plan.communes), *(entry.key for entry in plan.epci)]
    structures.enrol(SCOPE, tx, everyone, since, now=now)
    centres = {commune.entry.key: (commune.longitude, commune.latitude) for commune in plan.communes}
    structures.locate(SCOPE, tx, centres, now=now)
    for taken in plan.adhesions:
        given = NewAdhesion(
            member=taken.member, service=taken.service, since=since, operator_right=taken.operator_right
        )
        adhesions.adhere(SCOPE, tx, given, now=now)
    _people(tx, structure, now)
    Equipping(SCOPE, tx, plan, since=now - PUT_IN, now=now).install(structure)
    _share(tx, plan, now)


def administrator(tx: Transaction) -> str | None:
    """The key of the person for whom a sign-in link is made at each start."""
    found = people.by_email(tx, ADMINISTRATOR.email)
    return found.key if found else None


def sources(tx: Transaction, plan: Plan) -> tuple[list[Source], dict[int, str]]:
    """The series of the plan that are still in the registry, and the owner of each."""
    held = {one.code: one for one in every(SCOPE, tx, SERIES, SeriesQuery(simulated=True))}
    found = []
    for sort in SORTS:
        things = plan.fleets[sort.code].things
        for channel in sort.told:
            known = [held.get(series_code(sort, row, channel.code)) for row in range(len(things))]
            rows = np.flatnonzero([one is not None for one in known])
            ids = np.array([one.id for one in known if one is not None], np.int64)
            found.append(Source(channel, things.rows(rows), ids, np.zeros(len(ids), np.int64)))
    return found, {one.id: one.owner for one in held.values()}


def _people(tx: Transaction, structure: str, now: datetime) -> None:
    """Nobody has a password: the links that `beffroi demo` prints open the first sessions."""
    chief = people.add(SCOPE, tx, ADMINISTRATOR, now=now)
    roles.grant(SCOPE, tx, chief.key, structure, "administrator", now=now)
    for name, mailbox, collectivity, role in AGENTS:
        new = NewPerson(name=f"{name} (démonstration)", email=f"{mailbox}@demonstration.example")
        agent = people.add(SCOPE, tx, new, now=now)
        roles.grant(SCOPE, tx, agent.key, collectivity, role, now=now)


def _share(tx: Transaction, plan: Plan, now: datetime) -> None:
    """A few agreements of every sort, between the communes of an intercommunality and itself."""
    taken = {(one.member, one.service) for one in plan.adhesions}
    largest = sorted(plan.communes, key=lambda commune: -(commune.entry.population or 0))
    pairs = [(one.entry.key, one.entry.epci) for one in largest if one.entry.epci]
    with_water = [pair for pair in pairs if (pair[0], "water") in taken]
    lit = next(pair for pair in pairs if (pair[0], "lighting") in taken)
    cleaned = next(pair for pair in pairs if (pair[1], "waste") in taken)
    watched = next(pair for pair in pairs if (pair[1], "environment") in taken)
    query = SeriesQuery(owner=[watched[1]], observed_property=["temperature"], limit=2)
    temperatures = [one.id for one in series.find(SCOPE, tx, query).items]
    reads_water = "Schéma directeur d'eau potable de l'intercommunalité"
    for new in (
        *(
            NewAgreement(giver=commune, receiver=epci, right="read", purpose=reads_water, service="water", past=True)
            for commune, epci in with_water[:2]
        ),
        NewAgreement(
            giver=lit[0], receiver=lit[1], right="operate", service="lighting", past=True,
            purpose="Astreinte d'éclairage tenue en commun",
        ),
        NewAgreement(
            giver=cleaned[1], receiver=cleaned[0], right="read", asset_kind="waste-container",
            purpose="Propreté du centre-ville",
        ),
        NewAgreement(
            giver=watched[1], receiver=watched[0], right="read", series=temperatures, past=True,
            valid_until=now + timedelta(days=365), purpose="Étude des îlots de chaleur",
        ),
    ):  # fmt: skip
        agreements.make(SCOPE, tx, new, now=now)
