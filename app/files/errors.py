"""Refusals of uploads."""

from app.core.errors import DomainError, Kind


class UploadNotFound(DomainError):
    """No such upload, or another person's."""

    code = "upload_not_found"
    kind = Kind.NOT_FOUND
    title = "Upload not found"
    title_zh = "未找到上传任务"


class TooManyUploads(DomainError):
    """Too much is unfinished or unattached: attach or discard some of it."""

    code = "too_many_uploads"
    kind = Kind.CONFLICT
    title = "Too many files are not attached yet: attach or discard some first"
    title_zh = "未使用的文件过多，请先提交或删除部分文件"


class PartRejected(DomainError):
    """A part that does not belong: wrong number, wrong length, or not the digest its header says."""

    code = "part_rejected"
    kind = Kind.UNPROCESSABLE
    title = "This part does not fit the upload"
    title_zh = "分片与上传任务不符"


class PartDiffers(DomainError):
    """This part arrived before with other bytes. A file that changed is another upload."""

    code = "part_differs"
    kind = Kind.CONFLICT
    title = "This part arrived before with other content"
    title_zh = "该分片已上传且内容不同"


class UploadUnfinished(DomainError):
    """Parts are missing; `errors` names them."""

    code = "upload_unfinished"
    kind = Kind.CONFLICT
    title = "Parts of this upload are missing"
    title_zh = "上传尚未完成"


class DigestMismatch(DomainError):
    """All parts are there, but together they are not the file that was announced: begin a new upload."""

    code = "digest_mismatch"
    kind = Kind.UNPROCESSABLE
    title = "The file is not the one announced"
    title_zh = "文件校验不一致"


class ContentNotAllowed(DomainError):
    """Not a picture or PDF we take, whatever it is called; `detail` says why."""

    code = "content_not_allowed"
    kind = Kind.UNPROCESSABLE
    title = "Only plain JPEG, PNG, WebP and PDF files are accepted"
    title_zh = "仅支持普通的 JPEG、PNG、WebP、PDF 文件"


class UploadFinished(DomainError):
    """The upload is complete; it takes no more parts."""

    code = "upload_finished"
    kind = Kind.CONFLICT
    title = "This upload is already complete"
    title_zh = "上传已完成"


class UploadAttached(DomainError):
    """It is part of an application; it can no longer be discarded."""

    code = "upload_attached"
    kind = Kind.CONFLICT
    title = "This upload is attached to an application"
    title_zh = "文件已用于申请，不能删除"


class FilesBusy(DomainError):
    """Too many files are being checked right now."""

    code = "files_busy"
    kind = Kind.UNAVAILABLE
    title = "Too many files are being checked; try again shortly"
    title_zh = "文件处理繁忙，请稍后再试"


class FileLost(DomainError):
    """The storage does not have what the records say it has."""

    code = "file_lost"
    kind = Kind.UNAVAILABLE
    title = "The file cannot be read at present"
    title_zh = "文件暂时无法读取"
