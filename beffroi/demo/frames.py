"""The radio of the demonstration: what simulated sensors tell goes as LoRaWAN frames, in bytes that a codec in
JavaScript decodes, delivered as ChirpStack does."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.acquisition.model_codecs import ChannelOf
from beffroi.demo.equipment import SIGNAL, Channel, Sort, signal_strength
from beffroi.demo.history import Source
from beffroi.demo.world import World

SCALE = 1000
"""values are told in thousandths, on five bytes after that of the channel"""
LEAST_PERIOD = 300
"""seconds: frames are numbered by these"""
PORT = 10


def codec_of(sort: Sort) -> str:
    """The simulated maker's own: a byte for the channel, five for the value, as often as needed."""
    names = json.dumps([one.code for one in sort.channels])
    words = json.dumps({one.code: one.words for one in sort.channels if one.words}, ensure_ascii=False)
    return f"""// Decodes what the simulated sensors of the demonstration send.
var names = {names};
var words = {words};

function decodeUplink(input) {{
  var data = {{}};
  for (var at = 0; at + 6 <= input.bytes.length; at += 6) {{
    var name = names[input.bytes[at]];
    var high = (input.bytes[at + 1] << 24) >> 24;
    var low = 0;
    for (var place = 2; place < 6; place += 1) low = low * 256 + input.bytes[at + place];
    var value = (high * 4294967296 + low) / {SCALE};
    data[name] = words[name] ? words[name][value] : value;
  }}
  return {{ data: data }};
}}
"""


def channels_of(sort: Sort) -> list[ChannelOf]:
    return [
        ChannelOf(key=one.code, observed_property=one.observed_property, categories=list(one.words))
        for one in sort.channels
    ]


class _Told(NamedTuple):
    """Where a series is told: the device's DevEUI, the byte of the channel, the gateway's rank."""

    device: str
    number: int
    channel: Channel
    source: Source
    row: int


@dataclass(frozen=True)
class Frames:
    """Those series of which devices with a radio tell."""

    world: World
    by_series: dict[int, _Told]

    @classmethod
    def of(cls, world: World, sources: Sequence[Source], sorts: Sequence[Sort]) -> "Frames":
        numbers = {id(one): number for sort in sorts if sort.radio for number, one in enumerate(sort.channels)}
        found: dict[int, _Told] = {}
        for source in sources:
            if source.channel is SIGNAL or id(source.channel) not in numbers:
                continue
            seeds, gateways = np.ravel(source.things.seed).tolist(), np.ravel(source.things.gateway).tolist()
            for row, series in enumerate(source.series.tolist()):
                if gateways[row] >= 0:
                    device = f"{seeds[row]:016X}"
                    found[series] = _Told(device, numbers[id(source.channel)], source.channel, source, row)
        return cls(world, found)

    def parted(self, batch: pa.Table) -> tuple[pa.Table, list[bytes]]:
        """What goes without a radio, and the frames of what goes with one, in the order of time."""
        ids = batch["series"].to_numpy()
        radio: NDArray[np.bool_] = np.isin(ids, np.fromiter(self.by_series, np.int64, len(self.by_series)))
        frames: dict[tuple[datetime, str], list[tuple[_Told, Any]]] = {}
        for row in batch.filter(pa.array(radio)).to_pylist():
            told = self.by_series[row["series"]]
            frames.setdefault((row["time"], told.device), []).append(
                (told, row["value"] if row["text"] is None else row["text"])
            )
        return batch.filter(pa.array(~radio)), [
            self._uplink(*key, told) for key, told in sorted(frames.items(), key=lambda one: one[0])
        ]

    def _uplink(self, time: datetime, device: str, told: list[tuple[_Told, Any]]) -> bytes:
        one = told[0][0]
        things = one.source.rows(np.array([one.row])).things.upright()
        seconds = int(time.timestamp())
        rssi = float(np.ravel(signal_strength(self.world, things, np.array([[seconds]])))[0])
        gateway = int(np.ravel(one.source.things.gateway)[one.row])
        document = {
            "deduplicationId": f"simulated-{device}-{seconds}",
            "time": time.astimezone(UTC).isoformat(),
            "deviceInfo": {"devEui": device.lower(), "applicationName": "démonstration", "tags": {"simulated": "true"}},
            "fCnt": seconds // LEAST_PERIOD % 2**32,
            "fPort": PORT,
            "data": base64.b64encode(b"".join(_bytes(*each) for each in told)).decode(),
            "rxInfo": [
                {"gatewayId": f"5a{gateway + 1:014x}", "rssi": round(rssi), "snr": round((rssi + 120) / 6, 1)},
            ],
            "txInfo": {
                "frequency": 868_100_000,
                "modulation": {"lora": {"bandwidth": 125_000, "spreadingFactor": 7 if rssi > -110 else 10}},
            },
        }  # fmt: skip
        return json.dumps(document, ensure_ascii=False).encode()


def _bytes(told: _Told, value: Any) -> bytes:
    number = told.channel.words.index(value) if told.channel.words else value
    return bytes([told.number]) + round(number * SCALE).to_bytes(5, "big", signed=True)


def together(frames: Sequence[bytes], most: int) -> Iterator[bytes]:
    """As one body each."""
    for start in range(0, len(frames), most):
        yield b"\n".join(frames[start : start + most])
