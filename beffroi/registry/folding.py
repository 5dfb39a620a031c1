"""Names as they are compared: without case, accents, ligatures, hyphens or apostrophes, «St» being «saint»."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
SHORT = {"st": "saint", "ste": "sainte"}


def fold(text: str) -> str:
    """The words of `text` in lower case without accents, one space between them: `L'Île-d'Yeu` gives `l ile d yeu`."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    words = re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)).replace("_", " "))
    return " ".join(SHORT.get(word, word) for word in words)
