"""A picture of the monthly cost of each county before and after: horizontal bars, as SVG, written by hand."""

from collections.abc import Iterator, Mapping
from html import escape

from scripts.local.simulate.tally import County

_LEFT, _WIDTH, _ROW, _BAR, _TOP = 150, 620, 26, 10, 54
_BEFORE, _AFTER = "#9aa5b1", "#1f6feb"


def draw_chart(counties: Mapping[str, County], names: Mapping[str, str], title: str) -> str:
    """Return the picture."""
    most = max((max(each.before_fen, each.after_fen) for each in counties.values()), default=0) or 1
    height = _TOP + _ROW * len(counties) + 16
    width = _LEFT + _WIDTH + 130
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{escape(title)}">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="8" y="20" font-size="15">{escape(title)}</text>',
        *_legend(),
    ]
    for place, (code, county) in enumerate(counties.items()):
        lines.extend(_row(_TOP + _ROW * place, names.get(code, code), county, most))
    return "\n".join([*lines, "</svg>", ""])


def _legend() -> Iterator[str]:
    for x, colour, words in ((_LEFT, _BEFORE, "before"), (_LEFT + 90, _AFTER, "after")):
        yield f'<rect x="{x}" y="32" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 17}" y="42">{words}</text>'


def _row(y: int, name: str, county: County, most: int) -> Iterator[str]:
    yield f'<text x="{_LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>'
    for offset, fen, colour in ((0, county.before_fen, _BEFORE), (_BAR, county.after_fen, _AFTER)):
        length = fen * _WIDTH // most
        yield f'<rect x="{_LEFT}" y="{y + offset}" width="{length}" height="{_BAR}" fill="{colour}"/>'
    change = (county.after_fen - county.before_fen) // 100
    longest = max(county.before_fen, county.after_fen) * _WIDTH // most
    yield f'<text x="{_LEFT + longest + 6}" y="{y + 14}">{change:+,}</text>'
