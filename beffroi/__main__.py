"""`python -m beffroi`, the same as `beffroi`."""

import gc

gc.disable()  # nothing of what is imported goes away, and looking for it takes a fifth of a start

from beffroi.cli import main  # noqa: E402 - after the line above

gc.freeze()  # nor is it looked for later, which takes a third of a short command, most of it at its end
gc.enable()

if __name__ == "__main__":
    main()
