"""Which of the formats on offer a reader prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request


def accepted(request: Request, offered: Sequence[str]) -> str:
    """The one of `offered` that `Accept` prefers, the first of equals; 406 when it wants none of them."""
    wanted = request.headers.get("accept", "*/*") or "*/*"
    best: tuple[float, int, str] | None = None
    for rank, media in enumerate(offered):
        quality = _quality(wanted, media)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, rank, media)
    if best is None:
        raise HTTPException(406)
    return best[2]


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
