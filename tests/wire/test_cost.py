"""What an application costs on the wire: a phone plan in the mountains is small, and the network weak.

Counted between a phone-like client (headers of a mini-program, one connection kept) and a real server, both directions,
headers included, without TLS. TLS adds about 5 kB per connection and 44 bytes per exchange: an allowance for it is
part of the budget here.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from app.applications.clocks import LIMITS, Responsible, StepKind
from app.applications.steps import close_step, open_step_until
from app.core.clock import legal_date
from app.facts import FactKey, Item
from app.identity.models import OneTimeCode
from app.reference.calendar import DueDate
from tests.builders.applications import build_household, build_submitted
from tests.builders.people import make_id_number
from tests.support.metered import Meter, metered

VILLAGE = "532529103204"
PHONE = "19000000077"
WHOLE, STATUS, SCREEN = 60_000, 1_000, 10_000  # bytes
TLS_CONNECTION, TLS_EXCHANGE = 5_000, 44
DETOURS = {
    StepKind.SUPPLEMENT,
    StepKind.RE_SURVEY,
    StepKind.PAYMENT,
    StepKind.CORRECTION,
    StepKind.AWARD_REVIEW,
    StepKind.CHECK_OBJECTION,
    StepKind.RECHECK,
    StepKind.TOWNSHIP_CONFIRMATION,
    StepKind.PROMISE_CHECK,
    StepKind.BROKEN_PROMISE,
    StepKind.REPAYMENT,
    StepKind.MANUAL_ENTRY,
    StepKind.REPORT_DISPUTE,
    StepKind.CORRECTION_LETTER,
    StepKind.PERIODIC_REVIEW,
    StepKind.HAND_OVER,
    StepKind.EVIDENCE_LETTER,
    StepKind.EVIDENCE_UNANSWERED,
    StepKind.AWARD_DECISION,
    StepKind.DECISION_REVISIT,
}  # not of every application
# How steps end that go on to the next one.
ENDS = {
    StepKind.ACCEPTANCE: "accepted",
    StepKind.SUPPLEMENT: "supplemented",
    StepKind.SURVEY: "started",
    StepKind.HOME_VISIT: "visited",
    StepKind.VERIFICATION: "complete",
    StepKind.MANUAL_ENTRY: "entered",
    StepKind.OPINION: "favourable",
    StepKind.RE_SURVEY: "favourable",
    StepKind.NOTICE: "no_objection",
    StepKind.CONFIRMATION: "approved",
    StepKind.TOWNSHIP_CONFIRMATION: "approved",
    StepKind.DECISION_NOTICE: "delivered",
    StepKind.DECISION_REVISIT: "apply_again",
    StepKind.FIRST_PAYMENT: "paid",
    StepKind.PAYMENT: "paid",
    StepKind.CORRECTION: "accepted",
    StepKind.AWARD_REVIEW: "adjusted",
    StepKind.CHECK_OBJECTION: "objected",
    StepKind.RECHECK: "asked",
    StepKind.PROMISE_CHECK: "verified",
    StepKind.BROKEN_PROMISE: "reduced",
    StepKind.REPAYMENT: "repaid",
    StepKind.REPORT_DISPUTE: "corrected",
    StepKind.CORRECTION_LETTER: "sent",
    StepKind.PERIODIC_REVIEW: "unchanged",
    StepKind.HAND_OVER: "declined",
    StepKind.EVIDENCE_LETTER: "no_answer",
    StepKind.EVIDENCE_UNANSWERED: "received",
    StepKind.AWARD_DECISION: "reduced",
}
_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

# What mini-programs add to every request.
MINI_PROGRAM = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 12; M2006C3LC Build/SP1A.210812.016; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.103 Mobile Safari/537.36 XWEB/1300333 MMWEBSDK/20241202 "
    "MMWEBID/1234 MicroMessenger/8.0.56.2800(0x28003855) WeChat/arm64 Weixin NetType/3gnet Language/zh_CN ABI/arm64 "
    "MiniProgramEnv/android",
    "Referer": "https://servicewechat.com/wx0123456789abcdef/12/page-frame.html",
    "Accept": "*/*",
    "charset": "utf-8",
}


class MiniProgram:
    """A phone that keeps its connection and knows what each exchange cost."""

    def __init__(self, http: httpx.AsyncClient, meter: Meter) -> None:
        self._http = http
        self._meter = meter
        self._etag: str | None = None
        self.costs: list[tuple[str, int]] = []  # of both directions
        self.answer_size = 0  # of the last answer

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Make one exchange and note its cost."""
        before, down = self._meter.bytes, self._meter.down
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        answer = await self._http.request(method, path, json=body, headers=headers)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        self.costs.append((f"{method} {re.sub(_UUID, '…', path)}", self._meter.bytes - before))
        self.answer_size = self._meter.down - down
        return answer

    async def edit(self, method: str, path: str, body: Any) -> None:
        """Change the draft, knowing its last version."""
        headers = {"If-Match": self._etag} if self._etag else {}
        if method == "PATCH":  # which a mini-program cannot send
            headers |= {"X-HTTP-Method-Override": "PATCH", "Content-Type": "application/merge-patch+json"}
        self._etag = (await self.send("POST" if method == "PATCH" else method, path, body, **headers)).headers["etag"]

    def accept(self, codings: str) -> None:
        """Say which codings it can unpack."""
        self._http.headers["Accept-Encoding"] = codings

    def carry(self, token: str) -> None:
        """Show the token from now on."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    @property
    def whole(self) -> int:
        """All so far, with an allowance for TLS."""
        return self._meter.bytes + TLS_CONNECTION * self._meter.connections + TLS_EXCHANGE * len(self.costs)

    @property
    def connections(self) -> int:
        """How often it had to connect."""
        return self._meter.connections


@pytest_asyncio.fixture
async def mini_program(app) -> AsyncIterator[MiniProgram]:
    """A phone over a metered link; nothing but the SMS comes another way."""
    tools = app.state.tools
    app.state.tools = replace(tools, settings=tools.settings.model_copy(update={"limit_factor": 1}))
    async with (
        metered(app) as meter,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{meter.port}", headers=MINI_PROGRAM, timeout=20) as http,
    ):
        yield MiniProgram(http, meter)


async def _code(database) -> str:
    async with database.reading() as db:
        row = (await db.execute(select(OneTimeCode))).scalar_one()
        return db.vault.open("one_time_codes.code", row.id, row.code_sealed)


async def _sign_in(phone: MiniProgram, database, name: str, number: str) -> None:
    await phone.send("POST", "/v1/auth/otp", {"phone": PHONE})
    given = {"phone": PHONE, "code": await _code(database)}
    phone.carry((await phone.send("POST", "/v1/auth/applicant-tokens", given)).json()["access_token"])
    await phone.send("POST", "/v1/auth/identity-verifications", {"name": name, "id_number": number})
    await phone.send("GET", "/v1/me")


async def _fill_in(phone: MiniProgram, draft: str, people: list[dict[str, Any]]) -> None:
    """Everything is saved page by page, as it is entered."""
    ids = [str(uuid4()) for _ in people]
    for member, person in zip(ids, people, strict=True):
        await phone.edit("PUT", f"{draft}/members/{member}", person)
    income = [
        {"member": ids[0], "kind": "business", "detail": "种植玉米、养猪", "amount_fen": 620_000, "costs_fen": 260_000},
        {"member": ids[1], "kind": "wage", "detail": "零工", "amount_fen": 180_000, "costs_fen": 0},
    ]
    owned = [
        {"kind": "dwelling", "owner": ids[0], "value_fen": None, "count": 1},
        {"kind": "deposit", "owner": ids[0], "value_fen": 150_000, "count": 1},
    ]
    for page in (
        {"address": "测试村民小组 1 号"},
        {"answers": {"income": [{**line, "period": "year"} for line in income]}},
        {"answers": {"expenses": []}},
        {"answers": {"property": owned}},
        {"answers": {"supporters": []}},
    ):
        await phone.edit("PATCH", draft, page)
    for member, person in zip(ids, people, strict=True):
        if person["relation"] != "child":
            signed = {"member_id": member, "signer_name": person["name"], "signer_id_number": person["id_number"]}
            await phone.send("POST", f"{draft}/authorisations", signed)


@pytest.mark.parametrize("accepted", ["gzip,compress,br,deflate", "identity"])
async def test_a_whole_application_fits_into_60_kilobytes(mini_program, database, partners, accepted):
    phone, name, number = mini_program, "测试甲", make_id_number(date(1980, 5, 17))
    phone.accept(accepted)
    partners["public_security"].learn(
        Item.IDENTITY, number, {FactKey.REGISTERED_NAME: name, FactKey.BIRTH_DATE: date(1980, 5, 17)}, date(2026, 1, 1)
    )
    people = [
        {"relation": "self", "name": name, "id_number": number},
        {"relation": "spouse", "name": "测试乙", "id_number": make_id_number(date(1982, 3, 1))},
        {"relation": "child", "name": "测试丙", "id_number": make_id_number(date(2016, 9, 9)), "student": True},
    ]
    screens = [
        "/v1/public/service-items?program=living_allowance",
        f"/v1/public/standards?division={VILLAGE}&program=living_allowance",
    ]

    await _sign_in(phone, database, name, number)
    for screen in screens:
        await phone.send("GET", screen)
    await phone.send("PUT", "/v1/payout-account", {"bank_code": "RCC", "account": "9900001234567890128"})
    begun = await phone.send("POST", "/v1/applications", {"program": "living_allowance", "division": VILLAGE})
    draft = f"/v1/applications/{begun.json()['id']}"
    await _fill_in(phone, draft, people)
    await phone.send("POST", f"{draft}/submit", {"truth_promised": True})
    submitted = phone.whole
    timeline = await phone.send("GET", f"{draft}/timeline")
    status = phone.answer_size
    await phone.send("GET", draft)
    await phone.send("GET", "/v1/applications")

    table = "\n".join(f"{cost:6} {what}" for what, cost in phone.costs)
    print(f"\n{accepted}: {submitted} bytes, status {status}\n{table}")
    assert timeline.json()["status"] == "submitted"
    assert phone.connections == 1
    assert submitted <= WHOLE, table
    # A phone that unpacks nothing is told what follows, too, and that alone is seven steps with title, time and law.
    assert status < (2 * STATUS if accepted == "identity" else STATUS)
    assert max(cost for _, cost in phone.costs) < SCREEN, table


# At the end of the way nine steps say in words what came of each, and how to complain: the codes alone, each another
# one, are more than the first answer's limit, and it is the words that tell a citizen anything. All detours at once (a
# supplement, objections to findings and to the notice, late payment, a correction, …: 29 steps) cost more, and so do
# the remedies that follow the last of them, an award that is lowered.
@pytest.mark.parametrize(("detours", "most"), [(False, 1.25 * STATUS), (True, 2.5 * STATUS)])
async def test_the_status_answer_stays_small_at_the_end_of_the_way(
    mini_program, sign_in, database, clock, detours, most
):
    way = [kind for kind in StepKind if kind is not StepKind.ACCEPTANCE and (detours or kind not in DETOURS)]
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_submitted(db, household)
        await close_step(db, application, StepKind.ACCEPTANCE, "accepted")
        # The next step opens when one is done; none of them is ever done at a full hour.
        for number, kind in enumerate(way):
            responsible = LIMITS[kind].responsible if kind in LIMITS else Responsible.BANK
            due = DueDate(legal_date(clock.now() + timedelta(days=number)), False)
            await open_step_until(
                db, application, kind, responsible, due, LIMITS.get(kind, LIMITS[StepKind.NOTICE]).basis
            )
            clock.advance(timedelta(hours=30 + number, minutes=13 * number, seconds=7 * number))
            await close_step(db, application, kind, ENDS[kind])
    phone = mini_program
    phone.accept("gzip,compress,br,deflate")
    phone.carry((await sign_in(household.applicant)).headers["authorization"].removeprefix("Bearer "))

    answer = await phone.send("GET", f"/v1/applications/{application.id}/timeline")
    print(f"\n{len(way) + 1} steps: {phone.answer_size} bytes; {len(answer.content)} of body unpacked")
    assert phone.answer_size < most

    lookup = {"number": application.number, "lookup_code": application.lookup_code}
    await phone.send("POST", "/v1/public/status-lookups", lookup)
    print(f"by number: {phone.answer_size} bytes")
    assert phone.answer_size < most
