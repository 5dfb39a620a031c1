"""Codecs and channels of device models: /device-models/…/codec, /device-models/…/channels."""

from typing import Annotated

import msgspec

from beffroi.acquisition import examples, model_codecs
from beffroi.acquisition.bench import Trial, tried
from beffroi.acquisition.codecs import CodecRef, Request
from beffroi.acquisition.examples import Sample
from beffroi.acquisition.model_codecs import ChannelOf, Channels, NewCodec, StoredCodec
from beffroi.acquisition.proposals import ProposedChannel, proposed
from beffroi.api.routing import Call, Routes
from beffroi.errors import Invalid, Text
from beffroi.registry import kinds, models

routes = Routes("codecs", "How the messages of a device model are decoded, and what their values are.")


Hexadecimal = Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^(?:[0-9A-Fa-f]{2})*$(?!\n)")]
PortNumber = Annotated[int, msgspec.Meta(ge=0, le=255)]


class ProposedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    bytes: Hexadecimal | None = None
    port: PortNumber | None = None


class Tried(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`bytes` in hexadecimal. `codec`: to be tried instead of the model's, and not kept."""

    bytes: Hexadecimal
    port: PortNumber | None = None
    codec: NewCodec | None = None


@routes.get("/device-models/{code}/codec")
def current(call: Call, code: str) -> StoredCodec:
    """The codec in force."""
    with call.reading() as tx:
        models.get(call.scope, tx, code)
        return model_codecs.codec_of(tx, code)


@routes.get("/device-models/{code}/codec/versions")
def versions(call: Call, code: str) -> list[StoredCodec]:
    """All that there were, the last one first."""
    with call.reading() as tx:
        models.get(call.scope, tx, code)
        return model_codecs.versions(tx, code)


@routes.put("/device-models/{code}/codec")
def set_codec(call: Call, code: str, body: NewCodec) -> StoredCodec:
    """Put another codec in force: for what comes from now on, and for what is decoded again."""
    with call.writing() as tx:
        return model_codecs.set_codec(call.scope, tx, code, body, now=call.now)


@routes.get("/device-models/{code}/channels")
def channels(call: Call, code: str) -> list[ChannelOf]:
    """What a person said that the model's decoded values are."""
    with call.reading() as tx:
        models.get(call.scope, tx, code)
        return model_codecs.channels_of(tx, code)


@routes.get("/device-models/{code}/channels/proposed")
def proposed_channels(call: Call, code: str, query: ProposedQuery) -> list[ProposedChannel]:
    """What the model's decoded values could be, for a person to confirm.

    By what its codec makes of its maker's examples, and of a message given here."""
    more = [] if query.bytes is None else [Sample(bytes.fromhex(query.bytes), query.port)]
    with call.reading() as tx:
        models.get(call.scope, tx, code)
        asked = examples.asked(tx, code, more, call.now)
        known = kinds.known_properties(tx)
    return proposed(examples.decoded(call.rooms.codecs, asked), known, call.language)


@routes.put("/device-models/{code}/channels")
def set_channels(call: Call, code: str, body: Channels) -> list[ChannelOf]:
    """Say what the model's decoded values are, all of them."""
    with call.writing() as tx:
        return model_codecs.set_channels(call.scope, tx, code, body, now=call.now)


@routes.post("/device-models/{code}/bench")
def bench(call: Call, code: str, body: Tried) -> Trial:
    """Decode bytes as the model's, and show what would be stored; nothing is."""
    with call.reading() as tx:
        models.get(call.scope, tx, code)
        recipe = model_codecs.recipes(tx, [code]).get(code)
    reference = recipe.codec if recipe else None
    if body.codec is not None:
        reference = CodecRef.of(call.scope.actor.key, body.codec.source, body.codec.form)
    if reference is None:
        raise Invalid("codec", Text("ce modèle n'a pas de codec", "this model has no codec"))
    request = Request(reference, bytes.fromhex(body.bytes), body.port, call.now)
    return tried(call.rooms.codecs, request, recipe, call.language)
