"""ThingPark's XML as what its JSON would be. Document types are refused: they are where entities explode."""

from typing import Any
from xml.parsers import expat

from beffroi.acquisition.fields import Unread
from beffroi.errors import Text

DEEPEST = 30
REFUSED = Text("XML avec un DOCTYPE : refusé", "XML with a DOCTYPE: refused")


class _Tree:
    """Elements as they open and close: with children an object (a list where a name comes again), else their text."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self._open: list[tuple[dict[str, Any], list[str]]] = [(self.root, [])]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > DEEPEST:
            raise Unread(Text("XML trop profond", "XML too deep"))
        self._open.append(({}, []))

    def end(self, name: str) -> None:
        inner, words = self._open.pop()
        value: Any = inner or "".join(words).strip()
        parent, _ = self._open[-1]
        name = name.rpartition(":")[2]
        if name not in parent:
            parent[name] = value
        elif isinstance(parent[name], list):
            parent[name].append(value)
        else:
            parent[name] = [parent[name], value]

    def text(self, words: str) -> None:
        self._open[-1][1].append(words)


def _refuse(*_: Any) -> None:
    raise Unread(REFUSED)


def document(content: bytes) -> dict[str, Any]:
    tree = _Tree()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
    parser.CharacterDataHandler = tree.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unread(Text("ni JSON ni XML", "neither JSON nor XML")) from error
    return tree.root
