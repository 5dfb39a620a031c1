"""Models that makers publish, tried on their examples and put in the instance's catalogue."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Literal

import msgspec

from beffroi.access import Scope
from beffroi.acquisition import decoding, examples, model_codecs
from beffroi.acquisition.codecs import CodecRef, Decoded, Request
from beffroi.acquisition.decoding import Asked, Decoding
from beffroi.acquisition.examples import Sample
from beffroi.acquisition.model_codecs import NewCodec
from beffroi.acquisition.recipes import NORMALISED
from beffroi.acquisition.repositories import Defect, Example, PublishedModel
from beffroi.database import Database
from beffroi.errors import Text
from beffroi.registry import models
from beffroi.registry.models import DeviceModelPatch, NewDeviceModel

AT_ONCE = 50
"""models tried and written together"""
LONGEST = 200
"""characters of a name"""
IMPORTED = "imported_codec"
"""property of a model: the hash of the codec that an import put in force"""

Fate = Literal["created", "changed", "unchanged"]


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one model. `failures`: what its codec makes of an example otherwise than its maker says."""

    code: str
    fate: Fate
    codec: bool
    passed: int = 0
    failures: list[Text] = []


def load(
    scope: Scope,
    database: Database,
    codecs: Decoding,
    found: Iterable[PublishedModel | Defect],
    *,
    now: datetime,
    dry_run: bool = False,
    told: Callable[[Imported | Defect], None],
) -> None:
    """Each model and defect is told as it is dealt with. Doing it again changes nothing. Channels that a person
    confirmed stay, whatever codec comes."""
    waiting = iter(found)
    while some := list(islice(waiting, AT_ONCE)):
        published = [one for one in some if isinstance(one, PublishedModel)]
        for one in some:
            if isinstance(one, Defect):
                told(one)
        trials = tried(codecs, published, now)
        done: list[Imported | Defect] = []
        with database.read() if dry_run else database.write() as tx:
            for one, failures in zip(published, trials, strict=True):
                try:
                    fate = _put(scope, tx, one, now=now, dry_run=dry_run)
                except msgspec.ValidationError as error:
                    done.append(Defect(one.where, Text(f"refusé : {error}", f"refused: {error}")))
                    continue
                passed = len(one.examples) - len(failures)
                done.append(Imported(code=one.code, fate=fate, codec=bool(one.codec), passed=passed, failures=failures))
        for imported in done:
            told(imported)


def tried(codecs: Decoding, published: Sequence[PublishedModel], now: datetime) -> list[list[Text]]:
    """For each model, in what its codec differs from its examples."""
    asked: list[Asked] = []
    for one in published:
        if one.codec is not None:
            codec = CodecRef.of("", one.codec)
            asked += [
                Asked(Request(codec, example.payload, example.port, now), example.normalised is not None)
                for example in one.examples
            ]
    answers = iter(decoding.decode_many(codecs, asked))
    return [
        [why for example in one.examples if (why := _difference(example, next(answers))) is not None]
        if one.codec is not None
        else []
        for one in published
    ]


def _difference(example: Example, answer: Decoded) -> Text | None:
    shown = f"{example.payload.hex()} ({example.port})"
    failed = answer.error is not None or bool(answer.errors)
    if example.fails or failed:
        if example.fails == failed:
            return None
        if not failed:
            return Text(f"{shown} : décodé, alors qu'il doit être refusé", f"{shown}: decoded, although to be refused")
        why = answer.error or Text("; ".join(answer.errors), "; ".join(answer.errors))
        return Text(f"{shown} : {why.fr}", f"{shown}: {why.en}")
    data = dict(answer.data) if isinstance(answer.data, dict) else answer.data
    normalised = data.pop(NORMALISED, None) if isinstance(data, dict) and example.normalised is not None else None
    where = _unequal(example.expected, data) or _unequal(decoding.single(example.normalised), normalised, NORMALISED)
    if where is None:
        return None
    return Text(f"{shown} : autre valeur de {where}", f"{shown}: another value of {where}")


def _unequal(expected: Any, data: Any, path: str = "") -> str | None:
    """Where the two differ first. Numbers as computed are equal; what an example does not tell (null) is equal to
    nothing."""
    if isinstance(expected, dict) and isinstance(data, dict):
        for name in {**expected, **data}:
            where = f"{path}.{name}" if path else str(name)
            if (found := _unequal(expected.get(name), data.get(name), where)) is not None:
                return found
        return None
    if isinstance(expected, list) and isinstance(data, list) and len(expected) == len(data):
        for place, (one, other) in enumerate(zip(expected, data, strict=True)):
            if (found := _unequal(one, other, f"{path}.{place}")) is not None:
                return found
        return None
    if _number(expected) and _number(data):
        return None if math.isclose(expected, data, rel_tol=1e-6, abs_tol=1e-9) else path
    return None if type(expected) is type(data) and expected == data else path or "data"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _put(scope: Scope, tx: Any, one: PublishedModel, *, now: datetime, dry_run: bool) -> Fate:
    new = msgspec.convert(_described(one), NewDeviceModel)
    fate = _fate(scope, tx, new, one)
    if dry_run or fate == "unchanged":
        return fate
    if fate == "created":
        models.create(scope, tx, new, now=now)
    else:
        kept = models.get(scope, tx, new.code).properties
        patch = DeviceModelPatch(maker=new.maker, name=new.name, radio=new.radio, properties={**kept, **new.properties})
        models.change(scope, tx, new.code, patch, now=now)
    if one.codec is not None and not _is_by_hand(scope, tx, new.code):
        codec = model_codecs.set_codec(scope, tx, new.code, NewCodec(source=one.codec), now=now)
        known = models.get(scope, tx, new.code).properties
        patch = DeviceModelPatch(properties={**known, IMPORTED: codec.hash})
        models.change(scope, tx, new.code, patch, now=now)
    examples.keep(tx, new.code, _samples(one))
    return fate


def _fate(scope: Scope, tx: Any, new: NewDeviceModel, one: PublishedModel) -> Fate:
    if not models.existing(tx, [new.code]):
        return "created"
    before = models.get(scope, tx, new.code)
    current = [version.source for version in model_codecs.versions(tx, new.code) if version.current]
    same = (
        (before.maker, before.name, before.radio) == (new.maker, new.name, new.radio)
        and new.properties.items() <= before.properties.items()
        and (one.codec is None or current == [one.codec] or _is_by_hand(scope, tx, new.code))
        and examples.of_model(tx, new.code) == _samples(one)
    )
    return "unchanged" if same else "changed"


def _is_by_hand(scope: Scope, tx: Any, code: str) -> bool:
    """Whether a person put the codec in force there: no import replaces it."""
    current = next((one for one in model_codecs.versions(tx, code) if one.current), None)
    return current is not None and current.hash != models.get(scope, tx, code).properties.get(IMPORTED)


def _samples(one: PublishedModel) -> list[Sample]:
    kept = one.examples if one.codec is not None else []
    return [Sample(example.payload, example.port) for example in kept if not example.fails][: examples.MOST]


def _described(one: PublishedModel) -> dict[str, Any]:
    properties = {
        "description": _line(one.description or ""),
        "product_url": one.page,
        "firmware": ", ".join(one.firmware),
        "regions": ", ".join(dict.fromkeys(profile.region for profile in one.profiles)),
        "profiles": ", ".join(dict.fromkeys(profile.name for profile in one.profiles)),
        "mac_version": ", ".join(sorted({one.mac_version for one in one.profiles if one.mac_version})),
        "regional_parameters": ", ".join(
            sorted({one.regional_parameters for one in one.profiles if one.regional_parameters})
        ),
        "classes": _classes(one),
    }
    return {
        "code": one.code,
        "maker": _line(one.maker)[:LONGEST].strip(),
        "name": _line(one.name)[:LONGEST].strip(),
        "radio": "LoRaWAN",
        "properties": {name: value for name, value in properties.items() if value},
    }


def _classes(one: PublishedModel) -> str:
    """A for all; B and C as the profiles say."""
    if not one.profiles:
        return ""
    more = (("B", any(each.class_b for each in one.profiles)), ("C", any(each.class_c for each in one.profiles)))
    return ", ".join(["A", *(name for name, has in more if has)])


def _line(text: str) -> str:
    return " ".join(text.split())
