"""What each connector's page says of connecting: where to paste what, in the network's own console."""

from functools import cache
from importlib import resources

from beffroi.acquisition.connectors import FOLDERS
from beffroi.errors import Text


@cache
def guide(kind: str) -> Text:
    """The first part of the connector's README, its title left out: paragraphs of Markdown."""
    return Text(_first_part(kind, "README.fr.md"), _first_part(kind, "README.md"))


def _first_part(kind: str, page: str) -> str:
    _, part, *_ = resources.files(FOLDERS[kind]).joinpath(page).read_text(encoding="utf-8").split("\n## ")
    return part.partition("\n")[2].strip()
