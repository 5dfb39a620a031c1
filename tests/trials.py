"""How long tests try: examples of hypothesis are few in `make test`, and as many as each asks for in `make soak`."""

import os
from typing import Any

from hypothesis import settings

SOAK = os.environ.get("BEFFROI_SOAK") == "1"
"""whether the long campaigns are asked for"""
SHARE, LEAST = 6, 10


def tried(examples: int = 100, *, few: int | None = None, **more: Any) -> settings:
    """Settings of a test by example, whose time is not asserted. `few`: where each takes long; `more` are those of
    hypothesis."""
    short = few or max(LEAST, examples // SHARE)
    return settings(max_examples=examples if SOAK else short, deadline=None, **more)
