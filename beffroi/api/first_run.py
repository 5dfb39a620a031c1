"""An instance without a structure: its health and the first run answer, nothing else."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from beffroi.api import problems
from beffroi.api.monitoring import HEADERS
from beffroi.api.rooms import Rooms
from beffroi.api.thin import Message, Receive, Send, Thin
from beffroi.aside import aside
from beffroi.errors import Text, Unavailable
from beffroi.registry import structures

PAGE = "/setup"


class FirstRun:
    """An ASGI application around `thin`: what the first run needs passes until there is a structure, then all does.
    (`thin` answers nobody before: no key is valid yet.)"""

    def __init__(self, app: Thin, rooms: Rooms, prefix: str) -> None:
        self.thin, self._rooms = app, rooms
        self._prefix, self._doors = prefix, (f"{prefix}/setup", "/static/")
        self._founded = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        waits = not self._founded and scope["type"] == "http" and not self._is_open(scope["path"])
        if waits and not await aside(self._look):
            await self._wait(scope, receive, send)
        else:
            await self.thin(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        return path in ("/health", PAGE) or path.startswith(self._doors)

    def _look(self) -> bool:
        with self._rooms.database.read() as tx:
            self._founded = structures.key(tx) is not None
        return self._founded

    async def _wait(self, scope: Message, receive: Receive, send: Send) -> None:
        request = Request(scope)
        is_page = scope["method"] in ("GET", "HEAD") and not scope["path"].startswith((self._prefix, "/metrics"))
        if is_page and "text/html" in request.headers.get("accept", ""):
            answer: Response = RedirectResponse(PAGE, 307)
        else:
            answer = await problems.from_domain(request, waiting())
        for name, value in HEADERS:
            answer.headers[name.decode()] = value.decode()
        await answer(scope, receive, send)


def waiting() -> Unavailable:
    return Unavailable(
        Text(
            "Cette plateforme attend sa mise en route : ouvrez l'adresse à usage unique que "
            "«\u00a0beffroi serve\u00a0» a affichée.",
            "This platform waits for its first run: open the one-time address that `beffroi serve` printed.",
        ),
        retry_after=60,
    )
