"""Invitations: an administrator gives an e-mail a role; whoever opens the link takes it."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, and_, insert, or_, select, true, update

from beffroi.access import audit, people, roles, sessions
from beffroi.access.credentials import digest, new_token
from beffroi.access.inputs import Email, Key, Name, Token, folded
from beffroi.access.people import NewPerson, Person
from beffroi.access.roles import RoleName
from beffroi.access.scope import Right, Scope
from beffroi.access.tables import invitation
from beffroi.database import Page, Transaction, new_key, page_of, struct_of
from beffroi.errors import Conflict, Fault, Invalid, Language, NotFound, Text

LIFE = timedelta(days=7)


class Invitation(msgspec.Struct, frozen=True, omit_defaults=True):
    key: str
    email: str
    collectivity: str
    role: RoleName
    invited_by: str
    created: datetime
    expires: datetime
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None


class NewInvitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    collectivity: Key
    role: RoleName


class Invited(msgspec.Struct, frozen=True):
    """`token` is told this once, for the inviter to send as a link."""

    invitation: Invitation
    token: str


class Acceptance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name` and `password` are for who has no account yet; who has one signs in first."""

    token: Token
    name: Name | None = None
    password: str | None = None
    language: Language = "fr"


COLUMNS = [invitation.c[name] for name in Invitation.__struct_fields__]


def make(scope: Scope, tx: Transaction, new: NewInvitation, *, now: datetime) -> Invited:
    """Invites; only who may grant the role may. An e-mail invited twice to one place has only the newer link."""
    existing = people.by_email(tx, new.email)
    roles.require_naming(scope, tx, new.collectivity, new.role, whom=existing.key if existing else new.email)
    token = new_token()
    made = Invitation(new_key("inv"), new.email.strip(), new.collectivity, new.role, scope.actor.key, now, now + LIFE)
    _replace_older(tx, made, now)
    tx.execute(insert(invitation).values(**msgspec.structs.asdict(made), token_hash=digest(token)))
    detail = {"email": made.email, "role": made.role}
    audit.record(scope, tx, "invitation.make", owner=made.collectivity, subject=made.key, detail=detail, now=now)
    return Invited(made, token)


def find(
    scope: Scope,
    tx: Transaction,
    *,
    now: datetime,
    collectivity: str | None = None,
    waiting: bool = False,
    after: str | None = None,
    limit: int = 100,
) -> Page[Invitation]:
    """Invitations to what the actor administers, and those it made; only those still `waiting` if asked."""
    statement = select(*COLUMNS).where(
        _visible(scope),
        invitation.c.collectivity == collectivity if collectivity else true(),
        _open(now) if waiting else true(),
    )
    return page_of(tx, statement, Invitation, key=invitation.c.key, after=after, limit=limit)


def revoke(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> None:
    """The link opens nothing any more. Revoking twice is once; `Conflict` when it was accepted."""
    row = tx.execute(select(*COLUMNS).where(_visible(scope), invitation.c.key == key)).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("invitation", "invitation"), key)
    if row["accepted_at"] is not None:
        raise Conflict(
            Text("Invitation déjà acceptée : retirez plutôt le rôle.", "Accepted already: withdraw the role instead.")
        )
    if row["revoked_at"] is None:
        tx.execute(update(invitation).where(invitation.c.key == key).values(revoked_at=now))
        audit.record(scope, tx, "invitation.revoke", owner=row["collectivity"], subject=key, now=now)


def accept(
    tx: Transaction, acceptance: Acceptance, *, signed_in: str | None, hashed: str | None, now: datetime
) -> Person:
    """Takes the invitation: gives its role to the person `signed_in` (a key) when the e-mail is its own, else creates
    the person, with the password `hashed` (see `Passwords.hashed`). A higher role held there already stays.

    Raises `Unauthenticated` for a link that opens nothing, `Conflict` when the e-mail has an account not signed in.
    """
    taken = waiting(tx, acceptance.token, now=now)
    who = people.by_email(tx, taken.email)
    if who is None:
        who = _created(tx, acceptance, taken, hashed, now)
    elif who.key != signed_in:
        raise Conflict(
            Text(
                "Ce courriel a déjà un compte : connectez-vous avec lui, puis rouvrez le lien.",
                "This e-mail has an account already: sign in with it, then open the link again.",
            )
        )
    first = invitation.c.key == taken.key, _open(now)
    if tx.execute(update(invitation).where(*first).values(accepted_at=now)).rowcount == 0:
        raise sessions.link_refused()
    scope = Scope(actor=sessions.actor_of(who))
    held = roles.of_person(tx, who.key).get(taken.collectivity)
    if held is None or held < roles.RIGHTS[taken.role]:
        roles.put(scope, tx, who.key, taken.collectivity, taken.role, now=now)
    audit.record(scope, tx, "invitation.accept", owner=taken.collectivity, subject=taken.key, now=now)
    return who


def waiting(tx: Transaction, token: str, *, now: datetime) -> Invitation:
    """The invitation that a link opens; `Unauthenticated` when it opens nothing."""
    where = and_(invitation.c.token_hash == digest(token), _open(now))
    row = tx.execute(select(*COLUMNS).where(where)).mappings().one_or_none()
    if row is None:
        raise sessions.link_refused()
    return struct_of(row, Invitation)


def _replace_older(tx: Transaction, made: Invitation, now: datetime) -> None:
    to_the_same_place = select(*COLUMNS).where(_open(now), invitation.c.collectivity == made.collectivity)
    for row in tx.execute(to_the_same_place).mappings().all():
        if folded(row["email"]) == folded(made.email):
            tx.execute(update(invitation).where(invitation.c.key == row["key"]).values(revoked_at=now))


def _created(tx: Transaction, acceptance: Acceptance, taken: Invitation, hashed: str | None, now: datetime) -> Person:
    missing = [name for name, given in (("name", acceptance.name), ("password", hashed)) if given is None]
    if missing or acceptance.name is None:
        raise Invalid.of(
            [Fault(name, Text("champ obligatoire manquant", "missing required field")) for name in missing]
        )
    new = NewPerson(acceptance.name, taken.email, acceptance.language)
    inviter = Scope.system(f"invitation {taken.key}")
    return people.add(inviter, tx, new, now=now, password=hashed)


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(invitation.c.accepted_at.is_(None), invitation.c.revoked_at.is_(None), invitation.c.expires > now)


def _visible(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    administered = scope.owners(Right.ADMINISTER) if scope.services is None else frozenset[str]()
    return or_(invitation.c.collectivity.in_(administered), invitation.c.invited_by == scope.actor.key)
