"""All SQL of this stage: reading for people, what is due, erasing."""

from app.retention.queries.due import (
    Cutoff,
    held,
    list_counties,
    take_approval_files,
    take_awards,
    take_complaints,
    take_drafts,
    take_lines,
    take_notices,
    take_unsuccessful,
)
from app.retention.queries.erasing import (
    add_tombstones,
    anonymise_lines,
    begin_run,
    empty_awards,
    empty_notices,
    erase_bank_accounts,
    erase_complaints,
    erase_drafts_now,
    erase_files,
    finish_run,
)
from app.retention.queries.logs import (
    empty_reasons,
    erase_accounts,
    erase_attempts,
    erase_codes,
    erase_declarations,
    erase_identity_questions,
    erase_messages,
    erase_sessions,
    erase_status_queries,
    erase_told,
    has_award_left,
    has_case,
    take_idle_accounts,
)
from app.retention.queries.reading import (
    CaseState,
    find_last_use,
    get_hold,
    list_awards_of,
    list_cases_of,
    list_erasures,
    list_holds,
    list_members_by_number,
    list_minors,
)

__all__ = [
    "CaseState", "Cutoff", "add_tombstones", "anonymise_lines", "begin_run", "empty_awards", "empty_notices",
    "empty_reasons", "erase_accounts", "erase_attempts", "erase_bank_accounts", "erase_codes", "erase_complaints",
    "erase_declarations", "erase_drafts_now", "erase_files", "erase_identity_questions", "erase_messages",
    "erase_sessions", "erase_status_queries", "erase_told", "find_last_use", "finish_run", "get_hold",
    "has_award_left", "has_case", "held", "list_awards_of", "list_cases_of", "list_counties", "list_erasures",
    "list_holds", "list_members_by_number", "list_minors", "take_approval_files", "take_awards",
    "take_complaints", "take_drafts", "take_idle_accounts", "take_lines", "take_notices", "take_unsuccessful",
]  # fmt: skip
