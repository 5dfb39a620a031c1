"""The page on pooling says what the code does."""

import json
import re
from typing import get_args

from beffroi.pooling import game_file, nucleolus, services
from beffroi.pooling.answers import Held, shared
from beffroi.pooling.investments import Investment
from beffroi.pooling.key_file import key_of
from beffroi.pooling.keys import proportions
from beffroi.pooling.methods import METHODS
from beffroi.pooling.tariffs import Tariff
from tests.docs.pages import ROOT, blocks, text_of

FILE = ROOT / "docs/reference/pooling.md"
GAME, SHARED, MODEL, KEY = blocks(FILE, "json")


def test_every_method_is_documented() -> None:
    assert re.findall(r"^\| `([a-z-]+)` \|", text_of(FILE).split("## Methods")[1].split("##")[0], re.MULTILINE) == list(
        METHODS
    )


def test_the_game_shown_is_shared_as_shown() -> None:
    game = game_file.read(GAME)
    found = shared(game, "nucleolus", nucleolus.nucleolus(game))
    assert json.loads(SHARED)["allocation"] == found.allocation
    assert (found.core.inside, found.core.excess) == (True, json.loads(SHARED)["core"]["excess"])


def test_the_model_shown_has_every_kind_of_tariff() -> None:
    service = services.read(MODEL.encode())
    kinds = {one.__struct_config__.tag for one in (*get_args(Tariff), Investment)}
    assert {one.__struct_config__.tag for one in service.costs} == kinds
    assert set(re.findall(r"^\| `([a-z-]+)` \| ", text_of(FILE).split("## A model")[1], re.MULTILINE)) >= kinds


def test_the_key_shown_is_read() -> None:
    key = key_of("key.json", lambda path: KEY.encode())
    assert (len(key.parts), key.cap) == (2, 30)
    assert len(proportions(key, [*services.read(MODEL.encode()).members] * 4)) == 8


def test_every_field_that_nearest_prints_is_documented() -> None:
    told = set(re.findall(r"`([a-z_]+)`", text_of(FILE).split("## Nearest")[1]))
    assert set(Held.__struct_fields__) <= told
