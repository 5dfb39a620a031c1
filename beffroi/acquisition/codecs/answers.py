"""From what a routine returned, as JSON text, to what the rest of Beffroi reads; and what is told when it did not."""

import json
from typing import Any

import msgspec

from beffroi.acquisition.codecs.model import Answer, Decoded, Encoded, Limits
from beffroi.acquisition.codecs.wire import Kind
from beffroi.errors import Text

NOTHING = Text("le codec n'a rien rendu", "the codec returned nothing")
DEADLY = Text("le codec a fait tomber son processus", "the codec brought its process down")
BROKE = Text("le codec a épuisé sa mémoire ou cassé son contexte", "the codec used up its memory or broke its context")
NO_WORKER = Text("aucun processus de décodage n'a pu démarrer", "no decoding process could be started")
NOT_AN_OBJECT = Text("le codec n'a pas rendu un objet", "the codec did not return an object")
NOT_BYTES = Text("le codec n'a pas rendu des octets", "the codec did not return bytes")


def refused(why: str) -> Text:
    return Text(f"le codec ne se lit pas : {why}", f"the codec cannot be read: {why}")


def overran(limits: Limits) -> Text:
    return Text(
        f"le codec a dépassé {limits.cpu_ms} ms de calcul", f"the codec ran over {limits.cpu_ms} ms of processor time"
    )


def late(limits: Limits) -> Text:
    return Text(
        f"le codec n'a pas répondu en {limits.wall_ms} ms ; son processus a été arrêté",
        f"the codec did not answer within {limits.wall_ms} ms; its process was killed",
    )


def read(kind: int, value: msgspec.Raw, limits: Limits) -> Answer:
    """One answer of a worker."""
    if kind == Kind.RETURNED:
        return Answer(value)
    if kind == Kind.NOTHING:
        return Answer(error=NOTHING)
    if kind == Kind.TOO_LONG:
        size = limits.answer_kib
        return Answer(error=Text(f"le résultat dépasse {size} Kio", f"the result is above {size} KiB"))
    why = str(value_of(value))
    return Answer(error=Text(f"le codec a échoué : {why}", f"the codec failed: {why}"))


def value_of(text: msgspec.Raw | bytes) -> Any:
    """JSON as the engine writes it: halves of surrogate pairs, which no UTF-8 text can hold, become U+FFFD."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        lenient = json.dumps(json.loads(bytes(text)), ensure_ascii=False)
        return json.loads(lenient.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def decoded(answer: Answer) -> Decoded:
    if answer.result is None:
        return Decoded(error=answer.error)
    result = value_of(answer.result)
    if not isinstance(result, dict):
        return Decoded(error=NOT_AN_OBJECT)
    return Decoded(result.get("data"), _texts(result.get("warnings")), _texts(result.get("errors")))


def encoded(answer: Answer) -> Encoded:
    if answer.result is None:
        return Encoded(error=answer.error)
    result = value_of(answer.result)
    if not isinstance(result, dict):
        return Encoded(error=NOT_AN_OBJECT)
    warnings, errors = _texts(result.get("warnings")), _texts(result.get("errors"))
    payload, port = result.get("bytes"), result.get("fPort")
    if errors:
        return Encoded(warnings=warnings, errors=errors)
    try:
        made = bytes(payload["data"] if isinstance(payload, dict) else payload)  # type: ignore[arg-type]
    except (TypeError, ValueError, KeyError):
        return Encoded(warnings=warnings, error=NOT_BYTES)
    return Encoded(made, port if isinstance(port, int) else None, warnings)


def _texts(told: Any) -> list[str]:
    """TS013 asks for a list of texts; scripts give one text, objects, null."""
    if told is None or told == "":
        return []
    return [one if isinstance(one, str) else json.dumps(one) for one in (told if isinstance(told, list) else [told])]
