"""Codecs: makers' own scripts, Cayenne LPP, and layouts of bits, from the bytes of a message to its data."""

from beffroi.acquisition.codecs.model import (
    Answer,
    Call,
    CodecRef,
    Decoded,
    Encoded,
    Form,
    Limits,
    Request,
    Routine,
)
from beffroi.acquisition.codecs.pool import Codecs, Pending

__all__ = [
    "Answer",
    "Call",
    "CodecRef",
    "Codecs",
    "Decoded",
    "Encoded",
    "Form",
    "Limits",
    "Pending",
    "Request",
    "Routine",
]
