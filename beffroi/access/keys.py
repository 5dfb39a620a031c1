"""API keys. A key belongs to a collectivité, not to who made it: it outlives the maker's departure, and is listed."""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from sqlalchemy import insert, select, true, update

from beffroi.access import audit
from beffroi.access.credentials import digest
from beffroi.access.inputs import Instant, Key, Name, dated
from beffroi.access.scope import Actor, Right, Scope
from beffroi.access.tables import api_key
from beffroi.database import Page, Transaction, page_of
from beffroi.errors import Invalid, NotFound, Text

RightName = Literal["read", "edit", "operate", "administer"]

RIGHTS: dict[RightName, Right] = {
    "read": Right.READ,
    "edit": Right.EDIT,
    "operate": Right.OPERATE,
    "administer": Right.ADMINISTER,
}


class ApiKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """A key without what opens. `services`: the only ones it reaches, all when absent. `last_used` to the minute."""

    key: str
    collectivity: str
    name: str
    right: RightName
    created: datetime
    created_by: str
    services: list[str] | None = None
    not_before: datetime | None = None
    expires: datetime | None = None
    last_used: datetime | None = None
    revoked_at: datetime | None = None


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`not_before` and `expires` bound when it opens, half-open."""

    collectivity: Key
    name: Name
    right: RightName
    services: Annotated[list[Key], msgspec.Meta(min_length=1, max_length=100)] | None = None
    not_before: Instant | None = None
    expires: Instant | None = None


class Made(msgspec.Struct, frozen=True):
    """`token` is told this once, and kept nowhere."""

    key: ApiKey
    token: str


COLUMNS = [api_key.c[name] for name in ApiKey.__struct_fields__]


def make(scope: Scope, tx: Transaction, new: NewKey, *, now: datetime) -> Made:
    """A key of a collectivité the actor administers, with at most the actor's own right, for at most its own time."""
    scope.require(Right.ADMINISTER, new.collectivity)
    starts = dated("not_before", new.not_before) if new.not_before else now
    if new.expires is not None and dated("expires", new.expires) <= max(starts, now):
        raise Invalid("expires", Text("la clé n'ouvrirait jamais", "the key would never open"))
    if new.services is not None and new.right == "administer":
        raise Invalid(
            "services",
            Text(
                "une clé restreinte à des services ne peut pas administrer",
                "a key narrowed to services cannot administer",
            ),
        )
    _within_its_maker(scope, tx, new)
    made = ApiKey(
        secrets.token_hex(6),
        new.collectivity,
        new.name.strip(),
        new.right,
        now,
        scope.actor.key,
        new.services and sorted(set(new.services)),
        new.not_before,
        new.expires,
    )
    secret = secrets.token_hex(24)
    tx.execute(insert(api_key).values(**msgspec.structs.asdict(made), secret_hash=digest(secret)))
    detail = {"name": made.name, "right": made.right, "services": made.services}
    audit.record(scope, tx, "key.make", owner=made.collectivity, subject=made.key, detail=detail, now=now)
    return Made(made, f"bef_{made.key}_{secret}")


def find(
    scope: Scope, tx: Transaction, *, collectivity: str | None = None, after: str | None = None, limit: int = 100
) -> Page[ApiKey]:
    """Keys of what the actor administers, revoked ones too; of one `collectivity` if asked."""
    if collectivity:
        scope.require(Right.ADMINISTER, collectivity)
    statement = select(*COLUMNS).where(
        _visible(scope), api_key.c.collectivity == collectivity if collectivity else true()
    )
    return page_of(tx, statement, ApiKey, key=api_key.c.key, after=after, limit=limit)


def get(scope: Scope, tx: Transaction, key: str) -> ApiKey:
    row = tx.execute(select(*COLUMNS).where(_visible(scope), api_key.c.key == key)).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("clé d'API", "API key"), key)
    return _key(row)


def revoke(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> None:
    """The key opens nothing from the next request on. Revoking twice is once."""
    found = get(scope, tx, key)
    if found.revoked_at is None:
        tx.execute(update(api_key).where(api_key.c.key == key).values(revoked_at=now))
        audit.record(scope, tx, "key.revoke", owner=found.collectivity, subject=key, now=now)


def by_token(tx: Transaction, token: str) -> ApiKey | None:
    """The key that `bef_<key>_<secret>` opens, if not revoked; its dates are for the caller to look at."""
    match token.split("_"):
        case ["bef", key, secret]:
            row = tx.execute(select(*COLUMNS, api_key.c.secret_hash).where(api_key.c.key == key)).mappings().first()
            if row is None or not hmac.compare_digest(row["secret_hash"], digest(secret)):
                return None
            found = _key(row)
            return found if found.revoked_at is None else None
        case _:
            return None


def maker_of(tx: Transaction, key: str) -> str | None:
    """For the program itself: the person who made it, also by another key."""
    maker: str | None = key
    while maker is not None:
        held = tx.execute(select(api_key.c.created_by).where(api_key.c.key == maker)).scalar()
        if held is None or held == maker:
            return maker
        maker = held
    return None


def actor_of(key: ApiKey) -> Actor:
    return Actor("key", key.key, key.name)


def _within_its_maker(scope: Scope, tx: Transaction, new: NewKey) -> None:
    """A key makes none that outlives it."""
    if scope.actor.kind != "key":
        return
    last = get(scope, tx, scope.actor.key).expires
    if last is not None and (new.expires is None or new.expires > last):
        raise Invalid(
            "expires",
            Text(f"au plus tard comme la clé qui la fait : {last:%Y-%m-%dT%H:%M:%SZ}", f"at most its maker's: {last}"),
        )


def _key(row: Mapping[Any, Any]) -> ApiKey:
    return msgspec.convert({name: row[name] for name in ApiKey.__struct_fields__}, ApiKey)


def _visible(scope: Scope) -> Any:
    if scope.everything:
        return true()
    return api_key.c.collectivity.in_(scope.owners(Right.ADMINISTER) if scope.services is None else ())
