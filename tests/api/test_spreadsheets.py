"""Observations and figures as a spreadsheet."""

import io
from datetime import datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from beffroi.registry.sheets import XLSX
from tests.conftest import Territory

AS_SHEET = {"Accept": XLSX}


def rows(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def a_measure(territory: Territory, name: str = "Salle du conseil") -> int:
    series = territory.a_series(name=name)
    row = {"series": series.id, "time": "2026-11-22T10:00:00Z", "value": 21.5}
    assert territory.as_("roche").post("/observations", json=[row]).is_success
    made: int = series.id
    return made


def test_a_sheet_names_the_series_and_tells_times_as_dates_in_utc(territory: Territory) -> None:
    series = a_measure(territory)
    answer = territory.as_("roche reader").get("/observations", params={"series": series}, headers=AS_SHEET)
    assert answer.headers["content-disposition"] == "attachment; filename=observations.xlsx"
    header, row = rows(answer.content)
    assert header == ["series", "name", "time (UTC)", "value", "quality"]
    assert row[:4] == [series, "Salle du conseil", datetime(2026, 11, 22, 10), 21.5]  # noqa: DTZ001 - a sheet has no zone


def test_figures_and_the_latest_come_as_sheets_too(territory: Territory) -> None:
    series = a_measure(territory)
    asked = {"series": series, "start": "2026-11-22", "end": "2026-11-23", "every": "1d"}
    figures = territory.as_("roche").get("/observations/aggregate", params=asked, headers=AS_SHEET)
    assert rows(figures.content)[0] == ["series", "name", "start (UTC)", "end (UTC)", "mean"]
    latest = territory.as_("roche").get("/observations/latest", params={"series": series}, headers=AS_SHEET)
    assert rows(latest.content)[1][3] == 21.5


def test_a_name_that_a_spreadsheet_would_compute_is_text(territory: Territory) -> None:
    series = a_measure(territory, "=1+1")
    answer = territory.as_("roche").get("/observations", params={"series": series}, headers=AS_SHEET)
    assert rows(answer.content)[1][1] == "'=1+1"


@pytest.mark.parametrize(("who", "status"), [("olonne", 404), ("stranger", 401)])
def test_nobody_else_is_given_a_sheet(territory: Territory, who: str, status: int) -> None:
    series = a_measure(territory)
    answer = territory.as_(who).get("/observations", params={"series": series}, headers=AS_SHEET)
    assert answer.status_code == status
