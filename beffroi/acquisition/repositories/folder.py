"""Files of a checkout that others wrote: nothing outside it is read, nor anything too long."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from beffroi.acquisition.repositories.plain_yaml import parsed
from beffroi.errors import Invalid, Text

LONGEST = 4 * 2**20
"""bytes of a file"""
REMARK = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*')
"""or a text, which may hold `//`"""
T = TypeVar("T")


class Folder:
    """Every reading raises `Invalid` with the file's place, from the checkout's root, as its field."""

    def __init__(self, root: Path, *inside: str) -> None:
        self._root, self._inside = root.resolve(), inside

    def within(self, name: str) -> "Folder":
        return Folder(self._root, *self._inside, name)

    def place(self, name: str) -> str:
        return "/".join((*self._inside, name))

    def holds(self, name: str) -> bool:
        return self._found(name) is not None

    def names(self, ending: str = "") -> list[str]:
        """What it holds, in order."""
        place = self._found("")
        listed = place.iterdir() if place is not None and place.is_dir() else ()
        return sorted(one.name for one in listed if one.name.endswith(ending))

    def text(self, name: str) -> str:
        place = self._found(name)
        if place is None or not place.is_file():
            raise self._refused(name, Text("ce fichier manque", "this file is missing"))
        try:
            with place.open("rb") as file:
                content = file.read(LONGEST + 1)
            if len(content) > LONGEST:
                raise self._refused(name, Text("ce fichier est trop long", "this file is too long"))
            return content.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise self._refused(name, Text("n'est pas un texte en UTF-8", "is no text in UTF-8")) from error

    def toml(self, name: str, type_: type[T]) -> T:
        return self._read(name, tomllib.loads, type_)

    def yaml(self, name: str, type_: type[T]) -> T:
        return self._read(name, parsed, type_)

    def json(self, name: str, type_: type[T]) -> T:
        return self._read(name, _lenient, type_)

    def _read(self, name: str, parse: Callable[[str], Any], type_: type[T]) -> T:
        text = self.text(name)
        try:
            return msgspec.convert(parse(text), type_, strict=False)
        except (ValueError, RecursionError) as error:  # msgspec's are ValueErrors too
            why = str(error).replace("\n", " ")[:200]
            raise self._refused(name, Text(f"ne se lit pas : {why}", f"cannot be read: {why}")) from error

    def _refused(self, name: str, text: Text) -> Invalid:
        return Invalid(self.place(name), text)

    def _found(self, name: str) -> Path | None:
        """The place itself, links followed, if it is inside the checkout."""
        try:
            place = self._root.joinpath(*self._inside, name).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return None
        return place if place == self._root or self._root in place.parents else None


def _lenient(text: str) -> Any:
    """JSON, or what makers write for it: numbers in hexadecimal and a comma too many, which YAML takes, and remarks."""
    try:
        return json.loads(text)
    except ValueError:
        return parsed(REMARK.sub(lambda found: found[1] or "", text).replace("\t", " "))
