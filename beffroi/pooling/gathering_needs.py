"""From the needs that are kept to a question: with the population and the places of the registry, and a cost model."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import select

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.errors import Fault, Invalid, NotFound, Text
from beffroi.pooling import cost_models, needs
from beffroi.pooling.cost_models import POPULATION, Year, populations
from beffroi.pooling.groups import question
from beffroi.pooling.groups.proposal import Proposed, ProposedGroup
from beffroi.pooling.groups.question import Candidate, Distance, Question
from beffroi.pooling.investments import Investment
from beffroi.pooling.keys import Key
from beffroi.pooling.needs import Tender
from beffroi.pooling.tariffs import Tariff
from beffroi.registry.fields import Known
from beffroi.registry.tables import collectivity


class GroupsAsked(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    tag="groups",
    rename={"start": "from"},
):
    """Who should join a service, or a purchase in common. `year`: of the model of costs to pool under; `costs` and
    `sharing_key` replace its own, and are needed where there is none."""

    service: Known
    start: date
    until: date
    tender: Tender = ""
    year: Year | None = None
    costs: Annotated[list[Tariff | Investment], Meta(min_length=1, max_length=200)] | None = None
    sharing_key: Key | None = None
    distance: Distance | None = None


def subject_of(service: str, tender: str) -> str:
    return f"{service} groups {tender}".strip()


def question_of(scope: Scope, tx: Transaction, asked: GroupsAsked) -> Question:
    """Raises `Invalid` when fewer than two need it, or naming what cannot be."""
    told = needs.of_subject(tx, asked.service, asked.tender)
    if len(told) < 2:
        raise Invalid("service", Text("au moins deux besoins attendus", "expected two needs at least"))
    costs, key, name = _costs(scope, tx, asked)
    members = [one.member for one in told]
    inhabitants = populations(tx, members)
    table = collectivity
    rows = tx.execute(select(table.c.key, table.c.longitude, table.c.latitude).where(table.c.key.in_(members)))
    where = {row.key: (row.longitude, row.latitude) for row in rows}
    made = Question(
        costs=costs,
        members=[
            Candidate(
                name=one.member,
                longitude=where[one.member][0],
                latitude=where[one.member][1],
                **{
                    **msgspec.structs.asdict(one.need),
                    "quantities": {
                        **({POPULATION: inhabitants[one.member]} if one.member in inhabitants else {}),
                        **one.need.quantities,
                    },
                },
            )
            for one in told
        ],
        sharing_key=key,
        start=asked.start,
        until=asked.until,
        distance=asked.distance,
        name=asked.tender or name,
    )
    question.check(made)
    return made


def _costs(scope: Scope, tx: Transaction, asked: GroupsAsked) -> tuple[list[Tariff | Investment], Key, str]:
    model = None
    if asked.year is not None:
        model = cost_models.get(scope, tx, asked.service, asked.year).model
    elif asked.costs is None or asked.sharing_key is None:
        try:
            model = cost_models.newest(scope, tx, asked.service).model
        except NotFound as error:
            raise Invalid.of(
                [
                    Fault(
                        name,
                        Text(
                            "aucun modèle de coûts de ce service : à donner",
                            "no model of costs of this service: to be given",
                        ),
                    )
                    for name in ("costs", "sharing_key")
                    if getattr(asked, name) is None
                ]
            ) from error
    costs = asked.costs if asked.costs is not None else (model.costs if model else [])
    key = asked.sharing_key or (model.sharing_key if model else Key(()))
    return costs, key, model.name if model else ""


def for_members(found: Proposed, mine: frozenset[str]) -> Proposed:
    """What people of `mine` read: the groups they are in with everybody's name, their own figures, totals."""
    groups = [_for(one, mine) for one in found.groups if not mine.isdisjoint(one.names)]
    return msgspec.structs.replace(
        found,
        groups=groups,
        left_out=[one for one in found.left_out if one.member in mine],
        critical=msgspec.structs.replace(found.critical, members=[]),
    )


def _for(one: ProposedGroup, mine: frozenset[str]) -> ProposedGroup:
    members = [each for each in one.members if each.member in mine]
    return msgspec.structs.replace(one, members=members, blocking=[])
