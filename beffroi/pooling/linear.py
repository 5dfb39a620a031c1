"""Linear programs, as HiGHS solves them (Huangfu and Hall, Mathematical Programming Computation 10, 2018)."""

from dataclasses import dataclass
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.coalitions import Floats

NO_LIMIT = highspy.kHighsInf
OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
}
WHOLE_OPTIONS: dict[str, bool | int | float | str] = {
    "primal_feasibility_tolerance": 1e-7,
    "dual_feasibility_tolerance": 1e-7,
    "mip_rel_gap": 0.0,
    "presolve": "off",
}
"""for integers: with presolve and tighter tolerances, HiGHS 1.15 proved bounds that known groups exceeded"""


class Entries(NamedTuple):
    """A matrix by what is not 0, rows that rise."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: Floats
    shape: tuple[int, int]


@dataclass(frozen=True)
class Program:
    """Minimise `objective` x where `lower` <= `matrix` x <= `upper` and `least` <= x <= `most`; `whole` marks the
    variables that are integers, none when empty."""

    objective: Floats
    matrix: Floats | Entries
    lower: Floats
    upper: Floats
    least: Floats
    most: Floats
    whole: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Optimum:
    """`bound`: no solution does better, proven (that of the optimum but where integers stopped early). `prices`: what
    the optimum would gain by one more unit of each row's limit; none where variables are integers."""

    value: float
    point: Floats
    prices: Floats
    bound: float


def minimum(program: Program, *, absolute: float = 0.0, enough: float = -NO_LIMIT) -> Optimum | None:
    """None when nothing satisfies the rows. Integers may stop at a gap of `absolute`, or at a value under `enough`."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (OPTIONS | (WHOLE_OPTIONS if program.whole else {})).items():
        solver.setOptionValue(name, value)
    solver.setOptionValue("mip_abs_gap", absolute)
    solver.setOptionValue("objective_target", enough)
    solver.passModel(_model(program))
    solver.run()
    status = solver.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget):
        raise ArithmeticError(f"HiGHS: {solver.modelStatusToString(status)}")
    solution, info = solver.getSolution(), solver.getInfo()
    value = float(info.objective_function_value)
    bound = float(info.mip_dual_bound) if program.whole else value
    return Optimum(value, np.array(solution.col_value), np.array(solution.row_dual), bound)


def _model(program: Program) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = program.matrix.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = program.objective, program.least, program.most
    model.row_lower_, model.row_upper_ = program.lower, program.upper
    matrix = program.matrix if isinstance(program.matrix, Entries) else _entries(program.matrix)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(matrix.row, np.arange(matrix.shape[0] + 1)).astype(np.int32)
    model.a_matrix_.index_ = matrix.column.astype(np.int32)
    model.a_matrix_.value_ = matrix.value
    if program.whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[one] for one in program.whole]
    return model


def _entries(matrix: Floats) -> Entries:
    row, column = np.nonzero(matrix)
    return Entries(row, column, matrix[row, column], (matrix.shape[0], matrix.shape[1]))
