"""What a start does not wait for."""

import subprocess
import sys

SELDOM = ("alembic", "asyncssh", "openpyxl")


def test_what_is_seldom_needed_is_loaded_later() -> None:
    told = f"import sys, beffroi.cli; print([one for one in {SELDOM} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
