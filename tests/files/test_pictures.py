"""Pictures come out as pixels and nothing else."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from app.files.limits import KEPT_PIXELS, MAX_PIXELS, MAX_SIZE
from app.files.pictures import draw_anew
from app.files.unfit import Unfit
from tests.support.files import make_noise, make_photo_with_place, make_picture


def _png_saying(width: int, height: int) -> bytes:
    """Return a few bytes of PNG that announce so many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


def test_the_place_a_photo_was_taken_at_does_not_survive():
    photo = make_photo_with_place()
    assert b"Exif" in photo
    assert b"2026:11:20" in photo
    assert b"TESTCOMMENT" in photo

    media_type, kept = draw_anew(photo, "image/jpeg")

    assert media_type == "image/jpeg"
    for trace in (b"Exif", b"2026:11:20", b"TESTPHONE", b"TESTCOMMENT"):
        assert trace not in kept
    assert not Image.open(BytesIO(kept)).getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_metadata_of_other_kinds_does_not_survive(kind):
    exif = Image.Exif()
    exif[0x010F] = "TESTPHONE"
    picture = make_picture(kind, exif=exif, icc_profile=b"TESTPROFILE" * 20)
    assert b"TESTPHONE" in picture

    _, kept = draw_anew(picture, f"image/{kind.lower()}")

    assert b"TESTPHONE" not in kept
    assert "icc_profile" not in Image.open(BytesIO(kept)).info


def test_what_hangs_behind_a_picture_does_not_survive():
    _, kept = draw_anew(make_picture() + b"PK\x03\x04 another file", "image/jpeg")

    assert b"another file" not in kept


def test_a_photo_lying_on_its_side_is_set_upright():
    _, kept = draw_anew(make_photo_with_place(orientation=6), "image/jpeg")

    upright = Image.open(BytesIO(kept)).convert("L")
    assert upright.size == (480, 640)
    assert upright.getpixel((470, 5)) < 30  # the dark corner, turned a quarter clockwise
    assert upright.getpixel((5, 5)) > 220


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_mode_stays_a_png(mode):
    into = BytesIO()
    Image.new(mode, (20, 10)).save(into, "PNG")

    media_type, kept = draw_anew(into.getvalue(), "image/png")

    assert media_type == "image/png"
    assert Image.open(BytesIO(kept)).size == (20, 10)


def test_a_cmyk_scan_becomes_an_ordinary_jpeg():
    into = BytesIO()
    Image.new("CMYK", (20, 10), (0, 0, 0, 0)).save(into, "JPEG")

    _, kept = draw_anew(into.getvalue(), "image/jpeg")

    assert Image.open(BytesIO(kept)).mode == "RGB"


def test_webp_becomes_jpeg_and_what_was_transparent_white_paper():
    into = BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(into, "WEBP", lossless=True)

    media_type, kept = draw_anew(into.getvalue(), "image/webp")

    assert media_type == "image/jpeg"
    assert min(Image.open(BytesIO(kept)).getpixel((5, 5))) > 250


@pytest.mark.parametrize("size", [(50_000, 50_000), (2**31 - 1, 1), (MAX_PIXELS + 1, 1)])
def test_a_flood_of_pixels_is_refused_by_its_header(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))

    with pytest.raises(Unfit, match="file_pixels"):
        draw_anew(_png_saying(*size), "image/png")


def test_a_large_photo_is_kept_smaller():
    photo = make_picture(size=(7000, 5000), quality=30)

    _, kept = draw_anew(photo, "image/jpeg")

    small = Image.open(BytesIO(kept))
    assert 0.9 * KEPT_PIXELS < small.width * small.height <= KEPT_PIXELS
    assert small.width / small.height == pytest.approx(7 / 5, rel=0.01)


def test_a_picture_that_cannot_be_packed_small_enough_loses_size_not_content():
    media_type, kept = draw_anew(make_noise(7_500_000), "image/jpeg")

    assert media_type == "image/jpeg"
    assert len(kept) <= MAX_SIZE


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(kind):
    into = BytesIO()
    frames = [Image.new("RGB", (20, 10), color) for color in ("red", "blue")]
    frames[0].save(into, kind, save_all=True, append_images=frames[1:])

    with pytest.raises(Unfit, match="file_moves"):
        draw_anew(into.getvalue(), f"image/{kind.lower()}")


def test_a_second_frame_behind_a_photo_is_dropped():
    into = BytesIO()
    frames = [Image.new("RGB", (20, 10), color) for color in ("white", "black")]
    frames[0].save(into, "MPO", save_all=True, append_images=frames[1:])

    _, kept = draw_anew(into.getvalue(), "image/jpeg")

    assert Image.open(BytesIO(kept)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_damaged_picture_is_refused(kind, part):
    whole = make_noise(100_000) if kind == "JPEG" else make_picture(kind, size=(600, 600))

    with pytest.raises(Unfit, match="damaged"):
        draw_anew(whole[: int(len(whole) * part)], f"image/{kind.lower()}")


def test_what_calls_itself_a_jpeg_and_is_none_is_refused():
    with pytest.raises(Unfit, match="damaged"):
        draw_anew(b"\xff\xd8\xff<?php echo 1; ?>", "image/jpeg")
