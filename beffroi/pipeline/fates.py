"""What becomes of a message on its way: whose it is, what was decoded of it, and why it is held, if it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.messages import Message
from beffroi.acquisition.recipes import Measured
from beffroi.errors import Text
from beffroi.pipeline.addressing import Target
from beffroi.pipeline.heard import Frame
from beffroi.pipeline.held import Cause

Outcome = Literal["stored", "again", "held"]


class Delivery(NamedTuple):
    """What came by a connection, whole. `refused`: why it is not even read; `content` then tells what it was."""

    connection: Connection
    content: bytes
    envelope: Envelope
    refused: Text | None = None


@dataclass(eq=False, slots=True)
class Fate:
    """A message on its way. `content`: set when nothing was understood of it."""

    connection: Connection
    message: Message
    received_at: datetime
    content: bytes | None = None
    envelope: Envelope | None = None
    target: Target | None = None
    frame: Frame | None = None
    again: bool = False
    data: Any = None
    values: list[Measured] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    cause: Cause | None = None
    reason: Text | None = None

    @property
    def outcome(self) -> Outcome:
        return "held" if self.cause else "again" if self.again else "stored"

    def hold(self, cause: Cause, reason: Text) -> None:
        self.cause, self.reason = cause, reason

    def series_of(self, one: Measured) -> int:
        """In which a value of it goes."""
        assert self.target is not None
        return self.target.series[one.channel.key]


NO_DEVICE = Text("ne dit pas de quel appareil", "does not tell of which device")
UNTIMELY = Text(
    "daté d'avant l'arrivée de l'appareil chez son propriétaire actuel, ou hors de 1900 à 2200",
    "dated before the device came to its present owner, or outside 1900 to 2200",
)
ENCRYPTED = Text("charge chiffrée : le réseau n'a pas la clé", "encrypted payload: the network has not the key")


def undeclared(identifier: str) -> Text:
    return Text(
        f"appareil que personne n'a déclaré : «\u00a0{identifier}\u00a0»", f"a device nobody declared: “{identifier}”"
    )


def claimed(identifier: str, owners: Sequence[str]) -> Text:
    listed = ", ".join(owners)
    return Text(
        f"«\u00a0{identifier}\u00a0» est déclaré par plusieurs collectivités : {listed}",
        f"“{identifier}” is declared by several collectivités: {listed}",
    )


def unconfirmed(identifier: str, owner: str) -> Text:
    return Text(
        f"«\u00a0{identifier}\u00a0» est déclaré par {owner} ; la structure ne l'a pas encore confirmé",
        f"“{identifier}” is declared by {owner}; the structure did not confirm it yet",
    )


def no_model(target: Target) -> Text:
    if target.model is None:
        return Text("l'appareil n'a pas de modèle", "the device has no model")
    return Text(f"rien n'est dit du modèle {target.model}", f"nothing is told of model {target.model}")


def no_codec(target: Target) -> Text:
    return Text(f"le modèle {target.model} n'a pas de codec", f"model {target.model} has no codec")


def no_channels(target: Target) -> Text:
    return Text(
        f"personne n'a encore dit ce que sont les valeurs du modèle {target.model}",
        f"nobody said yet what the values of model {target.model} are",
    )
