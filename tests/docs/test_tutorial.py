"""The tutorial works as it is written: its file, its mapping, what is printed."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.docs.pages import ROOT, text_of

TUTORIAL = text_of(ROOT / "docs/tutorial.md")
TOWN = "commune-85191"


def test_the_file_of_the_tutorial_is_read_as_it_says(tmp_path: Path) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(1)
    (tmp_path / "school.csv").write_text(_made("school.csv").replace("$yesterday", str(yesterday)), encoding="utf-8")
    (tmp_path / "school.toml").write_text(_made("school.toml"), encoding="utf-8")
    _beffroi(tmp_path, "init", "--structure", "Syndicat d'essai", "--admin", "a@example.fr", "--member", TOWN)

    tried, done = re.findall(r"^beffroi (ingest .*?)\n```\n\n```\n(.*?)```", TUTORIAL, re.MULTILINE | re.DOTALL)
    for command, printed in (tried, done):
        words = [word for word in command.split() if word not in ("--data", "data/demo")]
        assert _beffroi(tmp_path, *words) == printed


def _made(name: str) -> str:
    """What the tutorial writes into a file."""
    found = re.search(rf"^cat > {re.escape(name)} <<'?END'?\n(.*?)^END$", TUTORIAL, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def _beffroi(folder: Path, *words: str) -> str:
    environment = {**os.environ, "LANG": "C.UTF-8", "BEFFROI_DATA": str(folder / "data")}
    command = [sys.executable, "-m", "beffroi", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr
