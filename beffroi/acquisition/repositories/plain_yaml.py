"""YAML 1.2 by its core schema, as makers' tools read it: `off`, `12:30` and `2024-01-01` are words, not values."""

import re
from typing import Any, ClassVar

import yaml

Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TAG = "tag:yaml.org,2002:"
CORE = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
)


class Loader(Base):  # type: ignore[misc]
    """Aliases are refused: a few lines of them would stand for gigabytes."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias, which is not taken")
        return super().compose_node(parent, index)


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
        return yaml.load(text, Loader)  # a safe loader, whatever it is called
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
