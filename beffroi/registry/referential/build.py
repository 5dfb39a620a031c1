"""Turns the npm package `@etalab/decoupage-administratif` into the referential's Parquet file.

Run as `python -m beffroi.registry.referential.build PATH_OF_NPM_PACKAGE`.

Populations are all *municipales*, which add up. A commune's is INSEE's figure of the COG's year; an EPCI's is DGCL's,
of the EPCI list's year (perhaps one census older: its members' sum differs a little); those of départements and
régions are sums over communes.
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from beffroi.registry.model import Entry
from beffroi.registry.referential import PACKAGED

Line = dict[str, Any]

TEXT, TEXTS = pa.string(), pa.list_(pa.string())
TYPES = {"population": pa.int32(), "postcodes": TEXTS, "former_codes": TEXTS, "former_names": TEXTS}


def build(package: Path, target: Path = PACKAGED) -> int:
    """Write `target`; how many entries it holds."""
    lines: list[Line] = _read(package, "communes")
    current = [line for line in lines if line["type"] == "commune-actuelle"]
    epci = _read(package, "epci")
    entries = [
        *_communes(current, [line for line in lines if line["type"] != "commune-actuelle"], epci),
        *_epci(epci, {line["code"]: line for line in current}),
        *_areas("departement", _read(package, "departements"), current),
        *_areas("region", _read(package, "regions"), current),
    ]
    columns = {
        name: pa.array([getattr(one, name) for one in entries], TYPES.get(name, TEXT))
        for name in Entry.__struct_fields__
    }
    pq.write_table(pa.table(columns), target, compression="zstd")
    return len(entries)


def _read(package: Path, name: str) -> list[Line]:
    content: list[Line] = json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
    return content


def _communes(current: list[Line], parts: list[Line], epci: list[Line]) -> list[Entry]:
    epci_of = {member["code"]: f"epci-{one['code']}" for one in epci for member in one["membres"]}
    chief = {part["code"]: part.get("chefLieu") or part["commune"] for part in parts}
    codes: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for line in current:
        # A code may be both a delegated commune of one and an old code of another, split since: where it is now wins.
        codes[line["code"]] |= {
            old for old in line.get("anciensCodes", ()) if chief.get(old, line["code"]) == line["code"]
        }
    for part in parts:
        codes[chief[part["code"]]].add(part["code"])
        names[chief[part["code"]]].add(part["nom"])
    return [
        Entry(
            key=f"commune-{line['code']}",
            kind="commune",
            code=line["code"],
            name=line["nom"],
            siren=line.get("siren"),
            population=line.get("population"),
            population_kind="municipale" if "population" in line else None,
            departement=line["departement"],
            region=line["region"],
            epci=epci_of.get(line["code"]),
            postcodes=line.get("codesPostaux", []),
            former_codes=sorted(codes[line["code"]] - {line["code"]}),
            former_names=sorted(names[line["code"]] - {line["nom"]}),
        )
        for line in current
    ]


def _epci(epci: list[Line], communes: dict[str, Line]) -> list[Entry]:
    entries = []
    for line in epci:
        members = [communes[member["code"]] for member in line["membres"]]
        # BANATIC's seat is not in the package: the département and région are those of most members.
        departement, region = Counter((one["departement"], one["region"]) for one in members).most_common(1)[0][0]
        entries.append(
            Entry(
                key=f"epci-{line['code']}",
                kind="epci",
                code=line["code"],
                name=line["nom"],
                siren=line["code"],
                population=line["populationMunicipale"],
                population_kind="municipale",
                departement=departement,
                region=region,
            )
        )
    return entries


def _areas(kind: Any, areas: list[Line], communes: list[Line]) -> list[Entry]:
    population: Counter[str] = Counter()
    for commune in communes:
        population[commune[kind]] += commune.get("population", 0)
    return [
        Entry(
            key=f"{kind}-{line['code']}",
            kind=kind,
            code=line["code"],
            name=line["nom"],
            population=population[line["code"]] or None,
            population_kind="municipale" if population[line["code"]] else None,
            departement=line["code"] if kind == "departement" else None,
            region=line.get("region", line["code"]),
        )
        for line in areas
    ]


if __name__ == "__main__":
    print(f"referential: {build(Path(sys.argv[1])):,} collectivités")  # noqa: T201
