"""Every error as an RFC 9457 problem, in the reader's language, naming the fields at fault; the table of statuses."""

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from beffroi import errors
from beffroi.errors import Fault, Invalid, Language, Text

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


class FieldProblem(msgspec.Struct, frozen=True):
    """One field at fault: its name, JSON pointer, or row and column."""

    field: str
    detail: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `type` leads to its explanation in the documentation page; `errors` names each field at fault."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    errors: list[FieldProblem] = []


class Row(msgspec.Struct, frozen=True):
    status: int
    slug: str
    title: Text
    explained: Text


TABLE: dict[type[Exception], Row] = {
    errors.Invalid: Row(
        422,
        "invalid",
        Text("Demande incorrecte", "Invalid request"),
        Text(
            "Un ou plusieurs champs ne conviennent pas, nommés dans «\u00a0errors\u00a0». Rien n'a été écrit.",
            "One or more fields are wrong; each is named in “errors”. Nothing was written.",
        ),
    ),
    errors.Unauthenticated: Row(
        401,
        "unauthenticated",
        Text("Connexion nécessaire", "Sign-in needed"),
        Text(
            "Joignez une clé d'API (en-tête «\u00a0Authorization: Bearer …\u00a0») ou connectez-vous.",
            "Send an API key (header “Authorization: Bearer …”) or sign in.",
        ),
    ),
    errors.Forbidden: Row(
        403,
        "forbidden",
        Text("Droits insuffisants", "Not allowed"),
        Text(
            "Vous voyez cette ressource, mais votre rôle ne permet pas cette action.",
            "You see this resource, but your role does not allow this.",
        ),
    ),
    errors.NotFound: Row(
        404,
        "not-found",
        Text("Introuvable", "Not found"),
        Text(
            "La ressource n'existe pas, ou rien ne vous permet de savoir qu'elle existe.",
            "The resource does not exist, or nothing lets you know that it does.",
        ),
    ),
    errors.Conflict: Row(
        409,
        "conflict",
        Text("Déjà pris, ou encore utilisé", "Already taken, or still in use"),
        Text(
            "La ressource existe déjà, a changé entre-temps, ou d'autres en dépendent.",
            "The resource exists already, changed meanwhile, or others depend on it.",
        ),
    ),
    errors.TooMany: Row(
        429,
        "too-many",
        Text("Trop de demandes", "Too many requests"),
        Text(
            "Réessayez après le délai donné par l'en-tête «\u00a0Retry-After\u00a0».",
            "Try again after the delay given by the “Retry-After” header.",
        ),
    ),
    errors.Unavailable: Row(
        503,
        "unavailable",
        Text("Momentanément impossible", "Not possible right now"),
        Text(
            "Rien n'a été gardé ; la même demande peut être refaite sans risque.",
            "Nothing was kept; the same request may safely be made again.",
        ),
    ),
}

OTHERS: dict[int, tuple[str, Text]] = {
    400: ("malformed", Text("Demande illisible", "Unreadable request")),
    404: ("not-found", Text("Introuvable", "Not found")),
    405: ("method", Text("Méthode non admise ici", "Method not allowed here")),
    406: (
        "not-acceptable",
        Text("Aucun format demandé n'est disponible", "None of the requested formats is available"),
    ),
    413: ("too-large", Text("Envoi trop volumineux", "Content too large")),
    415: ("media-type", Text("Format d'envoi non pris en charge", "Unsupported content type")),
    500: ("internal", Text("Erreur de la plateforme", "Platform error")),
}


def language_of(request: Request) -> Language:
    return language_among(request.headers.get("accept-language", ""))


@lru_cache(maxsize=256)
def language_among(wanted: str) -> Language:
    """French unless `Accept-Language`, of which this is the value, prefers English."""
    best: tuple[float, Language] = (0.0, "fr")
    for part in wanted.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        code = tag[:2].lower()
        if code in ("fr", "en") and quality > best[0]:
            best = (quality, "fr" if code == "fr" else "en")
    return best[1]


def problem(
    request: Request,
    status: int,
    slug: str,
    title: Text,
    detail: str = "",
    faults: Sequence[Fault] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    language = language_of(request)
    body = Problem(
        type=f"/api/v1/docs#problem-{slug}",
        title=title.said(language),
        status=status,
        detail=detail,
        instance=request.url.path,
        errors=[FieldProblem(fault.field, fault.text.said(language)) for fault in faults],
    )
    return Response(
        msgspec.json.encode(body),
        status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language, "Vary": "Accept-Language", **(headers or {})},
    )


async def from_domain(request: Request, error: Exception) -> Response:
    """An error of the rooms."""
    assert isinstance(error, errors.BeffroiError)
    row = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
    headers = {}
    if isinstance(error, errors.TooMany | errors.Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="beffroi"'
    faults = error.faults if isinstance(error, Invalid) else ()
    return problem(request, row.status, row.slug, row.title, error.text.said(language_of(request)), faults, headers)


async def from_http(request: Request, error: Exception) -> Response:
    """What the framework refuses: unknown path, method, media type."""
    assert isinstance(error, HTTPException)
    slug, title = OTHERS.get(error.status_code, ("http", Text("Erreur", "Error")))
    return problem(request, error.status_code, slug, title, headers=dict(error.headers or {}))


async def from_decoding(request: Request, error: Exception) -> Response:
    """A body that is not the JSON it claims to be."""
    return problem(request, 400, *OTHERS[400], detail=str(error))


async def from_bug(request: Request, error: Exception) -> Response:
    """Ours: logged with its trace, told without it."""
    log.error("internal error", path=request.url.path, method=request.method, exc_info=error)
    return problem(request, 500, *OTHERS[500])


SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), french)
    for pattern, french in (
        (r"Object missing required field `(.+?)`", "champ obligatoire manquant"),
        (r"Object contains unknown field `(.+?)`", "champ inconnu"),
        (r"Expected `(.+?)`, got `(.+?)`", "attendu : {0} ; reçu : {1}"),
        (r"Invalid enum value (.+)", "valeur non admise : {0}"),
        (r"(?:Number|Integer value|Integer) out of range", "nombre hors limites"),
        (r"Invalid value (.+)", "valeur non admise : {0}"),
        (
            r"Invalid RFC3339 encoded datetime",
            "date et heure attendues sous la forme 2024-03-31T08:00:00+02:00",
        ),
        (r"Invalid RFC3339 encoded date", "date attendue sous la forme 2024-03-31"),
        (r"Expected `(.+?)` of length >= (\d+)", "longueur minimale : {1}"),
        (r"Expected `(.+?)` of length <= (\d+)", "longueur maximale : {1}"),
        (r"Expected `(.+?)` >= (.+)", "au moins {1}"),
        (r"Expected `(.+?)` <= (.+)", "au plus {1}"),
        (r"Expected `(.+?)` > (.+)", "plus de {1}"),
        (r"Expected `(.+?)` < (.+)", "moins de {1}"),
        (r"Expected `(.+?)` matching regex (.+)", "ne suit pas le modèle {1}"),
    )
)


def fault_of(error: msgspec.ValidationError, *, within: str = "") -> Fault:
    """What msgspec found wrong, as a fault naming its field (`geometry.coordinates[1]`), in both languages."""
    message, _, path = str(error).partition(" - at `")
    path = path.rstrip("`").removeprefix("$").removeprefix(".").replace("[...]", "[]")
    field = ".".join(part for part in (within, path) if part)
    french = message
    for pattern, template in SENTENCES:
        if found := pattern.fullmatch(message):
            french = template.format(*found.groups())
            if "field `" in message:
                field = ".".join(part for part in (field, found[1]) if part)
            break
    return Fault(field or "body", Text(french, message))


def invalid(error: msgspec.ValidationError, *, within: str = "") -> Invalid:
    return Invalid.of([fault_of(error, within=within)])
