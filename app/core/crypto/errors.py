"""Refusals about sealed values."""

from app.core.errors import DomainError, Kind


class ValueErased(DomainError):
    """The key that this value lay under was destroyed: nobody can read it any more."""

    code = "value_erased"
    kind = Kind.GONE
    title = "This was erased and cannot be read any more"
    title_zh = "该内容已依法删除，无法读取"


class KeyUnknown(DomainError):
    """A key this process has not read yet. The table of keys is read again at once: worth another try in a second."""

    code = "key_not_loaded"
    kind = Kind.UNAVAILABLE
    title = "A key is being loaded, please try again"
    title_zh = "密钥加载中，请稍后重试"
