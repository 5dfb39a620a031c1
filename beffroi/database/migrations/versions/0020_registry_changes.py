"""The registry tells what changed, and when devices are overdue is kept: what is counted over all of them follows."""

import statistics

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0020"
down_revision = "0019"

PLACES = 4096
THINGS = {"site": "id", "asset": "id", "device": "id", "series": "id", "tenure": "series"}
"""Tables, and their column that tells what changed."""
NOUNS = {"tenure": "series"}
RAISED = "UPDATE registry_revision SET number = number + 1"
ROWS = 10_000
"""of health, at once"""


def upgrade() -> None:
    made = op.create_table(
        "registry_change",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("things", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_registry_change")),
    )
    op.bulk_insert(made, [{"place": place, "number": -1, "noun": "", "things": None} for place in range(PLACES)])
    if op.get_bind().dialect.name == "postgresql":
        _told_by_statement()
    else:
        _told_by_row()
    _due()


def _told_by_row() -> None:
    for table, column in THINGS.items():
        for deed, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            name, noun = f"{table}_{deed.lower()}s", NOUNS.get(table, table)
            told = (
                f"UPDATE registry_change SET number = (SELECT number FROM registry_revision), noun = '{noun}', "
                f"things = {row}.{column} WHERE place = (SELECT number % {PLACES} FROM registry_revision)"
            )
            op.execute(f"DROP TRIGGER {name}")
            op.execute(f"CREATE TRIGGER {name} AFTER {deed} ON {table} BEGIN {RAISED}; {told}; END")


def _told_by_statement() -> None:
    op.execute("DROP FUNCTION registry_changes() CASCADE")
    _function("registry_emptied", "''", "NULL")
    nothing = "IF NOT EXISTS (SELECT FROM changed) THEN RETURN NULL; END IF; "
    for table, column in THINGS.items():
        noun, name = NOUNS.get(table, table), f"{table}_changes"
        few = f"CASE WHEN count(*) <= {PLACES} THEN string_agg({column}::text, ',') END"
        _function(name, f"'{noun}'", f"(SELECT {few} FROM changed)", before=nothing)
        for deed, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER {table}_{deed.lower()}s AFTER {deed} ON {table} "
                f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )
        op.execute(
            f"CREATE TRIGGER {table}_emptied AFTER TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION registry_emptied()"
        )


def _function(name: str, noun: str, things: str, *, before: str = "") -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE now bigint; BEGIN {before}"
        f"{RAISED} RETURNING number INTO now; UPDATE registry_change SET number = now, noun = {noun}, "
        f"things = {things} WHERE place = now % {PLACES}; RETURN NULL; END $$"
    )


def _due() -> None:
    op.add_column("device_health", sa.Column("due", sa.Float(), nullable=True))
    health = sa.table(
        "device_health",
        sa.column("device", sa.BigInteger()),
        sa.column("last_heard", Utc()),
        sa.column("intervals", sa.JSON()),
        sa.column("due", sa.Float()),
    )
    connection, after = op.get_bind(), -1
    kept = sa.update(health).where(health.c.device == sa.bindparam("own")).values(due=sa.bindparam("learned"))
    while True:
        asked = sa.select(health.c.device, health.c.last_heard, health.c.intervals).where(health.c.device > after)
        rows = connection.execute(asked.order_by(health.c.device).limit(ROWS)).all()
        if not rows:
            return
        after = rows[-1].device
        learned = [
            {"own": device, "learned": last_heard.timestamp() + _patience(intervals)}
            for device, last_heard, intervals in rows
            if len(intervals) >= 3
        ]
        if learned:
            connection.execute(kept, learned)


def _patience(intervals: list[float]) -> float:
    longest = sorted(intervals)[int(len(intervals) * 0.9)]
    return max(3 * statistics.median(intervals), 1.5 * longest)


def downgrade() -> None:
    with op.batch_alter_table("device_health", schema=None) as batch_op:
        batch_op.drop_column("due")
    if op.get_bind().dialect.name == "postgresql":
        for table in THINGS:
            op.execute(f"DROP FUNCTION {table}_changes() CASCADE")
        op.execute("DROP FUNCTION registry_emptied() CASCADE")
        op.execute(
            "CREATE OR REPLACE FUNCTION registry_changes() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {RAISED}; RETURN NULL; END $$"
        )
        for table in THINGS:
            op.execute(
                f"CREATE TRIGGER {table}_changes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION registry_changes()"
            )
    else:
        for table in THINGS:
            for deed in ("INSERT", "UPDATE", "DELETE"):
                op.execute(f"DROP TRIGGER {table}_{deed.lower()}s")
                op.execute(f"CREATE TRIGGER {table}_{deed.lower()}s AFTER {deed} ON {table} BEGIN {RAISED}; END")
    op.drop_table("registry_change")
