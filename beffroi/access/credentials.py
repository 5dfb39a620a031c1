"""Passwords and tokens: what is kept is never what opens."""

import base64
import hashlib
import secrets
import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from beffroi.errors import Invalid, Text

SHORTEST, LONGEST = 12, 200


class Passwords:
    """Hashes and checks passwords with argon2id; by default with the parameters OWASP advises (46 MiB, one pass).

    At most `at_once` are worked on together: each takes `memory_cost` KiB.
    """

    def __init__(
        self, *, time_cost: int = 1, memory_cost: int = 47_104, parallelism: int = 1, at_once: int = 4
    ) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)
        self._slots = threading.BoundedSemaphore(at_once)
        costs = f"m={memory_cost},t={time_cost},p={parallelism}"
        self._nobody = f"$argon2id$v=19${costs}${_unpadded(16)}${_unpadded(32)}"
        """a hash of no password, that takes as long to check as any"""

    def hashed(self, password: str) -> str:
        """What to keep of `password`; `Invalid` when it is too short or plain. Slow: call it outside transactions."""
        if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 5:
            raise Invalid(
                "password",
                Text(
                    f"mot de passe trop simple : au moins {SHORTEST} caractères (au plus {LONGEST}), dont 5 différents",
                    f"password too plain: at least {SHORTEST} characters (at most {LONGEST}), 5 of them different",
                ),
            )
        with self._slots:
            return self._hasher.hash(password)

    def match(self, hashed: str | None, password: str) -> bool:
        """Whether `password` is the one; without any to compare with, takes the same work and says no."""
        with self._slots:
            try:
                self._hasher.verify(hashed or self._nobody, password[: LONGEST + 1])
            except (VerificationError, InvalidHashError):
                return False
        return hashed is not None


def new_token() -> str:
    """256 random bits, safe in a URL or a cookie."""
    return secrets.token_urlsafe(32)


@lru_cache(maxsize=4096)
def digest(token: str) -> str:
    """What is kept of a random token. A plain hash is enough for 256 random bits, and quick at each request."""
    return hashlib.sha256(token.encode()).hexdigest()


def _unpadded(size: int) -> str:
    """Random bytes as argon2 writes them."""
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
