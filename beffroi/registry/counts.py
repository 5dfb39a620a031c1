"""How much of the registry a caller sees, by who owns it."""

from sqlalchemy import func, select

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.registry import visibility
from beffroi.registry.tables import device


def devices_by_owner(scope: Scope, tx: Transaction) -> dict[str, int]:
    """The number of devices visible to `scope`, by the key of their owner; owners of none are absent."""
    statement = select(device.c.owner, func.count()).where(visibility.clause(device, scope)).group_by(device.c.owner)
    return {owner: count for owner, count in tx.execute(statement)}
