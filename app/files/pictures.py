"""Draws a picture anew from its pixels: upright, without metadata, at most `KEPT_PIXELS` large."""

import math
import warnings
from io import BytesIO

from PIL import Image, ImageOps

from app.files.limits import KEPT_PIXELS, MAX_PIXELS, MAX_SIZE
from app.files.unfit import Unfit

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_QUALITIES = (85, 70, 50)
_DEEP = ("I", "I;16", "I;16B", "I;16L", "I;16N", "F")  # more than 8 bits a pixel

# Pillow's own guard refuses above twice this; ours below comes first and says it in our words.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def draw_anew(content: bytes, media_type: str) -> tuple[str, bytes]:
    """Return media type and bytes of the same picture: a PNG stays one when it fits, all else becomes a JPEG.

    Raises:
        Unfit: not whole, moving, or a flood of pixels (found in the header, before anything is decoded).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[_FORMATS[media_type]]) as picture:
                _refuse_by_header(picture, media_type)
                upright = _upright(picture)
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("file_pixels") from None
    except MemoryError:
        raise Unfit("file_too_costly") from None
    except Exception:
        # Pillow's decoders raise nearly anything on damaged files; each of them means the same to the sender.
        raise Unfit("file_damaged") from None
    if media_type == "image/png":
        kept = _as_png(upright)
        if len(kept) <= MAX_SIZE:
            return "image/png", kept
    return "image/jpeg", _as_jpeg(upright)


def _refuse_by_header(picture: Image.Image, media_type: str) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise Unfit("file_pixels")
    # Telephones put a second frame (depth, brightness) behind a JPEG: the first is the photo. Elsewhere it moves.
    if media_type != "image/jpeg" and getattr(picture, "n_frames", 1) > 1:
        raise Unfit("file_moves")


def _upright(picture: Image.Image) -> Image.Image:
    # Decodes a JPEG at a fraction of its size where that is still large enough: less memory and time.
    scale = math.sqrt(KEPT_PIXELS / (picture.width * picture.height))
    if scale < 1:
        picture.draft(None, (math.ceil(picture.width * scale), math.ceil(picture.height * scale)))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    upright = upright.convert(_plain_mode(upright))
    scale = math.sqrt(KEPT_PIXELS / (upright.width * upright.height))
    if scale < 1:
        size = (max(1, int(upright.width * scale)), max(1, int(upright.height * scale)))
        upright = upright.resize(size, Image.Resampling.LANCZOS)
    upright.info = {}  # comments, colour profiles and the like would be written again from here
    return upright


def _plain_mode(picture: Image.Image) -> str:
    if picture.mode in ("1", "L", *_DEEP) and "transparency" not in picture.info:
        return "L"
    return "RGBA" if picture.has_transparency_data else "RGB"


def _as_png(picture: Image.Image) -> bytes:
    into = BytesIO()
    picture.save(into, "PNG")
    return into.getvalue()


def _as_jpeg(picture: Image.Image) -> bytes:
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    while True:
        for quality in _QUALITIES:
            into = BytesIO()
            picture.save(into, "JPEG", quality=quality)
            if into.tell() <= MAX_SIZE:
                return into.getvalue()
        picture = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)), Image.Resampling.LANCZOS)
