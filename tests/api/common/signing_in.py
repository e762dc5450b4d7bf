"""What tests of sign-ins do again and again: enter, by phone or by password, and set an authenticator up."""

import httpx
from sqlalchemy import select

from app.identity.models import OneTimeCode
from app.identity.totp import code_at

COUNTY, PASSWORD = "532529000000", "correct horse"
STAFF, OTP, TOKENS, REFRESH = (f"/v1/auth/{name}" for name in ("staff-tokens", "otp", "applicant-tokens", "refresh"))
LIST, STEP_UP, FACTOR = "/v1/console/applications", "/v1/auth/step-ups", "/v1/console/me/second-factor"
PHONE = "19000000001"
DEVICE, OTHER = "A" * 22, "B" * 22


def bearer(tokens: dict) -> dict[str, str]:
    """Return the header of a session."""
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def enter(anyone, **more) -> dict:
    """Sign the clerk in."""
    answer = await anyone.post(STAFF, json={"username": "clerk", "password": PASSWORD, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def code_sent(database) -> str:
    """Return the last code that was sent."""
    async with database.reading() as db:
        row = (await db.execute(select(OneTimeCode).order_by(OneTimeCode.id.desc()).limit(1))).scalar_one()
        return db.vault.open("one_time_codes.code", row.id, row.code_sealed)


async def phone_in(anyone, database, **device) -> dict:
    """Sign a phone in."""
    await anyone.post(OTP, json={"phone": PHONE, **device})
    body = {"phone": PHONE, "code": await code_sent(database), **device}
    return (await anyone.post(TOKENS, json=body)).json()


async def enrol(anyone, tokens: dict, clock) -> tuple[str, list[str]]:
    """Set an authenticator up; returns its secret and the recovery codes."""
    shown = (await anyone.post(FACTOR, headers=bearer(tokens))).json()
    body = {"totp_code": code_at(shown["secret"], clock.now())}
    done = await anyone.post(FACTOR + "/confirm", json=body, headers=bearer(tokens))
    assert done.status_code == 201, done.text
    return shown["secret"], shown["recovery_codes"]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status_code, answer.json()["code"]
