"""Refusals of identity: who are you, and what is wrong with what you say you are."""

from app.core.errors import DomainError, Kind


class IdNumberMalformed(DomainError):
    """Not a citizen number: length, characters, birth date or check character."""

    code = "id_number_malformed"
    kind = Kind.UNPROCESSABLE
    title = "The identity number is malformed"
    title_zh = "身份证号码格式不正确"


class NameMalformed(DomainError):
    """Not a name of 1 to 50 characters without digits and control characters."""

    code = "name_malformed"
    kind = Kind.UNPROCESSABLE
    title = "The name is malformed"
    title_zh = "姓名格式不正确"


class PhoneMalformed(DomainError):
    """Not a mainland mobile number."""

    code = "phone_malformed"
    kind = Kind.UNPROCESSABLE
    title = "The phone number is malformed"
    title_zh = "手机号码格式不正确"


class CodeRejected(DomainError):
    """The one-time code is wrong, used up or too old. One answer for all, so that nothing can be learnt from it."""

    code = "code_rejected"
    kind = Kind.UNAUTHENTICATED
    title = "The code is not valid"
    title_zh = "验证码无效"


class TooManyCodes(DomainError):
    """Too many codes were asked for this phone."""

    code = "too_many_codes"
    kind = Kind.TOO_MANY
    title = "Too many codes were requested for this phone"
    title_zh = "验证码请求过于频繁"


class SignInRejected(DomainError):
    """User name or password is wrong, or the account is closed: one answer for all."""

    code = "sign_in_rejected"
    kind = Kind.UNAUTHENTICATED
    title = "The user name or password is not valid"
    title_zh = "用户名或密码无效"


class TokenRejected(DomainError):
    """The token is missing, forged, expired or revoked."""

    code = "token_rejected"
    kind = Kind.UNAUTHENTICATED
    title = "Please sign in"
    title_zh = "请先登录"


class AudienceNotAllowed(DomainError):
    """Signed in, but as somebody this door is not for."""

    code = "audience_not_allowed"
    kind = Kind.FORBIDDEN
    title = "This is not open to your kind of account"
    title_zh = "您的账号类型不能访问此功能"


class RealNameRequired(DomainError):
    """The step needs a proved real name."""

    code = "real_name_required"
    kind = Kind.FORBIDDEN
    title = "Please verify your real name first"
    title_zh = "请先完成实名认证"


class RealNameMismatch(DomainError):
    """Public security does not know this name with this number."""

    code = "real_name_mismatch"
    kind = Kind.UNPROCESSABLE
    title = "Name and identity number do not match"
    title_zh = "姓名与身份证号码不一致"


class RealNameAlreadyProved(DomainError):
    """This account already carries another real name, or this person has another account."""

    code = "real_name_already_proved"
    kind = Kind.CONFLICT
    title = "A real name was already verified"
    title_zh = "已完成实名认证"


class PasswordTooSimple(DomainError):
    """The password has fewer than six different characters."""

    code = "password_too_simple"
    kind = Kind.UNPROCESSABLE
    title = "The password needs at least six different characters"
    title_zh = "密码至少包含六种不同字符"


class UsernameTaken(DomainError):
    """There is already a member of staff of this user name."""

    code = "username_taken"
    kind = Kind.CONFLICT
    title = "The user name is taken"
    title_zh = "用户名已存在"


class StaffNotFound(DomainError):
    """No such member of staff, or not one this actor may see."""

    code = "staff_not_found"
    kind = Kind.NOT_FOUND
    title = "Staff member not found"
    title_zh = "未找到工作人员"
