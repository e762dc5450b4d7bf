"""What notices hold about a citizen: what was posted where until when, and that somebody objected. Not who, nor why."""

from app.core.held import Holding
from app.notices.models import Notice, Objection
from app.notices.queries import notices_about

HELD = (
    Holding(Notice, lambda who: Notice.application_id.in_(who.cases), without=frozenset({"county"})),
    Holding(
        Objection,
        lambda who: Objection.notice_id.in_(notices_about(who.cases)),
        without=frozenset({"county", "number", "statement_sealed", "name_sealed", "phone_sealed"}),
        withheld=("statement", "name", "phone"),
    ),
)
