"""From a message's bytes to its data, brought to normalised names as well where a model's channels use these."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from beffroi.acquisition import steps
from beffroi.acquisition.codecs import CodecRef, Decoded, Request
from beffroi.acquisition.recipes import NORMALISED
from beffroi.acquisition.steps import Steps
from beffroi.errors import Text

NORMALISES = re.compile(r"\bnormalizeUplink\b")


class Decoding(Protocol):
    """What `codecs.Codecs` does."""

    def decoding(self, requests: Sequence[Request]) -> Steps[list[Decoded]]: ...


class Asked(NamedTuple):
    """`normalised`: normalizeUplink is to follow (`Recipe.normalised`)."""

    request: Request
    normalised: bool


def normalises(codec: CodecRef) -> bool:
    """Whether its script has a normalizeUplink."""
    return codec.form == "javascript" and NORMALISES.search(codec.source) is not None


def decode_many(codecs: Decoding, asked: Sequence[Asked]) -> list[Decoded]:
    return steps.run(decoding(codecs, asked))


def decoding(codecs: Decoding, asked: Sequence[Asked]) -> Steps[list[Decoded]]:
    """As `Codecs.decoding`; what normalizeUplink makes of the data is put in it under `normalised`. When that fails the
    message is not decoded: its channels would go missing unheard."""
    answers = yield from codecs.decoding([one.request for one in asked])
    places = [
        place
        for place, (one, answer) in enumerate(zip(asked, answers, strict=True))
        if one.normalised and answer.error is None and not answer.errors and isinstance(answer.data, dict)
    ]
    follow = [
        msgspec.structs.replace(asked[place].request, routine="normalizeUplink", data=answers[place].data)
        for place in places
    ]
    followed = (yield from codecs.decoding(follow)) if follow else []
    for place, normalised in zip(places, followed, strict=True):
        answers[place] = _joined(answers[place], normalised)
    return answers


def _joined(decoded: Decoded, normalised: Decoded) -> Decoded:
    warnings = decoded.warnings + normalised.warnings
    error = normalised.error or _told(normalised.errors)
    if error is not None:
        said = Text(f"normalizeUplink : {error.fr}", f"normalizeUplink: {error.en}")
        return Decoded(decoded.data, warnings, error=said)
    return Decoded(decoded.data | {NORMALISED: single(normalised.data)}, warnings)


def _told(errors: list[str]) -> Text | None:
    whole = "; ".join(errors)
    return Text(whole, whole) if errors else None


def single(data: Any) -> Any:
    """A measurement alone in a list is as one outside of any (TS013 allows both)."""
    return data[0] if isinstance(data, list) and len(data) == 1 else data
