"""A folder of an SFTP server, whose key is the one that was shown to whoever connected it, and no other."""

import asyncio
import posixpath
import stat
from collections.abc import AsyncGenerator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from beffroi.acquisition.fetching.drops import LISTED, TRIES, Aside, Entry, Files, Kept, numbered
from beffroi.acquisition.fetching.source import Failed
from beffroi.acquisition.perimeter import Perimeter
from beffroi.acquisition.ways import Credentials, Sftp, steps
from beffroi.errors import Text
from beffroi.later import Later

if TYPE_CHECKING:
    import asyncssh
else:
    asyncssh = Later("asyncssh")

T = TypeVar("T")
PATIENCE, WHOLE = 20.0, 600.0
"""seconds to sign in, and for one request; for a file to come"""
SECOND = 10**9


class RemoteFiles:
    def __init__(self, client: "asyncssh.SFTPClient", folder: str) -> None:
        self._client, self._folder = client, folder

    async def entries(self) -> list[Entry]:
        found = []
        async with asyncio.timeout(WHOLE):
            async for one in self._client.scandir(self._folder or "."):
                if "/" not in str(one.filename) and _is_plain(one.attrs):
                    found.append(_entry(str(one.filename), one.attrs))
                if len(found) == LISTED:
                    break
        return found

    async def entry(self, name: str) -> Entry:
        async with asyncio.timeout(PATIENCE):
            attributes = await _there(self._client.lstat(self._at(name)))
        if not _is_plain(attributes):
            raise FileNotFoundError(name)
        return _entry(name, attributes)

    async def read(self, name: str, limit: int) -> bytes:
        await self.entry(name)  # no link, though the server may have other ideas between the two
        async with asyncio.timeout(WHOLE):
            async with await _there(self._client.open(self._at(name), "rb", encoding=None)) as file:
                content: bytes = await file.read(limit + 1)
        return content

    async def put_aside(self, name: str, into: Aside) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._put_aside(name, into)
        except asyncssh.SFTPNoSuchFile as error:
            raise FileNotFoundError(name) from error
        except asyncssh.SFTPError as error:
            raise Kept from error

    async def _put_aside(self, name: str, into: Aside) -> None:
        """By a rename that does not write over: the next free name is tried."""
        if not await self._client.isdir(self._at(into)):
            await self._client.mkdir(self._at(into))
        for place in range(1, TRIES):
            target = posixpath.join(self._at(into), numbered(name, place))
            if await self._client.lexists(target):
                continue
            try:
                await self._client.rename(self._at(name), target)
            except (asyncssh.SFTPFileAlreadyExists, asyncssh.SFTPFailure):
                if await self._client.lexists(target):
                    continue
                raise
            return
        raise Kept

    def _at(self, name: str) -> str:
        return posixpath.join(self._folder, name)


@asynccontextmanager
async def remote_files(sftp: Sftp, credentials: Credentials, perimeter: Perimeter) -> AsyncGenerator[Files, None]:
    """Raises `Failed` when the server, its key or its folder is not what was told, `Unreached` when nothing answers."""
    where = f"{sftp.host}:{sftp.port}"
    await _loaded()
    async with AsyncExitStack() as closing:
        sock = await perimeter.socket_to(sftp.host, sftp.port)
        closing.callback(sock.close)
        try:
            connection = await asyncssh.connect(
                sftp.host,
                sftp.port,
                sock=sock,
                username=sftp.username,
                password=None if credentials.private_key else credentials.password,
                client_keys=_keys(credentials),
                known_hosts=([asyncssh.import_public_key(sftp.host_key)], [], []),
                agent_path=None,
                config=None,
                gss_host=None,
                connect_timeout=PATIENCE,
                login_timeout=PATIENCE,
                keepalive_interval=PATIENCE,
            )
            closing.push_async_callback(connection.wait_closed)
            closing.callback(connection.close)
            client = await closing.enter_async_context(connection.start_sftp_client(path_errors="surrogateescape"))
        except asyncssh.HostKeyNotVerifiable as error:
            raise Failed(await _other_key(sftp, perimeter)) from error
        except asyncssh.PermissionDenied as error:
            raise Failed(Text(f"{where} refuse les identifiants.", f"{where} refuses the credentials.")) from error
        except (asyncssh.Error, OSError, TimeoutError) as error:
            raise Failed(_told(where, error)) from error
        try:
            yield RemoteFiles(client, ("/" if sftp.path.startswith("/") else "") + "/".join(steps(sftp.path)))
        except asyncssh.SFTPNoSuchFile as error:
            told = sftp.path or "/"
            raise Failed(Text(f"{where} n'a pas de dossier {told}.", f"{where} has no folder {told}.")) from error
        except (asyncssh.Error, TimeoutError) as error:
            raise Failed(_told(where, error)) from error


async def host_key_of(host: str, port: int, perimeter: Perimeter) -> tuple[str, str]:
    """The key that a server shows, as OpenSSH writes it, and its fingerprint, for a person to compare with what the
    server's own people say. Raises `Failed` or `Unreached`."""
    await _loaded()
    sock = await perimeter.socket_to(host, port)
    try:
        async with asyncio.timeout(PATIENCE):
            key = await asyncssh.get_server_host_key(host, port, sock=sock, config=None)
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise Failed(_told(f"{host}:{port}", error)) from error
    finally:
        sock.close()
    if key is None:
        raise Failed(Text("Ce serveur ne montre pas de clé.", "This server shows no key."))
    return key.export_public_key().decode().strip(), key.get_fingerprint()


async def _loaded() -> None:
    """Beside the event loop, which would be kept for a third of a second the first time."""
    await asyncio.to_thread(import_module, "asyncssh")


def fingerprint(host_key: str) -> str:
    return asyncssh.import_public_key(host_key).get_fingerprint()


def _keys(credentials: Credentials) -> "list[asyncssh.SSHKey]":
    if credentials.private_key is None:
        return []
    return [asyncssh.import_private_key(credentials.private_key, credentials.password)]


async def _other_key(sftp: Sftp, perimeter: Perimeter) -> Text:
    expected, shown = fingerprint(sftp.host_key), ""
    try:
        _, shown = await host_key_of(sftp.host, sftp.port, perimeter)
    except Exception:  # noqa: BLE001 - it is told without
        shown = "?"
    return Text(
        f"La clé du serveur n'est pas celle attendue ({expected}) : il montre {shown}. Voyez avec qui le tient.",
        f"The server's key is not the expected one ({expected}): it shows {shown}. Check with whoever runs it.",
    )


def _told(where: str, error: Exception) -> Text:
    said = getattr(error, "reason", None) or str(error) or type(error).__name__
    return Text(f"{where} : {said}.", f"{where}: {said}.")


def _is_plain(attributes: "asyncssh.SFTPAttrs") -> bool:
    if attributes.permissions is not None:
        return stat.S_ISREG(attributes.permissions)
    return attributes.type == asyncssh.FILEXFER_TYPE_REGULAR


def _entry(name: str, attributes: "asyncssh.SFTPAttrs") -> Entry:
    return Entry(name, attributes.size or 0, (attributes.mtime or 0) * SECOND + (attributes.mtime_ns or 0))


async def _there(asked: Awaitable[T]) -> T:
    """What is not there, as any file says it."""
    try:
        return await asked
    except asyncssh.SFTPNoSuchFile as error:
        raise FileNotFoundError from error
