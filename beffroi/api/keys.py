"""API keys: /keys."""

import msgspec

from beffroi.access import keys
from beffroi.access.inputs import Key, Limit
from beffroi.access.keys import ApiKey, Made, NewKey
from beffroi.api.administration import noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page, Transaction
from beffroi.errors import Invalid, NotFound
from beffroi.registry import kinds

routes = Routes("keys", "What programs present instead of a person: kept hashed, dated, narrowed, revoked at once.")


class KeyQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    collectivity: Key | None = None
    after: str | None = None
    limit: Limit = 100


@routes.get("/keys")
def list_keys(call: Call, query: KeyQuery) -> Page[ApiKey]:
    """Keys of the collectivités that the caller administers, revoked ones too."""
    with call.reading() as tx:
        page = keys.find(call.scope, tx, collectivity=query.collectivity, after=query.after, limit=query.limit)
    noted(call, "key", query.collectivity)
    return page


@routes.post("/keys", status=201)
def make(call: Call, body: NewKey) -> Made:
    """Make a key. The `token` is told this once, and kept nowhere."""
    with call.writing() as tx:
        made = keys.make(call.scope, tx, body, now=call.now)
        _known(tx, body.services or [])
        return made


@routes.delete("/keys/{key}")
def revoke(call: Call, key: Key) -> None:
    """Revoke a key: it opens nothing from the next request on."""
    with call.writing() as tx:
        keys.revoke(call.scope, tx, key, now=call.now)


def _known(tx: Transaction, services: list[str]) -> None:
    for index, one in enumerate(services):
        try:
            kinds.service(tx, one)
        except NotFound as error:
            raise Invalid(f"services[{index}]", error.text) from error
