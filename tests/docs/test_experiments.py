"""The pages on experiments say what the code does."""

import re

import msgspec

from beffroi.pooling.experiments import ExperimentChange
from beffroi.pooling.trying import document
from beffroi.pooling.trying.differences import DRAWN, EXACT, LEAST_UNITS
from beffroi.pooling.trying.gathering import LEAST_DAYS, MOST_TRUSTED
from beffroi.pooling.trying.saved import CONVERSIONS
from tests.docs.pages import ROOT, blocks, text_of

REFERENCE = ROOT / "docs/reference/experiments.md"
HOW_TO = ROOT / "docs/how-to/try-before-spreading.md"


def test_the_experiment_shown_may_be_registered() -> None:
    (shown,) = blocks(HOW_TO, "json")
    change = msgspec.json.decode(shown, type=ExperimentChange)
    assert list(document.faults(change.document)) == []
    assert len(change.document.cohort) >= LEAST_UNITS


def test_every_unit_that_adds_up_is_documented() -> None:
    text = text_of(REFERENCE).split("## Savings")[1].split("## By the API")[0]
    for one in CONVERSIONS:
        line = next(line for line in text.splitlines() if line.endswith(f"| {one.kind} |"))
        assert re.search(rf"[ ,]{re.escape(one.unit)}[, ;|]", line), one


def test_the_limits_told_are_those_of_the_code() -> None:
    text = text_of(REFERENCE)
    for told in (f"{EXACT:,}", f"{DRAWN:,}", f"{LEAST_DAYS} days", f"{MOST_TRUSTED // 10**6} million"):
        assert told in text, told
    assert LEAST_UNITS == 4
    assert "fewer than four units" in text
