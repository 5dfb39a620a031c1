"""Small posts through the thin way in, by the server that users have: answered as the common way answers."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
import uvicorn

from beffroi.access import keys
from beffroi.acquisition import connections
from beffroi.acquisition.connections import NewConnection
from beffroi.acquisition.ways import Bounds
from beffroi.api.application import application
from beffroi.api.thin import SMALL, Message, Post, Receive, Send
from beffroi.api.writing import Protocol
from beffroi.pipeline import Pipeline
from tests.conftest import NOW, OLONNE, ROCHE, Territory, free_port
from tests.pipeline.test_reception import EUI, decoded, model, uplink  # noqa: F401 - fixtures


@dataclass
class Serving:
    """`common`: the addresses of what went the common way; `known`: how many posts were known by their head."""

    territory: Territory
    port: int
    server: uvicorn.Server | None = None
    common: list[str] = field(default_factory=list)
    known: int = 0

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def post(self, rows: Any, who: str = "roche", path: str = "/observations", **headers: str) -> bytes:
        body = rows if isinstance(rows, bytes) else msgspec.json.encode(rows)
        sent = {
            "Host": "x",
            "Authorization": f"Bearer {self.territory.keys.get(who, who)}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        return f"POST /api/v1{path} HTTP/1.1\r\n{lines}\r\n".encode() + body

    def told(self, *pieces: bytes) -> list["Answer"]:
        """What is answered to what is sent on one connection, which is then closed."""
        with self.connected() as connection:
            for piece in pieces:
                connection.sendall(piece)
            came = b""
            while piece := connection.recv(2**16):
                came += piece
                if len(answers := _answers(came)) == sum(piece.count(b" HTTP/1.1\r\n") for piece in pieces):
                    return answers
        return _answers(came)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


def _answers(came: bytes) -> list[Answer]:
    found = []
    while b"\r\n\r\n" in came:
        head, _, rest = came.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        size = int(headers["content-length"])
        if len(rest) < size:
            break
        found.append(Answer(int(first.split()[1]), headers, rest[:size]))
        came = rest[size:]
    return found


@contextmanager
def serving(territory: Territory, **options: Any) -> Iterator[Serving]:
    app, port = application(territory.instance.rooms), free_port()
    found, common, known = Serving(territory, port), app.thin._app, app.thin.known

    async def noted(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            found.common.append(scope["path"])
        await common(scope, receive, send)

    def counted(data: bytes) -> Post | None:
        post = known(data)
        found.known += post is not None
        return post

    app.thin._app, app.thin.known = noted, counted
    protocol: Any = partial(Protocol, app.thin)
    config = uvicorn.Config(
        app, port=port, http=protocol, loop="uvloop", log_level="critical", server_header=False, **options
    )
    found.server = server = uvicorn.Server(config)
    running = threading.Thread(target=server.run)
    running.start()
    while not server.started:
        time.sleep(0.001)
    try:
        yield found
    finally:
        server.should_exit = True
        running.join()


@pytest.fixture
def served(territory: Territory) -> Iterator[Serving]:
    with serving(territory) as found:
        yield found


def row(series: int, minute: int = 0, value: Any = 20.5) -> dict[str, Any]:
    return {"series": series, "time": NOW + timedelta(minutes=minute), "value": value}


def values(territory: Territory, series: int) -> list[float]:
    answer = territory.as_("roche").get("/observations", params={"series": series})
    return [each["value"] for each in answer.json()["items"]]


def test_a_small_post_is_answered_as_the_common_way_answers(territory: Territory, served: Serving) -> None:
    series = territory.a_series(low=0, high=50).id
    (thin,) = served.told(served.post([row(series), row(series, 1, 99)]))
    (common,) = served.told(served.post([row(series, 2), row(series, 3, 99)], Idempotency_Key="one"))
    assert served.common == ["/api/v1/observations"]
    assert (thin.status, common.status) == (200, 200)
    assert thin.json() == common.json() | {"batch_id": thin.json()["batch_id"]}
    assert (thin.json()["rows"], thin.json()["flagged"]) == (2, 1)
    same = thin.headers.keys() - {"date", "content-length"}
    assert same == common.headers.keys() - {"date", "content-length"}
    assert all(thin.headers[name] == common.headers[name] for name in same)
    assert thin.headers["date"]
    assert values(territory, series) == [20.5, 99.0, 20.5, 99.0]


def test_posts_sent_without_waiting_are_answered_in_their_order(territory: Territory, served: Serving) -> None:
    series = territory.a_series().id
    reading = f"GET /api/v1/observations?series={series} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    posts = [served.post([row(series, minute) for minute in range(n)]) for n in (1, 2, 3)]
    answers = served.told(b"".join([posts[0], reading, posts[1], posts[2]]))
    assert [one.status for one in answers] == [200, 401, 200, 200]
    assert [one.json()["rows"] for one in answers if one.status == 200] == [1, 2, 3]


def test_a_body_may_come_in_pieces(territory: Territory, served: Serving) -> None:
    series = territory.a_series().id
    whole = served.post([row(series)])
    with served.connected() as connection:
        for one in (whole[:30], whole[30:-5], whole[-5:]):
            connection.sendall(one)
            time.sleep(0.02)
        (answer,) = _answers(connection.recv(2**16))
    assert answer.json()["rows"] == 1
    assert served.common == []


def one_by_one(connection: socket.socket, *posts: bytes) -> list[Answer]:
    """Each once the one before is answered."""
    answers = []
    for post in posts:
        connection.sendall(post)
        answers += _answers(connection.recv(2**16))
    return answers


def test_who_posts_again_is_known_by_the_head(territory: Territory, served: Serving) -> None:
    series = territory.a_series(low=0, high=50).id
    posts = [served.post([row(series, minute, value)]) for minute, value in enumerate((20.5, 21.5, 99.5))]
    with served.connected() as connection:
        first, *others = one_by_one(connection, *posts)
    assert served.known == 2
    for other, flagged in zip(others, (0, 1), strict=True):
        assert other.json() == first.json() | {"batch_id": other.json()["batch_id"], "flagged": flagged}
        assert other.headers.keys() == first.headers.keys()
    assert values(territory, series) == [20.5, 21.5, 99.5]


def test_a_key_that_is_revoked_is_no_longer_known(territory: Territory, served: Serving) -> None:
    series = territory.a_series().id
    token = territory.key(ROCHE, "operate")
    post = served.post([row(series)], token)
    with served.connected() as connection:
        one_by_one(connection, post, post)
        with territory.instance.rooms.database.write() as tx:
            keys.revoke(territory.system, tx, token.split("_")[1], now=NOW)
        territory.instance.rooms.changed()
        (refused,) = one_by_one(connection, post)
    assert (served.known, refused.status) == (2, 401)


def test_what_comes_behind_a_known_post_waits_for_its_answer(territory: Territory, served: Serving) -> None:
    series = territory.a_series().id
    posts = [served.post([row(series, minute)]) for minute in range(10, 40)]
    with served.connected() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one_by_one(connection, posts[0])
        for post in posts[1:]:
            connection.sendall(post[:-9])
            connection.sendall(post[-9:])
        came = b""
        while len(answers := _answers(came)) < len(posts) - 1:
            came += connection.recv(2**16)
    assert {one.status for one in answers} == {200}
    assert len(values(territory, series)) == len(posts)


def test_the_middle_of_a_request_is_never_taken_for_a_known_post(territory: Territory, served: Serving) -> None:
    series = territory.a_series().id
    post = served.post([row(series)])
    with served.connected() as connection:
        one_by_one(connection, post, post)
        connection.sendall(b"POST /api/v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(post))
        (hidden,) = one_by_one(connection, post)
        connection.sendall(b"GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\nX-First: ")
        (within,) = one_by_one(connection, post)
    assert served.known == 1
    assert (hidden.status, within.status) == (405, 404)


def test_a_connection_of_known_posts_closes_once_it_is_idle(territory: Territory) -> None:
    with serving(territory, timeout_keep_alive=1) as served, served.connected() as connection:
        post = served.post([row(territory.a_series().id)])
        one_by_one(connection, post, post)
        assert connection.recv(1) == b""


def test_a_known_post_under_way_is_answered_before_the_server_stops(
    territory: Territory, served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    series, begin = territory.a_series().id, Pipeline.begin
    under_way, stopping = threading.Event(), threading.Event()

    def slow(*given: Any, **named: Any) -> Any:
        under_way.set()
        stopping.wait(20)
        return begin(*given, **named)

    post = served.post([row(series)])
    with served.connected() as connection:
        one_by_one(connection, post)
        monkeypatch.setattr(Pipeline, "begin_at_once", lambda *given, **named: None)
        monkeypatch.setattr(Pipeline, "begin", slow)
        connection.sendall(post)
        under_way.wait(20)
        assert served.server is not None
        served.server.should_exit = True
        time.sleep(0.3)  # it looks ten times a second
        stopping.set()
        (answer,) = _answers(connection.recv(2**16))
        assert connection.recv(1) == b""
    assert (answer.status, answer.headers["connection"], served.known) == (200, "close", 1)


@pytest.mark.parametrize("who", ["olonne", "roche reader", "nobody's", "x" * 5000])
def test_what_is_refused_is_told_by_the_common_way(territory: Territory, served: Serving, who: str) -> None:
    series = territory.a_series().id
    (answer,) = served.told(served.post([row(series)], who))
    asked = territory.as_(who) if who in territory.keys else territory.as_("stranger", Authorization=f"Bearer {who}")
    expected = asked.post("/observations", json=[msgspec.to_builtins(row(series))])
    assert answer.status == expected.status_code >= 400
    assert answer.headers["content-type"] == expected.headers["content-type"] == "application/problem+json"
    assert answer.json() == expected.json()
    assert values(territory, series) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[]",
        b"[1]",
        b"\xff",
        b'[{"series": 1}]',
        b'[{"series": 1, "time": "2026-01-01T00:00:00", "value": 1}]',
        b'{"series": [], "time": [], "value": []}',
        b'[{"series": 99999, "time": "2026-01-01T00:00:00Z", "value": 1}]',
        b'[{"series": 9999999999999999999999, "time": "2026-01-01T00:00:00Z", "value": 1}]',
        b" " * SMALL + b"[]",
    ],
)
def test_so_is_what_makes_no_sense(territory: Territory, served: Serving, body: bytes) -> None:
    good = msgspec.json.encode([row(territory.a_series().id)])
    body = body.ljust(len(good))
    with served.connected() as connection:
        *_, answer = one_by_one(connection, served.post(good.ljust(len(body))), served.post(body))
    expected = territory.as_("roche").post("/observations", content=body, headers={"Content-Type": "application/json"})
    told, said = answer.json() | {"batch_id": ""}, expected.json() | {"batch_id": ""}
    assert (answer.status, told) == (expected.status_code, said)


def test_one_that_is_refused_takes_no_other_along(territory: Territory, served: Serving) -> None:
    series, theirs = territory.a_series().id, territory.a_series(owner=OLONNE).id
    wordy = {"series": series, "time": NOW, "text": "chaud"}
    posts = [served.post([one]) for one in (row(series), row(theirs), wordy)]
    answers: list[Answer] = []
    with served.connected() as one, served.connected() as two, served.connected() as three:
        for connection, post in zip((one, two, three), posts, strict=True):
            connection.sendall(post)
        for connection in (one, two, three):
            answers += _answers(connection.recv(2**16))
    assert [answer.status for answer in answers] == [200, 404, 422]


def test_who_asks_for_the_connection_to_close_is_heard(territory: Territory, served: Serving) -> None:
    series = territory.a_series().id
    with served.connected() as connection:
        connection.sendall(served.post([row(series)], Connection="close"))
        came = b""
        while piece := connection.recv(2**16):
            came += piece
    (answer,) = _answers(came)
    assert answer.headers["connection"] == "close"
    assert served.common == []


def test_who_wants_to_be_told_to_go_on_is_told(territory: Territory, served: Serving) -> None:
    whole = served.post([row(territory.a_series().id)], Expect="100-continue")
    head, _, body = whole.partition(b"\r\n\r\n")
    with served.connected() as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(2**16).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        (answer,) = _answers(connection.recv(2**16))
    assert answer.status == 200


def test_who_leaves_before_the_answer_harms_nobody(
    territory: Territory, served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = territory.a_series().id
    for _ in range(20):
        with served.connected() as connection:
            connection.sendall(served.post([row(series)]))
    (answer,) = served.told(served.post([row(series, 1)]))
    assert answer.status == 200
    assert values(territory, series) == [20.5, 20.5]


def test_what_fails_within_goes_the_common_way(
    territory: Territory, served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any, **named: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Pipeline, "begin_at_once", fail)
    (answer,) = served.told(served.post([row(territory.a_series().id)]))
    assert answer.status == 200
    assert served.common == ["/api/v1/observations"]


@pytest.mark.parametrize("together", [1, 200])
def test_a_sender_that_does_not_read_is_no_longer_read_from(
    territory: Territory, served: Serving, together: int
) -> None:
    series = territory.a_series().id
    post = served.post([row(series)])
    with served.connected() as connection:
        connection.settimeout(2)
        with pytest.raises(TimeoutError):
            for _ in range(400_000 // together):
                connection.sendall(post * together)
    (answer,) = served.told(post)
    assert answer.status == 200


def test_figures_count_them(territory: Territory, served: Serving) -> None:
    post = served.post([row(territory.a_series().id)])
    served.told(post, post)
    (page,) = served.told(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b'beffroi_http_requests_total{method="POST",route="/api/v1/observations",status="200"} 2.0' in page.body


def test_a_networks_message_is_taken_and_a_wrong_secret_told_by_the_common_way(
    territory: Territory,
    served: Serving,
    decoded: str,  # noqa: F811
) -> None:
    rooms = territory.instance.rooms
    territory.a_device(code=EUI, model="am1")
    with rooms.database.write() as tx:
        new = NewConnection(owner=ROCHE, kind="chirpstack-v4", name="essai")
        made = connections.make(territory.system, tx, new, rooms.sealing, Bounds(), now=NOW)
    rooms.changed()
    path = f"/connections/{made.connection.key}/messages?event=up"
    first, again, wrong = (
        served.told(served.post(uplink(), who, path))[0] for who in (made.secret, made.secret, f"{made.secret}0")
    )
    assert (first.json()["stored"], again.json()["again"], wrong.status) == (1, 1, 401)
    assert set(served.common) == {path.partition("?")[0].replace("/conn", "/api/v1/conn")}
    assert len(served.common) <= 2  # the first secret is learnt by the common way
