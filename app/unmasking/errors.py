"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class FieldNotOfObject(DomainError):
    """An object of this type has no such field, or shows it unmasked."""

    code = "field_not_of_object"
    kind = Kind.UNPROCESSABLE
    title = "An object of this type has no such masked field"
    title_zh = "该类记录没有此脱敏字段"


class NothingToUnmask(DomainError):
    """The object has the field, and nothing is in it."""

    code = "nothing_to_unmask"
    kind = Kind.NOT_FOUND
    title = "Nothing was entered in this field"
    title_zh = "该字段没有内容"


class PurposeNotOfThisPost(DomainError):
    """What was named as purpose is no work of this post."""

    code = "purpose_not_of_this_post"
    kind = Kind.FORBIDDEN
    title = "This purpose does not belong to your post"
    title_zh = "该用途不属于您的岗位职责"
