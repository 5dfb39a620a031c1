"""How the commands speak: French or English by the machine's locale, long work with a bar."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from beffroi.errors import Language, Text

console = Console(highlight=False, soft_wrap=True)
notes = Console(highlight=False, soft_wrap=True, stderr=True)


def language() -> Language:
    """French for a French locale, English otherwise."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fr" if locale.startswith("fr") else "en"


def say(text: Text) -> None:
    console.print(text.said(language()), markup=False)


def note(text: Text) -> None:
    """Beside the result: on standard error."""
    notes.print(text.said(language()), markup=False)


@contextmanager
def bar(text: Text) -> Iterator[Callable[[float, float], None]]:
    """A progress bar on standard error; what it yields is told how much is done, and of how much."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=notes, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(text.said(language()), total=None)

        def advance(done: float, total: float) -> None:
            progress.update(task, completed=done, total=total)

        yield advance
