"""The one-time token by which an operator says who operates an instance that nobody does yet."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, select

from beffroi.access.credentials import digest, new_token
from beffroi.access.tables import setup_link
from beffroi.database import Transaction
from beffroi.errors import Forbidden, Text

LIFE = timedelta(hours=24)
"""another is made at each start"""


def make_link(tx: Transaction, now: datetime) -> str:
    """A token in place of any before; kept hashed."""
    token = new_token()
    tx.execute(delete(setup_link))
    tx.execute(insert(setup_link).values(id=1, token_hash=digest(token), expires=now + LIFE))
    return token


def check(tx: Transaction, token: str, now: datetime) -> datetime:
    """When the token expires; `Forbidden` for one that opens nothing."""
    expires: datetime | None = tx.execute(select(setup_link.c.expires).where(_opens(token, now))).scalar_one_or_none()
    if expires is None:
        raise refused()
    return expires


def spend(tx: Transaction, token: str, now: datetime) -> bool:
    """Whether the token opened: it opens nothing from then on. Of two who spend it at once, one does."""
    return tx.execute(delete(setup_link).where(_opens(token, now))).rowcount > 0


def close(tx: Transaction) -> None:
    """No token opens anything: the instance has its structure."""
    tx.execute(delete(setup_link))


def refused() -> Forbidden:
    """The same whatever is wrong: absent, cut, expired, replaced."""
    return Forbidden(
        Text(
            "Adresse de mise en route incomplète, expirée ou remplacée. Reprenez en entier la dernière que "
            "«\u00a0beffroi serve\u00a0» a affichée ; s'il n'y en a plus, relancez-le.",
            "This address of the first run is incomplete, expired or replaced. Take, whole, the last one that "
            "`beffroi serve` printed; if there is none left, start it again.",
        )
    )


def _opens(token: str, now: datetime) -> ColumnElement[bool]:
    return and_(setup_link.c.token_hash == digest(token), setup_link.c.expires > now)
