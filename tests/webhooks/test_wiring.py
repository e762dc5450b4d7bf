"""The worker's table: every event goes out, and what concerns a citizen becomes a message."""

from types import SimpleNamespace

from app.applications.events import ApplicationAccepted
from app.complaints.events import ComplaintAnswered, ComplaintReceived
from app.core.ids import new_id
from app.events.handlers import handlers_of, name_of
from app.notifications.commands import SEND_MESSAGE
from app.schedule import handlers, jobs, sweeps
from app.webhooks.jobs import DELIVER

TOOLS = SimpleNamespace(
    partners={},
    sms=None,
    bank=SimpleNamespace(code="paying_bank"),
    webhooks=None,
    storage=None,
    keys=None,
    patience=None,
    batch_partners={},
    unconnected={},
    turn=None,
)


def _heard_by(event):
    return {name_of(handler) for handler in handlers_of(handlers(TOOLS), event)}


def test_every_event_is_fanned_out():
    given = {"subject": new_id(), "county": "532529"}

    assert _heard_by(ComplaintReceived(category="report", **given)) == {"fan_out"}
    assert _heard_by(ComplaintAnswered(outcome="upheld", **given)) == {"fan_out", "tell_reporter"}
    assert {"fan_out", "notify_applicant"} <= _heard_by(ApplicationAccepted(applicant_id=new_id(), **given))


def test_the_worker_knows_the_jobs_and_what_falls_due():
    assert {DELIVER, SEND_MESSAGE} <= set(jobs(TOOLS))
    assert {"enqueue_due_deliveries", "enqueue_due_messages", "forget_ended_windows"} <= {
        name_of(sweep) for sweep in sweeps(TOOLS)
    }
