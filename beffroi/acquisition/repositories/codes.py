"""A model's code from what a repository calls it."""

import re

UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST = 100


def code_of(vendor: str, model: str) -> str:
    """`milesight-am103`: the vendor once, in front."""
    whole = model if model == vendor or model.startswith(f"{vendor}-") else f"{vendor}-{model}"
    return UNFIT.sub("-", whole).strip("-")[:LONGEST].lower()
