"""Actors, roles, scopes, sharing agreements, audit."""

from beffroi.access.scope import STRANGER, Actor, Right, Scope, Share

__all__ = ["STRANGER", "Actor", "Right", "Scope", "Share"]
