"""Actors, roles, scopes, sharing agreements, audit."""

from beffroi.access import agreements, audit, invitations, keys, people, roles, sessions
from beffroi.access.credentials import Passwords
from beffroi.access.doorkeeper import Doorkeeper
from beffroi.access.scope import STRANGER, Actor, Right, Scope, Share
from beffroi.access.signin import SignIns
from beffroi.access.views import Views

__all__ = [
    "STRANGER",
    "Actor",
    "Doorkeeper",
    "Passwords",
    "Right",
    "Scope",
    "Share",
    "SignIns",
    "Views",
    "agreements",
    "audit",
    "invitations",
    "keys",
    "people",
    "roles",
    "sessions",
]
