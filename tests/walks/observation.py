"""What is seen from outside: the timeline over HTTP as the phone asks for it, and the rows as they were committed."""

import json
from typing import Any

import asyncpg

from tests.walks.stage import Stage

_CASE = """
SELECT json_build_object(
  'status', a.status, 'version', a.version, 'registered', a.relative_of_staff,
  'decide_by', json_build_array(a.decide_by, a.decide_by_provisional),
  'review', r.status, 'round', r.round,
  'visit_owed', r.county_visit_required_at IS NOT NULL AND NOT EXISTS (
      SELECT FROM visits v WHERE v.application_id = a.id AND v.authority = 'county'
      AND v.way IN ('home', 'phone_video') AND v.recorded_at >= r.county_visit_required_at
      AND v.visited_on >= (r.county_visit_required_at AT TIME ZONE 'Asia/Shanghai')::date),
  'steps', (SELECT coalesce(json_agg(json_build_array(kind, responsible, due_on, provisional)), '[]')
      FROM application_steps WHERE application_id = a.id AND closed_at IS NULL),
  'notices', (SELECT coalesce(json_agg(json_build_array(id, status, ends_on, ends_provisional) ORDER BY id), '[]')
      FROM notices WHERE application_id = a.id AND kind = 'opinion'),
  'check result', (SELECT json_build_array(id, status) FROM check_results WHERE application_id = a.id),
  'letters', (SELECT coalesce(json_agg(status ORDER BY id), '[]') FROM evidence_letters WHERE application_id = a.id),
  'human reviews open', (SELECT count(*) FROM human_reviews WHERE application_id = a.id AND answered_at IS NULL),
  'delivered', EXISTS (SELECT FROM decision_deliveries d JOIN decisions e ON e.id = d.decision_id
      WHERE e.application_id = a.id),
  'award', (SELECT json_build_array(id, status, to_month, monthly_amount_fen) FROM awards WHERE application_id = a.id),
  'lines', (SELECT coalesce(json_agg(json_build_array(l.month, l.kind, l.status, l.amount_fen) ORDER BY l.month), '[]')
      FROM pay_lines l JOIN awards w ON w.id = l.award_id WHERE w.application_id = a.id),
  'payrolls', (SELECT coalesce(json_agg(json_build_array(month, status) ORDER BY id), '[]') FROM payrolls),
  'complaints', (SELECT coalesce(json_agg(json_build_array(id, category, status, due_on) ORDER BY id), '[]')
      FROM complaints WHERE application_id = a.id),
  'told', (SELECT coalesce(json_agg(json_build_array(s.position, e.level)), '[]')
      FROM escalations e JOIN application_steps s ON s.id = e.step_id WHERE e.application_id = a.id)
) FROM applications a LEFT JOIN reviews r ON r.application_id = a.id WHERE a.id = $1
"""
_ACTS = """
SELECT action, actor_id::text AS who, object_id::text AS object, detail FROM audit_records
WHERE NOT look AND ($1 = ANY(applications) OR object_type = 'payroll') ORDER BY id
"""
_SIGNED = """
SELECT signer_id::text FROM visit_signatures WHERE application_id = $1 AND signer_kind = 'investigator'
"""
# What changes although nothing was done: who is signed in, how often somebody asked, answers kept for a repetition.
_RESTLESS = (
    "pgqueuer",
    "pgqueuer_log",
    "pgqueuer_statistics",
    "pgqueuer_schedules",
    "alembic_version",
    "limit_counts",
    "divisions",
    "sessions",
    "refresh_tokens",
    "one_time_codes",
    "kept_answers",
)


class Observer:
    """Looks at one database, over a connection of its own."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._print = ""

    async def look(self, stage: Stage) -> dict[str, Any]:
        """Return what is to be seen of the case, in the model's words; the ids that came up are noted on the way."""
        row = json.loads(await self._connection.fetchval(_CASE, stage.case.id))
        _note_ids(stage, row)
        result, award = row.pop("check result"), row.pop("award")
        seen = row | {
            "steps": sorted(tuple(step) for step in row["steps"]),
            "decide_by": tuple(row["decide_by"]),
            "notices": [tuple(notice[1:]) for notice in row["notices"]],
            "check result": result[1] if result else None,
            "award": award[1] if award else None,
            "to_month": award[2] if award else None,
            "lines": sorted((month, kind, status) for month, kind, status, _ in row["lines"]),
            "amounts": {amount for *_, amount in row["lines"]} | ({award[3]} if award else set()),
            "payrolls": [tuple(payroll) for payroll in row["payrolls"]],
            "complaints": [tuple(complaint[1:]) for complaint in row["complaints"]],
            "told": {(position, level) for position, level in row["told"]},
        }
        if seen["status"] != "discarded":
            seen["timeline"] = await _timeline(stage)
        seen["board"] = len(await stage.case.notices("opinion")) if row["notices"] else 0
        return seen

    async def acts(self, stage: Stage) -> list[dict[str, Any]]:
        """Return the acts on record about the case and the payrolls, oldest first."""
        rows = await self._connection.fetch(_ACTS, stage.case.id)
        return [dict(row) | {"detail": json.loads(row["detail"])} for row in rows]

    async def investigators(self, stage: Stage) -> set[str]:
        """Return who signed for a visit."""
        return {row["signer_id"] for row in await self._connection.fetch(_SIGNED, stage.case.id)}

    async def print(self) -> dict[str, str]:
        """Return a digest of each table's rows, but for what changes although nothing was done, and looks."""
        if not self._print:
            names = await self._connection.fetch(
                "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            tables = sorted({row["name"] for row in names} - set(_RESTLESS))
            self._print = " UNION ALL ".join(_digest(table) for table in tables)
        return {row["name"]: row["digest"] for row in await self._connection.fetch(self._print)}


def _digest(table: str) -> str:
    where = "WHERE NOT look AND object_type <> 'session'" if table == "audit_records" else ""
    rows = f"SELECT md5(t::text) AS row FROM {table} t {where} ORDER BY 1"
    return f"SELECT '{table}' AS name, md5(string_agg(row, '')) AS digest FROM ({rows}) AS rows"


def _note_ids(stage: Stage, row: dict[str, Any]) -> None:
    if row["check result"]:
        stage.ids.result = row["check result"][0]
    if row["notices"]:
        stage.ids.notice = row["notices"][-1][0]
    if row["complaints"]:
        stage.ids.complaint = row["complaints"][-1][0]
    if row["award"]:
        stage.ids.award = row["award"][0]


async def _timeline(stage: Stage) -> dict[str, Any]:
    told = await stage.case.timeline()
    steps = [step for step in told["steps"] if step["state"] == "open"]
    return {
        "status": told["status"],
        "steps": sorted((s["kind"], s["responsible"], s["due_on"], s["provisional"]) for s in steps),
        "decide_by": (told["decide_by"], told["decide_by_provisional"]),
        "waiting_for": told["waiting_for"],
        "next_due_on": told["next_due_on"],
        "paused_because": told["paused_because"],
        "overdue": told.get("overdue", False),
        "next": [step["kind"] for step in told["next"]],
    }
