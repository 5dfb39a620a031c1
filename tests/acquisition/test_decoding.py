"""Decoding that ends in normalised names."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from beffroi.acquisition import decoding
from beffroi.acquisition.codecs import CodecRef, Codecs, Request
from beffroi.acquisition.decoding import Asked
from beffroi.acquisition.recipes import Channel, Recipe
from tests.acquisition.checkouts import DECODER, NORMALISER

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CODEC = CodecRef.of("", DECODER + NORMALISER)


@pytest.fixture(scope="module")
def codecs() -> Iterator[Codecs]:
    with Codecs(workers=1) as made:
        yield made


def asked(payload: bytes, *, port: int = 2, normalised: bool = True) -> Asked:
    return Asked(Request(CODEC, payload, port, NOW), normalised)


def test_normalised_data_stand_beside_the_decoded(codecs: Codecs) -> None:
    plain, both = decoding.decode_many(codecs, [asked(b"\x29\x5a\x00", normalised=False), asked(b"\x29\x5a\x00")])
    assert plain.data == {"temperature": 20.5, "battery": 90, "alarm": 0}
    assert both.data == plain.data | {"normalised": {"air": {"temperature": 20.5}}}


def test_a_message_that_is_not_normalised_is_not_decoded(codecs: Codecs) -> None:
    (answer,) = decoding.decode_many(codecs, [asked(b"\x29\xc8\x00")])
    assert answer.error is not None
    assert "no such battery" in answer.error.en


def test_what_is_not_decoded_is_not_normalised(codecs: Codecs) -> None:
    wrong, right = decoding.decode_many(codecs, [asked(b"\x29\x5a\x00", port=3), asked(b"\x28\x5a\x00")])
    assert wrong.errors == ["unknown port"]
    assert right.data["normalised"] == {"air": {"temperature": 20}}


def test_a_recipe_says_whether_to_normalise() -> None:
    channel = Channel("normalised.air.temperature", "temperature", "°C", "number")
    assert Recipe("m", CODEC, {channel.key: channel}).normalised
    assert not Recipe("m", CODEC, {"temperature": channel}).normalised
    assert decoding.normalises(CODEC)
    assert not decoding.normalises(CodecRef.of("", DECODER))
