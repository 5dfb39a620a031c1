"""PostgreSQL at the same work: a table with (series, time) as primary key, synchronous commit, its own clients."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks import walk
from benchmarks.figures import Run, seconds
from benchmarks.work import (
    BYTES,
    COLUMNS,
    CONNECTIONS,
    MEAN,
    SERIES,
    SETTLED,
    WARMING,
    Measured,
    Scale,
    one_post,
    read_of,
)

PACKAGE = "postgresql-15"
ACCOUNT = "postgres"
PROGRAMS = ("/usr/lib/postgresql/15/bin", *os.environ["PATH"].split(":"))
CONFIGURATION = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "effective_cache_size": "8GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "jit": "off",
}
"""what its documentation advises for such a machine; `fsync` and `synchronous_commit` are on unless told otherwise"""
INSERT = """\\set series random(1, {series})
INSERT INTO observations VALUES (:series, clock_timestamp(), 20.5)
ON CONFLICT (series, time) DO UPDATE SET value = excluded.value;
"""
SELECT = """\\set series random(1, {series})
SELECT * FROM observations WHERE series = :series AND time >= '{start}' AND time < '{end}' ORDER BY time;
"""
SELECT_MEAN = """SELECT series, date_trunc('hour', time) AS hour, avg(value) FROM observations
WHERE time >= '{start}' AND time < '{end}' GROUP BY series, hour ORDER BY series, hour;
"""
# the second series of numbers names the first, so that rows come in the order of their arrival: by tick
HISTORY = """CREATE TABLE observations (series bigint, time timestamptz, value double precision);
INSERT INTO observations
SELECT series, timestamptz '{start}' + tick * interval '10 minutes', round((20 + random() * 10)::numeric, 1)
FROM generate_series(0, {ticks} - 1) AS tick, generate_series(1, {series} + 0 * tick) AS series;
ALTER TABLE observations ADD PRIMARY KEY (series, time);
VACUUM ANALYZE observations;
CHECKPOINT;
"""


@dataclass(frozen=True)
class PostgreSQL:
    """A server that listens on a socket in `folder`, and its programs."""

    folder: Path
    programs: Path

    @property
    def name(self) -> str:
        told = self.run("postgres", "--version")
        found = re.search(r"\d+", told)
        return f"PostgreSQL {found[0] if found else ''}"

    def run(self, program: str, *words: str, given: Path | None = None) -> str:
        """What a program of PostgreSQL prints, run as its account may."""
        command = [*_as_account(), str(self.programs / program), *words]
        environment = {**os.environ, "PGHOST": str(self.folder), "PGDATABASE": "postgres", "PGUSER": ACCOUNT}
        with (given or Path(os.devnull)).open("rb") as stream:
            done = subprocess.run(command, stdin=stream, capture_output=True, env=environment, cwd=self.folder)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')[-2000:]}")
        return done.stdout.decode()

    def sql(self, script: str) -> str:
        path = self.write("script.sql", script)
        return self.run("psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-f", str(path))

    def write(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content)
        return path

    def bench(self, script: str, *words: str) -> tuple[float, list[float]]:
        """Runs of a script a second by pgbench, and milliseconds of each, in the order of their ends."""
        path = self.write("bench.sql", script)
        for log in self.folder.glob("log.*"):
            log.unlink()
        told = self.run("pgbench", "-n", "-M", "prepared", "-l", "--log-prefix=log", "-f", str(path), *words)
        lines = [line for log in self.folder.glob("log.*") for line in log.read_text().splitlines()]
        ended = sorted((line.split() for line in lines), key=lambda words: (int(words[4]), int(words[5])))
        return float(told.partition("tps = ")[2].split()[0]), [int(words[2]) / 1000 for words in ended]


def missing() -> str | None:
    """What to install when it is not there."""
    return None if _programs() else PACKAGE


def measured(run: Run, place: Path, scale: Scale) -> tuple[str, Measured]:
    """Its name, and its figure of each work."""
    with _served(place / "postgresql") as server:
        run.say(f"{server.name}: {scale.rows / 1e6:.1f} million rows of history")
        server.sql(HISTORY.format(start=walk.START, ticks=scale.ticks, series=SERIES))
        size = float(server.sql("SELECT pg_total_relation_size('observations')")) / scale.rows
        found: Measured = {BYTES: size}
        for when, start in scale.read_from().items():
            times = server.bench(_asked(SELECT, start), "-t", str(scale.reads + WARMING))[1]
            found |= read_of(when, times[WARMING:])
        means = server.bench(_asked(SELECT_MEAN, scale.read_from()[SETTLED]), "-t", "4")[1]
        found[MEAN] = median(means[1:])
        run.say(f"{server.name}: writing")
        script = _copies(server, scale)
        found[COLUMNS] = scale.posts * SERIES / seconds(lambda: server.run("psql", "-X", "-q", given=script))
        for width in CONNECTIONS:
            words = ("-c", str(width), "-j", "2", "-t", str(scale.singles // width))
            found[one_post(width)] = server.bench(INSERT.format(series=SERIES), *words)[0]
        return server.name, found


def _asked(question: str, start: datetime) -> str:
    return question.format(series=SERIES, start=start, end=start + timedelta(days=1))


def _copies(server: PostgreSQL, scale: Scale) -> Path:
    """A COPY a tick, each a transaction of its own."""
    path = server.folder / "copies.sql"
    with path.open("w") as file:
        for tick, values in enumerate(walk.values(SERIES, scale.posts)):
            time = f"\t{scale.end + tick * walk.STEP}\t"
            file.write("COPY observations FROM STDIN;\n")
            file.writelines(f"{series}{time}{value}\n" for series, value in enumerate(values.tolist(), start=1))
            file.write("\\.\n")
    return path


@contextmanager
def _served(folder: Path) -> Iterator[PostgreSQL]:
    programs = _programs()
    assert programs
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT)
    server = PostgreSQL(folder, programs)
    data = str(folder / "data")
    server.run("initdb", "-D", data, "-U", ACCOUNT, "-A", "trust", "--locale=C.UTF-8")
    settings = {**CONFIGURATION, "unix_socket_directories": str(folder)}
    options = " ".join(f"-c {name}={value}" if value else f"-c {name}=''" for name, value in settings.items())
    server.run("pg_ctl", "-D", data, "-w", "-l", str(folder / "server.log"), "-o", options, "start")
    try:
        yield server
    finally:
        server.run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def _programs() -> Path | None:
    found = (Path(folder) for folder in PROGRAMS)
    complete = (one for one in found if all((one / name).is_file() for name in ("initdb", "pg_ctl", "pgbench", "psql")))
    return next(complete, None)


def _as_account() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    pwd.getpwnam(ACCOUNT)
    return ["runuser", "-u", ACCOUNT, "--"]
