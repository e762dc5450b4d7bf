"""A letter on paper: A4, as official documents are laid out, always the same bytes for the same letter.

Made of what was kept and nothing else, so that it can be made again at any time instead of being stored. Another
release of the typesetting package may write other bytes; what the letter says has a digest of its own, which stands on
it.

A program of its own, `python -m app.letters.pdf`: the letter as JSON on stdin, the PDF on stdout. Reading a font of
thousands of characters takes some hundred megabytes, which a server that stays would keep.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pylopdf_fonts_zh_cn
from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos

from app.core.clock import SHANGHAI
from app.letters.wording import write_day

_FONT = "letter"
_MARGIN, _LINE = 26, 7.6  # mm; of the text
_TITLE, _TEXT, _FOOT = 20, 12.5, 9  # points
_ARTICLE = re.compile(r"(.+?)(第[一二三四五六七八九十百零]+条.*)")  # an order's number is written in digits
_INDENT = "\u3000\u3000"  # two characters, as paragraphs begin


def _set(body: Mapping[str, Any], digest: str, issued_at: datetime, check_at: str) -> bytes:
    sheet = _Sheet(body["title"], issued_at)
    sheet.say(body["title"], _TITLE, Align.C, after=4)
    sheet.say(f"编号：{body['number']}", _FOOT + 1, Align.R, after=6)
    sheet.say(f"{body['addressee']}：", _TEXT, Align.L)
    sheet.paragraphs([*body["before"], *_numbered(body["points"]), *body["after"]])
    *law, last = [f"法律依据：{cited(body['law'])}。", *(remedy["text"] for remedy in body["remedies"])]
    sheet.paragraphs(law)
    # What tells who signed, and whether the letter is a true one, stands under words of the letter: alone on a sheet of
    # its own it could be laid under any other.
    with sheet.unbreakable() as end:
        end.paragraphs([last])
        end.skip(9)
        end.say(body["authority"]["name"], _TEXT, Align.R)
        end.say(write_day(date.fromisoformat(body["issued_on"])), _TEXT, Align.R, after=6)
        end.foot(
            f"编号：{body['number']}　校验码：{body['check_code']}",
            "任何人可以凭编号和校验码核验本通知书的真伪：",
            check_at,
            f"内容摘要（SHA-256）：{digest}",
        )
    return bytes(sheet.output())


def cited(law: Sequence[str]) -> str:
    """Cite each act once, with all its articles."""
    articles: dict[str, list[str]] = {}
    for each in law:
        found = _ARTICLE.fullmatch(each)
        act, article = found.groups() if found else (each, "")
        articles.setdefault(act, []).append(article)
    return "；".join(act + "、".join(filter(None, of_act)) for act, of_act in articles.items())


def _numbered(points: Sequence[str]) -> list[str]:
    if len(points) < 2:
        return list(points)
    return [f"{place}．{point}" for place, point in enumerate(points, 1)]


class _Sheet(FPDF):
    """An empty sheet with the font, the margins and the dates of its letter."""

    def __init__(self, title: str, issued_at: datetime) -> None:
        super().__init__(format="A4")
        self.set_creation_date(issued_at.astimezone(SHANGHAI))
        self.set_title(title)
        self.set_lang("zh-CN")
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN)
        self.add_font(_FONT, fname=pylopdf_fonts_zh_cn.serif_path())
        self.add_page()

    def say(self, text: str, size: float, align: Align, *, after: float = 0) -> None:
        """Write one line, or as many as it takes."""
        self.set_font(_FONT, size=size)
        self._write(text, _LINE if size >= _TEXT else _LINE * 0.7, align)
        self.skip(after)

    def paragraphs(self, texts: Sequence[str]) -> None:
        """Write paragraphs; a text of several lines is as many paragraphs."""
        self.set_font(_FONT, size=_TEXT)
        for text in texts:
            for part in text.splitlines():
                self._write(_INDENT + part, _LINE, Align.L)

    def foot(self, *texts: str) -> None:
        """Write what tells whether the letter is a true one, under a rule."""
        self.set_font(_FONT, size=_FOOT)
        self.line(self.l_margin, self.y, self.w - self.r_margin, self.y)
        self.skip(2)
        for text in texts:
            self._write(text, _LINE * 0.6, Align.L)

    def skip(self, height: float) -> None:
        """Leave space."""
        self.set_y(self.y + height)

    def _write(self, text: str, height: float, align: Align) -> None:
        self.multi_cell(
            0, height, self._spelled(text), align=align, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _spelled(self, text: str) -> str:
        """Name what the font cannot draw: a rare character of a name must not become an empty box that fits anybody."""
        known = self.fonts[_FONT].cmap  # type: ignore[union-attr]
        return "".join(each if ord(each) in known else f"〔U+{ord(each):04X}〕" for each in text)


def main() -> None:
    """Set the letter that is told on stdin."""
    told = json.load(sys.stdin)
    issued_at = datetime.fromisoformat(told["issued_at"])
    sys.stdout.buffer.write(_set(told["body"], told["digest"], issued_at, told["check_at"]))


if __name__ == "__main__":
    main()
