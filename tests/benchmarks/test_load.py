"""What the load generator counts, against a real server."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks import load
from benchmarks.load import Share

BODY = b"x" * 1_000_000


class Handler(BaseHTTPRequestHandler):
    """Answers by the last word of the path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        getattr(self, self.path.replace("/", "_"))()

    def do_POST(self) -> None:
        self._length(self.rfile.read(int(self.headers["content-length"])))

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _length(self, content: bytes = BODY) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _chunks(self) -> None:
        self.send_response(200)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for part in (b"one ", b"two"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def _nothing(self) -> None:
        self.send_response(204)
        self.end_headers()

    def _once(self) -> None:
        self._nothing()
        self.close_connection = True

    def _refused(self) -> None:
        self.send_response(429)
        self.send_header("content-length", "4")
        self.end_headers()
        self.wfile.write(b"slow")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def a_get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def test_an_answer_is_read_whole_whatever_its_length(port: int) -> None:
    sent = load.send(port, [Share([a_get("/length")] * 3)])
    assert sent.last[""] == BODY


def test_an_answer_in_chunks_is_joined(port: int) -> None:
    assert load.send(port, [Share([a_get("/chunks")] * 2)]).last[""] == b"one two"


def test_an_answer_without_a_body_is_whole(port: int) -> None:
    assert load.send(port, [Share([a_get("/nothing")] * 3)]).last[""] == b""


def test_a_large_request_is_sent_whole(port: int) -> None:
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
    assert load.send(port, [Share([request])]).last[""] == BODY


def test_every_request_of_every_connection_has_its_latency(port: int) -> None:
    shares = [Share([a_get("/nothing")] * 5, kind="one"), *[Share([a_get("/chunks")] * 3, kind="other")] * 4]
    latencies = load.send(port, shares).latencies
    assert {kind: len(found) for kind, found in latencies.items()} == {"one": 5, "other": 12}


def test_a_request_waits_until_it_is_due(port: int) -> None:
    assert load.send(port, [Share([a_get("/nothing")] * 3, [0, 0.2, 0.4])]).seconds >= 0.4


def test_what_is_late_counts_from_when_it_was_due(port: int) -> None:
    """All were due before the start: the wait for those before is counted too."""
    latencies = load.send(port, [Share([a_get("/length")] * 5, [-1.0] * 5)]).latencies[""]
    assert latencies.min() >= 1000
    assert sorted(latencies.tolist()) == latencies.tolist()


def test_a_connection_that_the_server_closed_meanwhile_is_opened_anew(port: int) -> None:
    latencies = load.send(port, [Share([a_get("/once")] * 3, [0, 0.2, 0.4])]).latencies[""]
    assert len(latencies) == 3


def test_a_refusal_is_told(port: int) -> None:
    with pytest.raises(RuntimeError, match="429"):
        load.send(port, [Share([a_get("/nothing"), a_get("/refused")])])
