"""What a start does not wait for."""

import os
import subprocess
import sys
from pathlib import Path

SELDOM = ("alembic", "asyncssh", "openpyxl")


def test_what_is_seldom_needed_is_loaded_later() -> None:
    told = f"import sys, beffroi.cli; print([one for one in {SELDOM} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_command_says_nothing_at_its_end(tmp_path: Path) -> None:
    """As where only what runs is installed: pandas, which the tests bring, keeps DuckDB from complaining."""
    (tmp_path / "pandas.py").write_text("raise ModuleNotFoundError(__name__)\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "beffroi", "version"], capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
