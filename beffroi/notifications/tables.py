"""What each person was told, how each wants to be told, and up to where what happens was looked at."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from beffroi.database import Utc, metadata

Id = BigInteger().with_variant(Integer, "sqlite")


def whose(*, key: bool = False) -> Column[str]:
    return Column("person", String, ForeignKey("person.key", ondelete="CASCADE"), nullable=False, primary_key=key)


notification = Table(
    "notification",
    metadata,
    Column("id", Id, primary_key=True),
    whose(),
    Column("mark", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("owner", String),
    Column("at", Utc, nullable=False, index=True),
    Column("fr", String, nullable=False),
    Column("en", String, nullable=False),
    Column("link", String, nullable=False),
    Column("read_at", Utc),
    Column("mail", String, nullable=False),
    UniqueConstraint("person", "mark"),
    Index("ix_notification_mail", "mail", "person"),
    sqlite_autoincrement=True,
)
"""`mark` is the event's: nobody is told twice of one. `mail`: none, waiting, sent or refused."""

notification_manner = Table("notification_manner", metadata, whose(key=True), Column("manner", JSON, nullable=False))

notification_cursor = Table(
    "notification_cursor",
    metadata,
    Column("source", String, primary_key=True),
    Column("told", JSON, nullable=False),
)
"""Written with what it led to: an event that was looked at was told of, and one that was not will be."""
