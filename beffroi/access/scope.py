"""Who acts, and what they may see and do: the compulsory first argument of whatever touches tenant data."""

from datetime import datetime
from enum import IntEnum
from typing import Literal

import msgspec

from beffroi.errors import Forbidden, Language, NotFound, Text


class Right(IntEnum):
    """What may be done in a collectivité; each right holds those before it. The roles carry the same names:
    reader, editor, operator, administrator."""

    READ = 1
    """see the registry and the observations"""
    EDIT = 2
    """change the registry: sites, assets, devices, series, relations"""
    OPERATE = 3
    """write observations, adopt devices, act on equipment"""
    ADMINISTER = 4
    """people, keys, agreements, adhesions"""


class Actor(msgspec.Struct, frozen=True):
    """Who acts: a person by session, an API key, the program itself, or nobody in particular."""

    kind: Literal["person", "key", "system", "stranger"]
    key: str
    name: str


STRANGER = Actor("stranger", "stranger", "")


class Share(msgspec.Struct, frozen=True):
    """What an agreement in force gives: one subject of `giver`'s, and nothing else of it.

    Exactly one of `service`, `asset_kind`, `series` is set. `since`: observations before it stay hidden.
    """

    agreement: str
    giver: str
    right: Right
    service: str | None = None
    asset_kind: str | None = None
    series: frozenset[int] | None = None
    since: datetime | None = None


class Scope(msgspec.Struct, frozen=True):
    """An actor and what it may see and do at this moment.

    `rights`: by collectivité key, from roles. `shares`: from agreements in force, for the collectivités in `rights`
    (a share gives READ or OPERATE to whoever holds at least that right in the receiving collectivité).
    `services`: None for all, else the only services a narrowed API key reaches. `instance`: may administer the
    structure's instance (members, services, audit of its own deeds) without reading anybody's data by that.
    `everything`: the program itself (demonstration, backup, migration); never given to a request.
    """

    actor: Actor
    rights: dict[str, Right] = {}
    shares: tuple[Share, ...] = ()
    services: frozenset[str] | None = None
    instance: bool = False
    everything: bool = False
    language: Language = "fr"

    @classmethod
    def system(cls, why: str) -> "Scope":
        """The program's own scope, for `why` (kept in the audit trail)."""
        return cls(actor=Actor("system", "system", why), instance=True, everything=True)

    def owners(self, right: Right) -> frozenset[str]:
        """The collectivités where a role gives `right` (agreements not counted)."""
        return frozenset(owner for owner, held in self.rights.items() if held >= right)

    def may(self, right: Right, owner: str, *, service: str | None = None) -> bool:
        """Whether a role gives `right` over `owner`'s things of `service` (agreements not counted)."""
        if self.everything:
            return True
        if self.services is not None and service not in self.services:
            return False
        return self.rights.get(owner, 0) >= right

    def require(self, right: Right, owner: str, *, service: str | None = None) -> None:
        """Raise `NotFound` when the actor may know nothing of `owner`, `Forbidden` when it may only look."""
        if self.may(right, owner, service=service):
            return
        if owner not in self.rights:
            raise NotFound(Text("collectivité", "collectivité"), owner)
        raise Forbidden(
            Text(
                f"Votre rôle dans «\u00a0{owner}\u00a0» ne permet pas cela.",
                f"Your role in “{owner}” does not allow this.",
            )
        )

    def require_instance(self) -> None:
        """Raise `Forbidden` unless the actor administers the structure's instance."""
        if not (self.instance or self.everything):
            raise Forbidden(
                Text(
                    "Réservé aux administrateurs de la structure qui opère cette plateforme.",
                    "Only administrators of the structure that operates this platform may do this.",
                )
            )
