"""Every call to an address that someone typed goes out by here: one place to say what may be reached, and how long one
waits."""

from contextlib import suppress
from typing import Literal, NamedTuple

import httpx2

from beffroi.acquisition.perimeter import Perimeter, Unreached
from beffroi.acquisition.pinning import Pinned, port_of, trusted
from beffroi.errors import Text, Unavailable

Method = Literal["GET", "POST", "PUT"]
PATIENCE = httpx2.Timeout(10.0, connect=5.0)
LARGEST = 16 * 2**20
"""bytes of an answer"""


class Answer(NamedTuple):
    status: int
    content: bytes
    headers: httpx2.Headers


class CallFailed(Unavailable):
    """`left`: the request may have been received."""

    def __init__(self, text: Text, *, left: bool) -> None:
        super().__init__(text)
        self.left = left


class Outward:
    """An HTTP client that follows no redirect, and reaches what `perimeter` allows. Safe from any thread: each
    call has its own link."""

    def __init__(self, perimeter: Perimeter) -> None:
        self._perimeter = perimeter

    def call(self, method: Method, url: str, content: bytes, headers: dict[str, str]) -> Answer:
        """Any status is an answer. Raises `CallFailed`."""
        try:
            told = httpx2.URL(url)
            *firsts, last = self._perimeter.addresses(told.host, port_of(told))
            for address in firsts:
                with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                    return _called(method, Pinned.of(told, address), content, headers)
            return _called(method, Pinned.of(told, last), content, headers)
        except Unreached as error:
            raise CallFailed(error.text, left=False) from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise CallFailed(_unreachable(url, error), left=False) from error
        except httpx2.HTTPError as error:
            raise CallFailed(_unreachable(url, error), left=True) from error


def _called(method: Method, pinned: Pinned, content: bytes, headers: dict[str, str]) -> Answer:
    named = headers | pinned.headers
    with (
        httpx2.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False, verify=trusted()) as client,
        client.stream(method, pinned.url, content=content, headers=named, extensions=pinned.extensions) as response,
    ):
        return Answer(response.status_code, _bounded(response), response.headers)


def _bounded(response: httpx2.Response) -> bytes:
    content = bytearray()
    for part in response.iter_bytes():
        content += part
        if len(content) > LARGEST:
            raise CallFailed(Text("Réponse trop longue.", "The answer is too long."), left=True)
    return bytes(content)


def _unreachable(url: str, error: Exception) -> Text:
    where, told = url.split("/")[2] if url.count("/") > 1 else url, str(error) or type(error).__name__
    return Text(f"{where} ne répond pas : {told}.", f"{where} does not answer: {told}.")
