"""What stands on a PDF, as text."""

import io

from pypdf import PdfReader


def text_of(content: bytes) -> str:
    """Return all text of a PDF without any space: where it is broken into lines does not matter.

    pypdf reads the two bytes of each character of an embedded font one by one, so that the first, a zero as long as
    there are no more than 255 different ones, comes out beside the character.
    """
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text().replace("\0", "").split()) for page in pages)
