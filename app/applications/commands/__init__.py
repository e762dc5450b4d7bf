"""The use cases of this stage, one module each group."""

from app.applications.commands.acceptance import accept_application, extend_application, return_application
from app.applications.commands.authorisations import sign_authorisation, withdraw_authorisation
from app.applications.commands.bulk import accept_applications, assign_tasks
from app.applications.commands.conflicts import (
    SelfDeclared,
    find_cases_of,
    register_by_hand,
    register_declared_later,
    withdraw_conflict,
)
from app.applications.commands.continuing import continue_application
from app.applications.commands.decision import approve_application, refuse_application
from app.applications.commands.documents import add_document, attach_evidence
from app.applications.commands.drafts import discard_draft, edit_draft, start_draft
from app.applications.commands.ending import redirect_application, terminate_application, withdraw_application
from app.applications.commands.entrustments import (
    Wish,
    act_for,
    confirm_entrustment,
    end_entrustment,
    let_lapse,
    principal_of,
    request_entrustment,
    require_confirmable,
)
from app.applications.commands.escalations import escalate_task
from app.applications.commands.members import MemberDetails, put_member, remove_member
from app.applications.commands.own_authorisations import list_own_authorisations, withdraw_own_authorisation
from app.applications.commands.payout import put_payout_account, same_account
from app.applications.commands.prefilling import fill_in, put_applicant
from app.applications.commands.promises import (
    Word,
    make_promise,
    papers_open_to,
    require_unbroken,
    settle_broken,
    verify_promise,
    withdraw_promise,
    words_of,
)
from app.applications.commands.submission import submit_application, supplement_application
from app.applications.commands.supporters import (
    SupporterDetails,
    authorise_support_check,
    decline_support_check,
    list_requests,
    put_supporter,
    remove_supporter,
    withdraw_support_check,
)
from app.applications.commands.tasks import assign_task, change_post, claim_task, close_post, release_task

__all__ = [
    "MemberDetails",
    "SelfDeclared",
    "SupporterDetails",
    "Wish",
    "Word",
    "accept_application",
    "accept_applications",
    "act_for",
    "add_document",
    "approve_application",
    "assign_task",
    "assign_tasks",
    "attach_evidence",
    "authorise_support_check",
    "change_post",
    "claim_task",
    "close_post",
    "confirm_entrustment",
    "continue_application",
    "decline_support_check",
    "discard_draft",
    "edit_draft",
    "end_entrustment",
    "escalate_task",
    "extend_application",
    "fill_in",
    "find_cases_of",
    "let_lapse",
    "list_own_authorisations",
    "list_requests",
    "make_promise",
    "papers_open_to",
    "principal_of",
    "put_applicant",
    "put_member",
    "put_payout_account",
    "put_supporter",
    "redirect_application",
    "refuse_application",
    "register_by_hand",
    "register_declared_later",
    "release_task",
    "remove_member",
    "remove_supporter",
    "request_entrustment",
    "require_confirmable",
    "require_unbroken",
    "return_application",
    "same_account",
    "settle_broken",
    "sign_authorisation",
    "start_draft",
    "submit_application",
    "supplement_application",
    "terminate_application",
    "verify_promise",
    "withdraw_application",
    "withdraw_authorisation",
    "withdraw_conflict",
    "withdraw_own_authorisation",
    "withdraw_promise",
    "withdraw_support_check",
    "words_of",
]
