"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class ExportNotFound(DomainError):
    """No such export, or not one this person may see."""

    code = "export_not_found"
    kind = Kind.NOT_FOUND
    title = "Export not found"
    title_zh = "未找到该导出申请"


class ExportNotYours(DomainError):
    """The file is for who asked for it, and for nobody who approved it."""

    code = "export_not_yours"
    kind = Kind.FORBIDDEN
    title = "Only the person who asked for the export may download it"
    title_zh = "仅导出申请人可以下载"


class ExportExpired(DomainError):
    """The approval was good for a day."""

    code = "export_expired"
    kind = Kind.GONE
    title = "The approval has expired; ask for the export again"
    title_zh = "导出批准已过期，请重新申请"


class DownloadsSpent(DomainError):
    """It was downloaded as often as an approval allows."""

    code = "downloads_spent"
    kind = Kind.CONFLICT
    title = "This export was downloaded as often as is allowed"
    title_zh = "下载次数已用完"


class ExportTooLarge(DomainError):
    """More rows than one file holds."""

    code = "export_too_large"
    kind = Kind.UNPROCESSABLE
    title = "Too many rows for one export; narrow the filter"
    title_zh = "导出条数过多，请缩小范围"


class ColumnUnknown(DomainError):
    """This kind of export has no such column, no such status, or does not mask that field."""

    code = "column_unknown"
    kind = Kind.UNPROCESSABLE
    title = "This kind of export has no such column, status or masked field"
    title_zh = "该类导出没有此列、状态或脱敏字段"


class RowUnknown(DomainError):
    """No mark, or one of no file in the caller's division."""

    code = "row_unknown"
    kind = Kind.NOT_FOUND
    title = "This row is of no export or roster in your division"
    title_zh = "该行不属于您辖区内的任何导出文件"
