"""Refusals about asking, and about who may."""

from app.core.errors import DomainError, Kind


class QueryPartnerNotFound(DomainError):
    """No such partner, or not one this actor may see."""

    code = "query_partner_not_found"
    kind = Kind.NOT_FOUND
    title = "Partner not found"
    title_zh = "未找到该接入单位"


class PartnerCodeTaken(DomainError):
    """There is a partner of this code already; codes are never used again."""

    code = "partner_code_taken"
    kind = Kind.CONFLICT
    title = "The code is taken"
    title_zh = "该接入代码已被使用"


class PurposeNotGranted(DomainError):
    """The partner was not registered for this purpose."""

    code = "purpose_not_granted"
    kind = Kind.FORBIDDEN
    title = "You may not ask for this purpose"
    title_zh = "未获准以此用途查询"


class BasisNotOfPurpose(DomainError):
    """The article named is not one that this purpose rests on."""

    code = "basis_not_of_purpose"
    kind = Kind.UNPROCESSABLE
    title = "The purpose does not rest on this basis"
    title_zh = "查询依据与用途不符"


class PersonsMalformed(DomainError):
    """Some persons have no correct number or name, or two have one reference; nobody was looked for."""

    code = "persons_malformed"
    kind = Kind.UNPROCESSABLE
    title = "Some of the persons are not given correctly"
    title_zh = "部分被查询人的信息不正确"


class QuotaSpent(DomainError):
    """As many persons as the partner may ask about in a day (in China) were asked about."""

    code = "query_quota_spent"
    kind = Kind.TOO_MANY
    title = "The day's quota of persons is spent"
    title_zh = "当日可查询人数已用完"


class StatusQueryNotFound(DomainError):
    """No such query, or not one this caller may see."""

    code = "status_query_not_found"
    kind = Kind.NOT_FOUND
    title = "Query not found"
    title_zh = "未找到该次查询"
