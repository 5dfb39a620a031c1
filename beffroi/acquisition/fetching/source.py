"""What can be fetched from: the one shape that an address, a folder and a server have."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from beffroi.errors import BeffroiError, Text

LARGEST = 8 * 2**20
"""bytes of a document: each row of a table becomes a message, in memory; larger ones are for `beffroi ingest`"""


class Failed(BeffroiError):
    """Nothing could be fetched, now. `retry_after`: seconds that the other side asks to be left alone; `status`: of its
    HTTP answer."""

    def __init__(self, text: Text, *, retry_after: float | None = None, status: int | None = None) -> None:
        super().__init__(text)
        self.retry_after, self.status = retry_after, status


Settle = Callable[[bool], Awaitable[None]]
"""told once all of a document is durable, and whether it could be read"""


@dataclass(frozen=True)
class Found:
    """A document that may be new. `received_at`: the same whenever it is fetched again. `refused`: why it is not to be
    read; `content` then tells what it was."""

    name: str
    content: bytes
    received_at: datetime
    settle: Settle
    content_type: str = ""
    refused: Text | None = None


class Source(Protocol):
    @property
    def status(self) -> int | None:
        """Of the last HTTP answer; None where there is none."""
        ...

    def found(self) -> AsyncGenerator[Found, None]:
        """What is there since the last look. Each is settled before the next is asked for. Raises `Failed`, `Unreached`
        or `OSError`."""
        ...


def too_large(name: str, size: int) -> tuple[bytes, Text]:
    """What stands for it, and why it is not read."""
    limit = LARGEST // 2**20
    return f"{name} ({size} bytes)".encode(), Text(f"plus de {limit} Mio", f"more than {limit} MiB")
