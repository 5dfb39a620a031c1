"""A PDF as whoever reads it hears it."""

import io

from pypdf import PdfReader


def reader(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def text_of(made: bytes) -> str:
    """On one line, spaces as they are typed."""
    said = "\n".join(page.extract_text() for page in reader(made).pages)
    return " ".join(said.replace("\u202f", " ").replace("\xa0", " ").split())
