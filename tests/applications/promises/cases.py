"""Households that promise for a paper, and how far each has come."""

from app.applications.commands import (
    Word,
    accept_application,
    make_promise,
    submit_application,
    verify_promise,
)
from app.applications.promise_queries import list_promises
from app.applications.promise_terms import VERSION
from tests.builders.applications import build_draft, build_household
from tests.builders.review import (
    Case,
)

FACT = "户主患慢性病，长期服药。（测试）"


def word_of(household, **given) -> Word:
    member, details = household.members[0]
    values = {
        "kind": "diagnosis",
        "member_id": member,
        "fact": FACT,
        "why": "诊断医院在外省。（测试）",
        "terms_version": VERSION,
        "signer_member_id": member,
        "signer_name": details.name,
        "signer_id_number": details.id_number,
    }
    return Word(**{**values, **given})


async def draft_of(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        return household, (await build_draft(db, household)).id


async def promise_for(database, household, application_id, **given):
    async with database.unit_of_work() as db:
        return await make_promise(db, household.applicant, application_id, word_of(household, **given))


async def accepted_with(database, office):
    """Make an accepted case with a promise."""
    household, application = await draft_of(database)
    promise = await promise_for(database, household, application)
    async with database.unit_of_work() as db:
        await submit_application(db, household.applicant, application, truth_promised=True)
        await accept_application(db, office.handler, application, relative_of_staff=False)
    return Case(application, household, office.handler), promise


async def find_out(database, office, case, promise, *, kept):
    async with database.unit_of_work() as db:
        return await verify_promise(
            db, office.handler, case.id, promise.id, kept=kept, way="letter", finding="经函询医院。（测试）"
        )


async def promises_of(database, application_id):
    async with database.reading() as db:
        return list(await list_promises(db, application_id))
