"""A page for each problem type: what it means and what to do. `type` of a problem document leads here."""

import html
import importlib
import pkgutil
from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

import app
from app.api.common.problems import PROTOCOL_PROBLEMS, status_of
from app.core.errors import DomainError

router = APIRouter(prefix="/problems", include_in_schema=False)

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{code}</title>
<body style="font-family:sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;line-height:1.6">
<h1>{zh}</h1><p lang="en">{en}</p>
<p><code>{code}</code> · HTTP {status}</p><p lang="en">{words}</p></body></html>
"""


def every_refusal() -> dict[str, type[DomainError]]:
    """Return all refusals there are, by code."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        # Importing these two would build a process of their own.
        if not module.name.startswith("app.sandbox") and module.name not in ("app.main", "app.worker"):
            importlib.import_module(module.name)
    return {refusal.code: refusal for refusal in _below(DomainError)}


def _below(cls: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in cls.__subclasses__():
        yield child
        yield from _below(child)


def _render_all() -> dict[str, str]:
    pages = {}
    for status, (code, zh, en) in PROTOCOL_PROBLEMS.items():
        pages[code] = _PAGE.format(code=code, zh=zh, en=en, status=status, words="")
    for code, refusal in every_refusal().items():
        words = html.escape(" ".join((refusal.__doc__ or "").split()))
        pages[code] = _PAGE.format(
            code=code,
            zh=html.escape(refusal.title_zh),
            en=html.escape(refusal.title),
            status=status_of(refusal),
            words=words,
        )
    return pages


_PAGES: dict[str, str] = {}


@router.get("/{code}")
async def show(code: str) -> Response:
    """Explain one problem type."""
    if not _PAGES:
        _PAGES.update(_render_all())
    page = _PAGES.get(code)
    return HTMLResponse(page) if page is not None else HTMLResponse("没有此类型", status_code=404)
