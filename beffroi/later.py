"""Libraries that few instances need, or seldom, and that take a tenth of a start each: loaded when they are first
used."""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module, of which type checkers are told the plain import."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)
