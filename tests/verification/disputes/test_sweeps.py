"""Sweeps over what is disputed see to each row by itself: one that always fails keeps none behind it waiting."""

from types import SimpleNamespace

import pytest
import structlog

from app.core.ids import new_id
from app.core.sweeping import Apart, RowsFailed
from app.letters import jobs as letters
from app.verification import report_jobs as reports

_ROWS = [SimpleNamespace(id=new_id(), application_id=new_id(), member_id=new_id()) for _ in range(3)]
_IDS, _APPLICATIONS = [each.id for each in _ROWS], [each.application_id for each in _ROWS]
_SWEEPS = {
    "renew_expired_reports": (reports, "list_expired", _APPLICATIONS, "renew_report", _APPLICATIONS),
    "end_unauthorised_disputes": (reports, "list_unauthorised", _ROWS, "let_disputes_lapse", _APPLICATIONS),
    "pursue_disputes": (reports, "list_to_move_on", _IDS, "move_on", _IDS),
    "write_owed_corrections": (letters, "list_unwritten", _ROWS, "_write_correction", _APPLICATIONS),
}


@pytest.mark.parametrize("name", _SWEEPS)
async def test_a_row_that_fails_is_logged_the_others_are_seen_to_and_the_sweep_fails_at_its_end(
    database, monkeypatch, name
):
    module, listing, rows, act, subjects = _SWEEPS[name]
    seen = []

    async def found(*_, **__):
        return rows

    async def see_to(_, subject, *__, **___):
        seen.append(subject)
        if subject == subjects[0]:
            raise ValueError("a row that cannot be read")

    monkeypatch.setattr(module, listing, found)
    monkeypatch.setattr(module, act, see_to)
    with structlog.testing.capture_logs() as logs, pytest.raises(RowsFailed, match="1 rows"):
        await getattr(module, name)(database)

    assert seen == subjects
    assert [(each["event"], each["job"], each["error_type"]) for each in logs] == [
        ("row of a sweep failed", name, "ValueError")
    ]


def test_where_no_row_fails_the_sweep_does_not_either():
    apart = Apart("a_sweep")
    with apart.row(new_id()):
        pass

    apart.finish()
