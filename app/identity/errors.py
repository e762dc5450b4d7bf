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


class PublicKeyUnusable(DomainError):
    """Not a public JWK of P-256 or Ed25519."""

    code = "public_key_unusable"
    kind = Kind.UNPROCESSABLE
    title = "This is no public key that can be used"
    title_zh = "公钥不可用"


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
    """The token is missing, forged, expired or revoked; of a partner's system, its code or secret is not let in."""

    code = "token_rejected"
    kind = Kind.UNAUTHENTICATED
    title = "Please sign in"
    title_zh = "请先登录"


class PartnerRejected(TokenRejected):
    """The same to a system, which has nothing to sign in with but the secret agreed with it."""

    title = "The partner's code and secret are not let in"
    title_zh = "对接系统的代码与密钥未通过验证"


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
    """Public security does not know this name with this number, or the person has another account: one answer for
    both, so that nobody learns of an account by trying a number."""

    code = "real_name_mismatch"
    kind = Kind.UNPROCESSABLE
    title = "Name and identity number could not be verified for this account"
    title_zh = "姓名与身份证号码未能在此账号核验通过"


class RealNameAlreadyProved(DomainError):
    """This account already carries another real name."""

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


class SecondFactorRequired(DomainError):
    """The password was right; a code of the authenticator, or a recovery code, has to come with it."""

    code = "second_factor_required"
    kind = Kind.UNAUTHENTICATED
    title = "Please send the code of your authenticator too"
    title_zh = "请同时提供动态验证码"


class SecondFactorRejected(DomainError):
    """The code is wrong, too old, or was used before."""

    code = "second_factor_rejected"
    kind = Kind.UNAUTHENTICATED
    title = "The authenticator's code is not valid"
    title_zh = "动态验证码无效"


class SecondFactorMissing(DomainError):
    """This sign-in is good only for setting up an authenticator."""

    code = "second_factor_missing"
    kind = Kind.FORBIDDEN
    title = "Please set up your authenticator first"
    title_zh = "请先绑定动态验证码"


class SecondFactorInForce(DomainError):
    """There is a confirmed authenticator already; an administrator can take it off."""

    code = "second_factor_in_force"
    kind = Kind.CONFLICT
    title = "An authenticator is set up already"
    title_zh = "已绑定动态验证码"


class SecondFactorNotFound(DomainError):
    """No authenticator is set up, or none waits for its first code."""

    code = "second_factor_not_found"
    kind = Kind.NOT_FOUND
    title = "No authenticator was found"
    title_zh = "未绑定动态验证码"


class ProofRejected(DomainError):
    """The password or code that was to prove who is at the keyboard is not valid."""

    code = "proof_rejected"
    kind = Kind.FORBIDDEN
    title = "The password or code is not valid"
    title_zh = "密码或动态验证码无效"


class StepUpRequired(DomainError):
    """The step needs a recent proof of who is at the keyboard: `step_up` says where; or sign in anew."""

    code = "step_up_required"
    kind = Kind.FORBIDDEN
    title = "Please prove again who you are, or sign in anew"
    title_zh = "请重新验证身份后再办理此事项"


class SignInBusy(DomainError):
    """Too many passwords wait to be checked."""

    code = "sign_in_busy"
    kind = Kind.UNAVAILABLE
    title = "Too many people are signing in, please try again"
    title_zh = "登录人数过多，请稍后再试"
