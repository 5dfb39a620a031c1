"""The page on codecs says what the code does."""

import json
import re

import msgspec

from beffroi.acquisition.codecs import Limits, cayenne
from beffroi.acquisition.codecs.layouts import Field, Layout, compiled
from tests.docs.pages import ROOT, text_of

PAGE = text_of(ROOT / "docs/reference/codecs.md")
KEYS = re.compile(r"`([a-z]+)`")


def test_every_type_of_cayenne_is_listed_with_its_length() -> None:
    told = re.findall(r"^\| (\d+) \| `([a-z_]+)` \| (\d+) \| ", PAGE, re.MULTILINE)
    assert told == [(str(number), one.name, str(one.length)) for number, one in cayenne.KINDS.items()]


def test_every_key_of_a_layout_and_of_a_field_is_explained() -> None:
    layout, field = PAGE.split("## Layouts")[1].split("A field lies where")
    for table, kind in ((layout, Layout), (field.split("A message that ends")[0], Field)):
        told = {key for row in re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE) for key in KEYS.findall(row)}
        assert told == set(kind.__struct_fields__)


def test_every_limit_is_listed_with_its_default() -> None:
    told = {name: int(value) for name, value in re.findall(r"^\| `([a-z_]+)` \| (\d+)", PAGE, re.MULTILINE)}
    defaults = msgspec.to_builtins(Limits())
    assert told | {"wall_ms": told["wall_ms"] * 1000} == defaults


def test_the_layouts_shown_read_the_messages_shown() -> None:
    level, channels = (compiled(one) for one in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
    messages = re.findall(r"`((?:[0-9A-F]{2} )+[0-9A-F]{2})` (?:is|gives) `(\{[^`]*\})`", PAGE)
    assert len(messages) == 2
    for layout, (message, told) in zip((level, channels), messages, strict=True):
        assert layout.decode(bytes.fromhex(message), 2) == json.loads(told)
