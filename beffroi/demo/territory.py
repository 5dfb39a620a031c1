"""The territory in the registry: real collectivités, an invented syndicate, simulated equipment."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from beffroi.access import Scope, agreements, people, roles
from beffroi.access.agreements import NewAgreement
from beffroi.access.people import NewPerson
from beffroi.access.roles import RoleName
from beffroi.database import Transaction
from beffroi.demo.equipping import Equipping, series_code
from beffroi.demo.history import Source
from beffroi.demo.noise import Ints
from beffroi.demo.plan import Commune, Plan
from beffroi.errors import Conflict, Text
from beffroi.registry import adhesions, series, structures
from beffroi.registry.adhesions import NewAdhesion
from beffroi.registry.model import Collectivity
from beffroi.registry.referential import REFERENTIAL
from beffroi.registry.series import SeriesQuery
from beffroi.registry.structures import CollectivityQuery, NewStructure

SCOPE = Scope.system("demonstration")
STRUCTURE = NewStructure(
    form="syndicat",
    name="Vendée Territoires Connectés (syndicat fictif, démonstration)",
    since=date(2024, 1, 1),
    simulated=True,
)
ADMINISTRATOR = NewPerson(name="Camille Guérin (démonstration)", email="administration@demonstration.example")
VENDEE = "85"
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


def found(tx: Transaction, *, now: datetime) -> None:
    """The syndicate, its members and their people, on an instance without structure."""
    structure = structures.init(SCOPE, tx, STRUCTURE, now=now).key
    everyone = (*REFERENTIAL.of_departement(VENDEE), *REFERENTIAL.of_departement(VENDEE, "epci"))
    structures.enrol(SCOPE, tx, [one.key for one in everyone], (now - PUT_IN).date(), now=now)
    _people(tx, structure, now)


def tenants(tx: Transaction) -> list[Collectivity]:
    """The members of Vendée as the first start found them, whatever the referential says since."""
    return structures.collectivities(SCOPE, tx, CollectivityQuery(departement=VENDEE, limit=1000)).items


def furnish(tx: Transaction, plan: Plan, *, now: datetime, progress: Callable[[float], None]) -> None:
    """Everything else but observations, once; `progress` is told the share done."""
    structure = structures.get(SCOPE, tx).key
    since = (now - PUT_IN).date()
    centres = {commune.tenant.key: (commune.longitude, commune.latitude) for commune in plan.communes}
    seats = {epci: centres[commune.tenant.key] for epci, commune in _largest(plan).items()}
    structures.locate(SCOPE, tx, {**centres, **seats, structure: centres[TOWN]}, now=now)
    for taken in plan.adhesions:
        given = NewAdhesion(
            member=taken.member, service=taken.service, since=since, operator_right=taken.operator_right
        )
        adhesions.adhere(SCOPE, tx, given, now=now)
    Equipping(SCOPE, tx, plan, since=now - PUT_IN, now=now).install(structure, progress)
    _share(tx, plan, now)


def administrator(tx: Transaction) -> str:
    """The key of the person for whom a sign-in link is made at each start. Raises `Conflict` in a real instance."""
    found = people.by_email(tx, ADMINISTRATOR.email)
    if found is None:
        raise Conflict(
            Text(
                "Ce dossier tient une instance réelle : la démonstration veut le sien.",
                "This folder holds a real instance: the demonstration wants its own.",
            )
        )
    return found.key


class Owners(NamedTuple):
    """Who owns each series, as columns: `series` sorted, `ranks` in `names`."""

    series: Ints
    ranks: Ints
    names: list[str]

    def ranks_of(self, series: Ints) -> Ints:
        """They must all be here."""
        return np.asarray(self.ranks[np.searchsorted(self.series, series)])

    def of(self, series: int) -> str:
        return self.names[int(self.ranks_of(np.array([series]))[0])]


def sources(tx: Transaction, plan: Plan) -> tuple[list[Source], Owners]:
    """The series of the plan that are still in the registry, and the owner of each."""
    held = series.names(SCOPE, tx, SeriesQuery(simulated=True))
    by_code = {one.code: row for row, one in enumerate(held)}
    ids = np.array([one.id for one in held], np.int64)
    names = sorted({one.owner for one in held})
    rank = {name: place for place, name in enumerate(names)}
    ranks = np.array([rank[one.owner] for one in held], np.int64)
    found, kept = [], np.zeros(len(held), bool)
    for sort in plan.roster.sorts:
        things = plan.fleets[sort.code].things
        for channel in sort.told:
            codes = (series_code(sort, row, channel.code) for row in range(len(things)))
            places = np.array([by_code.get(code, -1) for code in codes], np.int64)
            rows = np.flatnonzero(places >= 0)
            kept[places[rows]] = True
            found.append(Source(channel, things.rows(rows), ids[places[rows]], np.zeros(len(rows), np.int64)))
    return found, Owners(ids[kept], ranks[kept], names)


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
    largest = _largest(plan)
    epci_of = {commune.tenant.key: commune.tenant.epci for commune in plan.communes if commune.tenant.epci}
    metered: dict[str, list[str]] = {}
    for commune in dict.fromkeys(plan.fleets["meter"].owners):
        if commune in epci_of:
            metered.setdefault(epci_of[commune], []).append(commune)
    reader = max(metered, key=lambda epci: len(metered[epci]))
    lit = next(commune for commune in plan.fleets["cabinet"].owners if commune in epci_of)
    cleaned, watched = plan.fleets["container"].owners[0], plan.fleets["weather"].owners[0]
    query = SeriesQuery(owner=[watched], observed_property=["temperature"], limit=2)
    temperatures = [one.id for one in series.find(SCOPE, tx, query).items]
    for new in (
        *(
            NewAgreement(
                giver=commune, receiver=reader, right="read", service="water", past=True,
                purpose="Schéma directeur d'eau potable de l'intercommunalité",
            )
            for commune in metered[reader][:2]
        ),
        NewAgreement(
            giver=lit, receiver=epci_of[lit], right="operate", service="lighting", past=True,
            purpose="Astreinte d'éclairage tenue en commun",
        ),
        NewAgreement(
            giver=cleaned, receiver=largest[cleaned].tenant.key, right="read", asset_kind="waste-container",
            purpose="Propreté du centre-ville",
        ),
        NewAgreement(
            giver=watched, receiver=largest[watched].tenant.key, right="read", series=temperatures, past=True,
            valid_until=now + timedelta(days=365), purpose="Étude des îlots de chaleur",
        ),
    ):  # fmt: skip
        agreements.make(SCOPE, tx, new, now=now)


def _largest(plan: Plan) -> dict[str, Commune]:
    """The most populated commune of each EPCI."""
    ascending = sorted(plan.communes, key=lambda commune: commune.tenant.population or 0)
    return {commune.tenant.epci: commune for commune in ascending if commune.tenant.epci}
