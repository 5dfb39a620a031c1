"""What is read on paper: a language, and a PDF that a browser opens."""

import msgspec
from starlette.responses import Response

from beffroi.errors import Language

PDF = "application/pdf"


class PageQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    language: Language = "fr"


def paper(made: bytes, name: str) -> Response:
    return Response(made, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})
