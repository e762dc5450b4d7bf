"""The use cases of identity."""

from app.identity.commands.codes import request_code, take_code
from app.identity.commands.real_name import record_real_name
from app.identity.commands.sessions import SignedIn, refresh_session, revoke_session, start_session
from app.identity.commands.sign_in import check_staff_password, sign_in_citizen
from app.identity.commands.staff import add_staff, disable_staff

__all__ = [
    "SignedIn",
    "add_staff",
    "check_staff_password",
    "disable_staff",
    "record_real_name",
    "refresh_session",
    "request_code",
    "revoke_session",
    "sign_in_citizen",
    "start_session",
    "take_code",
]
