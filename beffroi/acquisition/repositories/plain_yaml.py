"""YAML 1.2 by its core schema, as makers' tools read it: `off`, `12:30` and `2024-01-01` are words, not values."""

import re
from typing import Any, ClassVar

import yaml

Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TAG = "tag:yaml.org,2002:"
DEEPEST = 64
CORE = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
)


class Loader(Base):  # type: ignore[misc]
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


def _integer(loader: Any, node: Any) -> int:
    return int(node.value, 8 if node.value.startswith("0o") else 16 if node.value.startswith("0x") else 10)


def _number(loader: Any, node: Any) -> float:
    return float(node.value)


for kind, pattern, first in CORE:
    Loader.add_implicit_resolver(TAG + kind, re.compile(f"^(?:{pattern})$"), list(first))
Loader.add_constructor(f"{TAG}int", _integer)
Loader.add_constructor(f"{TAG}float", _number)


def parsed(text: str) -> Any:
    """Raises `ValueError`."""
    try:
        _refuse_traps(text)
        return yaml.load(text, Loader)  # a safe loader, whatever it is called
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _refuse_traps(text: str) -> None:
    """Aliases, a few lines of which would stand for gigabytes, and nesting so deep that the C loader, which goes down
    it by recursion, would take the process with it."""
    depth = 0
    for event in yaml.parse(text, Loader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("an alias, which is not taken")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise yaml.YAMLError(f"nested more than {DEEPEST} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
