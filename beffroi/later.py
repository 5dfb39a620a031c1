"""Libraries that are seldom needed are loaded when they first are: each takes a tenth of a start."""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module, of which type checkers are told the plain import."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)
