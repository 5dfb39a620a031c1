"""Coalitions as people write them: their players joined, `AB`, or joined by `+`, `Anse+Bron`."""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from beffroi.errors import Text

EMPTY = ("", "∅", "{}", "()")


class Namer:
    """Reads the names of one file. Where one of them has a `+`, a name without is first a player's own."""

    def __init__(self, players: tuple[str, ...], names: Iterable[str]) -> None:
        self._bits = {player: 1 << bit for bit, player in enumerate(players)}
        self._single = all(len(player) == 1 for player in players)
        self._plus = any("+" in name for name in names)

    def mask(self, name: str) -> tuple[int, Text | None]:
        """The coalition, or what is wrong with its name."""
        if name.strip() in EMPTY and name.strip() not in self._bits:
            return 0, None
        if "+" in name or (self._plus and name.strip() in self._bits):
            return self._joined([piece.strip() for piece in name.split("+")])
        if self._single:
            return self._joined(list(name.strip()))
        found = self._segmented(name.strip())
        if not found:
            return -1, Text("ne nomme pas des membres, chacun une fois", "does not name members, each once")
        if len(found) > 1:
            return -1, Text(
                "ambigu : se lit de plusieurs façons ; joignez les membres par «\u00a0+\u00a0»",
                "ambiguous: it can be read in several ways; join the members by “+”",
            )
        return found.pop(), None

    def _joined(self, pieces: list[str]) -> tuple[int, Text | None]:
        mask = 0
        for piece in pieces:
            bit = self._bits.get(piece)
            if bit is None:
                return -1, Text(f"membre inconnu : «\u00a0{piece}\u00a0»", f"unknown member: “{piece}”")
            if mask & bit:
                return -1, Text(f"«\u00a0{piece}\u00a0» y est deux fois", f"“{piece}” is in it twice")
            mask |= bit
        return mask, None

    def _segmented(self, name: str) -> set[int]:
        """Every coalition that the name may mean; a position is reached by the coalitions of what precedes it."""
        reached: list[set[int]] = [set() for _ in range(len(name) + 1)]
        reached[0].add(0)
        for start, before in enumerate(reached):
            for player, bit in self._bits.items():
                if before and name.startswith(player, start):
                    reached[start + len(player)] |= {mask | bit for mask in before if not mask & bit}
        return reached[-1]


def of_letters(players: tuple[str, ...], names: Collection[str]) -> NDArray[np.int64] | None:
    """All coalitions at once, where players are single letters and each name is some of them, each once; None where
    anything is otherwise, for `Namer` to tell what. A million names take a third of a second."""
    written = "".join(names)
    if not written.isascii() or any(len(player) != 1 or not player.isascii() for player in players) or "" in names:
        return None
    bits = np.zeros(128, dtype=np.int64)
    bits[[ord(player) for player in players]] = 1 << np.arange(len(players))
    letters = bits[np.frombuffer(written.encode("ascii"), dtype=np.uint8)]
    lengths = np.fromiter(map(len, names), dtype=np.int64, count=len(names))
    masks: NDArray[np.int64] = np.add.reduceat(letters, np.cumsum(lengths) - lengths)
    once = (np.bitwise_count(masks) == lengths) & (
        np.bitwise_or.reduceat(letters, np.cumsum(lengths) - lengths) == masks
    )
    return masks if letters.all() and once.all() else None
