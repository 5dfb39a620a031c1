"""A server that settles when it is told, not when a day has rested: a line on its standard input, an instant, settles
what ended before it, and the seconds that took are printed."""

import argparse
import gc
import sys
import threading
from datetime import datetime
from functools import partial
from pathlib import Path

from beffroi import app, serving
from beffroi.observations import EmbeddedRecord
from beffroi.settings import Settings
from benchmarks.figures import seconds


def main() -> None:
    gc.freeze()  # as `beffroi` does
    parser = argparse.ArgumentParser(prog="python -m benchmarks.settling", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    settings = Settings.load(data=asked.data, port=asked.port)
    serving.set_up_logs(settings)
    with app.opened(settings) as instance:
        record = instance.rooms.record
        assert isinstance(record, EmbeddedRecord)
        threading.Thread(target=_settle, args=(record,), daemon=True).start()
        serving.serve(instance, ready=lambda: _print(settings.url))


def _settle(record: EmbeddedRecord) -> None:
    for line in sys.stdin:
        until = datetime.fromisoformat(line.strip())
        _print(str(seconds(partial(record.settle, until=until))))


def _print(told: str) -> None:
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
