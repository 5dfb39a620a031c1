"""Who did something, when, and under which name: told beside whatever is kept."""

from datetime import datetime

import msgspec

from beffroi.access import Scope


class Deed(msgspec.Struct, frozen=True):
    """`by_name`: as it was called then."""

    at: datetime
    by: str
    by_name: str


def columns(name: str, scope: Scope, now: datetime) -> dict[str, object]:
    """As `tables.deed` keeps it."""
    return {f"{name}_at": now, f"{name}_by": scope.actor.key, f"{name}_by_name": scope.actor.name}


def told(name: str, row: object) -> Deed | None:
    at = getattr(row, f"{name}_at")
    return None if at is None else Deed(at, getattr(row, f"{name}_by"), getattr(row, f"{name}_by_name"))


def surely(name: str, row: object) -> Deed:
    """Of what is never empty."""
    found = told(name, row)
    assert found is not None
    return found
