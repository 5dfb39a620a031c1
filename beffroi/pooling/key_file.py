"""A key, or amounts by member, as a command is given them."""

import json
import re
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from beffroi.errors import Invalid, Text
from beffroi.pooling.coalitions import Floats
from beffroi.pooling.keys import Key, by

CENTS = 0.005
"""rounding of each amount, at most"""


def key_of(text: str, content: Callable[[str], bytes]) -> Key:
    """The quantity named, or the key that a file holds: `{"parts": [{"by": "population", "weight": 60}, …]}`."""
    if not re.search(r"[./\\]|^-$", text):
        return by(text)
    try:
        return msgspec.json.decode(content(text), type=Key)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(text, Text(f"clé illisible : {error}", f"unreadable key: {error}")) from error


def weights_of(content: bytes, players: Sequence[str], *, total: float) -> Floats:
    """What each of `players` pays; the amounts make `total` but for the rounding of cents."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Invalid("allocation", Text(f"JSON illisible : {error}", f"unreadable JSON: {error}")) from error
    listed = found.get("allocation", found) if isinstance(found, dict) else None
    if not isinstance(listed, dict) or set(listed) != set(players):
        named = ", ".join(players)
        raise Invalid(
            "allocation", Text(f"un montant pour chacun attendu : {named}", f"expected an amount for each: {named}")
        )
    amounts = [listed[player] for player in players]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in amounts):
        raise Invalid("allocation", Text("des nombres sont attendus", "expected numbers"))
    shares = np.array(amounts, dtype=np.float64)
    if not abs(shares.sum() - total) <= CENTS * len(players) + 1e-9 * abs(total):
        raise Invalid(
            "allocation",
            Text(f"fait {shares.sum():g} et non {total:g}", f"makes {shares.sum():g} and not {total:g}"),
        )
    return shares
