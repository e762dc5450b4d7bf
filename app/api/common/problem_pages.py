"""A page for each problem type: what it means and what to do. `type` of a problem document leads here."""

import html
import importlib
import pkgutil
import re
from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

import app
from app.api.common.fault_words import WORDS
from app.api.common.problems import PROTOCOL_PROBLEMS, status_of
from app.core.errors import DomainError

router = APIRouter(prefix="/problems", include_in_schema=False)

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{code}</title>
<body style="font-family:sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;line-height:1.6">
<h1>{zh}</h1><p lang="en">{en}</p>
<p><code>{code}</code> · HTTP {status}</p><p>{todo_zh}</p><p lang="en">{words}</p><p lang="en">{todo}</p>
{more}</body></html>
"""
_FAULTS = (
    "<h2>errors[].code</h2><p>其中 <code>pointer</code> 指明位置。"
    '<span lang="en">What can be wrong with the field at <code>pointer</code>.</span></p><table>{rows}</table>'
)
_FAULT = '<tr><td><code>{code}</code></td><td>{zh}</td><td lang="en">{en}</td></tr>\n'

_OF_ITSELF = (
    "err."  # codes of the DCI standard have points in them; elsewhere a point parts a code from what it is about
)
_VALUE = re.compile(r"\{\w+\}")

# What whoever is refused can do about it: status → zh-CN, en.
_TO_DO = {
    400: ("请按接口说明改正请求后重新提交。", "Put the request right as the contract says, and send it again."),
    401: ("请登录，或更新登录凭证后重试。", "Sign in, or renew the token, and send it again."),
    403: ("以当前身份不能办理，重复提交结果不变。", "Not open to this caller: sending it again changes nothing."),
    404: ("请核对地址；无权查看的内容同样答复不存在。", "Check the address; what one may not see is not there either."),
    405: ("可用的请求方法见 Allow 响应头。", "The methods that are possible stand in Allow."),
    408: ("请在网络较好时重新提交，不会重复办理。", "Send it again over a better network; nothing is done twice."),
    409: ("请重新获取当前内容，再决定是否提交。", "Read again what holds now, and decide whether to send it."),
    410: ("相关内容已依法删除，不能恢复。", "It was erased by law, and does not come back."),
    412: ("请重新获取并使用新的 ETag 提交。", "Read it again and send the new ETag."),
    413: ("请减小内容，文件请分片上传。", "Send less at once; files are uploaded in parts."),
    414: ("请缩短地址。", "Shorten the address."),
    415: ("请按接口说明设置 Content-Type。", "Label the content as the contract says."),
    422: ("请按 errors 所列位置改正后重新提交。", "Put right what `errors` points at, and send it again."),
    428: ("请先获取当前内容，再携带其 ETag 提交。", "Read it first, and send its ETag."),
    429: ("请按 Retry-After 所示秒数等待后重试。", "Wait for the seconds of Retry-After."),
    431: ("请减少请求头。", "Send fewer header lines."),
    500: ("请稍后重试；仍不成功的，请报告 instance 中的编号。", "Try again later; if it stays, report `instance`."),
    503: (
        "请按 Retry-After 所示秒数等待后重试，不会重复办理。",
        "Wait for the seconds of Retry-After; nothing is done twice.",
    ),
}


def every_refusal() -> dict[str, type[DomainError]]:
    """Return all refusals there are, by code."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        # Importing these two would build a process of their own.
        if not module.name.startswith("app.sandbox") and module.name not in ("app.main", "app.worker", "app.schedule"):
            importlib.import_module(module.name)
    found: dict[str, type[DomainError]] = {}
    for refusal in _below(DomainError):
        found.setdefault(refusal.code, refusal)  # one that says the same in other words has the page of the first
    return found


def _below(cls: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in cls.__subclasses__():
        yield child
        yield from _below(child)


def _render_all() -> dict[str, str]:
    pages = {}
    for status, (code, zh, en) in PROTOCOL_PROBLEMS.items():
        pages[code] = _render(code, zh, en, status, words="")
    for code, refusal in every_refusal().items():
        words = " ".join((refusal.__doc__ or "").split())
        pages[code] = _render(code, refusal.title_zh, refusal.title, status_of(refusal), words)
    return pages


def _render(code: str, zh: str, en: str, status: int, words: str) -> str:
    todo_zh, todo = _TO_DO[status]
    return _PAGE.format(
        code=code,
        zh=html.escape(zh),
        en=html.escape(en),
        status=status,
        words=html.escape(words),
        todo_zh=html.escape(todo_zh),
        todo=html.escape(todo),
        more=_render_faults() if code == "input_invalid" else "",
    )


def _render_faults() -> str:
    """List everything that can be wrong with a field, each code once, in its most general words."""
    told: dict[str, tuple[str, str]] = {}
    for key, words in sorted(WORDS.items()):
        told.setdefault(key if key.startswith(_OF_ITSELF) else key.partition(".")[0], words)
    rows = (
        _FAULT.format(code=code, zh=html.escape(_VALUE.sub("…", zh)), en=html.escape(_VALUE.sub("…", en)))
        for code, (zh, en) in told.items()
    )
    return _FAULTS.format(rows="".join(rows))


_PAGES: dict[str, str] = {}


@router.get("/{code}")
async def show(code: str) -> Response:
    """Explain one problem type."""
    if not _PAGES:
        _PAGES.update(_render_all())
    page = _PAGES.get(code)
    return HTMLResponse(page) if page is not None else HTMLResponse("没有此类型", status_code=404)
