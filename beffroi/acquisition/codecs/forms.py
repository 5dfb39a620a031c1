"""Codecs without code, answered in this process."""

from beffroi.acquisition.codecs.model import Answer, Call


def answer(call: Call) -> Answer:
    raise NotImplementedError
