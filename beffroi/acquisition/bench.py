"""Trying a model's decoding: what a message would become, before any device uses it."""

from datetime import datetime
from typing import Any

import msgspec

from beffroi.acquisition import decoding
from beffroi.acquisition.codecs import Request
from beffroi.acquisition.decoding import Asked, Decoding
from beffroi.acquisition.recipes import Channel, Leaf, Recipe, leaves
from beffroi.errors import Language


class TriedValue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A decoded value. Without `observed_property`, nobody said what it is. `plausible`: within the channel's range."""

    key: str
    decoded: Any
    time: datetime | None = None
    observed_property: str | None = None
    value: float | str | None = None
    unit: str | None = None
    plausible: bool | None = None
    fault: str | None = None


class Trial(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    data: Any = None
    warnings: list[str] = []
    errors: list[str] = []
    values: list[TriedValue] = []


def tried(codecs: Decoding, request: Request, recipe: Recipe | None, language: Language) -> Trial:
    """`recipe`: the model's; its codec is `request`'s own affair. Nothing is kept."""
    normalised = decoding.normalises(request.codec)
    (answer,) = decoding.decode_many(codecs, [Asked(request, normalised)])
    if answer.error is not None:
        return Trial(data=answer.data, errors=[answer.error.said(language)], warnings=answer.warnings)
    channels = recipe.channels if recipe else {}
    values = [_value(leaf, channels.get(leaf.key), recipe, request, language) for leaf in leaves(answer.data)]
    return Trial(data=answer.data, warnings=answer.warnings, errors=answer.errors, values=values)


def _value(
    leaf: Leaf, channel: Channel | None, recipe: Recipe | None, request: Request, language: Language
) -> TriedValue:
    if channel is None or recipe is None or request.recv_time is None:
        return TriedValue(key=leaf.key, decoded=leaf.value, time=leaf.time)
    measured, wrong = recipe.of_channel(channel, leaf.value, leaf.time or request.recv_time)
    return TriedValue(
        key=leaf.key,
        decoded=leaf.value,
        time=leaf.time,
        observed_property=channel.observed_property,
        value=None if measured is None else measured.shown,
        unit=channel.unit,
        plausible=None if measured is None else _within(channel, measured.value),
        fault=None if wrong is None else wrong.said(language),
    )


def _within(channel: Channel, value: float | None) -> bool:
    if value is None:
        return True
    return (channel.low is None or value >= channel.low) and (channel.high is None or value <= channel.high)
