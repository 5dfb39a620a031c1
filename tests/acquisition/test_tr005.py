"""QR codes of LoRaWAN devices."""

import pytest

from beffroi.acquisition import tr005
from beffroi.errors import Invalid
from tests.conftest import ROCHE, Territory

LABEL = "LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122"


def test_what_a_label_says() -> None:
    assert tr005.parse(LABEL) == ("1122334455667788", "AABBCCDDEEFF0011", "AABB", "1122", None, None)


def test_optional_fields_are_read_in_any_case() -> None:
    found = tr005.parse(f"{LABEL.lower()}:OAABBCCDDEEFF:SYYWWNNNNNN:PFOOBAR:CAF2C\n")
    assert (found.dev_eui, found.serial, found.proprietary) == ("AABBCCDDEEFF0011", "YYWWNNNNNN", "FOOBAR")


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("", "begins with “LW:” in TR005"),
        ("https://example.org", "begins with “LW:” in TR005"),
        ("LW:D1:1122334455667788:AABBCCDDEEFF0011:AABB1122", "unknown schema “D1”, D0 expected"),
        ("LW", "unknown schema “”, D0 expected"),
        ("LW:D0:1122334455667788:AABBCCDDEEFF0011", "JoinEUI, DevEUI and ProfileID are expected"),
        ("LW:D0:11223344:AABBCCDDEEFF0011:AABB1122", "JoinEUI: 16 hexadecimal digits expected, “11223344” given"),
        ("LW:D0:1122334455667788:AABBCCDDEEFF001G:AABB1122", "DevEUI: 16 hexadecimal digits expected"),
        ("LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB", "ProfileID: 8 hexadecimal digits expected"),
        (f"{LABEL}:S1:S2", "field S given twice"),
        (f"{LABEL}:X1", "unknown field “X1”"),
        (f"{LABEL}:C12", "CheckSum: 4 hexadecimal digits expected"),
    ],
)
def test_what_is_wrong_is_told(label: str, why: str) -> None:
    with pytest.raises(Invalid) as wrong:
        tr005.parse(label)
    assert wrong.value.faults[0].field == "label"
    assert wrong.value.faults[0].text.en.startswith(why)


def test_a_device_is_made_of_its_label(territory: Territory) -> None:
    body = {"label": f"{LABEL}:OSECRET:S42", "owner": ROCHE, "service": "buildings", "name": "Salle 4"}
    answer = territory.as_("roche editor").post("/devices/from-label", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["code"], made["name"], made["kind"]) == ("AABBCCDDEEFF0011", "Salle 4", "sensor")
    assert made["properties"] == {
        "join_eui": "1122334455667788",
        "vendor_id": "AABB",
        "vendor_profile_id": "1122",
        "serial_number": "42",
    }
    assert territory.as_("roche editor").post("/devices/from-label", json=body).status_code in (409, 422)


@pytest.mark.parametrize(("who", "status"), [("stranger", 401), ("olonne editor", 404), ("roche reader", 403)])
def test_whoever_may_not_add_devices_may_not_by_a_label(territory: Territory, who: str, status: int) -> None:
    body = {"label": LABEL, "owner": ROCHE, "service": "buildings"}
    answer = territory.as_(who).post("/devices/from-label", json=body)
    assert answer.status_code == status, answer.text
    assert "AABBCCDDEEFF0011" not in answer.text
