"""What people are told of: who is, who is not, in the console and by e-mail."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from beffroi.access import roles
from beffroi.acquisition.decode import Reject
from beffroi.app import opened
from beffroi.errors import Text
from beffroi.pipeline import quarantine
from beffroi.settings import Settings
from tests.api.signed_in import a_person, signed_in
from tests.api.test_device_states import share
from tests.api.test_files import send
from tests.conftest import OLONNE, ROCHE, Caller, Territory, a_territory, free_port
from tests.notifications.mailbox import Mailbox, a_mailbox

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ADMINISTRATOR, READER, OTHER = "admin@roche.fr", "lecteur@roche.fr", "admin@olonne.fr"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with a_mailbox() as box:
        yield box


@pytest.fixture
def posted(tmp_path: Path, mailbox: Mailbox) -> Iterator[Territory]:
    """A territory whose e-mails go to the mailbox."""
    with a_territory(tmp_path, **by(mailbox)) as territory:
        turn(territory)
        yield territory


@pytest.fixture
def quiet(territory: Territory) -> Territory:
    """A territory that looked at what happens once."""
    turn(territory)
    return territory


def by(mailbox: Mailbox) -> dict[str, Any]:
    sender = "Beffroi <beffroi@exemple.fr>"
    return {"smtp_host": "127.0.0.1", "smtp_port": mailbox.port, "smtp_security": "none", "smtp_from": sender}


def turn(territory: Territory, later: timedelta = timedelta(0)) -> None:
    territory.instance.rooms.notifying.turn(datetime.now(UTC) + later)


def who(territory: Territory, email: str, collectivity: str = ROCHE, role: str = "administrator") -> tuple[str, Caller]:
    key = a_person(territory, email, collectivity, role)
    return key, signed_in(territory, key)


def told(caller: Caller, **asked: Any) -> list[str]:
    answer = caller.get("/notifications", params=asked)
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["items"]]


def unread(caller: Caller) -> int:
    count: int = caller.get("/notifications/count").json()["unread"]
    return count


def choose(caller: Caller, **manner: Any) -> None:
    answer = caller.put("/me/notifications", json=manner)
    assert answer.status_code == 200, answer.text


def test_an_agreement_is_told_to_the_administrators_of_both_sides(quiet: Territory) -> None:
    _, administrator = who(quiet, ADMINISTRATOR)
    _, reader = who(quiet, READER, role="reader")
    _, other = who(quiet, OTHER, OLONNE)
    share(quiet, service="buildings")
    turn(quiet)
    turn(quiet)
    expected = ["Les Sables-d'Olonne partage avec La Roche-sur-Yon."]
    assert [told(one) for one in (administrator, other, reader)] == [expected, expected, []]


def test_who_did_it_is_not_told(quiet: Territory) -> None:
    _, other = who(quiet, OTHER, OLONNE)
    given = {"giver": OLONNE, "receiver": ROCHE, "right": "read", "purpose": "Ensemble", "service": "buildings"}
    assert other.post("/agreements", json=given).status_code == 201
    turn(quiet)
    assert told(other) == []


def test_a_right_that_is_lost_takes_what_was_told_with_it(quiet: Territory) -> None:
    key, administrator = who(quiet, ADMINISTRATOR)
    a_person(quiet, "second@roche.fr", ROCHE)
    share(quiet, service="buildings")
    turn(quiet)
    assert unread(administrator) == 1
    with quiet.instance.rooms.database.write() as tx:
        roles.put(quiet.system, tx, key, ROCHE, "reader", now=datetime.now(UTC))
    quiet.instance.rooms.changed()
    assert (told(administrator), unread(administrator)) == ([], 0)


def heard(territory: Territory, owner: str, name: str, ago: timedelta) -> int:
    """A device that speaks every hour, and last did then: three hours later it is silent."""
    device = territory.a_device(owner=owner, name=name)
    ward, now = territory.instance.rooms.ward, datetime.now(UTC)
    with ward.changing:
        health = ward.of([device.id], now)[device.id]
        health.last_heard, health.frames, health.intervals = now - ago, 9, [3600.0] * 8
    made: int = device.id
    return made


def test_devices_that_fall_silent_together_are_one_notification(quiet: Territory) -> None:
    _, reader = who(quiet, READER, role="reader")
    _, other = who(quiet, OTHER, OLONNE)
    for number in range(5):
        heard(quiet, ROCHE, f"capteur {number}", timedelta(hours=3) - MINUTE)
    alone = heard(quiet, OLONNE, "la sonde", timedelta(hours=3) - MINUTE)
    heard(quiet, OLONNE, "qui parle", timedelta(hours=1))
    heard(quiet, OLONNE, "muette depuis toujours", timedelta(hours=9))
    turn(quiet, 6 * MINUTE)
    turn(quiet, 12 * MINUTE)
    assert told(reader) == ["5 appareils se taisent\u00a0: capteur 0, capteur 1, capteur 2…"]
    assert told(other) == ["la sonde se tait."]
    (one,) = other.get("/notifications").json()["items"]
    assert (one["link"], one["owner"], one["kind"]) == (f"/devices/{alone}", OLONNE, "silence")


def wait(territory: Territory, owner: str, rows: range) -> None:
    with territory.instance.rooms.database.write() as tx:
        source = quarantine.open_source(
            territory.system, tx, owner=owner, file="a.csv", content="", mapping="", fingerprint=owner, now=NOW
        )
        rejects = [Reject(row, "t", "x", NUMBER, "t", {}) for row in rows]
        quarantine.put(tx, source, owner, rejects, now=NOW)


NOW = datetime.now(UTC)
NUMBER = Text("nombre attendu", "number expected")


def test_a_quarantine_is_told_of_again_once_it_doubled(quiet: Territory) -> None:
    _, operator = who(quiet, "operateur@roche.fr", role="operator")
    _, reader = who(quiet, READER, role="reader")
    _, other = who(quiet, OTHER, OLONNE)
    for rows in (range(1), range(1, 1), range(1, 3), range(3, 4), range(4, 9)):
        wait(quiet, ROCHE, rows)
        turn(quiet)
    assert told(operator) == [
        "9 messages attendent en quarantaine.",
        "3 messages attendent en quarantaine.",
        "1 message attend en quarantaine.",
    ]
    assert told(reader) == told(other) == []


def test_a_file_taken_in_is_told_to_who_sent_it(quiet: Territory) -> None:
    _, administrator = who(quiet, ADMINISTRATOR)
    _, second = who(quiet, "second@roche.fr")
    assert send(administrator).status_code == 200
    turn(quiet)
    assert told(administrator) == ["file.csv\u00a0: 1 mesures gardées, 0 mises en quarantaine."]
    assert told(second) == []


def test_each_reads_in_its_language(quiet: Territory) -> None:
    _, administrator = who(quiet, ADMINISTRATOR)
    share(quiet, service="buildings")
    turn(quiet)
    said = administrator.get("/notifications", headers={"Accept-Language": "en"}).json()["items"][0]["text"]
    assert said == "Les Sables-d'Olonne shares with La Roche-sur-Yon."


def test_what_was_read_is_not_counted_and_only_its_reader_reads_it(quiet: Territory) -> None:
    _, administrator = who(quiet, ADMINISTRATOR)
    _, other = who(quiet, OTHER, OLONNE)
    for service in ("buildings", "lighting", "water"):
        share(quiet, service=service)
    turn(quiet)
    ids = [one["id"] for one in administrator.get("/notifications").json()["items"]]
    assert other.post("/notifications/reading", json={"ids": ids}).json() == {"unread": 3}
    assert unread(administrator) == 3
    assert administrator.post("/notifications/reading", json={"ids": ids[:1]}).json() == {"unread": 2}
    assert len(told(administrator, unread=True)) == 2
    assert administrator.post("/notifications/reading", json={}).json() == {"unread": 0}
    assert len(told(administrator)) == 3


def test_pages_follow_one_another_newest_first(quiet: Territory) -> None:
    _, administrator = who(quiet, ADMINISTRATOR)
    for service in ("buildings", "lighting", "water"):
        share(quiet, service=service)
        turn(quiet)
    page = administrator.get("/notifications", params={"limit": 2}).json()
    rest = administrator.get("/notifications", params={"limit": 2, "after": page["next"]}).json()
    ids = [one["id"] for one in (*page["items"], *rest["items"])]
    assert ids == sorted(ids, reverse=True) and len(ids) == 3 and "next" not in rest
    assert administrator.get("/notifications", params={"after": "x"}).status_code == 422


PATHS = [
    ("GET", "/notifications", None),
    ("GET", "/notifications/count", None),
    ("POST", "/notifications/reading", {}),
    ("GET", "/me/notifications", None),
    ("PUT", "/me/notifications", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), PATHS)
def test_only_a_person_has_notifications(territory: Territory, method: str, path: str, body: Any) -> None:
    about = {} if body is None else {"json": body}
    assert territory.as_("stranger")(method, path, **about).status_code == 401
    assert territory.as_("roche")(method, path, **about).status_code == 403


def test_a_kind_that_nobody_wants_is_not_told(quiet: Territory) -> None:
    _, administrator = who(quiet, ADMINISTRATOR)
    choose(administrator, ways={"agreement": "none"})
    share(quiet, service="buildings")
    turn(quiet)
    assert told(administrator) == []
    chosen = administrator.get("/me/notifications").json()["manner"]["ways"]
    assert (chosen["agreement"], chosen["silence"]) == ("none", "console")


@pytest.mark.parametrize(
    "manner",
    [
        {"ways": {"weather": "email"}},
        {"ways": {"silence": "pigeon"}},
        {"daily_at": "25:00"},
        {"quiet_from": "22:00"},
        {"rhythm": "hourly"},
    ],
)
def test_a_manner_that_makes_no_sense_is_refused(territory: Territory, manner: dict[str, Any]) -> None:
    _, administrator = who(territory, ADMINISTRATOR)
    assert administrator.put("/me/notifications", json=manner).status_code == 422


def test_without_a_server_nothing_is_mailed_and_it_is_said(quiet: Territory) -> None:
    _, administrator = who(quiet, ADMINISTRATOR)
    choose(administrator, ways={"agreement": "email"})
    share(quiet, service="buildings")
    turn(quiet)
    assert administrator.get("/me/notifications").json()["mail"] == "unset"
    assert len(told(administrator)) == 1


def test_an_e_mail_leaves_at_once_in_the_persons_language(posted: Territory, mailbox: Mailbox) -> None:
    _, administrator = who(posted, ADMINISTRATOR)
    who(posted, OTHER, OLONNE)
    administrator.patch("/me", json={"language": "en"})
    choose(administrator, ways={"agreement": "email"})
    share(posted, service="buildings")
    turn(posted)
    turn(posted)
    (mail,) = mailbox.mails
    assert mail["To"] == ADMINISTRATOR
    assert mail["Subject"] == "Les Sables-d'Olonne shares with La Roche-sur-Yon."
    assert "/agreements" in mail.get_content() and "Choose what you are sent" in mail.get_content()


def test_quiet_hours_hold_e_mails_back_and_then_one_tells_all(posted: Territory, mailbox: Mailbox) -> None:
    _, administrator = who(posted, ADMINISTRATOR)
    zone = posted.instance.rooms.notifying.zone
    now = datetime.now(zone)
    until = now + timedelta(hours=1)
    choose(administrator, ways={"agreement": "email"}, quiet_from=f"{now:%H:%M}", quiet_until=f"{until:%H:%M}")
    for service in ("buildings", "lighting"):
        share(posted, service=service)
        turn(posted)
    assert mailbox.mails == []
    turn(posted, timedelta(hours=1, minutes=1))
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Beffroi\u00a0: 2 notifications"


def test_once_a_day_one_e_mail_tells_all(posted: Territory, mailbox: Mailbox) -> None:
    _, administrator = who(posted, ADMINISTRATOR)
    at = datetime.now(posted.instance.rooms.notifying.zone) + timedelta(minutes=2)
    choose(administrator, ways={"agreement": "email"}, rhythm="daily", daily_at=f"{at:%H:%M}")
    for service in ("buildings", "lighting"):
        share(posted, service=service)
        turn(posted)
    assert mailbox.mails == []
    turn(posted, 3 * MINUTE)
    turn(posted, 4 * MINUTE)
    assert [mail["Subject"] for mail in mailbox.mails] == ["Beffroi\u00a0: 2 notifications"]


def test_an_e_mail_never_tells_what_may_be_seen_no_more(posted: Territory, mailbox: Mailbox) -> None:
    key, administrator = who(posted, ADMINISTRATOR)
    choose(administrator, ways={"agreement": "email"})
    mailbox.busy = True
    share(posted, service="buildings")
    turn(posted)
    with posted.instance.rooms.database.write() as tx:
        roles.put(posted.system, tx, key, ROCHE, "reader", now=datetime.now(UTC))
    mailbox.busy = False
    turn(posted)
    assert mailbox.mails == []


def test_a_server_that_is_busy_is_tried_again_and_said(posted: Territory, mailbox: Mailbox) -> None:
    _, administrator = who(posted, ADMINISTRATOR)
    choose(administrator, ways={"agreement": "email"})
    mailbox.busy = True
    share(posted, service="buildings")
    turn(posted)
    assert administrator.get("/me/notifications").json()["trouble"] == "later"
    mailbox.busy = False
    turn(posted)
    assert len(mailbox.mails) == 1
    assert "trouble" not in administrator.get("/me/notifications").json()


def test_an_address_that_is_refused_is_not_tried_again(posted: Territory, mailbox: Mailbox) -> None:
    _, administrator = who(posted, ADMINISTRATOR)
    _, second = who(posted, "second@roche.fr")
    for one in (administrator, second):
        choose(one, ways={"agreement": "email"})
    mailbox.refused.add(ADMINISTRATOR)
    share(posted, service="buildings")
    turn(posted)
    mailbox.refused.clear()
    turn(posted)
    assert [mail["To"] for mail in mailbox.mails] == ["second@roche.fr"]


def test_nothing_is_lost_nor_told_twice_over_a_restart(tmp_path: Path) -> None:
    port = free_port()
    server = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_from": "b@exemple.fr"}
    with a_territory(tmp_path, **server) as territory:
        turn(territory)
        _, administrator = who(territory, ADMINISTRATOR)
        choose(administrator, ways={"agreement": "email"})
        share(territory, service="buildings")
        turn(territory)  # nobody answers there yet
        assert administrator.get("/me/notifications").json()["trouble"]
        share(territory, service="lighting")  # not looked at before the end
    with a_mailbox(port) as box, opened(Settings(data=tmp_path / "data", offline=True, **server)) as instance:
        for _ in range(2):
            instance.rooms.notifying.turn(datetime.now(UTC))
        (mail,) = box.mails
        assert mail["Subject"] == "Beffroi\u00a0: 2 notifications"
        assert mail["To"] == ADMINISTRATOR
