"""Who is knocking: the API key or the session of a request, turned into a `Scope`."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from starlette.requests import Request

from beffroi.access import STRANGER, Doorkeeper, Scope
from beffroi.api.problems import language_among, language_of
from beffroi.errors import Forbidden, Text, Unauthenticated

COOKIE = "beffroi_session"
SAFE = {"GET", "HEAD", "OPTIONS"}


class Doors:
    """Reads credentials from requests; the doorkeeper of `access` says what they open."""

    def __init__(self, keeper: Doorkeeper) -> None:
        self.keeper = keeper

    def scope(self, request: Request) -> Scope:
        """The scope of a request's key (`Authorization: Bearer`) or session (cookie).

        Raises `Unauthenticated` without either, `Forbidden` when a page of another site uses the session to write.
        """
        told = dict(reversed(request.scope["headers"]))  # of several of one name, the first
        language = language_among(told.get(b"accept-language", b"").decode("latin-1"))
        now = datetime.now(UTC)
        scheme, _, token = told.get(b"authorization", b"").decode("latin-1").partition(" ")
        if scheme:
            if scheme.lower() != "bearer" or not token.strip():
                raise Unauthenticated(
                    Text(
                        "En-tête «\u00a0Authorization\u00a0» attendu : «\u00a0Bearer clé\u00a0».",
                        "Expected header: “Authorization: Bearer key”.",
                    )
                )
            return self.keeper.by_key(token.strip(), language=language, now=now)
        if cookie := request.cookies.get(COOKIE):
            if request.method not in SAFE and not _same_origin(request):
                raise _foreign()
            return self.keeper.by_session(cookie, language=language, now=now)
        raise Unauthenticated(
            Text(
                "Connectez-vous, ou joignez une clé d'API : «\u00a0Authorization: Bearer clé\u00a0».",
                "Sign in, or send an API key: “Authorization: Bearer key”.",
            )
        )

    def stranger(self, request: Request) -> Scope:
        """The scope of public doors: nobody, in the reader's language."""
        return Scope(actor=STRANGER, language=language_of(request))

    def refuse_foreign(self, request: Request) -> None:
        """For public doors that open a session: another site must not sign its visitors in under an account of its own.

        Programs, which say nothing of where they come from, pass.
        """
        told = "sec-fetch-site" in request.headers or "origin" in request.headers
        if told and not _same_origin(request):
            raise _foreign()

    @property
    def epoch(self) -> int:
        """Grows whenever rights may have changed."""
        return self.keeper.epoch

    def forget(self) -> None:
        """Rights may have changed: the next request looks them up again."""
        self.keeper.forget()


def _foreign() -> Forbidden:
    return Forbidden(Text("Demande venue d'un autre site : refusée.", "This request comes from another site: refused."))


def _same_origin(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
