"""Papers of nobody, made when they are needed: pictures with and without a place, PDFs with and without scripts."""

import hashlib
import random
from io import BytesIO
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

GPS_IFD = 0x8825
ORIENTATION = 0x0112
MAKER = 0x010F


def make_picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: Any) -> bytes:
    """Return a plain picture with a dark upper left corner."""
    picture = Image.new(mode, size, "white")
    picture.paste("black", (0, 0, size[0] // 4, size[1] // 4))
    into = BytesIO()
    picture.save(into, kind, **options)
    return into.getvalue()


def make_photo_with_place(orientation: int = 1, size: tuple[int, int] = (640, 480)) -> bytes:
    """Return a JPEG as telephones make them: with the place it was taken at, and lying on its side if need be."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "TESTPHONE"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (23.0, 22.0, 1.5), 3: "E", 4: (102.0, 25.0, 2.5), 29: "2026:11:20"})
    return make_picture(size=size, exif=exif, comment=b"TESTCOMMENT")


def make_noise(size: int, seed: int = 1) -> bytes:
    """Return a JPEG of nearly `size` bytes: noise cannot be made small."""
    side = int((size / 0.605) ** 0.5)  # so many bytes a pixel at this quality
    picture = Image.frombytes("RGB", (side, side), random.Random(seed).randbytes(side * side * 3))
    into = BytesIO()
    picture.save(into, "JPEG", quality=75)
    return into.getvalue()


def make_pdf(size: int = 0, seed: int = 1) -> bytes:
    """Return a PDF of one page and at least `size` bytes."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    if size:
        scan = StreamObject()
        scan.set_data(random.Random(seed).randbytes(size))
        page[NameObject("/Thumb")] = writer._add_object(scan)
    return _written(writer)


def make_pdf_with_script() -> bytes:
    """Return a PDF that runs something when it is opened."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)
    return _written(writer)


def make_pdf_with_attachment() -> bytes:
    """Return a PDF with another file inside."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment("notes.txt", b"hello")
    return _written(writer)


def make_pdf_that_starts_a_program() -> bytes:
    """Return a PDF whose page starts a program when it is shown."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch")})
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): writer._add_object(action)})
    return _written(writer)


def make_locked_pdf() -> bytes:
    """Return a PDF that needs a password."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="RC4-128")
    return _written(writer)


def sha256_of(content: bytes) -> str:
    """Return the digest as announcements carry it."""
    return hashlib.sha256(content).hexdigest()


def _written(writer: PdfWriter) -> bytes:
    into = BytesIO()
    writer.write(into)
    return into.getvalue()
