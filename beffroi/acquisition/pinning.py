"""HTTP by an address that was checked: the request names the host, and its certificate is verified for the name."""

import ssl
from functools import cache
from typing import NamedTuple

import httpx2


class Pinned(NamedTuple):
    """What a request to one address of a host is made with. A client must not serve several hosts: it would take the
    link to one for a link to another at the same address."""

    url: httpx2.URL
    headers: dict[str, str]
    extensions: dict[str, str]

    @classmethod
    def of(cls, url: httpx2.URL, address: str) -> "Pinned":
        bare = url.copy_with(host=address, fragment=None, userinfo=b"")
        return cls(bare, {"host": url.netloc.decode()}, {"sni_hostname": url.host})


def port_of(url: httpx2.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


@cache
def trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
