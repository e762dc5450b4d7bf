"""What identity holds about a citizen: the account, the sign-ins, the codes that were sent."""

from app.core.held import Holding
from app.identity.models import Citizen, IdentityQuestion, OneTimeCode, Session

HELD = (
    Holding(Citizen, lambda who: Citizen.id == who.citizen),
    Holding(
        Session,
        lambda who: Session.subject_id == who.citizen,
        without=frozenset({"subject_id", "epoch"}),
        adds=lambda _, row, __: {"device_bound": row.device_index is not None},
        since="authenticated_at",
        most=100,
    ),
    Holding(
        IdentityQuestion,
        lambda who: IdentityQuestion.citizen_id == who.citizen,
        without=frozenset({"operator"}),
        since="asked_at",
        most=50,
    ),
    Holding(
        OneTimeCode,
        lambda who: OneTimeCode.phone_index == who.indexes["one_time_codes.phone"],
        without=frozenset({"code_sealed"}),  # a code that is still good is not read out over a session
        since="expires_at",
        most=50,
    ),
)
