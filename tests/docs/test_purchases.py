"""The pages on buying together say what the code does."""

import re
from typing import get_args

from beffroi.pooling.buying.batteries import CHANGED, EMPTY, LEAST_DROP, LEAST_WEEKS
from beffroi.pooling.buying.judging import Aspect
from beffroi.pooling.buying.seen import ENOUGH, ENOUGH_FRAMES
from beffroi.pooling.compared import CHOICES, FactName
from beffroi.pooling.deliveries import COLUMNS, NEEDED
from beffroi.pooling.failures import ENOUGH as ENOUGH_FAILING
from beffroi.pooling.failures import LOOKED_AT, PRESUMED, Cause, Outcome
from beffroi.pooling.maintenance import SOON
from beffroi.registry import sheets
from beffroi.registry.folding import fold
from tests.docs.pages import ROOT, blocks, text_of

REFERENCE = ROOT / "docs/reference/purchases.md"
HOW_TO = ROOT / "docs/how-to/buy-together.md"


def test_every_fact_and_word_is_documented() -> None:
    told = set(re.findall(r"`([A-Za-z-]+)`", text_of(REFERENCE)))
    assert {
        *get_args(FactName),
        *(word for words in CHOICES.values() for word in words),
        *get_args(Aspect),
        *get_args(Cause),
        *get_args(Outcome),
    } <= told


def test_the_limits_told_are_those_of_the_code() -> None:
    text = text_of(REFERENCE).replace("\n", " ")
    assert (ENOUGH, LEAST_WEEKS, LEAST_DROP) == (5, 12, 3)
    assert (ENOUGH_FAILING, LOOKED_AT.days, PRESUMED.days) == (5, 7, 30)
    for said in (f"once {ENOUGH_FRAMES} were", f"rise of {CHANGED:.0f} points", f"reaches to {EMPTY:.0f} %"):
        assert said in text, said
    assert f"at {EMPTY + SOON:.0f} % or under" in text


def test_the_list_shown_names_columns_that_are_read() -> None:
    (shown,) = blocks(HOW_TO, "csv")
    lines = "\n".join(line.strip() for line in shown.splitlines())
    header = sheets.read(lines.encode(), sheets.CSV).header
    known = {field for field, names in COLUMNS.items() for title in header if fold(title) in names}
    assert len(known) == len(header)
    assert known >= set(NEEDED)
