"""The page on groups says what the code does."""

import json
import re

import jsonschema

from beffroi.pooling.groups import question
from beffroi.pooling.groups.proposal import (
    CriticalMass,
    GroupSize,
    GroupStart,
    Joining,
    LeftAlone,
    Proposed,
    ProposedGroup,
)
from beffroi.pooling.groups.proposing import proposed
from tests.docs.pages import ROOT, blocks, text_of

FILE = ROOT / "docs/reference/groups.md"
SCHEMA = json.loads((ROOT / "docs/reference/groups.schema.json").read_text(encoding="utf-8"))
PRINTED = (CriticalMass, GroupSize, GroupStart, Joining, LeftAlone, Proposed, ProposedGroup)
PLAIN = {"name", "member", "day"}


def test_the_question_shown_is_answered() -> None:
    (shown,) = blocks(FILE, "json")
    jsonschema.validate(json.loads(shown), SCHEMA)
    assert proposed(question.read(shown.encode())).method == "exact"


def test_every_field_that_is_printed_is_documented() -> None:
    told = set(re.findall(r"`([a-z_]+)`", text_of(FILE).split("## What is printed")[1]))
    assert {name for kind in PRINTED for name in kind.__struct_fields__} - PLAIN - told == set()


def test_the_example_is_what_the_schema_asks_and_says_that_it_is_one() -> None:
    example = (ROOT / "examples/groups/vendee.json").read_bytes()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(example), SCHEMA)
    assert question.read(example).name.startswith("Exemple")
