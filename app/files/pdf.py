"""Looks through a PDF for what a paper does not need and a caseworker's machine should not run.

Found by reading every object the file lists, and by its words in the raw bytes. It finds what is written plainly; a
file made to be read differently by another program may get past, so that PDFs are only ever given out as attachments.
"""

import logging
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from app.files.unfit import Unfit

_MOST_OBJECTS = 50_000
_MOST_PAGES = 200
_ACTIVE = {
    "/JS": "pdf_scripts",
    "/JavaScript": "pdf_scripts",
    "/Launch": "pdf_programs",
    "/EmbeddedFile": "pdf_files",
    "/EmbeddedFiles": "pdf_files",
    "/RichMedia": "pdf_media",
    "/XFA": "pdf_scripts",
}
# Long enough never to occur by chance in compressed data.
_RAW = (b"/JavaScript", b"/EmbeddedFile", b"/RichMedia")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def look_through(content: bytes) -> None:
    """Refuse a PDF that is locked, damaged, endless, or does something.

    Raises:
        Unfit: with the reason.
    """
    for word in _RAW:
        if word in content:
            raise Unfit(_ACTIVE[word.decode()])
    try:
        _read(content)
    except Unfit:
        raise
    except MemoryError:
        raise Unfit("file_too_costly") from None
    except Exception:
        # pypdf raises nearly anything on damaged files; each of them means the same to the sender.
        raise Unfit("file_damaged") from None


def _read(content: bytes) -> None:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise Unfit("pdf_locked")
    if not 1 <= len(reader.pages) <= _MOST_PAGES:
        raise Unfit("pdf_pages")
    for seen, thing in enumerate(_objects(reader)):
        if seen >= _MOST_OBJECTS:
            raise Unfit("pdf_objects")
        _refuse_active(thing)


def _objects(reader: PdfReader) -> Iterator[object]:
    yield reader.trailer
    for generation, offsets in reader.xref.items():
        for number in offsets:
            yield reader.get_object(IndirectObject(number, generation, reader))
    for number in reader.xref_objStm:
        yield reader.get_object(IndirectObject(number, 0, reader))


def _refuse_active(thing: object) -> None:
    """Look at one object and all that is written inside it; references are looked at on their own."""
    waiting = [thing]
    while waiting:
        current = waiting.pop()
        if isinstance(current, DictionaryObject):
            for key, value in current.items():
                for word in (key, value):
                    if isinstance(word, str) and word in _ACTIVE:
                        raise Unfit(_ACTIVE[word])
                waiting.append(value)
        elif isinstance(current, ArrayObject):
            waiting.extend(current)
