"""Which frames were heard lately: one frame, however often and by whichever way it is told, counts once."""

from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass

import msgspec

from beffroi.acquisition.frames import FrameKey, frame_key, is_near, united
from beffroi.acquisition.messages import Uplink

DEVICES_KEPT = 600_000
FRAMES_KEPT = 4
"""of a device: how far back a frame delivered again is told from a new one"""


BEFORE: "Future[None]" = Future()
BEFORE.set_result(None)
"""when frames of before this process were durable"""


@dataclass(eq=False, slots=True)
class Frame:
    """A frame, with all the gateways that are known to have heard it. `durable`: what it came with, taken in together;
    `held`: the frame was not stored but held."""

    key: FrameKey
    uplink: Uplink
    durable: "Future[None]"
    held: bool = False


class Heard:
    """Of each device, its last frames. Not for several threads at once: whoever asks holds a lock."""

    def __init__(self, devices_kept: int = DEVICES_KEPT) -> None:
        self._most = devices_kept
        self._frames: OrderedDict[int, list[Frame]] = OrderedDict()

    def known(self, device: int) -> bool:
        return device in self._frames

    def recall(self, device: int, uplink: Uplink) -> None:
        """What was heard before this process began."""
        self._kept(device).append(Frame(frame_key(uplink), uplink, BEFORE))

    def of(self, device: int, uplink: Uplink, durable: "Future[None]") -> tuple[Frame, bool]:
        """The frame, and whether it was heard before: it then has the gateways of both, and its first time. `durable`:
        when it will be, if it is new."""
        kept, key = self._kept(device), frame_key(uplink)
        for frame in reversed(kept):
            if frame.key == key and is_near(frame.uplink, uplink) and not _was_lost(frame):
                frame.uplink = _again(frame.uplink, uplink)
                return frame, True
        frame = Frame(key, uplink, durable)
        kept.append(frame)
        if len(kept) > FRAMES_KEPT:
            del kept[0]
        return frame, False

    def _kept(self, device: int) -> list[Frame]:
        kept = self._frames.setdefault(device, [])
        self._frames.move_to_end(device)
        while len(self._frames) > self._most:
            self._frames.popitem(last=False)
        return kept


def _again(first: Uplink, again: Uplink) -> Uplink:
    """Told again, a frame keeps the time by which it is stored."""
    both = united(first, again)
    return msgspec.structs.replace(both, time=first.time, time_source=first.time_source)


def _was_lost(frame: Frame) -> bool:
    """It was not kept, or it is held: told again, it is to be tried again."""
    return frame.durable.done() and (frame.held or frame.durable.exception() is not None)
