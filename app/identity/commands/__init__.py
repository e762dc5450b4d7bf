"""The use cases of identity."""

from app.identity.commands.codes import request_code, take_code
from app.identity.commands.real_name import open_account, phone_of, record_real_name, refuse_other_number
from app.identity.commands.second_factor import (
    Enrolment,
    confirm_second_factor,
    enrol_second_factor,
    reset_second_factor,
)
from app.identity.commands.sessions import (
    SignedIn,
    end_all_sessions,
    end_sessions_under,
    refresh_session,
    renew_session,
    revoke_session,
    start_session,
)
from app.identity.commands.sign_in import (
    Code,
    check_presence,
    check_staff_password,
    is_own_device,
    is_own_phone,
    sign_in_citizen,
    sign_in_staff,
)
from app.identity.commands.staff import add_staff, change_password, disable_staff, move_staff

__all__ = [
    "Code",
    "Enrolment",
    "SignedIn",
    "add_staff",
    "change_password",
    "check_presence",
    "check_staff_password",
    "confirm_second_factor",
    "disable_staff",
    "end_all_sessions",
    "end_sessions_under",
    "enrol_second_factor",
    "is_own_device",
    "is_own_phone",
    "move_staff",
    "open_account",
    "phone_of",
    "record_real_name",
    "refresh_session",
    "refuse_other_number",
    "renew_session",
    "request_code",
    "reset_second_factor",
    "revoke_session",
    "sign_in_citizen",
    "sign_in_staff",
    "start_session",
    "take_code",
]
