"""What is wrong with a layout, by its place in it."""

from collections.abc import Iterator

from beffroi.acquisition.codecs.layouts.field import REST, Field
from beffroi.errors import Fault, Text

FLOATS = (16, 32, 64)
LONGEST = 64
"""bits of a number"""


def faults(fields: list[Field], path: str, above: set[str]) -> Iterator[Fault]:
    """`above`: names that may be asked by `when` and `repeat`, for they are read before."""
    told = set(above)
    for place, field in enumerate(fields):
        where = f"{path}[{place}]"
        yield from (Fault(where, text) for text in (_group_faults if field.fields else _field_faults)(field))
        unknown = [name for name in field.when if name not in told]
        if isinstance(field.repeat, str) and field.repeat != "rest" and field.repeat not in told:
            unknown.append(field.repeat)
        for name in unknown:
            yield Fault(where, Text(f"« {name} » n'est pas un champ lu avant", f"“{name}” is no field read before"))
        yield from faults(field.fields, f"{where}.fields", told)
        told.add(field.name)


def _group_faults(field: Field) -> Iterator[Text]:
    if field.repeat is None:
        yield Text("un groupe dit combien de fois (repeat)", "a group says how many times (repeat)")
    if isinstance(field.repeat, int) and not 0 < field.repeat <= 255:
        yield Text("repeat va de 1 à 255", "repeat is from 1 to 255")
    if any(member.byte is None and member.bit is None and member.size == REST for member in field.fields):
        yield Text("un champ sans longueur ne se répète pas", "a field without length is not repeated")


def _field_faults(field: Field) -> Iterator[Text]:
    if not field.name and field.kind != "reserved":
        yield Text("un nom est attendu", "a name is expected")
    if field.repeat is not None:
        yield Text("repeat est pour un groupe (fields)", "repeat is for a group (fields)")
    if field.bits is not None and field.bytes is not None:
        yield Text("bits ou bytes, l'un des deux", "bits or bytes, one of them")
    if (field.byte or 0) < 0 or (field.bit or 0) < 0:
        yield Text("byte et bit ne sont pas négatifs", "byte and bit are not negative")
    yield from _size_faults(field)
    if field.scale == 0:
        yield Text("scale n'est pas 0", "scale is not 0")
    if field.words and not all(_is_integer(word) for word in field.words):
        yield Text("words a des nombres entiers pour clés", "words has integers for keys")


def _size_faults(field: Field) -> Iterator[Text]:
    size = field.size
    if field.kind in ("text", "bytes"):
        if size != REST and (size <= 0 or size % 8):
            yield Text("un texte ou des octets ont des octets entiers", "a text or bytes have whole bytes")
    elif field.kind == "float":
        if size not in FLOATS:
            yield Text("un float a 16, 32 ou 64 bits", "a float has 16, 32 or 64 bits")
    elif field.kind == "reserved":
        if size < 1:
            yield Text("une longueur est attendue : bits ou bytes", "a length is expected: bits or bytes")
    elif not 1 <= size <= LONGEST:
        yield Text(f"une longueur de 1 à {LONGEST} bits est attendue", f"a length of 1 to {LONGEST} bits is expected")


def _is_integer(word: str) -> bool:
    return word.removeprefix("-").isdecimal()
