"""The first run: what makes an instance of an empty folder: /setup. Only while it has no structure."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from beffroi.access import Actor, Scope, sessions, setup
from beffroi.access.inputs import Email
from beffroi.access.inputs import Name as PersonName
from beffroi.access.people import NewPerson
from beffroi.api.referential import ReferentialQuery, found_in, of
from beffroi.api.routing import Call, Routes
from beffroi.api.session import Secret, Who, caller_of, signed_in
from beffroi.database import Page, Transaction
from beffroi.errors import Conflict, Language, Text
from beffroi.registry import founding, kinds, structures
from beffroi.registry.fields import Key, Name
from beffroi.registry.founding import Members, Offered
from beffroi.registry.model import Entry, Service, StructureForm
from beffroi.registry.structures import NewStructure, Siren

routes = Routes(
    "setup",
    "The first run. `Authorization: Bearer` carries the token of the address that `beffroi serve` prints while the "
    "instance has no structure; nothing else answers meanwhile, but `/health`.",
)


class Setup(msgspec.Struct, frozen=True):
    """`services`: those to choose from. `expires`: when the address opens nothing any more."""

    expires: datetime
    time_zone: str
    services: list[Service]


class FirstPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: PersonName
    email: Email
    password: Secret
    language: Language = "fr"


class Founding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`entry`: the structure's own key in the referential when it has one. `services`: those offered."""

    person: FirstPerson
    form: StructureForm
    name: Name
    siren: Siren | None = None
    entry: Key | None = None
    members: Members = []
    services: Annotated[Offered, Meta(min_length=1)]


@routes.get("/setup", public=True)
def what_is_asked(call: Call) -> Setup:
    """What there is to choose from, for the holder of the one-time address."""
    with call.reading() as tx:
        expires = _admitted(call, tx)
    return Setup(expires, call.rooms.time_zone, kinds.packaged_services())


@routes.get("/setup/referential", public=True)
def search(call: Call, query: ReferentialQuery) -> Page[Entry]:
    """Find a collectivité by name or code, as `/referential` does."""
    with call.reading() as tx:
        _admitted(call, tx)
    return found_in(query)


@routes.get("/setup/referential/{key}/members", public=True)
def members(call: Call, key: str) -> Page[Entry]:
    """The communes of an EPCI; the communes and the EPCI of a département."""
    with call.reading() as tx:
        _admitted(call, tx)
    return Page([*of(key, "epci"), *of(key, "commune")])


@routes.post("/setup", public=True, status=201, answer=Who)
def found(call: Call, body: Founding) -> Response:
    """Make the structure, its members, its services and its first administrator, who is signed in: all or nothing.

    409 when it is made already: of two at once, one is answered so.
    """
    call.rooms.doors.refuse_foreign(call.request)
    with call.reading() as tx:
        _admitted(call, tx)
    hashed = call.rooms.sign_ins.passwords.hashed(body.person.password)
    zone = call.rooms.time_zone
    structure = NewStructure(
        form=body.form, name=body.name, siren=body.siren, entry=body.entry, time_zone=zone, since=call.now.date()
    )
    who = NewPerson(body.person.name, body.person.email, body.person.language)
    scope = Scope(actor=Actor("system", "system", "first run"), instance=True, language=call.language)
    with call.writing() as tx:
        if not setup.spend(tx, _token(call), call.now):
            _refuse(tx)
        made = founding.found(
            scope, tx, structure, who, members=body.members, services=body.services, hashed=hashed, now=call.now
        )
        opened = sessions.open_(tx, made.person, "setup", caller_of(call.request), call.now)
    return signed_in(call, opened, status=201)


def _admitted(call: Call, tx: Transaction) -> datetime:
    """When the address expires, for its holder. `Conflict` once there is a structure, `Forbidden` for anybody else."""
    if structures.key(tx) is not None:
        _refuse(tx)
    return setup.check(tx, _token(call), call.now)


def _refuse(tx: Transaction) -> None:
    if structures.key(tx) is None:
        raise setup.refused()
    raise Conflict(
        Text(
            "Cette plateforme a déjà sa structure : quelqu'un vient de la créer. Connectez-vous.",
            "This platform has its structure already: somebody has just made it. Sign in.",
        )
    )


def _token(call: Call) -> str:
    scheme, _, token = call.request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
