"""The process a file is read in: bounded, and ended when it is not done in time."""

import sys
import time

import anyio
import pytest

from app.files.cleaning import clean_file, read_apart, sniff
from app.files.unfit import Unfit
from tests.support.files import make_pdf, make_photo_with_place, make_picture

_BOUND = "from app.files import reader; reader.CPU_SECONDS = 1; reader._bound(); "


def _reader(program: str) -> list[str]:
    return [sys.executable, "-P", "-c", _BOUND + program]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_known_by_its_first_bytes(kind):
    assert sniff(make_picture(kind)) == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg/>", b"PK\x03\x04", b"\xff\xd8", b"RIFF1234WAVE", b" %PDF-1.7", b"MZ"]
)
def test_anything_else_is_refused(content):
    with pytest.raises(Unfit):
        sniff(content)


async def test_a_photo_is_drawn_anew_in_another_process():
    clean = await clean_file(make_photo_with_place())

    assert clean.media_type == "image/jpeg"
    assert clean.content.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in clean.content


async def test_a_pdf_comes_back_as_it_was():
    content = make_pdf(3_000_000)

    assert (await clean_file(content)).content == content


async def test_a_refusal_says_why():
    with pytest.raises(Unfit, match=r"^file_damaged$"):
        await clean_file(b"%PDF-1.7 nothing")


@pytest.mark.parametrize(
    "program",
    [
        "[0 for _ in iter(int, 1)]",  # endless time
        "bytearray(3 * 1024**3)",  # endless memory
        "import os; os.abort()",  # a decoder that crashes
    ],
)
async def test_a_file_that_takes_too_much_ends_its_reader_only(program):
    with pytest.raises(Unfit, match="file_too_costly"):
        await read_apart(_reader(program), b"")


async def test_the_reader_knows_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")

    answer = await read_apart(_reader("import os; print(sorted(os.environ))"), b"")

    assert b"DATABASE_URL" not in answer


async def test_who_cannot_wait_longer_ends_the_work_at_once():
    began = time.monotonic()

    with anyio.move_on_after(0.3) as scope:
        await read_apart(_reader("import time; time.sleep(60)"), b"")

    assert scope.cancelled_caught
    assert time.monotonic() - began < 3
