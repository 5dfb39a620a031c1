"""gzip and zstd, in and out, bounded: a small bomb does not become a large body."""

import zlib
from collections.abc import Iterator

import zstandard
from starlette.exceptions import HTTPException
from starlette.requests import Request

from beffroi.errors import Invalid, Text

CHUNK = 2**16


def decompress(content: bytes, encoding: str, *, limit: int) -> bytes:
    """The body behind `Content-Encoding`; 413 past `limit` bytes, 415 for another encoding, `Invalid` if damaged."""
    if encoding in ("", "identity"):
        return content
    if encoding not in ("gzip", "zstd"):
        raise HTTPException(415)
    try:
        plain = _gunzip(content, limit) if encoding == "gzip" else _unzstd(content, limit)
    except (zlib.error, zstandard.ZstdError, EOFError) as error:
        raise Invalid("body", Text(f"{encoding} illisible : {error}", f"unreadable {encoding}: {error}")) from error
    if len(plain) > limit:
        raise HTTPException(413)
    return plain


def _gunzip(content: bytes, limit: int) -> bytes:
    decompressor = zlib.decompressobj(wbits=31)
    plain = decompressor.decompress(content, limit + 1)
    if not decompressor.eof and len(plain) <= limit:
        raise EOFError("cut short")
    return plain


def _unzstd(content: bytes, limit: int) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True) as reader:
        return reader.read(limit + 1)


def preferred(request: Request) -> str | None:
    """zstd, gzip or none, by `Accept-Encoding`."""
    wanted = request.headers.get("accept-encoding")
    if not wanted:
        return None
    accepted = {
        part.partition(";")[0].strip()
        for part in wanted.split(",")
        if "q=0" not in part.replace(" ", "") or "q=0." in part
    }
    return next((one for one in ("zstd", "gzip") if one in accepted), None)


def compress(parts: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    compressor = (
        zstandard.ZstdCompressor(level=3).compressobj() if encoding == "zstd" else zlib.compressobj(5, wbits=31)
    )
    for part in parts:
        for start in range(0, len(part), CHUNK * 16):
            if packed := compressor.compress(part[start : start + CHUNK * 16]):
                yield packed
    yield compressor.flush()
