"""Which of the formats on offer a reader prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import Request

USUAL = 300
"""characters of a header of which the answer is remembered: readers send the same again and again"""


def accepted(request: Request, offered: Sequence[str]) -> str:
    """The one of `offered` that `Accept` prefers, the first of equals; 406 when it wants none of them."""
    wanted = request.headers.get("accept", "*/*") or "*/*"
    found = (_best if len(wanted) <= USUAL else _best.__wrapped__)(wanted, tuple(offered))
    if found is None:
        raise HTTPException(406)
    return found


@lru_cache(maxsize=256)
def _best(wanted: str, offered: tuple[str, ...]) -> str | None:
    best: tuple[float, str] | None = None
    for media in offered:
        quality = _quality(wanted, media)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, media)
    return None if best is None else best[1]


def _quality(wanted: str, media: str) -> float:
    """The weight that the most specific matching range of an `Accept` header gives to `media`; 0 for none."""
    best, specificity = 0.0, -1
    kind = media.partition("/")[0]
    for part in wanted.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        level = {media: 2, f"{kind}/*": 1, "*/*": 0}.get(name.lower(), -1)
        if level > specificity:
            weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
            try:
                best, specificity = float(weight), level
            except ValueError:
                continue
    return best
