"""The page on programmes says what the code does."""

import json
import re
from typing import get_args

import jsonschema
import msgspec
import pytest

from beffroi.pooling.programme import file, model
from beffroi.pooling.programme.accounts import Account, Contract, Quarter, Skill, Sums, Year
from beffroi.pooling.programme.plan import Omitted, Paid, Plan, Planned
from beffroi.pooling.programme.ranked import Opinion, Rank, Ranking, Weight
from tests.docs.pages import ROOT, text_of

PAGE = text_of(ROOT / "docs/reference/programme.md")
READ, PRINTED = PAGE.split("## The plan")
OWN = {"note", "since"}
"""said once for all, or written under another name"""
PLAIN = {
    *("programme", "action", "discount_rate", "score_weight", "quarters", "valued_quarters", "start", "seconds"),
    *("offered_by", "kind", "service", "why", "choices", "contract", "member", "ends", "skill", "year", "quarter"),
    *("criterion", "weights", "members", "voices", "order", "place", "weight"),
}
"""printed as they are read, or as any reader would expect them"""


def names(text: str) -> set[str]:
    return set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", text))))


@pytest.mark.parametrize(
    "kind",
    [
        *(model.Programme, model.Criterion, model.Member, model.Silo, model.Exit, model.Action, model.Subsidy),
        *(model.Obligation, model.SetUp, model.Synergy, model.Precedence, model.Alternatives, model.Budget),
        *(model.Staff, model.Choice),
    ],
)
def test_every_field_of_the_file_is_documented(kind: type[msgspec.Struct]) -> None:
    assert set(kind.__struct_fields__) - OWN <= names(READ)


@pytest.mark.parametrize(
    "kind",
    [Plan, Planned, Omitted, Paid, Account, Contract, Quarter, Skill, Sums, Year, Ranking, Rank, Weight, Opinion],
)
def test_every_field_that_is_printed_is_documented(kind: type[msgspec.Struct]) -> None:
    assert set(kind.__struct_fields__) - PLAIN <= names(PRINTED)


def test_every_shape_of_preference_is_documented() -> None:
    table = READ.split("| `preference` | is |")[1].split("###")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) == list(get_args(model.Shape))


def test_the_example_is_what_the_schema_asks() -> None:
    schema = json.loads((ROOT / "docs/reference/programme.schema.json").read_text(encoding="utf-8"))
    example = (ROOT / "examples/programmes/vendee.json").read_bytes()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(example), schema)
    assert file.read(example).note.startswith("Exemple")
