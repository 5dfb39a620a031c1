"""From observations by code, in their source's unit, to batches of a collectivité's series: found, made, converted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy.exc import IntegrityError

from beffroi.access import Scope
from beffroi.acquisition.cells import numbers
from beffroi.acquisition.decode import Decoded, Records, Reject, decode
from beffroi.acquisition.mapping import Mapping, Value
from beffroi.acquisition.parts import Part, texts
from beffroi.acquisition.templates import Template
from beffroi.database import Database, Transaction
from beffroi.errors import Conflict, Fault, Invalid, Text
from beffroi.observations import SCHEMA
from beffroi.registry import assets, series, things, units
from beffroi.registry.assets import NewAsset
from beffroi.registry.fields import Code
from beffroi.registry.series import NewSeries, SeriesRow

COUNTED = ("number", "counter")
UNKNOWN = Text(
    "série inconnue, ou sur laquelle vous ne pouvez pas écrire : «\u00a0{code}\u00a0»",
    "unknown series, or none that you may write to: “{code}”",
)


@dataclass(frozen=True)
class Taken:
    """A part, ready to be received. `batch`: of `observations.SCHEMA`; `names`: the value each row comes from, by its
    place in the mapping. Counts are of cells: `read` = rows of `batch` + `missing` + `rejected`."""

    batch: pa.Table
    names: NDArray[np.int16]
    rejects: list[Reject]
    read: int
    missing: int
    rejected: int
    ignored: int
    strays: list[Reject]
    """those of `rejects` that were well read, but that no series can take"""


@dataclass
class Intake:
    """Takes the parts of a file in for `owner`; what it learns of series is kept from one part to the next."""

    scope: Scope
    database: Database
    mapping: Mapping
    owner: str
    now: datetime
    dry_run: bool = False
    created: int = 0
    _known: dict[str, SeriesRow | None] = field(default_factory=dict)

    def take(self, part: Part, *, only: str | None = None) -> Taken:
        """`part` decoded and turned into a batch; makes the series that the mapping lets it make."""
        decoded = decode(part, self.mapping, only=only)
        self._look_up(decoded, part)
        records = Records(part, self.mapping)
        batches, names, strays = [], [], list[Reject]()
        for name, observed in decoded.observed.items():
            batch, refused = self._addressed(observed, self.mapping.values[name])
            batches.append(batch)
            names.append(np.full(len(batch), list(self.mapping.values).index(name), np.int16))
            strays += [records.cell(index, name, reason) for index, reason in refused]
        return Taken(
            pa.concat_tables(batches),
            np.concatenate(names),
            sorted([*decoded.rejects, *strays], key=lambda reject: reject.row),
            decoded.read,
            decoded.missing,
            decoded.rejected + len(strays),
            decoded.ignored,
            strays,
        )

    def _addressed(self, observed: pa.Table, value: Value) -> tuple[pa.Table, list[tuple[int, Text]]]:
        """`observed` with series instead of codes and values in their unit; the others by index, with the reason."""
        codes = observed["code"].combine_chunks().dictionary_encode()
        found = [_Target(code, self._known.get(code), value) for code in codes.dictionary.to_pylist()]
        place = codes.indices.to_numpy()
        values = observed["value"].to_numpy(zero_copy_only=False).astype(np.float64)
        for conversion in {target.conversion for target in found if target.conversion is not None}:
            of_it = np.array([target.conversion is conversion for target in found], np.bool_)[place]
            values = np.where(of_it, conversion(values), values)
        wrong = np.isinf(values)
        reasons: dict[int, Text] = dict.fromkeys(np.flatnonzero(wrong).tolist(), TOO_BIG)
        for number, target in enumerate(found):
            if target.refused:
                mask = place == number
            elif target.words is not None:
                mask = (place == number) & ~_among(observed["text"], target.words)
            else:
                continue
            reasons |= dict.fromkeys(np.flatnonzero(mask).tolist(), target.refused or NOT_A_WORD)
            wrong |= mask
        ids = np.array([target.id for target in found], np.int64)[place] if found else place.astype(np.int64)
        indexes = observed["index"].to_numpy()
        table = (
            observed.drop_columns(["index", "code"])
            .add_column(0, SCHEMA.field("series"), pa.array(ids))
            .set_column(2, SCHEMA.field("value"), pa.array(values, from_pandas=True))
            .filter(pa.array(~wrong))
        )
        refused = [(int(indexes[at]), reason) for at, reason in sorted(reasons.items())]
        return table.cast(SCHEMA), refused

    def _look_up(self, decoded: Decoded, part: Part) -> None:
        """Learn the series of codes not met before; the first row of each says how it is named, if it must be made."""
        new: dict[str, tuple[str, int]] = {}
        for name, observed in decoded.observed.items():
            codes = observed["code"].combine_chunks()
            encoded = codes.dictionary_encode()
            _, firsts = np.unique(encoded.indices.to_numpy(), return_index=True)
            for at in firsts.tolist():
                code = codes[at].as_py()
                if code not in self._known:
                    new.setdefault(code, (name, observed["index"][at].as_py()))
        if not new:
            return
        with self.database.read() as tx:
            self._known |= self._found(tx, new)
            absent = [code for code in new if self._known[code] is None]
            taken = things.existing(tx, series.SERIES, [(self.owner, code) for code in absent])
        missing = {code: new[code] for code in absent if (self.owner, code) not in taken and _is_code(code)}
        if missing and self.mapping.create:
            self._create(missing, part)

    def _found(self, tx: Transaction, codes: Iterable[str]) -> dict[str, SeriesRow | None]:
        ids = things.existing(tx, series.SERIES, [(self.owner, code) for code in codes])
        rows = series.writable(self.scope, tx, list(ids.values()))
        return {code: rows.get(ids.get((self.owner, code), 0)) for code in codes}

    def _create(self, missing: dict[str, tuple[str, int]], part: Part) -> None:
        """All or nothing. A dry run does it too, then takes it back."""
        try:
            with self.database.write() as tx:
                self._make(tx, missing, part)
                found = self._found(tx, missing)
                self._refuse_misfits(missing, found)
                if self.dry_run:
                    tx.rollback()
        except IntegrityError as error:
            raise Conflict(
                Text(
                    "D'autres ont créé ces séries au même moment ; recommencez.",
                    "Others made these series at the same moment; try again.",
                )
            ) from error
        self._known |= found
        self.created += len(missing)

    def _make(self, tx: Transaction, missing: dict[str, tuple[str, int]], part: Part) -> None:
        try:
            series.create_many(self.scope, tx, self._described(tx, missing, part), now=self.now)
        except msgspec.ValidationError as error:
            raise Invalid("create", Text(f"ce qui serait créé ne convient pas : {error}", f"{error}")) from error
        except Invalid as error:
            reasons = dict.fromkeys(
                Fault(f"create{fault.field.partition(']')[2]}", fault.text) for fault in error.faults
            )
            raise Invalid.of(list(reasons)[:20]) from error

    def _refuse_misfits(self, made: dict[str, tuple[str, int]], found: dict[str, SeriesRow | None]) -> None:
        """A series that could not take the values it is made for is not made."""
        for code, (name, _) in made.items():
            if refused := _Target(code, found[code], self.mapping.values[name]).refused:
                raise Invalid(f"values.{name}", refused)

    def _described(self, tx: Transaction, missing: dict[str, tuple[str, int]], part: Part) -> list[NewSeries]:
        create = self.mapping.create
        assert create
        rows = [index for _, index in missing.values()]
        columns = {name: column.take(pa.array(rows)) for name, column in part.columns.items()}
        made = self._assets(tx, columns, len(rows))
        news = []
        for place, (code, (name, _)) in enumerate(missing.items()):
            value = self.mapping.values[name]
            property_ = value.property or name
            constants = {"value": name, "property": property_}
            title = _filled(create.name, columns, place, constants) if create.name else code
            news.append(
                {
                    "owner": self.owner,
                    "code": code,
                    "name": _as_name(title or code),
                    "observed_property": property_,
                    "service": create.service,
                    "asset": made[place],
                    "categories": list(dict.fromkeys(value.words.values())) if value.kind == "enumeration" else [],
                }
            )
        return msgspec.convert(news, list[NewSeries])

    def _assets(self, tx: Transaction, columns: dict[str, pa.Array], length: int) -> list[int | None]:
        """The asset of each row, made if missing."""
        declared = self.mapping.create.asset if self.mapping.create else None
        if declared is None:
            return [None] * length
        codes = [_filled(declared.code, columns, place, {}) for place in range(length)]
        firsts = {code: place for place, code in reversed(list(enumerate(codes))) if code}
        held = things.existing(tx, assets.ASSETS, [(self.owner, code) for code in firsts])
        absent = [code for code in firsts if (self.owner, code) not in held]
        news = [
            {
                "owner": self.owner,
                "code": code,
                "name": _as_name(_filled(declared.name, columns, firsts[code], {}) or code),
                "kind": declared.kind,
                "longitude": _coordinate(declared.longitude, columns, firsts[code], self.mapping),
                "latitude": _coordinate(declared.latitude, columns, firsts[code], self.mapping),
            }
            for code in absent
        ]
        ids = assets.create_many(self.scope, tx, msgspec.convert(news, list[NewAsset]), now=self.now)
        held |= {(self.owner, code): id_ for code, id_ in zip(absent, ids, strict=True)}
        return [held[self.owner, code] if code else None for code in codes]


class _Target:
    """A series that values go to: how they are converted, or why they cannot go there."""

    def __init__(self, code: str, row: SeriesRow | None, value: Value) -> None:
        self.id = row.id if row else 0
        self.words: list[str] | None = None
        self.conversion: units.Conversion | None = None
        self.refused: Text | None = None
        if row is None:
            self.refused = Text(UNKNOWN.fr.format(code=code), UNKNOWN.en.format(code=code))
        elif row.value_kind != value.kind and not (row.value_kind in COUNTED and value.kind in COUNTED):
            self.refused = Text(
                f"la série «\u00a0{code}\u00a0» tient des valeurs «\u00a0{row.value_kind}\u00a0»",
                f"series “{code}” holds “{row.value_kind}” values",
            )
        elif row.value_kind == "enumeration":
            self.words = row.categories
        elif value.unit is not None:
            try:
                self.conversion = units.conversion(value.unit, row.unit)
            except Invalid as error:
                self.refused = error.text


NOT_A_WORD = Text("mot hors de la liste de la série", "a word that is not in the series' list")
TOO_BIG = Text("nombre hors limites une fois converti", "number out of bounds once converted")


def _among(column: pa.ChunkedArray, words: list[str]) -> NDArray[np.bool_]:
    return np.asarray(pc.is_in(column, pa.array(words, pa.string())).to_numpy(), np.bool_)


def _is_code(text: str) -> bool:
    """Whether the registry would take it as the code of a series."""
    try:
        msgspec.convert(text, Code)
    except msgspec.ValidationError:
        return False
    return True


def _as_name(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:200]


def _filled(template: str, columns: dict[str, pa.Array], place: int, constants: dict[str, str]) -> str | None:
    parsed = Template.parse(template).given(constants)
    one = {name: texts(columns[name].slice(place, 1)) for name in parsed.fields}
    text: str | None = parsed.fill(one, 1)[0].as_py()
    return text


def _coordinate(name: str | None, columns: dict[str, pa.Array], place: int, mapping: Mapping) -> float | None:
    if name is None:
        return None
    declared = mapping.stations.format if mapping.stations else mapping.format
    (number,), _ = numbers(texts(columns[name].slice(place, 1)), declared)
    return None if np.isnan(number) else float(number)
