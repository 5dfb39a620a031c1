"""Settings: from the environment, then the file, then the defaults; a wrong one is named."""

from datetime import date
from pathlib import Path

import pytest

from beffroi.errors import Invalid
from beffroi.settings import Settings


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beffroi.toml").write_text('port = 9001\nhost = "0.0.0.0"\n')
    monkeypatch.setenv("BEFFROI_PORT", "9002")
    loaded = Settings.load(data=tmp_path)
    assert (loaded.port, loaded.host, loaded.time_zone) == (9002, "0.0.0.0", "Europe/Paris")


def test_what_the_command_gives_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEFFROI_PORT", "9002")
    assert Settings.load(data=tmp_path, port=9003).port == 9003


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "many"), ("PORT", "0"), ("TIME_ZONE", "Mars/Olympus"), ("LOG_FORMAT", "xml")]
)
def test_a_value_out_of_bounds_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"BEFFROI_{name}", value)
    with pytest.raises(Invalid) as refused:
        Settings.load(data=tmp_path)
    assert [fault.field for fault in refused.value.faults] == [name.lower()]


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "beffroi.toml").write_text("port: 9001")
    with pytest.raises(Invalid):
        Settings.load(data=tmp_path)


def test_an_audit_of_accessibility_is_a_rate_and_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beffroi.toml").write_text("accessibility_audited = 2026-05-04\n")
    monkeypatch.setenv("BEFFROI_ACCESSIBILITY_RATE", "82.5")
    loaded = Settings.load(data=tmp_path)
    assert (loaded.accessibility_rate, loaded.accessibility_audited) == (82.5, date(2026, 5, 4))
    monkeypatch.setenv("BEFFROI_ACCESSIBILITY_RATE", "101")
    with pytest.raises(Invalid):
        Settings.load(data=tmp_path)
