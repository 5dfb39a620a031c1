"""Small checkouts of device repositories, written by tests."""

import json
from pathlib import Path
from typing import Any

DECODER = """
function decodeUplink(input) {
  if (input.fPort !== 2) return { errors: ["unknown port"] };
  return { data: { temperature: input.bytes[0] / 2, battery: input.bytes[1], alarm: input.bytes[2] } };
}
"""
NORMALISER = """
function normalizeUplink(input) {
  if (input.data.battery > 100) throw new Error("no such battery");
  return { data: [{ air: { temperature: input.data.temperature } }] };
}
"""
TESTS = [
    {
        "name": "good",
        "input": {"bytes": [41, 90, 0], "fPort": 2},
        "expected": {"data": {"temperature": 20.5, "battery": 90, "alarm": 0}},
    },
    {
        "name": "bad",
        "input": {"bytes": [40, 90, 0], "fPort": 2},
        "expected": {"data": {"temperature": 99, "battery": 90, "alarm": 0}},
    },
    {"name": "refused", "input": {"bytes": [1], "fPort": 3}, "expected": {"errors": ["unknown port"]}},
]


def profiles(root: Path, codec: str = DECODER, tests: Any = TESTS) -> Path:
    """In the form of chirpstack-device-profiles: one maker, Ami, of one model, with examples."""
    vendor = root / "vendors" / "ami"
    for name in ("devices", "profiles", "codecs"):
        (vendor / name).mkdir(parents=True, exist_ok=True)
    _write(vendor / "vendor.toml", '[vendor]\nname = "Ami"\nvendor_id = 7\ndevices = ["th1.toml"]\n')
    _write(
        vendor / "devices" / "th1.toml",
        '[device]\nname = "TH 1"\ndescription = "Temperature"\n'
        '[[device.firmware]]\nversion = "1.2"\nprofiles = ["eu.toml"]\ncodec = "th1.js"\n',
    )
    _write(
        vendor / "profiles" / "eu.toml",
        '[profile]\nregion = "EU868"\nmac_version = "1.0.3"\nreg_params_revision = "A"\nsupports_class_c = true\n',
    )
    _write(vendor / "codecs" / "th1.js", codec)
    _write(vendor / "codecs" / "test_decode_th1.json", json.dumps(tests))
    return root


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
