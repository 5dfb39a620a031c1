"""Names as they are compared: without case, accents, ligatures, hyphens or apostrophes, «St» being «saint»."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
WORDS = re.compile(r"\w+")
SHORT = {"st": "saint", "ste": "sainte"}


def fold(text: str) -> str:
    """The words of `text` in lower case without accents, one space between them: `L'Île-d'Yeu` gives `l ile d yeu`."""
    words = WORDS.findall(_plain(text.lower()).replace("_", " "))
    return " ".join([SHORT.get(word, word) for word in words])


def _plain(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    return "".join([c for c in apart if c.isascii() or not unicodedata.combining(c)])
