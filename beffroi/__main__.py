"""`python -m beffroi`, the same as `beffroi`."""

from beffroi.cli import main

if __name__ == "__main__":
    main()
