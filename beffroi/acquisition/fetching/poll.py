"""A document at an address, asked for again and again: taken when it changed (RFC 9110, 8.8 and 13.1), and what is
remembered of it kept only once all in it is durable."""

import asyncio
import base64
import ssl
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import quote

import httpx2
from msgspec.structs import replace

from beffroi.acquisition.fetching.memory import Known, Memory
from beffroi.acquisition.fetching.source import LARGEST, Failed, Found
from beffroi.acquisition.perimeter import Perimeter, unreachable
from beffroi.acquisition.pinning import Pinned, port_of, trusted
from beffroi.acquisition.ways import SECRET, Credentials, Poll
from beffroi.errors import Text

WHOLE, PATIENCE = 60.0, 10.0
"""seconds for all of an answer, its redirections included; for a connection, and between two pieces"""
REDIRECTIONS = 5
LONGEST_ASKED = 86400.0
"""seconds of `Retry-After` that are heeded, at most"""
AGENT = "Beffroi"


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    headers: httpx2.Headers


class Poller:
    def __init__(self, poll: Poll, credentials: Credentials, memory: Memory, perimeter: Perimeter) -> None:
        self._poll, self._credentials, self._memory, self._perimeter = poll, credentials, memory, perimeter
        self.status: int | None = None

    async def found(self) -> AsyncGenerator[Found, None]:
        self.status = None
        known = (await self._memory.all()).get("")
        answer = await self._asked(known if known and known.kept_at else None)
        if answer.status in (HTTPStatus.NOT_MODIFIED, HTTPStatus.NO_CONTENT):
            return
        now, digest = datetime.now(UTC), sha256(answer.content).hexdigest()
        if known is None or known.digest != digest:
            known = Known(digest=digest, received_at=now)
            await self._memory.note(known)
        kept = replace(
            known,
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
            kept_at=known.kept_at or now,
        )
        if known.kept_at is not None:  # told again, word for word, by a server that does not say so
            if known != kept:
                await self._memory.note(kept)
            return

        async def settle(readable: bool) -> None:
            await self._memory.note(kept)

        kind = answer.headers.get("content-type", "")
        yield Found("", answer.content, known.received_at, settle, kind)

    async def _asked(self, known: Known | None) -> Answer:
        try:
            async with asyncio.timeout(WHOLE):
                return await self._followed(known)
        except TimeoutError as error:
            said = Text(f"Pas de réponse entière en {WHOLE:.0f} s.", f"No whole answer within {WHOLE:.0f} s.")
            raise Failed(said) from error
        except httpx2.InvalidURL as error:
            raise Failed(Text("Adresse illisible.", "Unreadable address.")) from error

    async def _followed(self, known: Known | None) -> Answer:
        url, headers = self._first(known)
        for _ in range(REDIRECTIONS + 1):
            answer = await self._one(url, headers)
            self.status = answer.status
            target = answer.headers.get("location")
            if not (300 <= answer.status < 400 and target) or answer.status == HTTPStatus.NOT_MODIFIED:
                return _heeded(answer, asked=known is not None)
            further = url.join(target)
            if not _same_origin(url, further):  # what opens here is not for others
                headers = {"user-agent": AGENT, "accept-encoding": "gzip"}
            url = _refused_unless_safe(url, further)
        raise Failed(Text("Trop de redirections.", "Too many redirections."))

    def _first(self, known: Known | None) -> tuple[httpx2.URL, dict[str, str]]:
        password, address = self._credentials.password, self._poll.url
        headers = {"user-agent": AGENT, "accept-encoding": "gzip"}
        if password is not None and SECRET in address:
            address = address.replace(SECRET, quote(password, safe=""))
        elif self._poll.username is not None:
            told = base64.b64encode(f"{self._poll.username}:{password or ''}".encode()).decode()
            headers["authorization"] = f"Basic {told}"
        elif password is not None:
            headers["authorization"] = f"Bearer {password}"
        headers |= {name.lower(): value for name, value in self._credentials.headers.items()}
        if known is not None and known.etag:
            headers["if-none-match"] = known.etag
        if known is not None and known.last_modified:
            headers["if-modified-since"] = known.last_modified
        return httpx2.URL(address), headers

    async def _one(self, url: httpx2.URL, headers: dict[str, str]) -> Answer:
        """From the first address that answers, of those that were checked: the name is not asked again."""
        *firsts, last = await asyncio.to_thread(self._perimeter.addresses, url.host, port_of(url))
        for address in firsts:
            try:
                return await self._from(url, address, headers)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        try:
            return await self._from(url, last, headers)
        except (httpx2.TransportError, httpx2.DecodingError, httpx2.StreamError, UnicodeError) as error:
            raise Failed(_broken(url, error)) from error

    async def _from(self, url: httpx2.URL, address: str, headers: dict[str, str]) -> Answer:
        """Connected to `address`; its certificate is verified for the name."""
        pinned = Pinned.of(url, address)
        async with (
            httpx2.AsyncClient(trust_env=False, verify=trusted(), timeout=PATIENCE) as client,
            client.stream(
                "GET", pinned.url, headers=headers | pinned.headers, extensions=pinned.extensions
            ) as response,
        ):
            wanted = response.status_code == HTTPStatus.OK
            content = await _body(response) if wanted else b""
            return Answer(response.status_code, content, response.headers)


def _heeded(answer: Answer, *, asked: bool) -> Answer:
    """Raises `Failed` for all answers but those that bring a document, or say that there is no other."""
    if answer.status in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
        return answer
    if answer.status == HTTPStatus.NOT_MODIFIED and asked:
        return answer
    told = REASONS.get(answer.status, Text("", ""))
    raise Failed(
        Text(f"Réponse {answer.status}{told.fr}.", f"Answer {answer.status}{told.en}."),
        retry_after=_retry_after(answer.headers.get("retry-after")),
        status=answer.status,
    )


REASONS = {
    401: Text(" : identifiants refusés", ": the credentials are refused"),
    403: Text(" : accès refusé", ": access is refused"),
    404: Text(" : rien à cette adresse", ": nothing at this address"),
    410: Text(" : plus rien à cette adresse", ": nothing at this address any more"),
    429: Text(" : demandé trop souvent", ": asked too often"),
    503: Text(" : indisponible pour l'instant", ": unavailable for now"),
}


def _retry_after(told: str | None) -> float | None:
    """Seconds, of a number or a date (RFC 9110, 10.2.3)."""
    if not told:
        return None
    if told.strip().isdecimal():
        return min(float(told), LONGEST_ASKED)
    try:
        wait = (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, wait), LONGEST_ASKED)


async def _body(response: httpx2.Response) -> bytes:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return await _bounded(response.aiter_raw())
    if encoding in ("gzip", "x-gzip"):
        return await _bounded(_gunzipped(response.aiter_raw()))
    raise Failed(Text(f"Codage inconnu : {encoding[:40]}.", f"Unknown encoding: {encoding[:40]}."))


async def _bounded(pieces: AsyncIterator[bytes]) -> bytes:
    whole = bytearray()
    async for piece in pieces:
        whole += piece
        if len(whole) > LARGEST:
            limit = LARGEST // 2**20
            raise Failed(Text(f"Le document dépasse {limit} Mio.", f"The document exceeds {limit} MiB."))
    return bytes(whole)


async def _gunzipped(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A small bomb does not become a large body: what one piece unfolds to is bounded too."""
    plain = zlib.decompressobj(wbits=31)
    async for piece in pieces:
        try:
            yield plain.decompress(piece, LARGEST + 1)
        except zlib.error as error:
            raise Failed(Text("Réponse gzip illisible.", "Unreadable gzip in the answer.")) from error
    if not plain.eof or plain.unused_data:
        raise Failed(Text("Réponse gzip coupée.", "The gzip of the answer is cut short."))


def _refused_unless_safe(url: httpx2.URL, further: httpx2.URL) -> httpx2.URL:
    if further.scheme not in ("http", "https") or (url.scheme == "https" and further.scheme == "http"):
        raise Failed(
            Text("Redirection refusée : elle n'est pas chiffrée.", "Refused redirection: it is not encrypted.")
        )
    return further


def _same_origin(one: httpx2.URL, other: httpx2.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _broken(url: httpx2.URL, error: Exception) -> Text:
    where = url.netloc.decode()
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            told = cause.verify_message
            return Text(
                f"Le certificat de {where} est refusé : {told}.", f"The certificate of {where} is refused: {told}."
            )
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx2.TimeoutException):
        return Text(f"{where} ne répond pas en {PATIENCE:.0f} s.", f"{where} does not answer within {PATIENCE:.0f} s.")
    return unreachable(where, error)
