"""`python -m beffroi`, the same as `beffroi`."""

import atexit
import gc

gc.disable()  # nothing of what is imported goes away, and looking for it takes a fifth of a start

from beffroi.cli import main  # noqa: E402 - after the line above

gc.freeze()  # nor is it looked for later
gc.enable()
atexit.register(gc.unfreeze)  # DuckDB complains of what it finds is left at the end

if __name__ == "__main__":
    main()
