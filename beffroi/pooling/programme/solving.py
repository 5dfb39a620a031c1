"""The best plan that HiGHS finds in the time given, and how far the best at all can be from it, proven.

Huangfu and Hall, *Parallelizing the dual revised simplex method*, Mathematical Programming Computation 10 (2018).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np

from beffroi.pooling.programme.building import built, polished
from beffroi.pooling.programme.formulation import Formulation, Model
from beffroi.pooling.programme.prepared import Prepared, Starts
from beffroi.pooling.programme.rules import broken

Status = Literal["optimal", "time limit", "infeasible", "unknown"]
"""`optimal`: proven within the gap asked; `unknown`: the time was too short to find a plan, or that there is none."""
OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "random_seed": 0,
    "mip_feasibility_tolerance": 1e-7,
    "mip_abs_gap": 0.0,
}
FEASIBLE = int(highspy.SolutionStatus.kSolutionStatusFeasible)
TOP = 1e4
"""the greatest coefficient of the objective, as HiGHS is given it"""
BUILDING = 0.05
"""of the time, to build a plan to begin from"""

Told = Callable[[float, float | None], None]
"""Told the seconds gone and the gap there is by then."""


@dataclass(frozen=True)
class Effort:
    """`gap`: at which to stop, a part of the bound."""

    seconds: float = 60.0
    gap: float = 1e-4
    threads: int = 0


@dataclass(frozen=True)
class Solved:
    """`value`: of the objective; `bound`: no plan at all has more, proven. Both None without a plan."""

    status: Status
    starts: dict[int, int] | None
    value: float | None
    bound: float | None
    seconds: float

    @property
    def gap(self) -> float | None:
        """A part of the bound."""
        if self.value is None or self.bound is None:
            return None
        return max(self.bound - self.value, 0.0) / (abs(self.bound) or 1.0)


def solve(prepared: Prepared, effort: Effort, *, begin: Starts | None = None, told: Told | None = None) -> Solved:
    """`begin`: a plan known, which keeps every rule."""
    started = time.monotonic()
    first = built(prepared, seconds=effort.seconds * BUILDING, begin=begin)
    formulation = Formulation(prepared)
    if formulation.model.impossible:
        return Solved("infeasible", None, None, None, time.monotonic() - started)
    if not formulation.columns:
        return Solved("optimal", {}, 0.0, 0.0, time.monotonic() - started)
    scale = float(np.abs(formulation.model.objective).max(initial=0.0)) / TOP or 1.0
    solver = _solver(formulation.model, scale)
    solver.setOptionValue("mip_rel_gap", effort.gap)
    solver.setOptionValue("threads", effort.threads)
    if first is not None:
        known = highspy.HighsSolution()
        known.col_value = list(formulation.point(first))
        solver.setSolution(known)
    if told is not None:
        _listen(solver, started, told)
    solver.setOptionValue("time_limit", max(effort.seconds - (time.monotonic() - started), 1.0))
    _run(solver)
    status = solver.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        if first is not None:
            raise ArithmeticError("HiGHS: no plan where one is known")
        return Solved("infeasible", None, None, None, time.monotonic() - started)
    found = _better(prepared, first, _point(formulation, solver))
    bound = -float(solver.getInfo().mip_dual_bound) * scale
    if found is None:
        return Solved("unknown", None, None, None, time.monotonic() - started)
    value = prepared.value(found)
    if value > bound + 1e-6 * max(abs(bound), TOP * scale):
        raise ArithmeticError("a known plan exceeds the proven bound")
    bound = max(bound, value)
    optimal = bound - value <= max(effort.gap * abs(bound), 1e-9 * TOP * scale)
    return Solved("optimal" if optimal else "time limit", found, value, bound, time.monotonic() - started)


def feasible(model: Model, *, seconds: float) -> bool | None:
    """Whether anything satisfies the rows; None when the time was too short to tell."""
    if model.impossible or not model.rows:
        return not model.impossible
    solver = _solver(model, 1.0)
    solver.setOptionValue("time_limit", seconds)
    _run(solver)
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return True
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return False
    return None


def _run(solver: highspy.Highs) -> None:
    highspy.Highs.resetGlobalScheduler(True)  # the number of threads is that of the first to be run otherwise
    solver.run()


def _point(formulation: Formulation, solver: highspy.Highs) -> dict[int, int] | None:
    values = np.array(solver.getSolution().col_value)
    if len(values) != formulation.columns or solver.getInfo().primal_solution_status != FEASIBLE:
        return None
    return formulation.starts(values)


def _better(prepared: Prepared, first: Starts | None, second: dict[int, int] | None) -> dict[int, int] | None:
    found = [dict(one) for one in (first, second) if one is not None and not broken(prepared, one)]
    return max((polished(prepared, one) for one in found), key=prepared.value, default=None)


def _listen(solver: highspy.Highs, started: float, told: Told) -> None:
    def hear(event: highspy.HighsCallbackEvent) -> None:
        gap = float(event.data_out.mip_gap)
        told(time.monotonic() - started, gap if np.isfinite(gap) else None)

    solver.cbMipInterrupt.subscribe(hear)


def _solver(model: Model, scale: float) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in OPTIONS.items():
        solver.setOptionValue(name, value)
    solver.passModel(_passed(model, scale))
    return solver


def _passed(model: Model, scale: float) -> highspy.HighsLp:
    """HiGHS minimises."""
    passed = highspy.HighsLp()
    columns = len(model.objective)
    passed.num_row_, passed.num_col_ = len(model.rows), columns
    passed.col_cost_ = -model.objective / scale
    passed.col_lower_, passed.col_upper_ = np.zeros(columns), np.ones(columns)
    passed.row_lower_ = np.array([row.lower for row in model.rows])
    passed.row_upper_ = np.array([row.upper for row in model.rows])
    lengths = [len(row.terms) for row in model.rows]
    passed.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    passed.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    passed.a_matrix_.index_ = np.array([one for row in model.rows for one, _ in row.terms], dtype=np.int32)
    passed.a_matrix_.value_ = np.array([told for row in model.rows for _, told in row.terms])
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    passed.integrality_ = [kinds[number < model.whole] for number in range(columns)]
    return passed
