"""What the pages show: their fenced blocks, the commands in them, the addresses these ask."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = (
    *(ROOT / name for name in ("README.md", "README.fr.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
SEPARATORS = "|;&\n"


@dataclass(frozen=True)
class Shown:
    """A command as a page shows it. `whole`: meant to be typed; what prose names may lack its arguments."""

    page: str
    words: tuple[str, ...]
    whole: bool

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)[:70]}"


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    return [content for word, content in FENCED.findall(text_of(page)) if word == language]


def prose(page: Path) -> str:
    return FENCED.sub("", text_of(page))


def shown() -> Iterator[Shown]:
    """Every command of every page, typed or named."""
    for page in PAGES:
        for block in blocks(page, "sh"):
            yield from (Shown(name_of(page), words, True) for words in _commands(block))
        for code in INLINE.findall(prose(page)):
            if code.startswith(("beffroi ", "make ")) and code.isascii():
                yield Shown(name_of(page), tuple(shlex.split(code)), False)


def programs(name: str) -> list[Shown]:
    """Commands of the program `name`, wherever it is installed; the first word is what follows the name."""
    found = []
    for one in shown():
        for position, word in enumerate(one.words):
            if word.rpartition("/")[2] == name and not one.words[0].startswith(("alias", "git", "useradd")):
                found.append(Shown(one.page, one.words[position + 1 :], one.whole))
                break
    return found


def _commands(block: str) -> Iterator[tuple[str, ...]]:
    """The simple commands of a shell script; `NAME=$(command)` is the command. What a heredoc holds is left out."""
    script = re.sub(r"<<'?(\w+)'?\n.*?^\1$", "", block, flags=re.MULTILINE | re.DOTALL).replace("\\\n", " ")
    lexer = shlex.shlex(script, posix=True, punctuation_chars=SEPARATORS)
    lexer.whitespace, lexer.whitespace_split = " \t", True
    words: list[str] = []
    for token in [*lexer, "\n"]:
        if set(token) <= set(SEPARATORS):
            if words and words[0] != "sudo":
                yield tuple(words)
            elif words:
                yield tuple(words[3:] if words[1] == "-u" else words[1:])
            words = []
        elif assigned := re.match(r"[A-Z]\w*=\$\((.*)", token):
            words.append(assigned[1])
        else:
            words.append(token.removesuffix(")") if words and "(" not in token else token)
