"""What can go wrong, in the reader's language: about six classes, raised by the rooms, mapped once to HTTP."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Language = Literal["fr", "en"]


class Text(NamedTuple):
    """A sentence in both languages, side by side where it is said so that neither can be forgotten."""

    fr: str
    en: str

    def said(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en


class Fault(NamedTuple):
    """One thing wrong with an input: where (a field's name, a JSON pointer, a row and column) and what."""

    field: str
    text: Text


class BeffroiError(Exception):
    """The base of every error a reader may see."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Invalid(BeffroiError):
    """An input that breaks a rule; names every field at fault."""

    def __init__(self, field: str, text: Text, *, more: Sequence[Fault] = ()) -> None:
        super().__init__(text)
        self.faults: tuple[Fault, ...] = (Fault(field, text), *more)

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> "Invalid":
        """Several faults at once. `faults` holds at least one."""
        first, *more = faults
        return cls(first.field, first.text, more=more)


class Unauthenticated(BeffroiError):
    """Nobody is signed in, or the key or session is unknown, expired or revoked."""


class Forbidden(BeffroiError):
    """The actor sees the thing but may not do this with it."""


class NotFound(BeffroiError):
    """No such thing, or none that this actor may know of: the two are told the same."""

    def __init__(self, noun: Text, key: object) -> None:
        super().__init__(
            Text(
                f"Rien de tel, ou pas pour vous : {noun.fr} «\u00a0{key}\u00a0».",
                f"No such {noun.en}, or not yours to see: “{key}”.",
            )
        )


class Conflict(BeffroiError):
    """The thing exists already, or changed meanwhile, or is still used."""


class TooMany(BeffroiError):
    """Asked too often; `retry_after` in seconds."""

    def __init__(self, text: Text, *, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Unavailable(BeffroiError):
    """Cannot be done now (disk full, engine stopping), nothing was kept; trying again later is safe."""

    def __init__(self, text: Text, *, retry_after: int = 5) -> None:
        super().__init__(text)
        self.retry_after = retry_after
