"""E-mails handed in to the server that the settings name (SMTP, RFC 5321); plain text, in the reader's language."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Literal
from zoneinfo import ZoneInfo

from beffroi.access.people import Person
from beffroi.errors import Text
from beffroi.notifications.told import Notification

Security = Literal["starttls", "tls", "none"]
PATIENCE = 20.0
"""seconds for a server to answer"""
MOST_LINES = 100
"""of one e-mail; how many more there are is told"""


class Unsent(Exception):
    """The server did not take the e-mail. `for_good`: it will not either later (RFC 5321, 4.2.1: codes 5yz)."""

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True)
class Post:
    """The server, and in whose name it is handed e-mails."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = ""

    def send(self, messages: Sequence[EmailMessage]) -> list[Unsent | None]:
        """What became of each. Raises `Unsent` when the server is not reached, or opens to nobody."""
        try:
            with self._opened() as server:
                return [_handed(server, one) for one in messages]
        except (OSError, smtplib.SMTPException) as error:
            raise Unsent(f"{self.host}:{self.port}: {error}", for_good=False) from error

    def _opened(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        if self.security == "starttls":
            server.starttls(context=context)
        if self.user:
            server.login(self.user, self.password)
        return server


def _handed(server: smtplib.SMTP, message: EmailMessage) -> Unsent | None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, told = next(iter(error.recipients.values()))
        return Unsent(told.decode(errors="replace"), for_good=code >= 500)
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error
        why = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        return Unsent(why, for_good=error.smtp_code >= 500)
    return None


def composed(
    person: Person, told: Sequence[Notification], *, sender: str, home: str, zone: ZoneInfo, now: datetime
) -> EmailMessage:
    """Of `told` and nothing else. Sent again it has the same `Message-ID`, by which a mailbox may know it."""
    message = EmailMessage()
    message["From"], message["To"] = sender, person.email
    message["Subject"] = " ".join(_subject(told).said(person.language).splitlines())
    message["Date"] = format_datetime(now)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message["Message-ID"] = f"<notifications-{told[0].id}-{told[-1].id}-{len(told)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(_lines(person, told, home, zone)) + "\n")
    return message


def _subject(told: Sequence[Notification]) -> Text:
    if len(told) == 1:
        return Text(told[0].text, told[0].text)
    return Text(f"Beffroi\u00a0: {len(told)} notifications", f"Beffroi: {len(told)} notifications")


def _lines(person: Person, told: Sequence[Notification], home: str, zone: ZoneInfo) -> list[str]:
    lines: list[str] = []
    for one in told[:MOST_LINES]:
        lines += [f"{one.at.astimezone(zone):%d/%m/%Y %H:%M}  {one.text}", f"    {home}{one.link}", ""]
    if (more := len(told) - MOST_LINES) > 0:
        lines += [Text(f"Et {more} autres.", f"And {more} more.").said(person.language), ""]
    manners = f"{home}/account#notifications"
    said = Text(f"Choisir ce que vous recevez\u00a0: {manners}", f"Choose what you are sent: {manners}")
    return [*lines, said.said(person.language)]
