"""What is missing: everything at once, so that nobody is sent home twice (D57 art. 10)."""

from app.applications.household import APPLICANT, answers_of, facts_of, is_minor, live_authorisation
from app.applications.models import Application
from app.applications.queries import get_applicant
from app.core.clock import today
from app.core.db import WriteSession
from app.core.errors import Fault
from app.programs.registry import get_program


async def find_missing(db: WriteSession, application: Application, *, truth_promised: bool) -> list[Fault]:
    """Return what keeps the application from being handed in; empty when it is complete."""
    faults, on = [], today(db.clock)
    if not truth_promised:
        faults.append(Fault("/truth_promised", "required", "promise"))
    if application.address_sealed is None:
        faults.append(Fault("/address", "required", "address"))
    number, has_account = await get_applicant(db, application.applicant_id)
    if not has_account:
        faults.append(Fault("/payout_account", "required", "account"))
    selves = [m for m in application.members if m.relation == APPLICANT]
    if len(selves) != 1 or not number:
        faults.append(Fault("/members", "applicant_missing"))
    else:
        own = db.vault.open("citizens.id_number", application.applicant_id, number)
        if db.vault.index("members.id_number", own) != selves[0].id_number_index:
            faults.append(Fault("/members", "applicant_mismatch"))
    faults.extend(
        Fault(f"/members/{member.id}", "authorisation_missing", "guardian" if is_minor(member, on) else "")
        for member in application.members
        if live_authorisation(application, member.id) is None
    )
    program, answers = get_program(application.program), answers_of(db, application)
    faults.extend(
        Fault(f"/answers/{name}", "required", "list") for name in program.must_be_stated() if name not in answers
    )
    members = [facts_of(db, member) for member in application.members]
    faults.extend(program.check_answers(answers, members))
    return faults
