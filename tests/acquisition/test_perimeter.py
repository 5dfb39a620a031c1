"""What connections may reach: what is public, and what the operator lists."""

from ipaddress import ip_address

import pytest

from beffroi.acquisition.perimeter import Forbidding, Perimeter, Unreached
from beffroi.errors import Invalid
from tests.servers import named

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.1.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "198.18.0.1",
    "240.0.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "100.100.100.200",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::1",
    "2001:0:7f00:1::1",
]
OUTSIDE = ["8.8.8.8", "193.55.96.1", "2001:4860:4860::8888", "2a01:e0a::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_that_leads_inside_is_refused(address: str) -> None:
    assert not Perimeter().allows(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_is_reached(address: str) -> None:
    assert Perimeter().allows(ip_address(address))


def test_a_network_that_is_listed_is_reached_and_no_other() -> None:
    perimeter = Perimeter.parse("10.20.0.0/16, fd12::/16 192.168.1.7")
    allowed = ["10.20.3.4", "fd12::5", "192.168.1.7"]
    refused = ["10.21.0.1", "fd13::1", "192.168.1.8", "127.0.0.1"]
    assert [perimeter.allows(ip_address(one)) for one in allowed + refused] == [True] * 3 + [False] * 4


def test_a_name_that_is_listed_is_reached_wherever_it_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, broker_inside=["127.0.0.5"], other_inside=["127.0.0.5"])
    perimeter = Perimeter.parse("Broker.Inside")
    assert perimeter.addresses("broker.inside", 1) == ["127.0.0.5"]
    with pytest.raises(Forbidding):
        perimeter.addresses("other.inside", 1)


def test_a_name_that_nobody_knows_is_not_told_to_be_forbidden() -> None:
    with pytest.raises(Unreached) as raised:
        Perimeter().addresses("nobody.invalid", 443)
    assert not isinstance(raised.value, Forbidding)


@pytest.mark.parametrize("text", ["10.0.0.0/99", "http://x/", "a b!"])
def test_what_is_neither_a_network_nor_a_name_is_told(text: str) -> None:
    with pytest.raises(Invalid):
        Perimeter.parse(text)


def test_nothing_listed_is_nothing_more() -> None:
    assert Perimeter.parse("") == Perimeter()
