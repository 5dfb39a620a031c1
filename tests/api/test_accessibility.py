"""The structure's facts in the accessibility statement, told to anybody."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Territory, a_territory

TODAY = datetime.now(UTC).date()
YEARS_AGO = TODAY - timedelta(days=1200)


def test_without_an_audit_nothing_is_claimed(territory: Territory) -> None:
    for who in ("stranger", "roche reader", "roche", "syndicate"):
        told = territory.as_(who).get("/accessibility").json()
        assert told == {"structure": "Syndicat d'essai", "level": "none"}


@pytest.mark.parametrize(
    ("rate", "audited", "level"),
    [
        (100, TODAY, "full"),
        (82.5, TODAY, "partial"),
        (50, TODAY, "partial"),
        (49.9, TODAY, "none"),
        (100, None, "none"),
        (100, YEARS_AGO, "none"),
        (None, TODAY, "none"),
    ],
)
def test_the_level_is_what_a_valid_audit_found(tmp_path: Path, rate: Any, audited: Any, level: str) -> None:
    facts = {"contact": "acces@exemple.fr", "plan_url": "https://exemple.fr/schema", "auditor": "Cabinet"}
    given = {f"accessibility_{name}": value for name, value in {**facts, "rate": rate, "audited": audited}.items()}
    with a_territory(tmp_path, **given) as territory:
        told = territory.as_("stranger").get("/accessibility").json()
    assert (told["level"], told["contact"], told["plan_url"]) == (level, facts["contact"], facts["plan_url"])
    valid = rate is not None and audited == TODAY
    assert ("rate" in told, "audited" in told, "auditor" in told) == (valid, valid, valid)
