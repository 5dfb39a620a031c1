"""People, their roles, and the links that let them in again: /people, /roles, /sign-in-links."""

import msgspec

from beffroi.access import people, roles, sessions
from beffroi.access.inputs import Key, Limit
from beffroi.access.people import Person
from beffroi.access.roles import Role, RoleName
from beffroi.access.sessions import Link
from beffroi.api.administration import noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.registry import structures

routes = Routes("people", "Who works here, in which collectivités, and what each may do there.")


class PeopleQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    collectivity: Key | None = None
    after: str | None = None
    limit: Limit = 100


class PersonPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`disabled` closes the account and ends its sessions; false opens it again."""

    disabled: bool


class RoleQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    collectivity: Key
    after: str | None = None
    limit: Limit = 100


class NewRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: RoleName


class Ended(msgspec.Struct, frozen=True):
    """How many sessions were."""

    sessions: int


class NewLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    person: Key


@routes.get("/people")
def list_people(call: Call, query: PeopleQuery) -> Page[Person]:
    """Those having a role in the collectivités that the caller administers, and oneself."""
    with call.reading() as tx:
        page = people.find(call.scope, tx, collectivity=query.collectivity, after=query.after, limit=query.limit)
    noted(call, "person", query.collectivity)
    return page


@routes.get("/people/{key}")
def person(call: Call, key: Key) -> Person:
    """One person."""
    with call.reading() as tx:
        found = people.seen(call.scope, tx, key)
    call.rooms.views.note(call.scope, "person.read", None, key, call.now)
    return found


@routes.patch("/people/{key}")
def close(call: Call, key: Key, body: PersonPatch) -> Person:
    """Close someone's account, or open it again. For the instance's administrators."""
    with call.writing() as tx:
        return people.disable(call.scope, tx, key, disabled=body.disabled, now=call.now)


@routes.delete("/people/{key}/sessions", status=200)
def end_sessions(call: Call, key: Key) -> Ended:
    """Sign someone out everywhere. For administrators of every collectivité where the person has a role."""
    with call.writing() as tx:
        return Ended(sessions.end_all(call.scope, tx, key, now=call.now))


@routes.get("/roles")
def list_roles(call: Call, query: RoleQuery) -> Page[Role]:
    """Who may do what in a collectivité. For its administrators."""
    with call.reading() as tx:
        page = roles.find(call.scope, tx, query.collectivity, after=query.after, limit=query.limit)
    noted(call, "role", query.collectivity)
    return page


@routes.put("/roles/{collectivity}/{person}")
def grant(call: Call, collectivity: Key, person: Key, body: NewRole) -> Role:
    """Give a person a role there, in place of the one held. For those the caller knows of; others are invited.

    The structure's administrators may name a member's first administrator.
    """
    with call.writing() as tx:
        structures.collectivity(call.scope, tx, collectivity)
        return roles.grant(call.scope, tx, person, collectivity, body.role, now=call.now)


@routes.delete("/roles/{collectivity}/{person}")
def withdraw(call: Call, collectivity: Key, person: Key) -> None:
    """Take a person's role away, or step down oneself; refused for the last administrator."""
    with call.writing() as tx:
        roles.withdraw(call.scope, tx, person, collectivity, now=call.now)


@routes.post("/sign-in-links", status=201)
def give_link(call: Call, body: NewLink) -> Link:
    """A new one-time sign-in link for someone who lost the password; the console opens it at `/sign-in#token=…`.

    For administrators of every collectivité where the person has a role.
    """
    with call.writing() as tx:
        return sessions.give_link(call.scope, tx, body.person, now=call.now)
