"""Frozen values from the environment and from a file: the one place that reads them, the one list of what can be set.

A value is looked for in the environment (`BEFFROI_` and the field's name in capitals), then in `beffroi.toml` in the
data folder, then here.
"""

import os
import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from beffroi.errors import Fault, Invalid, Text

FILE = "beffroi.toml"


def _setting(default: Any, explained: str) -> Any:
    return field(default=default, metadata={"explained": explained})


@dataclass(frozen=True)
class Settings:
    """Everything that can be set on an instance. `docs/reference/settings.md` is generated from here."""

    data: Path = _setting(Path("data"), "Folder that holds everything the instance keeps.")
    host: str = _setting("127.0.0.1", "Address to listen on; 0.0.0.0 for every interface.")
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = _setting(8010, "Port to listen on.")
    public_url: str = _setting("", "Address that users type, when a proxy stands in front: `https://data.example.fr`.")
    embed_origins: Annotated[str, msgspec.Meta(pattern=r"^[\w.:/*\- ]*$")] = _setting(
        "", "Sites that may show public dashboards in a frame, with blanks between: `https://www.example.fr`."
    )
    time_zone: str = _setting("Europe/Paris", "The territory's time zone (IANA), in which its days begin.")
    database_url: str = _setting("", "SQLAlchemy URL of the relational database; SQLite in the data folder when empty.")
    upload_limit_mib: Annotated[int, msgspec.Meta(ge=1)] = _setting(
        512, "Largest body or file taken in, in MiB, once decompressed."
    )
    batch_limit: Annotated[int, msgspec.Meta(ge=1)] = _setting(1_000_000, "Most observations taken in one request.")
    record_memory_mib: Annotated[int, msgspec.Meta(ge=64)] = _setting(
        512, "Memory that the record's engine may use for a query, in MiB; beyond, it spills to disk."
    )
    record_spill_mib: Annotated[int, msgspec.Meta(ge=64)] = _setting(
        8192, "Disk that the record's engine may spill to, in MiB; what needs more is refused (503)."
    )
    record_recent_mib: Annotated[int, msgspec.Meta(ge=0)] = _setting(
        400, "Memory for recent observations, in MiB: 22 bytes each, so 18 million; older ones are read from disk."
    )
    record_settled_mib: Annotated[int, msgspec.Meta(ge=1)] = _setting(
        128, "Memory for what was read from files of settled days, in MiB."
    )
    record_threads: Annotated[int, msgspec.Meta(ge=1)] = _setting(2, "Threads that the record's engine may use.")
    record_heavy: Annotated[int, msgspec.Meta(ge=1)] = _setting(
        2, "Questions on more than 64 series, or on millions of rows, that run at a time; others wait for their turn."
    )
    query_seconds: Annotated[int, msgspec.Meta(ge=1)] = _setting(
        60, "Seconds that such a question may take, its wait included; of an answer sent piece by piece, each piece."
    )
    settle_after_hours: Annotated[int, msgspec.Meta(ge=0)] = _setting(
        6, "Hours after a day's end (UTC) when the record writes it as a sorted file; what comes later is added to it."
    )
    codec_workers: Annotated[int, msgspec.Meta(ge=1, le=256)] = _setting(
        1, "Processes that run the codecs of device models; they start when a message needs them."
    )
    offline: bool = _setting(
        False, "Nothing is asked of any other machine to draw maps or find addresses, by the instance or by browsers."
    )
    boundaries_url: str = _setting(
        "https://geo.api.gouv.fr/communes",
        "Where outlines of communes are asked, once a département; nowhere when empty.",
    )
    geocoder_url: str = _setting(
        "https://data.geopf.fr/geocodage", "Where addresses are looked for (`/search`); nowhere when empty."
    )
    map_style_url: str = _setting(
        "https://data.geopf.fr/annexes/ressources/vectorTiles/styles/PLAN.IGN/gris.json",
        "MapLibre style that browsers fetch as the background of maps, all from one origin; no background when empty.",
    )
    map_file: Path | None = _setting(
        None, "PMTiles file of this machine that is the background of maps instead, for a closed network."
    )
    reachable: str = _setting(
        "",
        "Private networks and hosts that connections may reach beside public addresses: "
        "`10.20.0.0/16, courtier.interne`.",
    )
    folders: str = _setting(
        "", "Folder under which connections may watch folders, each in that of its owner; none are watched when empty."
    )
    accessibility_contact: str = _setting(
        "", "Whom to tell about a page that one cannot use: an e-mail, or the address of a form."
    )
    accessibility_plan_url: str = _setting(
        "", "Where the structure publishes its multi-year accessibility plan (schéma pluriannuel)."
    )
    accessibility_rate: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = _setting(
        None, "Share of RGAA 4.1 criteria respected, in percent, that an audit of the console by people found."
    )
    accessibility_audited: date | None = _setting(None, "Day of that audit; without it, the console is not compliant.")
    accessibility_auditor: str = _setting("", "Who made that audit.")
    smtp_host: str = _setting("", "Server that takes e-mails to people (SMTP); none are sent when empty.")
    smtp_port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = _setting(587, "Port of that server.")
    smtp_security: Literal["starttls", "tls", "none"] = _setting(
        "starttls", "How the way to it is enciphered: from the first word (`tls`), from a command on, or not at all."
    )
    smtp_user: str = _setting("", "Account at that server; none is given when empty.")
    smtp_password: str = _setting("", "Password of that account.")
    smtp_from: Annotated[str, msgspec.Meta(pattern=r"^$|@")] = _setting(
        "", "Sender of e-mails, `Beffroi <beffroi@example.fr>`; needed for them to leave."
    )
    log_format: Literal["text", "json"] = _setting("text", "`json` gives one object a line, for log collectors.")
    log_level: Literal["debug", "info", "warning", "error"] = _setting("info", "Least important message logged.")

    @property
    def url(self) -> str:
        return self.public_url or f"http://localhost:{self.port}"

    @classmethod
    def load(cls, **given: Any) -> "Settings":
        """The settings in force; those `given` (not None) come first.

        Raises `Invalid` naming each setting that is unknown or out of bounds.
        """
        given = {name: value for name, value in given.items() if value is not None}
        named = {name[8:].lower(): value for name, value in os.environ.items() if name.startswith("BEFFROI_")}
        named = {name: value for name, value in named.items() if name in {one.name for one in fields(cls)}}
        folder = Path(given.get("data") or named.get("data") or cls.data)
        return cls(**_converted(cls, {**_from_file(folder / FILE), **named, **given}))


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(str(path), Text(f"fichier illisible : {error}", f"unreadable file: {error}")) from error


def _converted(settings: type[Settings], values: dict[str, Any]) -> dict[str, Any]:
    types = get_type_hints(settings, include_extras=True)
    converted, faults = {}, []
    for name, value in values.items():
        if name not in types:
            faults.append(Fault(name, Text("réglage inconnu", "unknown setting")))
            continue
        try:
            converted[name] = (
                Path(value) if types[name] in (Path, Path | None) else msgspec.convert(value, types[name], strict=False)
            )
        except (msgspec.ValidationError, TypeError) as error:
            faults.append(Fault(name, Text(f"valeur refusée : {error}", f"refused value: {error}")))
    if "time_zone" in converted and not _is_zone(converted["time_zone"]):
        faults.append(Fault("time_zone", Text("fuseau inconnu", "unknown time zone")))
    if faults:
        raise Invalid.of(faults)
    return converted


def _is_zone(name: Any) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
