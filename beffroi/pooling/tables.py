"""What pooling keeps: models of cost, usage metered and entered, programmes, computations, consents to be compared,
experiments, purchases, needs, neighbours' catalogues, skills lent.

Nothing here is written over: models, programmes and metered months have revisions, the last of which holds; what is
withdrawn stays, with who withdrew it. Documents are canonical JSON kept as text, so that amounts stay exact.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from beffroi.database import Utc, metadata

Id = BigInteger().with_variant(Integer, "sqlite")


def deed(*names: str, nullable: bool = False) -> list[Column[object]]:
    """When, by whom, and under which name: `made` gives `made_at`, `made_by`, `made_by_name`."""
    return [
        Column(f"{name}_{part}", Utc if part == "at" else String, nullable=nullable)
        for name in names
        for part in ("at", "by", "by_name")
    ]


def whose(name: str) -> Column[str]:
    return Column(name, String, ForeignKey("collectivity.key"), nullable=False, index=True)


def of_service() -> Column[str]:
    return Column("service", String, ForeignKey("service.code"), nullable=False)


cost_model = Table(
    "cost_model",
    metadata,
    Column("id", Id, primary_key=True),
    of_service(),
    Column("year", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("document", Text, nullable=False),
    *deed("made"),
    UniqueConstraint("service", "year", "revision"),
    sqlite_autoincrement=True,
)

usage_month = Table(
    "usage_month",
    metadata,
    Column("id", Id, primary_key=True),
    whose("owner"),
    of_service(),
    Column("month", Date, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("devices", Integer, nullable=False),
    Column("device_days", BigInteger, nullable=False),
    Column("messages", BigInteger, nullable=False),
    Column("observations", BigInteger, nullable=False),
    Column("rows", LargeBinary, nullable=False),
    *deed("counted"),
    UniqueConstraint("owner", "service", "month", "revision"),
    sqlite_autoincrement=True,
)
"""`month`: its first day. `rows`: what the figures are the sums of, as Parquet (see `metering.ROWS`)."""

closed_month = Table(
    "closed_month",
    metadata,
    Column("month", Date, primary_key=True),
    Column("closed_at", Utc, nullable=False),
)
"""Months of which everybody's usage was counted once."""

usage_entry = Table(
    "usage_entry",
    metadata,
    Column("id", Id, primary_key=True),
    whose("member"),
    of_service(),
    Column("month", Date, nullable=False),
    Column("unit", String, nullable=False),
    Column("quantity", String, nullable=False),
    Column("note", String, nullable=False),
    *deed("entered"),
    *deed("withdrawn", nullable=True),
    sqlite_autoincrement=True,
)
"""`quantity`: a decimal, exact."""

programme = Table(
    "programme",
    metadata,
    Column("key", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("document", Text, nullable=False),
    Column("collectivities", JSON, nullable=False),
    Column("example", String),
    *deed("made"),
)
"""`collectivities`: which collectivité each member named in the document is. `example`: said where it is one."""

programme_weighing = Table(
    "programme_weighing",
    metadata,
    Column("programme", String, primary_key=True),
    Column("member", String, ForeignKey("collectivity.key"), primary_key=True, index=True),
    Column("revision", Integer, primary_key=True),
    Column("weights", JSON(none_as_null=True)),
    *deed("made"),
)
"""`programme`: its key, whatever its revision. `weights`: by criterion; none once the member took them back."""

computation = Table(
    "computation",
    metadata,
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("request", Text, nullable=False),
    Column("given", Text, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("result", Text),
    Column("fault", JSON(none_as_null=True)),
    *deed("asked"),
    Column("began_at", Utc),
    Column("ended_at", Utc),
)
"""`given`: all that the process that computes is told."""

comparison = Table(
    "comparison",
    metadata,
    Column("id", Id, primary_key=True),
    whose("member"),
    *deed("agreed"),
    *deed("ended", nullable=True),
    sqlite_autoincrement=True,
)

experiment = Table(
    "experiment",
    metadata,
    Column("key", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    of_service(),
    Column("name", String, nullable=False),
    Column("document", Text, nullable=False),
    Column("units", Text, nullable=False),
    Column("members", JSON, nullable=False),
    *deed("made"),
)
"""`units`: each with its name and owner, as they were when the revision was made; `members`: these owners."""

experiment_decision = Table(
    "experiment_decision",
    metadata,
    Column("id", Id, primary_key=True),
    Column("experiment", String, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("decision", String, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("computation", String, ForeignKey("computation.key"), nullable=False),
    Column("figures", Text, nullable=False),
    *deed("decided"),
    sqlite_autoincrement=True,
)
"""`figures`: those it was based on, as they were then."""

saving = Table(
    "saving",
    metadata,
    Column("key", String, primary_key=True),
    whose("member"),
    of_service(),
    Column("year", Integer, nullable=False, index=True),
    Column("experiment", String, nullable=False, index=True),
    Column("computation", String, ForeignKey("computation.key"), nullable=False),
    Column("kind", String, nullable=False),
    Column("quantity", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("units", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("proven", Boolean, nullable=False),
    Column("price", String),
    Column("action", String, nullable=False),
    Column("programme", String),
    *deed("measured"),
    *deed("withdrawn", nullable=True),
)
"""`price`: euros for one of `kind`, a decimal, exact. `programme`: the one that `action` is of."""

model_facts = Table(
    "model_facts",
    metadata,
    Column("model", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("facts", Text, nullable=False),
    *deed("made"),
)
"""What is known of a model for buying it, each fact with its source. No foreign key: the catalogue may let it go."""

purchase = Table(
    "purchase",
    metadata,
    Column("key", String, primary_key=True),
    of_service(),
    Column("name", String, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("document", Text, nullable=False),
    *deed("made"),
    *deed("ordered", nullable=True),
    Column("allotment", Text),
    Column("award", Text),
)
"""`closes_on`: the last day of the territory's on which needs are taken. `allotment`: as it was ordered; `award`: the
analysis of offers and its decision, where it was by criteria."""

purchase_need = Table(
    "purchase_need",
    metadata,
    Column("id", Id, primary_key=True),
    Column("purchase", String, ForeignKey("purchase.key"), nullable=False, index=True),
    whose("member"),
    Column("lot", String, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("note", String, nullable=False),
    *deed("told"),
    sqlite_autoincrement=True,
)
"""The last one of a member and lot holds."""

purchase_offer = Table(
    "purchase_offer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("purchase", String, ForeignKey("purchase.key"), nullable=False, index=True),
    Column("supplier", String, nullable=False),
    Column("document", Text, nullable=False),
    Column("discounts", Text),
    *deed("told"),
    sqlite_autoincrement=True,
)
"""The last one of a supplier holds; one without lots withdraws it."""

purchase_mark = Table(
    "purchase_mark",
    metadata,
    Column("id", Id, primary_key=True),
    Column("purchase", String, ForeignKey("purchase.key"), nullable=False, index=True),
    Column("lot", String, nullable=False),
    Column("supplier", String, nullable=False),
    Column("criterion", String, nullable=False),
    Column("mark", String, nullable=False),
    Column("because", Text, nullable=False),
    *deed("told"),
    sqlite_autoincrement=True,
)
"""The last one of a lot, supplier and criterion holds. `mark`: exact, out of 10."""

device_failure = Table(
    "device_failure",
    metadata,
    Column("id", Id, primary_key=True),
    Column("device", Id, nullable=False, index=True),
    whose("member"),
    of_service(),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("model", String),
    Column("seen_since", Date),
    Column("failed_on", Date, nullable=False),
    Column("cause", String, nullable=False),
    Column("ended_on", Date),
    Column("outcome", String),
    Column("part", String, nullable=False),
    Column("note", Text, nullable=False),
    *deed("recorded"),
    *deed("withdrawn", nullable=True),
    sqlite_autoincrement=True,
)
"""`device`: no foreign key, it may be gone; `code`, `name`, `model`: as they were. `seen_since`: first heard."""

delivered_device = Table(
    "delivered_device",
    metadata,
    Column("purchase", String, ForeignKey("purchase.key"), primary_key=True),
    Column("code", String, primary_key=True),
    whose("member"),
    Column("lot", String, nullable=False),
    Column("supplier", String, nullable=False),
    Column("serial", String, nullable=False),
    Column("device", Id, nullable=False, index=True),
    Column("delivered_on", Date, nullable=False),
    Column("warranty_until", Date),
    *deed("taken"),
)
"""`code`: as the network calls it, a DevEUI. `device`: in the registry; no foreign key, it may be gone."""
need = Table(
    "need",
    metadata,
    Column("id", Id, primary_key=True),
    whose("member"),
    of_service(),
    Column("tender", String, nullable=False),
    Column("document", Text, nullable=False),
    Column("note", String, nullable=False),
    Column("example", Boolean, nullable=False),
    *deed("declared"),
    *deed("withdrawn", nullable=True),
    sqlite_autoincrement=True,
)
"""`tender`: the purchase it is for, empty for the service itself."""

catalogue_entry = Table(
    "catalogue_entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("provider", String, nullable=False),
    of_service(),
    Column("name", String, nullable=False),
    Column("area", JSON, nullable=False),
    Column("since", Date),
    Column("price", String, nullable=False),
    Column("source", String, nullable=False),
    Column("example", Boolean, nullable=False),
    *deed("entered"),
    *deed("withdrawn", nullable=True),
    sqlite_autoincrement=True,
)
"""`area`: keys of the referential."""

skill_offer = Table(
    "skill_offer",
    metadata,
    Column("id", Id, primary_key=True),
    whose("lender"),
    of_service(),
    Column("skill", String, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("hours", String, nullable=False),
    Column("cost", String, nullable=False),
    Column("note", String, nullable=False),
    Column("example", Boolean, nullable=False),
    *deed("offered"),
    *deed("withdrawn", nullable=True),
    sqlite_autoincrement=True,
)
"""`first`, `last`: the first days of months; `hours`: of each; `cost`: of one. Decimals, exact."""

skill_booking = Table(
    "skill_booking",
    metadata,
    Column("id", Id, primary_key=True),
    Column("offer", Id, ForeignKey("skill_offer.id"), nullable=False, index=True),
    whose("borrower"),
    Column("month", Date, nullable=False),
    Column("hours", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("state", String, nullable=False),
    *deed("asked"),
    *deed("answered", nullable=True),
    sqlite_autoincrement=True,
)

skill_time = Table(
    "skill_time",
    metadata,
    Column("id", Id, primary_key=True),
    Column("booking", Id, ForeignKey("skill_booking.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("hours", String, nullable=False),
    Column("note", String, nullable=False),
    Column("usage", Id, ForeignKey("usage_entry.id")),
    *deed("entered"),
    *deed("confirmed", nullable=True),
    UniqueConstraint("booking", "revision"),
    sqlite_autoincrement=True,
)
"""`usage`: the quantity entered for the borrower once it was confirmed."""
