"""Every call to an address that someone typed goes out by here: one place to say what may be reached, and how long one
waits."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import httpx2

from beffroi.errors import Text, Unavailable

Allow = Callable[[str], None]
"""given an address, raises a domain error when it may not be called"""
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


def anything(url: str) -> None:
    """No address is refused."""


class Outward:
    """An HTTP client that follows no redirect. Safe from any thread; to be closed."""

    def __init__(self, allow: Allow = anything) -> None:
        self._allow = allow
        self._client = httpx2.Client(timeout=PATIENCE, follow_redirects=False)

    def close(self) -> None:
        self._client.close()

    def call(self, method: Literal["GET", "POST", "PUT"], url: str, content: bytes, headers: dict[str, str]) -> Answer:
        """Any status is an answer. Raises `CallFailed`, or what refuses the address."""
        self._allow(url)
        try:
            with self._client.stream(method, url, content=content, headers=headers) as response:
                return Answer(response.status_code, _bounded(response), response.headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise CallFailed(_unreachable(url, error), left=False) from error
        except httpx2.HTTPError as error:
            raise CallFailed(_unreachable(url, error), left=True) from error


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
