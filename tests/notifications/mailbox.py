"""An SMTP server on a real socket (RFC 5321), as small as one may be: it keeps what it takes."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    """`refused`: answers 550 for these addresses; `busy`: answers 451 to every recipient."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    busy: bool = False

    def of(self, address: str) -> list[EmailMessage]:
        return [one for one in self.mails if address in one["To"]]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, box: Mailbox, port: int) -> None:
        self.box = box
        super().__init__(("127.0.0.1", port), _Conversation)


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say("220 mailbox")
        for line in self.rfile:
            verb, _, about = line.decode().strip().partition(" ")
            match verb.upper():
                case "QUIT":
                    self._say("221 bye")
                    return
                case "RCPT":
                    self._say(self._recipient(about))
                case "DATA":
                    self._say("354 go on")
                    self._take()
                    self._say("250 taken")
                case _:
                    self._say("250 well")

    def _recipient(self, about: str) -> str:
        address = about.partition("<")[2].partition(">")[0]
        if address in self.server.box.refused:
            return "550 no such mailbox"
        return "451 later" if self.server.box.busy else "250 well"

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.box.mails.append(mail)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def a_mailbox(port: int = 0) -> Iterator[Mailbox]:
    box = Mailbox()
    with _Server(box, port) as server:
        box.port = server.server_address[1]
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield box
        server.shutdown()
        serving.join()
