"""The relational engine, sessions, migrations."""

from beffroi.database.columns import Utc, metadata, new_key
from beffroi.database.engine import Database, Transaction
from beffroi.database.ids import reserve
from beffroi.database.migrations import schema_versions, upgrade
from beffroi.database.paging import Page, page_of, struct_of
from beffroi.database.prepared import Inserted, Prepared

__all__ = [
    "Database",
    "Inserted",
    "Page",
    "Prepared",
    "Transaction",
    "Utc",
    "metadata",
    "new_key",
    "page_of",
    "reserve",
    "schema_versions",
    "struct_of",
    "upgrade",
]
