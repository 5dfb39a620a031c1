"""Each observation checked against its series: refused when it cannot be one, flagged when it is doubtful."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import repeat
from math import isfinite

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from beffroi.errors import Fault, Invalid, Text
from beffroi.observations import SCHEMA, Few, Quality, microseconds
from beffroi.observations.admission import instants
from beffroi.observations.batch import LATITUDE, LONGITUDE, QUALITY, SERIES, TEXT, VALUE
from beffroi.pipeline.writable import KINDS, Accepted, Facts

FAULTS_TOLD = 20
AHEAD = timedelta(hours=1)
"""a clock may be this much ahead before its observations are doubtful"""
NUMERIC, TEXTUAL = frozenset((KINDS.index("number"), KINDS.index("counter"))), KINDS.index("text")
IS_NUMERIC = np.array([kind in ("number", "counter") for kind in KINDS])
IS_TEXT = np.array([kind == "text" for kind in KINDS])
RANGE, AHEAD_OF_TIME, MADE_UP = int(Quality.OUT_OF_RANGE), int(Quality.DOUBTFUL), int(Quality.SIMULATED)
GRAVE = ~MADE_UP
OUT_OF_RANGE, DOUBTFUL, SIMULATED = map(np.uint16, (RANGE, AHEAD_OF_TIME, MADE_UP))


def qualify(batch: pa.RecordBatch, series: Accepted, *, now: datetime) -> tuple[pa.RecordBatch, int]:
    """`batch` with its quality flags completed, and how many rows carry a flag other than SIMULATED.

    Raises `Invalid` naming up to 20 rows whose value is not of their series' kind.
    """
    rows = series.rows_of(batch.column(SERIES).to_numpy())
    kind = series.kind[rows]
    time, value = instants(batch), _numbers(batch.column(VALUE))
    numeric = IS_NUMERIC[kind]
    if not _plainly_fit(batch, numeric, IS_TEXT[kind], value):
        _refuse_misfits(batch, series, kind, value)
    _refuse_the_past_of_others(time, series.since[rows])
    # NaN, where there is no number, is on no side of anything
    outside = numeric & ((value < series.low[rows]) | (value > series.high[rows]))
    doubtful = time > microseconds(now + AHEAD)
    flags = outside * OUT_OF_RANGE | doubtful * DOUBTFUL | series.simulated[rows] * SIMULATED
    quality = batch.column(QUALITY).to_numpy() | flags
    flagged = int(np.count_nonzero(quality & ~SIMULATED))
    if flags.any():
        batch = batch.set_column(QUALITY, SCHEMA.field(QUALITY), pa.array(quality))
    return batch, flagged


def qualify_few(few: Few, series: Sequence[Facts], *, now: datetime) -> tuple[Few, int] | None:
    """`qualify`, of what is plainly fit: finite numbers of series that hold numbers, texts of series that hold texts.
    None of anything else, for `qualify` to tell. `series`: what that of each row accepts."""
    ahead = microseconds(now + AHEAD)
    quality: list[int] = []
    flagged = 0
    rows = zip(series, few.time, few.value, few.quality, few.text or repeat(None), strict=False)
    for (kind, low, high, made_up, since), time, value, flags, word in rows:
        if time < since:
            return None
        if kind in NUMERIC:
            if value is None or word is not None or not isfinite(value):
                return None
            if not low <= value <= high:
                flags |= RANGE
        elif kind != TEXTUAL or word is None or value is not None:
            return None
        if time > ahead:
            flags |= AHEAD_OF_TIME
        flagged += flags & GRAVE != 0
        quality.append(flags | MADE_UP if made_up else flags)
    return Few(few.series, few.time, few.value, quality, few.text), flagged


def _plainly_fit(
    batch: pa.RecordBatch, numeric: NDArray[np.bool_], textual: NDArray[np.bool_], value: NDArray[np.float64]
) -> bool:
    """Whether these are finite numbers of series that hold numbers, texts of series that hold texts, and nothing else:
    nearly always, and soon told."""
    rows = batch.num_rows
    if batch.column(LONGITUDE).null_count < rows or batch.column(LATITUDE).null_count < rows:
        return False
    finite, text = np.isfinite(value), batch.column(TEXT)  # what is null is not finite
    if text.null_count == rows:
        return bool((finite & numeric).all())
    if rows - np.count_nonzero(finite) != batch.column(VALUE).null_count or not np.array_equal(finite, numeric):
        return False
    return bool((numeric | textual).all() and np.array_equal(_present(text), textual))


def _refuse_misfits(
    batch: pa.RecordBatch, series: Accepted, kind: NDArray[np.int8], value: NDArray[np.float64]
) -> None:
    """One column at a time: what each kind of value needs, and what it must not bring."""
    numeric, boolean = IS_NUMERIC[kind], kind == KINDS.index("boolean")
    worded = (kind == KINDS.index("text")) | (kind == KINDS.index("enumeration"))
    placed = kind == KINDS.index("position")
    has_text = _present(batch["text"])
    has_value = _present(batch["value"])
    has_place = _present(batch["longitude"]) & _present(batch["latitude"])
    faults: list[Fault] = []

    def refuse(mask: NDArray[np.bool_], column: str, text: Text) -> None:
        faults.extend(
            Fault(f"{column}[{row}]", text) for row in np.flatnonzero(mask)[: FAULTS_TOLD - len(faults)].tolist()
        )

    refuse(
        numeric & ~(has_value & np.isfinite(np.where(has_value, value, 0.0))),
        "value",
        Text("la série attend un nombre fini", "the series expects a finite number"),
    )
    refuse(
        boolean & ~(has_value & ((value == 0) | (value == 1))),
        "value",
        Text("la série attend vrai ou faux (1 ou 0)", "the series expects true or false (1 or 0)"),
    )
    refuse(worded & ~has_text, "text", Text("la série attend un texte", "the series expects a text"))
    refuse(
        placed & ~(has_place & _within(batch["longitude"], 180) & _within(batch["latitude"], 90)),
        "longitude",
        Text(
            "la série attend une position : longitude de -180 à 180, latitude de -90 à 90",
            "the series expects a position: longitude from -180 to 180, latitude from -90 to 90",
        ),
    )
    refuse(has_text & ~worded, "text", Text("la série n'attend pas de texte", "the series expects no text"))
    refuse(
        has_value & (worded | placed), "value", Text("la série n'attend pas de nombre", "the series expects no number")
    )
    refuse(
        (_present(batch["longitude"]) | _present(batch["latitude"])) & ~placed,
        "longitude",
        Text("la série n'attend pas de position", "the series expects no position"),
    )
    refuse(
        (kind == KINDS.index("enumeration")) & has_text & ~_known_words(batch, series),
        "text",
        Text("mot hors de la liste de la série", "a word that is not in the series' list"),
    )
    if faults:
        raise Invalid.of(faults)


def _refuse_the_past_of_others(time: NDArray[np.int64], since: NDArray[np.int64]) -> None:
    """What was observed before a series came to its owner belongs to whoever had it then."""
    early = time < since
    if early.any():
        text = Text(
            "antérieur à l'arrivée de la série chez son propriétaire actuel : ce passé ne s'écrit plus",
            "before the series came to its present owner: that past is no longer written",
        )
        raise Invalid.of([Fault(f"time[{row}]", text) for row in np.flatnonzero(early)[:FAULTS_TOLD].tolist()])


def _known_words(batch: pa.RecordBatch, series: Accepted) -> NDArray[np.bool_]:
    known = np.ones(len(batch), dtype=np.bool_)
    ids = batch["series"].to_numpy()
    for one, words in series.categories.items():
        mask = ids == one
        if mask.any():
            told = pc.is_in(batch["text"].filter(pa.array(mask)), value_set=pa.array(sorted(words), pa.string()))
            known[mask] = told.to_numpy(zero_copy_only=False)
    return known


def _present(column: pa.Array) -> NDArray[np.bool_]:
    if column.null_count == len(column):
        return np.zeros(len(column), dtype=np.bool_)
    if column.null_count == 0:
        return np.ones(len(column), dtype=np.bool_)
    return np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _numbers(column: pa.Array) -> NDArray[np.float64]:
    """NaN where there is none."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _within(column: pa.Array, bound: float) -> NDArray[np.bool_]:
    values = _numbers(column)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(values) <= bound)
