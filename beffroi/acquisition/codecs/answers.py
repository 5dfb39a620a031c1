"""From what a routine returned, as JSON text, to what the rest of Beffroi reads; and what is told when it did not."""

import json
from collections.abc import Callable
from typing import Any

import msgspec

from beffroi.acquisition.codecs.model import Answer, Decoded, Encoded, Limits
from beffroi.acquisition.codecs.wire import Kind, State
from beffroi.errors import Text

NOTHING = Text("le codec n'a rien rendu", "the codec returned nothing")
DEADLY = Text("le codec a fait tomber son processus", "the codec brought its process down")
BROKE = Text("le codec a épuisé sa mémoire ou cassé son contexte", "the codec used up its memory or broke its context")
NO_WORKER = Text("aucun processus de décodage n'a pu démarrer", "no decoding process could be started")
NOT_AN_OBJECT = Text("le codec n'a pas rendu un objet", "the codec did not return an object")
UNREADABLE = Text("le résultat ne peut être lu : trop profond", "the result cannot be read: nested too deep")
UNREAD = Text("l'entrée ne peut être lue", "the input cannot be read")
NOT_BYTES = Text("le codec n'a pas rendu des octets", "the codec did not return bytes")


def refused(why: str) -> Text:
    return Text(f"le codec ne se lit pas : {why}", f"the codec cannot be read: {why}")


def overran(limits: Limits) -> Text:
    return Text(
        f"le codec a dépassé {limits.cpu_ms} ms de calcul", f"the codec ran over {limits.cpu_ms} ms of processor time"
    )


STOPPED: dict[State, Callable[[Limits], Text]] = {
    State.OVERRAN: overran,
    State.BROKE: lambda _: BROKE,
    State.UNREAD: lambda _: UNREAD,
}


def late(limits: Limits) -> Text:
    return Text(
        f"le codec n'a pas répondu en {limits.wall_ms} ms ; son processus a été arrêté",
        f"the codec did not answer within {limits.wall_ms} ms; its process was killed",
    )


RETURNED, NOTHING_, TOO_LONG = (str(int(kind)).encode() for kind in (Kind.RETURNED, Kind.NOTHING, Kind.TOO_LONG))


def read(line: bytes, limits: Limits) -> Answer:
    """One line of a worker."""
    kind = line[:1]
    if kind == RETURNED:
        return Answer(line[1:])
    if kind == NOTHING_:
        return Answer(error=NOTHING)
    if kind == TOO_LONG:
        size = limits.answer_kib
        return Answer(error=Text(f"le résultat dépasse {size} Kio", f"the result is above {size} KiB"))
    return Answer(error=failed(line[1:]))


def failed(why: bytes) -> Text:
    try:
        told = str(value_of(why))
    except ValueError:  # a worker that was taken over may say anything
        return DEADLY
    return Text(f"le codec a échoué : {told}", f"the codec failed: {told}")


def value_of(text: msgspec.Raw | bytes) -> Any:
    """JSON as the engine writes it: halves of surrogate pairs, which no UTF-8 text can hold, become U+FFFD. Raises
    `ValueError`, also for what is nested too deep."""
    try:
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            lenient = json.dumps(json.loads(bytes(text)), ensure_ascii=False)
            return json.loads(lenient.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    except RecursionError:
        raise ValueError("too deep") from None


def _object(answer: Answer) -> dict[str, Any] | Text:
    """What a routine returned, or why there is none."""
    if answer.result is None:
        return answer.error or NOTHING
    try:
        result = value_of(answer.result)
    except ValueError:
        return UNREADABLE
    return result if isinstance(result, dict) else NOT_AN_OBJECT


def fault(answer: Answer) -> Text | None:
    """Why the message has no result: what happened to it, or what the codec itself says."""
    found = decoded(answer)
    own = "; ".join(found.errors)
    return found.error or (Text(own, own) if own else None)


def decoded(answer: Answer) -> Decoded:
    result = _object(answer)
    if isinstance(result, Text):
        return Decoded(error=result)
    return Decoded(result.get("data"), _texts(result.get("warnings")), _texts(result.get("errors")))


def encoded(answer: Answer) -> Encoded:
    result = _object(answer)
    if isinstance(result, Text):
        return Encoded(error=result)
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
