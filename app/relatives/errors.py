"""Refusals of declarations and of the roster."""

from app.core.errors import DomainError, Kind


class RelativeNotFound(DomainError):
    """No such declaration in force, or not one this person may end."""

    code = "relative_not_found"
    kind = Kind.NOT_FOUND
    title = "Declared relative not found"
    title_zh = "未找到该近亲属申报"


class RelativeAlreadyDeclared(DomainError):
    """This person declared somebody with this identity number already; end that declaration first."""

    code = "relative_already_declared"
    kind = Kind.CONFLICT
    title = "This relative is already declared"
    title_zh = "该近亲属已申报"


class CommitteeMemberNotFound(DomainError):
    """No such committee member in office, or not one of this person's division."""

    code = "committee_member_not_found"
    kind = Kind.NOT_FOUND
    title = "Committee member not found"
    title_zh = "未找到该村（居）委会成员"


class NotACommittee(DomainError):
    """Committees are those of villages and neighbourhoods; the code is of another level."""

    code = "not_a_committee"
    kind = Kind.UNPROCESSABLE
    title = "The division has no village or neighbourhood committee"
    title_zh = "该区划没有村（居）民委员会"
