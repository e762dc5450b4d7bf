"""Row-level security: whoever asks, and whatever is asked, a transaction sees what is within its reach.

Its settings are those of `app/core/reach.py`; unset, nothing is within reach. Each rule is a conjunction, so that the
condition on the division or on the arrays of the evidence can be looked up in its index.

What belongs to a case and has no division of its own follows the case. A whole county's rows (books, evidence) are for
those who stand at the county or above. Expand step: rights only, and an index for a file's cases.
"""

from collections.abc import Sequence

from alembic import op

from app.core.db import HOT_ROLE
from migrations.rights import create_role, keep_reads_within_reach, keep_within_reach, lift_reach

revision: str = "r0090"
down_revision: str | None = "r0150"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_IN_RANGE = "division BETWEEN :low AND :high"
_OWN_COMPLAINTS = (
    "EXISTS (SELECT 1 FROM complaint_reporters WHERE complaint_id = complaints.id AND citizen_index = :reporter)"
)
_OF_OFFICES = f"{_IN_RANGE} AND :owner IS NULL"
_OF_COUNTIES = "county BETWEEN :low_county AND :high_county AND :owner IS NULL"


def _like(parent: str, key: str, table: str) -> str:
    return f"EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {table}.{key})"  # noqa: S608 # nosec B608


def _owned(column: str) -> str:
    return f"{_IN_RANGE} AND (:owner IS NULL OR {column} = :owner)"


def _following(parent: str, key: str, table: str) -> str:
    return f":everywhere OR {_like(parent, key, table)}"


def _placed_on_case(table: str) -> str:
    return f"{_IN_RANGE} AND (:owner IS NULL OR {_like('applications', 'application_id', table)})"


def _of_citizen(table: str, key: str, places: str, place_key: str) -> str:
    """A citizen's own, and for offices of those who have something among `places`."""
    there = f"EXISTS (SELECT 1 FROM {places} WHERE {places}.{place_key} = {table}.{key})"  # noqa: S608 # nosec B608
    return f"{key} = :owner OR (:owner IS NULL AND (:everywhere OR {there}))"


_RULES = {
    "applications": (
        f"{_IN_RANGE} AND (applicant_id = :owner OR (:owner IS NULL AND (submitted_at IS NOT NULL OR :everywhere)))"
    ),
    **{
        table: _following("applications", "application_id", table)
        for table in ("members", "authorisations", "documents", "application_steps", "visit_signatures")
    },
    **{
        table: _placed_on_case(table)
        for table in (
            "checks",
            "household_reports",
            "reviews",
            "visits",
            "appraisals",
            "assessments",
            "opinions",
            "send_backs",
            "decisions",
            "notices",
            "erasures",
            "human_reviews",
        )
    },
    "decision_deliveries": _following("decisions", "decision_id", "decision_deliveries"),
    "awards": _owned("beneficiary_id"),
    "correction_requests": _owned("citizen_id"),
    "award_hearings": _following("awards", "award_id", "award_hearings"),
    "pay_lines": _owned("beneficiary_id"),
    **dict.fromkeys(
        (
            "payrolls",
            "line_settlements",
            "pay_exclusions",
            "objections",
            "conflict_registrations",
            "committee_members",
            "webhook_endpoints",
            "legal_holds",
        ),
        _OF_OFFICES,
    ),
    "exports": f":owner IS NULL AND ({_IN_RANGE} OR requested_by = :actor)",
    "declared_relatives": (f":owner IS NULL AND (person_id = :actor OR declared_by = :actor OR ({_OF_COUNTIES}))"),
    "webhook_deliveries": _following("webhook_endpoints", "endpoint_id", "webhook_deliveries"),
    "webhook_attempts": _following("webhook_deliveries", "delivery_id", "webhook_attempts"),
    "complaints": f"{_IN_RANGE} AND (:owner IS NULL OR {_OWN_COMPLAINTS})",
    "complaint_reporters": f"citizen_index = :reporter OR ({_OF_COUNTIES})",
    "citizens": _of_citizen("citizens", "id", "applications", "applicant_id"),
    "payout_accounts": _of_citizen("payout_accounts", "citizen_id", "applications", "applicant_id"),
    "messages": ":everywhere OR citizen_id = :owner",
    "uploads": (
        "owner_id = :owner OR (:owner IS NULL AND (:everywhere OR "
        "EXISTS (SELECT 1 FROM documents WHERE documents.upload_id = uploads.id)))"
    ),
    "upload_parts": _following("uploads", "upload_id", "upload_parts"),
}
_RULES_OF_READING = {
    "audit_records": (
        "(county BETWEEN :low_county AND :high_county OR (county IS NULL AND "
        ":low_county = '000000')) AND citizens @> :owners AND applications @> :applications"
    ),
    "postings": _OF_COUNTIES,
}

# What the statements of hot reads tell of; no sealed column, and nothing they could change.
_HOT = {
    "applications": "id, applicant_id, version, number, program, status, decide_by, decide_by_provisional, erased_at",
    "application_steps": (
        "id, application_id, position, kind, responsible, opened_at, due_on, provisional, basis, closed_at, outcome"
    ),
    "notices": (
        "id, division, kind, program, applicant_name, members_count, monthly_amount_fen, status, posted_on, ends_on"
    ),
    "divisions": "code, valid_from, valid_to, name, level",
    "sessions": "id, subject_id, epoch, revoked_at",
    "session_epochs": "subject_id, epoch",
}
_HOT_UNDER_RULES = [table for table in _HOT if table in _RULES]


def upgrade() -> None:
    op.create_index("documents_upload_id_idx", "documents", ["upload_id"])
    for table, rule in _RULES.items():
        keep_within_reach(table, rule)
    for table, rule in _RULES_OF_READING.items():
        keep_reads_within_reach(table, rule)
    create_role(HOT_ROLE)
    op.execute(f"GRANT USAGE ON SCHEMA public TO {HOT_ROLE}")
    for table, columns in _HOT.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO {HOT_ROLE}")
    for table in _HOT_UNDER_RULES:
        op.execute(f"CREATE POLICY hot_reads ON {table} FOR SELECT TO {HOT_ROLE} USING (true)")


def downgrade() -> None:
    for table in _HOT_UNDER_RULES:
        op.execute(f"DROP POLICY hot_reads ON {table}")
    for table, columns in _HOT.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM {HOT_ROLE}")  # noqa: S608 # nosec B608
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {HOT_ROLE}")
    lift_reach(*_RULES, *_RULES_OF_READING)
    op.drop_index("documents_upload_id_idx", table_name="documents")
