"""The official referential of French collectivités, packaged at build time: read only, the same for everybody.

Sources: INSEE (Code officiel géographique and reference populations), DGCL (EPCI and their members), La Poste
(postcodes), through `@etalab/decoupage-administratif`, under the Licence Ouverte.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq

from beffroi.errors import NotFound, Text, Unavailable
from beffroi.registry.folding import fold
from beffroi.registry.model import CollectivityKind, Entry

PACKAGED = Path(__file__).parent / "referential.parquet"
NOUN = Text("collectivité du référentiel", "collectivity of the referential")
ORDER = {"region": 0, "departement": 1, "commune": 2, "epci": 3}


class Referential:
    """All current communes, EPCI, départements and régions; the file is read at first use, then kept in memory."""

    def __init__(self, path: Path = PACKAGED) -> None:
        self.path = path

    def entry(self, key: str) -> Entry:
        """By key, `commune-85191`."""
        if key not in self._by_key:
            raise self._unknown(key)
        return self._by_key[key]

    def _unknown(self, key: str) -> NotFound:
        """Nothing by that key; the commune that a former code now belongs to is named."""
        error = NotFound(NOUN, key)
        if current := self._current.get(key.removeprefix("commune-")):
            name = self._by_key[current].name
            error.text = Text(
                f"{key} fait aujourd'hui partie de {current} ({name}).", f"{key} is now part of {current} ({name})."
            )
        return error

    def resolve(self, insee_code: str) -> Entry:
        """The current commune of an INSEE code, of today or of before (merged, delegated, associated communes and the
        arrondissements of Paris, Lyon and Marseille)."""
        key = self._current.get(insee_code)
        if key is None:
            raise NotFound(NOUN, insee_code)
        return self._by_key[key]

    def members(self, epci_key: str) -> list[Entry]:
        """The member communes of an EPCI, by code."""
        self.entry(epci_key)
        return self._members.get(epci_key, [])

    def of_departement(self, code: str, kind: CollectivityKind = "commune") -> list[Entry]:
        """Those of `kind` in a département, by code: for an EPCI, having at least one member commune there."""
        self.entry(f"departement-{code}")
        return [one for one in self._entries if one.kind == kind and self._touches(one, code)]

    def all(self, kind: CollectivityKind) -> list[Entry]:
        return [one for one in self._entries if one.kind == kind]

    def search(
        self,
        text: str,
        *,
        kinds: Iterable[CollectivityKind] = (),
        departement: str | None = None,
        limit: int = 20,
    ) -> list[Entry]:
        """By name, former name, INSEE code, SIREN or postcode; the most exact first, then the most populated."""
        asked, wanted = fold(text), frozenset(kinds)
        if not asked:
            return []
        words = [f" {word}" for word in asked.split()]
        found = []
        for one, padded, former in self._names:
            if words[0][1:] not in padded and not any(words[0][1:] in name for name in former):
                continue
            if (wanted and one.kind not in wanted) or (departement and not self._touches(one, departement)):
                continue
            ranks = [_rank(padded, asked, words), *(_former_rank(_rank(name, asked, words)) for name in former)]
            if (rank := min((given for given in ranks if given is not None), default=None)) is not None:
                found.append((rank, ORDER[one.kind], -(one.population or 0), one.code, one))
        found.sort(key=lambda row: row[:4])
        return [row[-1] for row in found[:limit]]

    def _touches(self, one: Entry, departement: str) -> bool:
        if one.kind == "epci":
            return departement in self._departements.get(one.key, ())
        return one.departement == departement

    @cached_property
    def _entries(self) -> list[Entry]:
        if not self.path.exists():
            raise Unavailable(
                Text(
                    "Le référentiel des collectivités n'est pas installé : lancez «\u00a0make install\u00a0».",
                    "The referential of collectivités is not installed: run “make install”.",
                )
            )
        columns = pq.ParquetFile(self.path).read(list(Entry.__struct_fields__)).to_pydict()
        return [Entry(*row) for row in zip(*columns.values(), strict=True)]

    @cached_property
    def _by_key(self) -> dict[str, Entry]:
        return {one.key: one for one in self._entries}

    @cached_property
    def _current(self) -> dict[str, str]:
        communes = self.all("commune")
        former = {code: one.key for one in communes for code in one.former_codes}
        return former | {one.code: one.key for one in communes}

    @cached_property
    def _members(self) -> dict[str, list[Entry]]:
        members: dict[str, list[Entry]] = {}
        for one in self.all("commune"):
            if one.epci:
                members.setdefault(one.epci, []).append(one)
        return members

    @cached_property
    def _departements(self) -> dict[str, frozenset[str | None]]:
        return {key: frozenset(one.departement for one in communes) for key, communes in self._members.items()}

    @cached_property
    def _names(self) -> list[tuple[Entry, str, list[str]]]:
        """Each entry with its folded name and codes, then its folded former names, a space before each word."""
        return [
            (
                one,
                f" {fold(one.name)} | {one.code.lower()} {one.siren or ''} {' '.join(one.postcodes)} ",
                [f" {fold(name)} |" for name in one.former_names],
            )
            for one in self._entries
        ]


def _rank(padded: str, asked: str, words: list[str]) -> int | None:
    """How exactly a padded name answers: 0 it is the name or a code, 1 it begins so, 3 its words do, 4 it holds it."""
    if padded.startswith(f" {asked} |") or (" |" in padded and f" {asked} " in padded.partition(" |")[2]):
        return 0
    if padded.startswith(f" {asked}"):
        return 1
    if all(word in padded for word in words):
        return 3
    return 4 if len(asked) > 2 and asked in padded else None


def _former_rank(rank: int | None) -> int | None:
    """A former name in full comes before the present ones that merely hold its words; in part, after all of them."""
    return rank if rank is None else 2 if rank == 0 else 5


REFERENTIAL = Referential()
"""The packaged one; nothing is read before it is first asked."""
