"""How the commands speak: French or English by the machine's locale, long work with a bar."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from beffroi.errors import Language, Text

console = Console(highlight=False, soft_wrap=True)
LINE_EVERY = 10.0
"""seconds"""

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


@contextmanager
def steps() -> Iterator[Callable[[Text, float], None]]:
    """A progress bar for each of several steps, told the step and the share of it done; where standard error is no
    terminal, a line now and then, if it lasts."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=notes, disable=not sys.stderr.isatty()) as progress:
        tasks: dict[str, TaskID] = {}
        told = time.monotonic()

        def advance(step: Text, done: float) -> None:
            nonlocal told
            name = step.said(language())
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=1.0)
            progress.update(tasks[name], completed=done)
            if progress.disable and time.monotonic() > told + LINE_EVERY:
                told = time.monotonic()
                left = progress.tasks[tasks[name]].time_remaining
                notes.print(f"{name} {done:.0%}" + ("" if left is None else f", {timedelta(seconds=left)}"))

        yield advance
