"""An answer that is sent while it is made: whoever leaves meanwhile leaves nothing open."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

from beffroi.api.sending import Sent
from beffroi.observations import Patience


def test_parts_are_closed_once_the_one_being_made_is_there() -> None:
    begun, go_on = threading.Event(), threading.Event()
    told: list[str] = []

    def parts() -> Iterator[bytes]:
        try:
            begun.set()
            go_on.wait(20)
            told.append("made")
            yield b"part"
        finally:
            told.append("closed")

    async def leave() -> dict[str, Any]:
        await asyncio.to_thread(begun.wait, 20)
        threading.Timer(0.3, go_on.set).start()
        return {"type": "http.disconnect"}

    async def nothing(message: Any) -> None:
        pass

    scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}}
    asyncio.run(Sent(parts(), Patience(60), 60)(scope, leave, nothing))
    assert told == ["made", "closed"]
