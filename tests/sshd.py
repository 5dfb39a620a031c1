"""OpenSSH's own server, for the account that runs the tests, over the machine's real folders."""

import getpass
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncssh

from tests.conftest import free_port
from tests.servers import Drops


@contextmanager
def an_sshd(folder: Path, program: str) -> Iterator[Drops]:
    folder.mkdir()
    keys = {name: asyncssh.generate_private_key("ssh-ed25519") for name in ("host", "client")}
    for name, key in keys.items():
        path = folder / name
        path.touch(0o600)
        path.write_bytes(key.export_private_key())
    (folder / "authorized").write_bytes(keys["client"].export_public_key())
    port = free_port()
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        "PermitRootLogin prohibit-password\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
        f"StrictModes no\nUsePAM no\nPidFile none\nSubsystem sftp internal-sftp\n"
    )
    with suppress(OSError):  # where sshd, as root, keeps what it must not share
        Path("/run/sshd").mkdir(exist_ok=True)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([program, "-D", "-e", "-f", str(folder / "config")], stdout=log, stderr=log)
    try:
        _await(port, folder / "log")
        public = keys["host"].export_public_key().decode().strip()
        yield _Account(port, folder, public, keys["client"].export_private_key().decode())
    finally:
        process.terminate()
        process.wait(timeout=30)


class _Account(Drops):
    def way(self, **changes: object) -> dict[str, object]:
        return super().way(**{"username": getpass.getuser(), **changes})


def _await(port: int, log: Path) -> None:
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
