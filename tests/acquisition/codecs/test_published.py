"""Every example that makers publish, in folders brought for the purpose (`make soak`): none of them is in the project.

`BEFFROI_CODECS` names checkouts, parted by colons, of `vendor/<name>/<codec>.yaml` with its examples (The Things
Network's form) or of `vendors/<name>/codecs/test_*.json` (ChirpStack's). Each answer must be Node's.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from beffroi.acquisition.codecs import Call, CodecRef, Codecs
from beffroi.acquisition.codecs.files import codec_at

NODE = Path(__file__).parent / "node.js"
RANDOM = 10
"""answers that may differ, for scripts that draw numbers or read the clock"""


def routines_of(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    names = {"uplinkDecoder": "decodeUplink", "downlinkEncoder": "encodeDownlink", "downlinkDecoder": "decodeDownlink"}
    for key, routine in names.items():
        part = described.get(key) or {}
        for example in part.get("examples") or [] if "fileName" in part else []:
            yield part["fileName"], routine, example


def read(path: Path) -> Any:
    """YAML, and the JSON that some write by hand with commas too many; none when it is neither."""
    yaml = pytest.importorskip("yaml")
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8").replace("\t", " "))
    except (yaml.YAMLError, UnicodeDecodeError):
        return None


def of_the_things_network(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("vendor/*/*.yaml")):
        described = read(path)
        for script, routine, example in routines_of(described) if isinstance(described, dict) else ():
            given = json.loads(json.dumps(example["input"], default=str))
            yield {"codec": str(path.parent / script), "routine": routine, "input": given}


def of_chirpstack(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("vendors/*/codecs/test_*.json")):
        for start, routine in (("test_decode_", "decodeUplink"), ("test_encode_", "encodeDownlink")):
            if path.name.startswith(start):
                script = path.with_name(path.name.removeprefix(start)).with_suffix(".js")
                for example in read(path) or ():
                    yield {"codec": str(script), "routine": routine, "input": example["input"]}


@pytest.fixture(scope="module")
def examples(soak: bool) -> list[dict[str, Any]]:
    folders = [Path(one) for one in os.environ.get("BEFFROI_CODECS", "").split(":") if one]
    if not soak or not folders:
        pytest.skip("make soak, with BEFFROI_CODECS")
    found = [one for folder in folders for of in (of_the_things_network, of_chirpstack) for one in of(folder)]
    return [one for one in found if Path(one["codec"]).is_file()]


@pytest.mark.timeout(900)
def test_every_published_example_gives_what_node_gives(examples: list[dict[str, Any]]) -> None:
    node = shutil.which("node") or pytest.skip("no Node to compare with")
    lines = "".join(json.dumps(one) + "\n" for one in examples)
    peer = subprocess.run([node, str(NODE)], input=lines, capture_output=True, text=True, check=True)
    theirs = [json.loads(line) for line in peer.stdout.splitlines()]
    differing = [
        (example, mine, told)
        for example, mine, told in zip(examples, answers_of(examples), theirs, strict=True)
        if mine != told and not ("error" in mine and "error" in told)
    ]
    assert len(examples) > 100
    assert len(differing) <= RANDOM, differing[:3]


def answers_of(examples: list[dict[str, Any]]) -> list[Any]:
    known: dict[str, CodecRef] = {path: codec_at(path, path) for path in {one["codec"] for one in examples}}
    calls = [Call(known[one["codec"]], one["routine"], json.dumps(one["input"]).encode()) for one in examples]
    with Codecs() as codecs:
        return [json.loads(bytes(one.result or b'{"error": ""}')) for one in codecs.run(calls)]
