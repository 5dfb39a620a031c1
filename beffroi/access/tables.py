"""The tables of access. Collectivités are named by their key; whether one exists is the registry's to say."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from beffroi.database import Utc, metadata


def whose() -> Column[str]:
    return Column("collectivity", String, nullable=False, index=True)


def person_of() -> Column[str]:
    return Column("person", String, ForeignKey("person.key", ondelete="CASCADE"), nullable=False, index=True)


person = Table(
    "person",
    metadata,
    Column("key", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("email_folded", String, nullable=False, unique=True),
    Column("language", String, nullable=False, default="fr"),
    Column("password", String),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created", Utc, nullable=False),
)
"""`password` is an argon2 hash, or nothing: there is no default. `email_folded` makes addresses unique in any case."""

role = Table(
    "role",
    metadata,
    Column("person", String, ForeignKey("person.key", ondelete="CASCADE"), primary_key=True),
    Column("collectivity", String, primary_key=True, index=True),
    Column("role", String, nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    Column("key", String, primary_key=True),
    Column("email", String, nullable=False),
    whose(),
    Column("role", String, nullable=False),
    Column("token_hash", String, nullable=False, unique=True),
    Column("invited_by", String, nullable=False),
    Column("created", Utc, nullable=False),
    Column("expires", Utc, nullable=False),
    Column("accepted_at", Utc),
    Column("revoked_at", Utc),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", String, primary_key=True),
    person_of(),
    Column("expires", Utc, nullable=False),
)
"""Used links are deleted: what is here opens."""

setup_link = Table(
    "setup_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String, nullable=False),
    Column("expires", Utc, nullable=False),
    CheckConstraint("id = 1", name="setup_link_is_one"),
)
"""What lets its holder say who operates the instance; gone once it has."""

session = Table(
    "session",
    metadata,
    Column("key", String, primary_key=True),
    person_of(),
    Column("token_hash", String, nullable=False, unique=True),
    Column("opened_by", String, nullable=False),
    Column("address", String, nullable=False),
    Column("agent", String, nullable=False),
    Column("created", Utc, nullable=False),
    Column("seen", Utc, nullable=False),
    Column("expires", Utc, nullable=False),
)
"""Ended sessions are deleted: what is here opens until `expires`, or until it is idle for too long after `seen`."""

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("subject", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Utc, nullable=False, index=True),
)
"""`subject` is `account:<hash of the e-mail>` (that it exists or not) or `address:<where the request came from>`."""

api_key = Table(
    "api_key",
    metadata,
    Column("key", String, primary_key=True),
    whose(),
    Column("name", String, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("right", String, nullable=False),
    Column("services", JSON(none_as_null=True)),
    Column("not_before", Utc),
    Column("expires", Utc),
    Column("created", Utc, nullable=False),
    Column("created_by", String, nullable=False),
    Column("last_used", Utc),
    Column("revoked_at", Utc),
)

agreement = Table(
    "agreement",
    metadata,
    Column("key", String, primary_key=True),
    Column("giver", String, nullable=False, index=True),
    Column("receiver", String, nullable=False, index=True),
    Column("right", String, nullable=False),
    Column("service", String),
    Column("asset_kind", String),
    Column("series", JSON(none_as_null=True)),
    Column("purpose", Text, nullable=False),
    Column("valid_from", Utc, nullable=False),
    Column("valid_until", Utc),
    Column("since", Utc),
    Column("origin", String, nullable=False, default="", index=True),
    Column("created", Utc, nullable=False),
    Column("created_by", String, nullable=False),
    Column("revoked_at", Utc),
    Column("revoked_by", String),
    CheckConstraint(
        "(CASE WHEN service IS NULL THEN 0 ELSE 1 END) + (CASE WHEN asset_kind IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN series IS NULL THEN 0 ELSE 1 END) = 1",
        name="agreement_has_one_subject",
    ),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False, index=True),
    Column("actor_kind", String, nullable=False),
    Column("actor_key", String, nullable=False),
    Column("actor_name", String, nullable=False),
    Column("action", String, nullable=False),
    Column("owner", String),
    Column("subject", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    Index("ix_audit_owner", "owner", "seq"),
    Index("ix_audit_actor", "actor_key", "seq"),
)
"""`detail` is canonical JSON kept as text, so that what was hashed is what is read back, on any engine.
Triggers made by the migrations refuse any change."""

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("hash", String, nullable=False),
    Column("seal", String, nullable=False),
    CheckConstraint("id = 1", name="audit_has_one_head"),
)
"""How many rows the trail has and the last one's hash, sealed: a cut tail shows."""

deletion = Table(
    "deletion",
    metadata,
    Column("key", String, primary_key=True),
    Column("owner", String, nullable=False, index=True),
    Column("asked_at", Utc, nullable=False),
    Column("actor_kind", String, nullable=False),
    Column("actor_key", String, nullable=False),
    Column("actor_name", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("deed", String, nullable=False),
    Column("series", Text, nullable=False),
    Column("seal", String, nullable=False),
)
"""Receipts of deletions: what was asked. `series` is canonical JSON, as it was sealed."""

deletion_step = Table(
    "deletion_step",
    metadata,
    Column("deletion", String, ForeignKey("deletion.key"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("step", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("detail", Text, nullable=False),
    Column("seal", String, nullable=False),
)
"""What became of it; each seal takes the one before in."""
