"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class ApplicationNotFound(DomainError):
    """No such application, or not one this person may see."""

    code = "application_not_found"
    kind = Kind.NOT_FOUND
    title = "Application not found"
    title_zh = "未找到申请"


class AuthorisationMissing(DomainError):
    """A member of the household has no authorisation in force: nobody may be asked about him (SAL art. 40, 70)."""

    code = "authorisation_missing"
    kind = Kind.CONFLICT
    title = "A member's authorisation is not in force"
    title_zh = "有家庭成员的核对授权未生效或已撤回"


class MemberNotFound(DomainError):
    """No such member in this household."""

    code = "member_not_found"
    kind = Kind.NOT_FOUND
    title = "Household member not found"
    title_zh = "未找到家庭成员"


class ApplicationAlreadyOpen(DomainError):
    """The applicant has an open application for this program."""

    code = "application_already_open"
    kind = Kind.CONFLICT
    title = "You already have an open application for this program"
    title_zh = "您已有同类申请正在办理"


class PersonAlreadyInCase(DomainError):
    """A member is in another open application or receives the benefit elsewhere: one household per person."""

    code = "person_already_in_case"
    kind = Kind.CONFLICT
    title = "A household member is already part of another application or award"
    title_zh = "家庭成员已在其他申请或保障家庭中"


class MemberAlreadyInHousehold(DomainError):
    """Two members carry the same identity number."""

    code = "member_already_in_household"
    kind = Kind.CONFLICT
    title = "This person is already a member of the household"
    title_zh = "该人员已在家庭成员中"


class SupporterNotFound(DomainError):
    """No such supporter named in this application."""

    code = "supporter_not_found"
    kind = Kind.NOT_FOUND
    title = "Supporter not found"
    title_zh = "未找到家庭以外的赡养、抚养、扶养义务人"


class SupporterAlreadyNamed(DomainError):
    """Another person is named for this line of the form."""

    code = "supporter_already_named"
    kind = Kind.CONFLICT
    title = "Another person is named for this supporter of the form already"
    title_zh = "表中该义务人已登记为他人"


class SupporterNotAdult(DomainError):
    """Who is under age owes nobody support, and is asked for nothing (civil code art. 26, 1067)."""

    code = "supporter_not_adult"
    kind = Kind.UNPROCESSABLE
    title = "A supporter outside the household is of full age"
    title_zh = "家庭以外的义务人应当是成年人"


class TooManySupporters(DomainError):
    """More are named than anybody has."""

    code = "too_many_supporters"
    kind = Kind.CONFLICT
    title = "No more supporters can be named"
    title_zh = "登记的义务人已达上限"


class AuthorisationNotFound(DomainError):
    """Nothing was signed about this person under this id."""

    code = "authorisation_not_found"
    kind = Kind.NOT_FOUND
    title = "Authorisation not found"
    title_zh = "未找到该核对授权"


class SupportRequestNotFound(DomainError):
    """Nobody asks this person for such an authorisation."""

    code = "support_request_not_found"
    kind = Kind.NOT_FOUND
    title = "Request for your authorisation not found"
    title_zh = "未找到请您授权的核对事项"


class ApplicationIncomplete(DomainError):
    """Something is missing; `errors` names all of it at once (one-time notice, D57 art. 10)."""

    code = "application_incomplete"
    kind = Kind.UNPROCESSABLE
    title = "The application is not complete"
    title_zh = "申请材料不完整"


class EditedElsewhere(DomainError):
    """The same field was changed on another device since this one last read it; `conflicts` shows both values."""

    code = "edited_elsewhere"
    kind = Kind.CONFLICT
    title = "Another device changed the same field"
    title_zh = "另一台设备已修改同一项内容"


class VersionNotSaid(DomainError):
    """The member is already there: changing it needs If-Match."""

    code = "precondition_required"
    kind = Kind.PRECONDITION_REQUIRED
    title = "Send If-Match with the ETag you last saw"
    title_zh = "请携带 If-Match 请求头"


class VersionNotGivenOut(DomainError):
    """The version named in If-Match lies ahead of the application: nobody can have seen it."""

    code = "precondition_failed"
    kind = Kind.PRECONDITION_FAILED
    title = "It was changed since you last read it"
    title_zh = "内容已更新，请重新获取"


class SignatureMismatch(DomainError):
    """The signature is not the member's: name or identity number differ, or a minor signs for himself."""

    code = "signature_mismatch"
    kind = Kind.UNPROCESSABLE
    title = "The signature does not belong to this member"
    title_zh = "签名与家庭成员身份不符"


class OneTimeNoticeGiven(DomainError):
    """Everything missing must be told at once: a second supplement request is not allowed (D57 art. 10)."""

    code = "one_time_notice_given"
    kind = Kind.CONFLICT
    title = "A supplement was already requested once"
    title_zh = "已一次性告知，不得再次要求补正"


class ExtensionNotAllowed(DomainError):
    """Extended before, or after the time limit had passed (D57 art. 22)."""

    code = "extension_not_allowed"
    kind = Kind.CONFLICT
    title = "The time limit cannot be extended"
    title_zh = "不能延长办理时限"


class ExtensionUnfounded(DomainError):
    """Nothing on record bears the reason out: nobody objected to the notice, or everybody lives and applies where he is
    registered (notice of 2022)."""

    code = "extension_unfounded"
    kind = Kind.CONFLICT
    title = "Nothing on record bears this reason for more time out"
    title_zh = "没有与该延长理由相符的记录"


class NotAVillage(DomainError):
    """An application belongs to a village or neighbourhood; the code given is of another level."""

    code = "not_a_village"
    kind = Kind.UNPROCESSABLE
    title = "The division is not a village or neighbourhood"
    title_zh = "区划代码不是村（社区）"


class EntrustmentNotFound(DomainError):
    """No such entrustment, or not one this person may see."""

    code = "entrustment_not_found"
    kind = Kind.NOT_FOUND
    title = "Entrustment not found"
    title_zh = "未找到委托"


class EntrustmentNotAllowed(DomainError):
    """Nobody is entrusted by himself; a committee acts by its own people, others by theirs; and an entrustment is for
    one application, not for the rest of an account."""

    code = "entrustment_not_allowed"
    kind = Kind.FORBIDDEN
    title = "This cannot be done under an entrustment"
    title_zh = "该事项不能以委托方式办理"


class WrongPlace(DomainError):
    """Another place takes this application, or another member has to make it; `places` and `applicants` name them."""

    code = "wrong_place"
    kind = Kind.UNPROCESSABLE
    title = "This application belongs to another place or another member"
    title_zh = "该申请应向其他乡镇（街道）或者由其他家庭成员提出"


class ApplicationNotRedirected(DomainError):
    """No township has sent this application to another place: there is nothing to take along."""

    code = "application_not_redirected"
    kind = Kind.CONFLICT
    title = "This application was not sent to another place"
    title_zh = "该申请未被告知应向其他受理机关提出"


class NotTheNamedPlace(DomainError):
    """The village does not lie in the place that the township named; begin an application of its own there."""

    code = "not_the_named_place"
    kind = Kind.UNPROCESSABLE
    title = "This village is not in the place that was named"
    title_zh = "所选村（社区）不在告知的受理机关辖区内"


class PlaceNotElsewhere(DomainError):
    """The place named as the right one lies in the township that sends the household away, or is no township."""

    code = "place_not_elsewhere"
    kind = Kind.UNPROCESSABLE
    title = "Name another township than your own as the right place"
    title_zh = "应指明本乡镇（街道）以外的受理机关"


class AccountMalformed(DomainError):
    """Not an account number of 8 to 32 digits."""

    code = "account_malformed"
    kind = Kind.UNPROCESSABLE
    title = "The account number is malformed"
    title_zh = "银行账号格式不正确"


class DocumentNotFound(DomainError):
    """No such paper in this application."""

    code = "document_not_found"
    kind = Kind.NOT_FOUND
    title = "Document not found"
    title_zh = "未找到该材料"


class PromiseNotFound(DomainError):
    """No such promise in this application."""

    code = "promise_not_found"
    kind = Kind.NOT_FOUND
    title = "Promise not found"
    title_zh = "未找到该承诺"


class PromiseNotOpen(DomainError):
    """For this paper no promise is taken: the place has not opened it, somebody in the household broke a promise
    before, or the words that were told are no longer those in force. Which, is not said: it may be about others."""

    code = "promise_not_open"
    kind = Kind.UNPROCESSABLE
    title = "A promise cannot stand for this paper; hand the paper in, or read the terms again"
    title_zh = "该材料不适用告知承诺，请提交材料或者重新阅读告知内容"


class PaperPromised(DomainError):
    """A promise stands for this paper: the acceptance goes on without it."""

    code = "paper_promised"
    kind = Kind.CONFLICT
    title = "The household has promised in the place of this paper; it must not be asked for"
    title_zh = "该材料已适用告知承诺，不得要求提交"


class PromiseBroken(DomainError):
    """A promise was found untrue, and nothing is granted on it (Social Assistance Law art. 73)."""

    code = "promise_broken"
    kind = Kind.CONFLICT
    title = "A promise of the household was found untrue: nothing can be granted on it"
    title_zh = "承诺事项经核查不属实，不能以此为依据给予保障"


class ConflictOfInterest(DomainError):
    """The case is of a close relative, or one's own work for somebody: who is related, or spoke for the household, has
    nothing to do with it (D57 art. 11)."""

    code = "conflict_of_interest"
    kind = Kind.FORBIDDEN
    title = "This is the case of a close relative of yours, or you made it for somebody; another person handles it"
    title_zh = "该户有您的近亲属，或者该申请由您代为提出，依规须由他人办理"


class ConflictNotFound(DomainError):
    """No such separate registration, or not one this person may see."""

    code = "conflict_not_found"
    kind = Kind.NOT_FOUND
    title = "Separate registration not found"
    title_zh = "未找到该单独登记"


class ConflictAlreadyWithdrawn(DomainError):
    """The separate registration was withdrawn before."""

    code = "conflict_already_withdrawn"
    kind = Kind.CONFLICT
    title = "This separate registration was already withdrawn"
    title_zh = "该单独登记已撤销"


class ConflictAlreadyRegistered(DomainError):
    """This member and this person are registered for this case; also where that was withdrawn: nothing is repeated."""

    code = "conflict_already_registered"
    kind = Kind.CONFLICT
    title = "This relation is already registered for the case"
    title_zh = "该亲属关系已在本案登记"


class MatterEnded(DomainError):
    """The procedure has ended and no award is in force: there is nothing left to keep anybody away from."""

    code = "matter_ended"
    kind = Kind.CONFLICT
    title = "The matter has ended"
    title_zh = "该事项已办结"


class TaskNotFound(DomainError):
    """No such task, or not one this person may see."""

    code = "task_not_found"
    kind = Kind.NOT_FOUND
    title = "Task not found"
    title_zh = "未找到待办事项"


class TaskTaken(DomainError):
    """A colleague has taken it. Who, is not said: that is for those who hand out work."""

    code = "task_taken"
    kind = Kind.CONFLICT
    title = "Somebody else has taken this task"
    title_zh = "该事项已由他人认领"


class TaskClosed(DomainError):
    """The step is done, or the matter has ended."""

    code = "task_closed"
    kind = Kind.CONFLICT
    title = "This task is closed"
    title_zh = "该事项已办结"


class TaskNotForPerson(DomainError):
    """Not a task for the person named: another post or place, or the case of a close relative; which, is not said."""

    code = "task_not_for_person"
    kind = Kind.UNPROCESSABLE
    title = "This task cannot be given to this person"
    title_zh = "该事项不能分派给此人"
