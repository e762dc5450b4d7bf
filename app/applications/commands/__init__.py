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
from app.applications.commands.decision import approve_application, refuse_application
from app.applications.commands.documents import add_document
from app.applications.commands.drafts import discard_draft, edit_draft, start_draft
from app.applications.commands.ending import redirect_application, terminate_application, withdraw_application
from app.applications.commands.escalations import escalate_task
from app.applications.commands.members import MemberDetails, put_member, remove_member
from app.applications.commands.payout import put_payout_account, same_account
from app.applications.commands.submission import submit_application, supplement_application
from app.applications.commands.tasks import assign_task, change_post, claim_task, close_post, release_task

__all__ = [
    "MemberDetails",
    "SelfDeclared",
    "accept_application",
    "accept_applications",
    "add_document",
    "approve_application",
    "assign_task",
    "assign_tasks",
    "change_post",
    "claim_task",
    "close_post",
    "discard_draft",
    "edit_draft",
    "escalate_task",
    "extend_application",
    "find_cases_of",
    "put_member",
    "put_payout_account",
    "redirect_application",
    "refuse_application",
    "register_by_hand",
    "register_declared_later",
    "release_task",
    "remove_member",
    "return_application",
    "same_account",
    "sign_authorisation",
    "start_draft",
    "submit_application",
    "supplement_application",
    "terminate_application",
    "withdraw_application",
    "withdraw_authorisation",
    "withdraw_conflict",
]
