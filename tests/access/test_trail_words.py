"""Nobody reads a raw word in the trail: the console says each in both languages."""

import re
from pathlib import Path

import pytest

from tests.access.trail_words import Module, modules, words
from tests.conftest import ROOT

SAYINGS = ROOT / "console/src/language"


def said(language: str, section: str) -> set[str]:
    """The keys of a table of the page's words."""
    text = (SAYINGS / language / "audit.ts").read_text(encoding="utf-8")
    held = re.search(rf"^  {section}: {{\n(.*?)^  }},", text, re.DOTALL | re.MULTILINE)
    assert held, section
    return set(re.findall(r"^    '?([\w.-]+)'?:", held[1], re.MULTILINE))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_word_of_the_trail_is_said(language: str) -> None:
    whole, verbs, nouns = (said(language, section) for section in ("deeds", "verbs", "nouns"))
    written = words(modules())
    assert len(written) > 100
    raw = [
        one for one in written if one not in whole and not (one.split(".")[0] in nouns and one.split(".")[1] in verbs)
    ]
    assert sorted(raw) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_whole_saying_is_of_a_word_that_is_never_written(language: str) -> None:
    assert sorted(said(language, "deeds") - words(modules())) == []


def test_a_word_is_found_through_the_functions_that_pass_it_on(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text(
        "def make(tx): _noted(tx, 'make')\n"
        "def end(tx, kind):\n    verb = 'end' if kind else 'stop'\n    _noted(tx, verb=verb)\n"
        "def _noted(tx, verb): audit.record(None, tx, f'thing.{verb}')\n"
    )
    assert words([Module(file)]) == {"thing.make", "thing.end", "thing.stop"}


def test_a_word_that_the_source_does_not_tell_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text("def make(tx, row): audit.record(None, tx, row['action'])\n")
    with pytest.raises(LookupError, match="row"):
        words([Module(file)])
