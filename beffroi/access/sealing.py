"""Credentials that must be used again (a broker's password, an API token) and so cannot be hashed: kept encrypted."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from beffroi.errors import Text, Unavailable

NONCE = 12
"""bytes, of AES-GCM (NIST SP 800-38D, 8.2.2: random ones serve 2^32 times)"""


class Sealing:
    """AES-256-GCM under a key drawn from the instance's secret. `subject`, what a sealed text belongs to, is bound to
    it: moved to another row, it does not open."""

    def __init__(self, secret: bytes) -> None:
        key = HKDF(SHA256(), length=32, salt=None, info=b"beffroi credentials").derive(secret)
        self._cipher = AESGCM(key)

    def seal(self, plain: str, subject: str) -> bytes:
        nonce = AESGCM.generate_key(128)[:NONCE]
        return nonce + self._cipher.encrypt(nonce, plain.encode(), subject.encode())

    def open(self, sealed: bytes, subject: str) -> str:
        """Raises `Unavailable` when it was sealed by another instance's secret, or for something else."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], subject.encode()).decode()
        except InvalidTag as error:
            raise Unavailable(
                Text(
                    f"Les identifiants de {subject} ne s'ouvrent pas avec le secret de cette instance : redonnez-les.",
                    f"The credentials of {subject} do not open with this instance's secret: give them again.",
                )
            ) from error
