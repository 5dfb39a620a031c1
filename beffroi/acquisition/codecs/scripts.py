"""A maker's script as it is run: wrapped so that each message begins it anew, and what it leans on put beside it."""

import re
from importlib.resources import files

# Their places are those that driver.js asks for.
ROUTINES = (
    "decodeUplink",
    "Decode",
    "Decoder",
    "encodeDownlink",
    "Encode",
    "Encoder",
    "decodeDownlink",
    "normalizeUplink",
)
NEEDS_BUFFER = re.compile(r"\bBuffer\b|\bTextDecoder\b|\bTextEncoder\b|\brequire\b|^\s*import\b", re.M)
NEEDS_LOCALE = re.compile(r"\.toLocale(?:Date|Time)?String\b")
SEES_GLOBALS = re.compile(r"\bthis\s*[.\[]|\bglobalThis\b")
DECLARED = re.compile(r"\bfunction\s*\*?\s*([A-Za-z_$][\w$]*)\s*\(|^var\s+([A-Za-z_$][\w$]*)", re.M)
MODULE = re.compile(r"^\s*(?:export|import)\b", re.M)

EXPORTED = re.compile(r"^(\s*)export\s+(?=(?:async\s+)?(?:function|class|const|let|var)\b)", re.M)
EXPORT_DEFAULT_NAMED = re.compile(r"^(\s*)export\s+default\s+(?=(?:async\s+)?function\s+\w|class\s+\w)", re.M)
EXPORT_DEFAULT = re.compile(r"^(\s*)export\s+default\b", re.M)
EXPORT_LIST = re.compile(r"^(\s*)export\s*{([^}]*)}\s*(?:from\s*[^;\n]+)?;?", re.M)
IMPORT_NAMES = re.compile(r"^(\s*)import\s*{([^}]*)}\s*from\s*(['\"][^'\"\n]+['\"])", re.M)
IMPORT_ALL = re.compile(r"^(\s*)import\s+(?:\*\s*as\s+)?(\w+)\s+from\s*(['\"][^'\"\n]+['\"])", re.M)


# Read at import: a worker can open no file once it runs.
DRIVER, BUFFER, LOCALE = (
    files(__package__).joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("driver", "buffer", "locale")
)


ALL = len(ROUTINES)
"""the place that stands for the whole script, to be kept for some messages"""


def wrapped(source: str, names: list[str] | None = None) -> str:
    """An expression that gives a function of (module, exports, require, place of a routine in `ROUTINES`). The place
    may be `ALL` when the `names` of all that the script holds are known.

    Each call runs the whole script in a scope of its own, without reading it again: variables begin anew, as on
    platforms that make a machine for each message. Sloppy unless the script says otherwise, and `this` is the global
    object, as in a global script. The source begins on the first line, so that lines told in errors are its own. An
    arrow function lets a script declare `module`, `exports` or `require` itself.
    """
    cases = "".join(
        f"case {place}: return typeof {name} === 'undefined' ? undefined : {name};"
        for place, name in enumerate(ROUTINES)
    )
    if names is not None:
        kept = f"{{routine: (place) => {{switch (place) {{{cases}}}}}, held: () => [{', '.join(names)}]}}"
        cases += f"case {ALL}: return {kept};"
    body = f"{source}\n;{_as_globals(source)}switch (arguments[3]) {{{cases}}}"
    return f"(function (module, exports, require) {{ return (() => {{{body}}})(); }})"


def _as_globals(source: str) -> str:
    """What a global script declares are properties of the global object, which some scripts call by `this.name`. Those
    of the engine are left alone; the driver takes these away after each message."""
    if not SEES_GLOBALS.search(source):
        return ""
    names = dict.fromkeys(found[1] or found[2] for found in DECLARED.finditer(source))
    return "".join(f"if (typeof {name} !== 'undefined' && !('{name}' in this)) this.{name} = {name};" for name in names)


def plain(source: str) -> str:
    """An ES module as a script: what it exports is put in `exports`, what it imports is required."""
    source = EXPORT_DEFAULT_NAMED.sub(r"\1", EXPORTED.sub(r"\1", source))
    source = EXPORT_DEFAULT.sub(r"\1module.exports.default =", source)
    source = EXPORT_LIST.sub(lambda found: found[1] + " ".join(_exports(found[2])), source)
    source = IMPORT_NAMES.sub(
        lambda found: f"{found[1]}const {{{found[2].replace(' as ', ': ')}}} = require({found[3]})", source
    )
    return IMPORT_ALL.sub(r"\1const \2 = require(\3)", source)


def _exports(names: str) -> list[str]:
    """`a, b as c` as statements."""
    found = [re.split(r"\s+as\s+", name.strip()) for name in names.split(",") if name.strip()]
    return [f"exports.{name[-1]} = {name[0]};" for name in found]
