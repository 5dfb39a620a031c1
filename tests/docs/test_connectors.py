"""The page on connectors says what the manifests and the types say."""

import re
from typing import get_args

import msgspec

from beffroi.acquisition.connectors import CONNECTORS
from beffroi.acquisition.messages import Hearing, Message, Uplink
from tests.docs.pages import ROOT, text_of

PAGE = text_of(ROOT / "docs/reference/connectors.md")
WORDS = {"recorded": "**recorded**", "documented": "documented", "no": "—"}
OWN = {"payload": "bytes"}
"""fields that are printed under another name"""


def test_the_table_of_networks_is_what_their_manifests_say() -> None:
    rows = []
    for kind, one in CONNECTORS.items():
        quality = " | ".join(WORDS[word] for word in msgspec.to_builtins(one.manifest.quality).values())
        rows.append(f"| `{kind}` | {one.manifest.name.en} | {', '.join(one.manifest.transports)} | {quality} |")
    assert "\n".join(rows) in PAGE


def test_every_kind_of_message_is_documented() -> None:
    kinds = [one.__struct_config__.tag for one in get_args(Message)]
    assert re.findall(r"^\| `([a-z]+)` \| ", PAGE.split("## Fields")[0], re.MULTILINE) == kinds


def test_every_field_of_uplinks_and_gateways_is_documented() -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE))
    for kind in (Uplink, Hearing):
        assert {OWN.get(name, name) for name in kind.__struct_fields__} <= told
