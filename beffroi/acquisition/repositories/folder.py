"""Files of a checkout that others wrote: nothing outside it is read, nor anything too long."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from beffroi.acquisition.model_codecs import LONGEST
from beffroi.acquisition.repositories.plain_yaml import parsed
from beffroi.errors import BeffroiError, Text

HEXADECIMAL = re.compile(r'("(?:[^"\\]|\\.)*")|\b0[xX]([0-9a-fA-F]+)\b')
DEEPEST = 64


class Unreadable(BeffroiError):
    """A file that is not there, or is not what it should be."""


class Folder:
    def __init__(self, path: Path) -> None:
        self._root = path.resolve()

    def holds(self, *names: str) -> bool:
        """Whether there is such a folder or file, inside."""
        return self._inside(names) is not None

    def names(self, *names: str) -> list[str]:
        """What a folder holds, in order."""
        place = self._inside(names)
        return sorted(one.name for one in place.iterdir()) if place is not None and place.is_dir() else []

    def text(self, *names: str) -> str:
        """Raises `Unreadable`."""
        place = self._inside(names)
        if place is None or not place.is_file():
            raise Unreadable(Text("ce fichier manque", "this file is missing"))
        try:
            with place.open("rb") as file:
                content = file.read(4 * LONGEST + 1)
            if len(content) > 4 * LONGEST:
                raise Unreadable(Text("ce fichier est trop long", "this file is too long"))
            return content.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Unreadable(Text("n'est pas un texte en UTF-8", "is no text in UTF-8")) from error

    def toml(self, *names: str) -> dict[str, Any]:
        return _object(_read(tomllib.loads, self.text(*names)))

    def yaml(self, *names: str) -> dict[str, Any]:
        return _object(_read(parsed, self.text(*names)))

    def json(self, *names: str) -> Any:
        """With numbers in hexadecimal too, as ChirpStack's own tests write ports."""
        plain = HEXADECIMAL.sub(lambda found: found[1] or str(int(found[2], 16)), self.text(*names))
        return _read(json.loads, plain)

    def _inside(self, names: tuple[str, ...]) -> Path | None:
        """The place itself, links followed, if it is below the root."""
        if any("\0" in name or "\\" in name for name in names):
            return None
        try:
            place = self._root.joinpath(*names).resolve(strict=True)
        except (OSError, RuntimeError):
            return None
        return place if place == self._root or self._root in place.parents else None


def _read(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except (ValueError, RecursionError) as error:
        why = str(error).replace("\n", " ")[:200]
        raise Unreadable(Text(f"ne se lit pas : {why}", f"cannot be read: {why}")) from error


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(Text("ne dit rien", "says nothing"))
    return value
