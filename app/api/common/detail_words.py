"""The sentence that says more about one refusal than its title does, in the caller's language.

A refusal names its sentence and gives the values that fill it. Codes of ours (a step, a status, a role) stand in the
English ones as the contract spells them, and in the Chinese ones in the words of `code_words.py`. What the caller named
(events, parameters) is told back as it was spelled.
"""

from collections.abc import Mapping

from app.api.common.code_words import in_chinese
from app.core.errors import DomainError

SENTENCES = {
    "application_is": ("申请当前状态为“{status}”", "the application is '{status}'"),
    "built_by_county_handlers": ("发放清单由县级经办人编制", "payrolls are built by a county handler"),
    "digest_differs": ("与 Content-Digest 所列摘要不符", "not the content that Content-Digest names"),
    "digest_malformed": ("Content-Digest 须写作 sha-256=:base64:", "Content-Digest must be sha-256=:base64:"),
    "dispute_answer_until": (
        "有{count}项核对结果的异议尚待数据提供部门答复，答复期至{until}；届时仍未答复的，可以决定",
        "{count} disputed findings wait for their agencies' answers, until {until}; after that day their silence holds "
        "up nothing",
    ),
    "dispute_letter_unsent": (
        "有{count}项核对结果的异议尚待答复，其中更正函尚未全部发出；发出后数据提供部门有10个工作日答复",
        "{count} disputed findings wait for their agencies' answers, and not every letter to them has gone out; once "
        "it has, an agency has 10 working days",
    ),
    "division_code": ("区划代码为12位数字，首位不为0", "a division code has 12 digits and does not begin with 0"),
    "event_types": ("没有这些事件类型：{names}", "there are no such events: {names}"),
    "events_at_once": ("一次最多重发{most}个事件", "at most {most} events at once"),
    "file_damaged": ("文件已损坏", "the file is damaged"),
    "file_kind": ("只接受 JPEG、PNG、WebP 图片或 PDF", "neither a JPEG, PNG or WebP picture nor a PDF"),
    "file_moves": ("不接受动态图片", "moving pictures are not accepted"),
    "file_pixels": ("图片像素过多", "it has too many pixels"),
    "file_too_costly": ("读取该文件需要的时间或内存过多", "it takes too much time or memory to read"),
    "handover_blocked_by": ("原发放地尚未办结：{reasons}", "still to be settled by the county that pays: {reasons}"),
    "handover_too_early": (
        "{reasons}：接收地将自{first_month}起发放，{confirm_from}起方可确认",
        "{reasons}: the other county would pay from {first_month}, and may confirm from {confirm_from} on",
    ),
    "left_out": ("未列入：{reasons}", "left out: {reasons}"),
    "lines_outdated": ("已不符合现状的明细：{count}条", "lines that no longer hold: {count}"),
    "no_division": ("{on}没有区划 {code}", "no division {code} on {on}"),
    "no_standard": (
        "{division} 于 {on} 没有{program}的{area_class}标准",
        "no standard of {program} for {area_class} in {division} on {on}",
    ),
    "not_a_village_code": ("不是村（社区）的区划代码", "not the code of a neighbourhood or a village"),
    "parameter_missing": ("缺少参数：{names}", "missing: {names}"),
    "parameter_not_in_force_yet": ("尚未生效的参数：{names}", "not in force yet: {names}"),
    "parameter_unknown": ("没有这些参数：{names}", "unknown: {names}"),
    "parameter_unreadable": ("参数值无法使用：{names}", "unreadable: {names}"),
    "partner_secret": (
        "请在 X-Partner 中填写对接代码，并以 Authorization: Bearer 发送约定的密钥；密钥失效的，请向民政部门申请更换",
        "send your code as X-Partner and the secret agreed for it as Authorization: Bearer; "
        "where it is not valid any more, ask civil affairs for a new one",
    ),
    "part_length": ("第{number}片应为{bytes}字节", "part {number} has {bytes} bytes"),
    "part_too_long": ("每片不得超过{most}字节", "a part has at most {most} bytes"),
    "part_unknown": ("没有此分片", "there is no such part"),
    "pdf_files": ("PDF 内嵌有文件", "the PDF has files inside"),
    "pdf_locked": ("PDF 设有密码", "the PDF is locked by a password"),
    "pdf_media": ("PDF 含有多媒体内容", "the PDF has moving pictures"),
    "pdf_objects": ("PDF 内部对象过多", "the PDF has too many objects"),
    "pdf_pages": ("PDF 没有内容或页数过多", "the PDF has no pages, or too many"),
    "pdf_programs": ("PDF 含有可启动的程序", "the PDF has programs to start"),
    "pdf_scripts": ("PDF 含有脚本", "the PDF has scripts"),
    "rules_since": ("{program}的规则自{since}起可用", "the rules of {program} reach back to {since}"),
    "rules_version": ("没有{program}规则的第{version}版", "there is no version {version} of the rules of {program}"),
    "signature_missing": ("缺少 X-Signed-At 或 X-Signature", "X-Signed-At or X-Signature is missing"),
    "signature_stale": (
        "X-Signed-At 与当前时间相差超过{seconds}秒：每次发送（包括重发）都应重新签名",
        "X-Signed-At is more than {seconds} seconds from now: sign anew each time you send, also what you send again",
    ),
    "signature_wrong": (
        "签名与内容不符：请核对密钥，以及合作方代码、路径、时间、正文是否与所发送的完全一致",
        "the signature is not that of this content: look at the key, and whether partner, path, time and body are "
        "those sent",
    ),
    "standard_above": (
        "{area} 已公布的标准：{period} {fen} 分",
        "published for {area}: {fen} fen a {period}",
    ),
    "step_now": ("当前状态为“{status}”，不能办理“{action}”", "'{action}' is not possible while '{status}'"),
    "step_of_role": ("{role}不能办理“{action}”", "'{action}' is not open to '{role}'"),
    "uploads_at_once": (
        "同时最多上传{files}个文件、共{megabytes} MB",
        "at most {files} files and {megabytes} MB at once",
    ),
    "url_https_only": ("只接受 https 地址", "only https is allowed"),
    "url_inside": ("地址位于内部网络", "the address lies inside the own network"),
    "url_malformed": ("地址格式不正确", "the address is malformed"),
    "url_with_credentials": (
        "地址不得含有用户名、密码或片段",
        "the address must not carry credentials or a fragment",
    ),
    "notice_until": ("公示至 {until} 止", "the notice hangs until {until}"),
    "worked_on_the_application": ("曾办理该投诉所涉的申请", "worked on the application the complaint is about"),
}


def sentence_of(refusal: DomainError, *, english: bool) -> str | None:
    """Return what a refusal says beyond its title; None where it says no more."""
    if refusal.detail is None:
        return None
    chinese, also = SENTENCES[refusal.detail]
    if english:
        return also.format(**{name: _as_spelled(value) for name, value in refusal.values.items()})
    return chinese.format(**{name: in_chinese(name, value) for name, value in refusal.values.items()})


def _as_spelled(value: object) -> object:
    if isinstance(value, Mapping):
        return ", ".join(f"{code} {count}" for code, count in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
