"""Answers that a browser keeps and asks about again: an `ETag`, and nothing but a 304 while they are the same."""

import hashlib
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from beffroi.api.encodings import compress, preferred
from beffroi.api.routing import JSON


def tagged(request: Request, answer: Any) -> Response:
    """`answer` as JSON, compressed as the reader prefers. It is one reader's own: no proxy keeps it."""
    content = msgspec.json.encode(answer)
    tag = f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Authorization, Cookie"}
    if tag in (one.strip() for one in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    encoding = preferred(request)
    if encoding is not None:
        content = b"".join(compress(iter([content]), encoding))
        headers["Content-Encoding"] = encoding
    return Response(content, media_type=JSON, headers=headers)
