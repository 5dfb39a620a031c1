"""Where connections may perimeter: public addresses, and what the operator allows besides.

People give names and addresses of others' machines; none may lead to this machine, to its network, or to the pages
where clouds tell machines their secrets. What is checked is the address connected to, each time: a name that changes
its mind between the check and the connection is not asked twice.
"""

import asyncio
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeVar

from beffroi.errors import BeffroiError, Invalid, Text

Address = IPv4Address | IPv6Address
T = TypeVar("T")
NAME = re.compile(r"[a-z0-9]([a-z0-9_.-]*[a-z0-9])?")
TRANSLATED = ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for those of IPv4 (RFC 6052)"""
RESERVED = tuple(
    map(ip_network, ("192.0.0.0/24", "168.63.129.16/32", "::/96", "fec0::/10", "64:ff9b:1::/48", "2001::/32"))
)
"""beside those that Python knows not to be public: machines' secrets in two clouds, and old or local ways of IPv6"""
PATIENCE = 10.0
"""seconds for a machine to answer at one address"""
TRIED = 4
"""addresses of a name, at most"""


class Unreached(BeffroiError):
    """Nothing answers there."""


class Forbidding(Unreached):
    """The address is one of those that connections may not perimeter."""


@dataclass(frozen=True)
class Perimeter:
    """`networks` and `hosts`: allowed besides what is public."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "Perimeter":
        """Of `10.20.0.0/16, courtier.interne`. Raises `Invalid` for what is neither."""
        networks, hosts = [], set()
        for one in re.split(r"[\s,]+", text.strip().lower()):
            try:
                networks.append(ip_network(one, strict=False))
            except ValueError as error:
                if NAME.fullmatch(one):
                    hosts.add(one)
                elif one:
                    said = Text(f"ni réseau ni nom : «\u00a0{one}\u00a0»", f"neither a network nor a name: “{one}”")
                    raise Invalid("reachable", said) from error
        return cls(tuple(networks), frozenset(hosts))

    def allows(self, address: Address) -> bool:
        return _is_public(address) or any(address in one for one in self.networks if one.version == address.version)

    def addresses(self, host: str, port: int) -> list[str]:
        """Those of `host` that may be reached. Blocks. Raises `Unreached` when it has none, `Forbidding` when it has no
        other than forbidden ones."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreached(Text(f"Le nom {host} est inconnu.", f"The name {host} is unknown.")) from error
        told = list(dict.fromkeys(str(one[4][0]) for one in found))
        if host.lower().rstrip(".") not in self.hosts:
            told = [one for one in told if self.allows(ip_address(one))]
        if not told:
            raise Forbidding(
                Text(
                    f"{host} mène à une adresse privée ou réservée, que cette instance ne joint pas. Son exploitant "
                    "peut l'autoriser par le réglage «\u00a0reachable\u00a0».",
                    f"{host} leads to a private or reserved address, which this instance does not reach. Its operator "
                    "may allow it by the setting “reachable”.",
                )
            )
        return told[:TRIED]

    def connected(self, host: str, port: int, connect: Callable[[str], T]) -> T:
        """What `connect` gives of the first address of `host` that answers. Blocks. Raises `Unreached`, or the last
        `OSError`."""
        *firsts, last = self.addresses(host, port)
        for address in firsts:
            try:
                return connect(address)
            except OSError:
                continue
        return connect(last)

    async def socket_to(self, host: str, port: int) -> socket.socket:
        """Connected to an address that was checked. Raises `Unreached`."""
        problem: OSError | None = None
        for address in await asyncio.to_thread(self.addresses, host, port):
            made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
            made.setblocking(False)
            try:
                async with asyncio.timeout(PATIENCE):
                    await asyncio.get_running_loop().sock_connect(made, (address, port))
            except OSError as error:
                made.close()
                problem = error
            except BaseException:
                made.close()
                raise
            else:
                return made
        assert problem is not None
        raise Unreached(unreachable(f"{host}:{port}", problem)) from problem


def unreachable(where: str, error: Exception) -> Text:
    told = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return Text(f"{where} n'est pas joignable : {told}.", f"{where} cannot be reached: {told}.")


def _is_public(address: Address) -> bool:
    """Whatever is carried within it too."""
    reserved = any(address in one for one in RESERVED if one.version == address.version)
    if reserved or address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return True
    inner = [address.ipv4_mapped, address.sixtofour]
    if address in TRANSLATED:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return all(_is_public(one) for one in inner if one is not None)
