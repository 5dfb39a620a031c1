"""`beffroi models`, as one types it, on a real folder; some while the instance runs."""

import json
from pathlib import Path

import pytest

from tests.acquisition.checkouts import profiles
from tests.cli.test_commands import beffroi
from tests.conftest import running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    beffroi(
        "init", "--structure", "SyDEV", "--admin", "a@example.org", "--member", "commune-85191", "--data", str(folder)
    )
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return profiles(tmp_path / "checkout")


def test_models_are_imported_listed_and_shown(data: Path, checkout: Path) -> None:
    told = beffroi("models", "import", str(checkout), "--data", str(data)).stdout
    assert "✗ ami-th1  new, examples 2/3" in told
    assert "1 models: 1 new, 0 changed, 0 unchanged; examples: 2 passed, 1 failed; 0 faults; written." in told
    assert beffroi("models", "list", "--data", str(data)).stdout == "ami-th1\tAmi\tTH 1\tcodec\t-\n"
    assert beffroi("models", "list", "--maker", "Autre", "--data", str(data)).stdout == ""
    shown = json.loads(beffroi("models", "show", "ami-th1", "--data", str(data)).stdout)
    assert (shown["properties"]["regions"], shown["codecs"][0]["version"]) == ("EU868", 1)


def test_a_dry_run_writes_nothing(data: Path, checkout: Path) -> None:
    told = beffroi("models", "import", str(checkout), "--dry-run", "--data", str(data)).stdout
    assert told.endswith("nothing written.\n")
    assert beffroi("models", "list", "--data", str(data)).stdout == ""


def test_a_folder_of_neither_form_or_an_unknown_vendor_is_refused(data: Path, checkout: Path, tmp_path: Path) -> None:
    beffroi("models", "import", str(tmp_path), "--data", str(data), status=1)
    beffroi("models", "import", str(checkout), "--vendor", "autre", "--data", str(data), status=1)


def test_proposed_channels_are_confirmed_once_and_the_bench_shows_them(data: Path, checkout: Path) -> None:
    beffroi("models", "import", str(checkout), "--data", str(data))
    lines = beffroi("models", "channels", "ami-th1", "--data", str(data)).stdout.splitlines()
    assert [line.split("\t")[:3] for line in lines] == [
        ["alarm", "0", "?"],
        ["battery", "90", "battery [%] (likely)"],
        ["temperature", "20.5, 20", "temperature [°C] (likely)"],
    ]
    beffroi("models", "channels", "ami-th1", "--confirm-proposed", "--data", str(data))
    tried = beffroi("models", "bench", "ami-th1", "--fport", "2", "--hex", "c8 5a 00", "--data", str(data)).stdout
    found = {one["key"]: one for one in json.loads(tried)["values"]}
    assert (found["temperature"]["value"], found["temperature"]["plausible"]) == (100.0, False)
    assert (found["battery"]["unit"], found["battery"]["plausible"]) == ("%", True)
    assert "observed_property" not in found["alarm"]


def test_channels_are_confirmed_from_a_file(data: Path, checkout: Path, tmp_path: Path) -> None:
    beffroi("models", "import", str(checkout), "--data", str(data))
    said = tmp_path / "channels.json"
    said.write_text('[{"key": "temperature", "observed_property": "water-temperature"}, {"key": "alarm"}]', "utf-8")
    beffroi("models", "channels", "ami-th1", "--confirm", str(said), "--data", str(data))
    shown = json.loads(beffroi("models", "show", "ami-th1", "--data", str(data)).stdout)
    assert [one.get("observed_property") for one in shown["channels"]] == [None, "water-temperature"]
    said.write_text('[{"key": "temperature", "observed_property": "unknown"}]', "utf-8")
    beffroi("models", "channels", "ami-th1", "--confirm", str(said), "--data", str(data), status=1)


def test_what_is_not_decoded_ends_with_status_1(data: Path, checkout: Path) -> None:
    beffroi("models", "import", str(checkout), "--data", str(data))
    tried = beffroi("models", "bench", "ami-th1", "--fport", "3", "--hex", "00", "--data", str(data), status=1)
    assert json.loads(tried.stdout)["errors"] == ["unknown port"]
    beffroi("models", "bench", "nothing", "--hex", "00", "--data", str(data), status=1)


def test_a_running_instance_is_told(data: Path, checkout: Path) -> None:
    with running("serve", data=data):
        beffroi("models", "import", str(checkout), "--data", str(data))
        beffroi("models", "channels", "ami-th1", "--confirm-proposed", "--data", str(data))
    shown = json.loads(beffroi("models", "show", "ami-th1", "--data", str(data)).stdout)
    assert (len(shown["codecs"]), len(shown["channels"])) == (1, 2)
