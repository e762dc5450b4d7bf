"""What people do in the stories: each act one person's, over HTTP, with plausible contents.

A story says when and who; these say how.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from app.sandbox.persons import Household, Person
from tests.support.callers import Caller, Console, Phone
from tests.support.world import World

AMOUNT = 68_750  # fen a month: 3 persons × 4,550 yuan a year, less 5,400 yuan of income a year, over twelve months
_FINDINGS = "土木结构住房一处，种植玉米，饲养生猪两头，家中无机动车。（测试）"


@dataclass
class Case:
    """An application and the people around it."""

    world: World
    family: Household
    id: str
    members: dict[str, str]  # relation → member id
    number: str = ""
    lookup_code: str = ""
    payrolls: list[str] = field(default_factory=list)

    @property
    def phone(self) -> Phone:
        """The head's telephone."""
        return self.world.phone(self.family)

    @property
    def url(self) -> str:
        """Where the citizen finds it."""
        return f"/v1/applications/{self.id}"

    @property
    def console(self) -> str:
        """Where caseworkers find it."""
        return f"/v1/console/applications/{self.id}"

    async def status(self) -> str:
        """Return how the citizen sees it stand."""
        return str((await self.phone.get(self.url))["status"])

    async def review(self) -> dict[str, Any]:
        """Return the review as the township sees it."""
        found: dict[str, Any] = await self.world.at("reviewer").get(f"{self.console}/review")
        return found

    async def checks(self) -> list[dict[str, Any]]:
        """Return every question to an agency."""
        page = await self.world.at("township-1").get(f"{self.console}/checks")
        return list(page["items"])

    async def timeline(self) -> dict[str, Any]:
        """Return the citizen's timeline, in which no code stands without words."""
        found: dict[str, Any] = await self.phone.get(f"{self.url}/timeline")
        wordless = [step for step in found["steps"] if (step["outcome"] is None) is ("outcome_words" in step)]
        assert (wordless, bool(found["status_words"])) == ([], True)
        return found

    async def open_steps(self) -> dict[str, str | None]:
        """Return what the timeline waits for, and until when."""
        return {step["kind"]: step["due_on"] for step in (await self.timeline())["steps"] if step["state"] == "open"}

    async def to_come(self) -> list[str]:
        """Return what the timeline says will follow."""
        return [step["kind"] for step in (await self.timeline())["next"]]

    async def step(self, kind: str) -> dict[str, Any]:
        """Return the latest step of a kind."""
        found: dict[str, Any] = [step for step in (await self.timeline())["steps"] if step["kind"] == kind][-1]
        return found

    async def notices(self, kind: str) -> list[dict[str, Any]]:
        """Return what anybody sees posted in the village about this family."""
        page = await self.world.anyone.get("/v1/public/notices", division=self.family.division, limit=100)
        return [n for n in page["items"] if (n["kind"], n["applicant_name"]) == (kind, self.family.head.name)]

    async def letters(self) -> list[dict[str, Any]]:
        """Return what the household was told in writing, oldest first."""
        found = await self.phone.get(f"{self.url}/letters")
        return [await self.phone.get(f"/v1/letters/{line['id']}") for line in found["items"]]

    async def payments(self) -> list[tuple[str, str, int, str]]:
        """Return the citizen's payments, the oldest first: month, kind, amount, status."""
        items = (await self.phone.get("/v1/payments"))["items"]
        return [(p["month"], p["kind"], p["amount_fen"], p["status"]) for p in reversed(items)]


def living(family: Household) -> list[Person]:
    """Return the members that are listed: those alive."""
    return [person for person in family.members if person.deceased_on is None]


async def begin(world: World, family: Household) -> Case:
    """Sign in, prove the name, fill a draft in completely, let every adult sign."""
    case = await begin_without_signatures(world, family)
    for person in living(family):
        if person.relation != "child":
            await sign(case, person)
    return case


async def begin_without_signatures(world: World, family: Household) -> Case:
    """Do all that but sign."""
    phone, head = world.phone(family), family.head
    await phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    return await begin_as(world, family, phone)


async def begin_as(world: World, family: Household, phone: Caller) -> Case:
    """Do that as who has proved the name already, or acts for the head."""
    head = family.head
    await phone.put("/v1/payout-account", {"bank_code": "RCC", "account": head.accounts[0].number})
    draft = await phone.post("/v1/applications", {"program": "living_allowance", "division": family.division})
    members = {person.relation: str(uuid4()) for person in living(family)}
    case = Case(world, family, draft["id"], members)
    for person in living(family):
        await put_member(case, person, by=phone)
    await phone.patch(case.url, {"answers": answers_of(case), "address": "测试村民小组 1 号"})
    return case


async def put_member(case: Case, person: Person, *, by: Caller | None = None) -> None:
    """List a member, in the place of whoever has this relation already."""
    phone = by or case.phone
    is_child, path = person.relation == "child", f"{case.url}/members/{case.members[person.relation]}"
    declared = {"relation": person.relation, "name": person.name, "id_number": person.id_number}
    draft = await phone.get(case.url)
    is_there = case.members[person.relation] in {member["id"] for member in draft["members"]}
    body = {**declared, "can_work": not is_child, "student": is_child}
    await phone.put(path, body, seen=draft["version"] if is_there else None)


def answers_of(case: Case) -> dict[str, Any]:
    """Declare 5,400 yuan of income a year, the house, and what the banks hold, to the fen."""
    head, spouse = case.members["self"], case.members["spouse"]
    business = {"member": head, "kind": "business", "detail": "种养殖", "amount_fen": 620_000, "costs_fen": 260_000}
    odd_jobs = {"member": spouse, "kind": "wage", "detail": "零工", "amount_fen": 180_000, "costs_fen": 0}
    owned = [{"kind": "dwelling", "owner": head, "value_fen": None, "count": 1}]
    for person in living(case.family):
        balance = sum(account.balance_fen for account in person.accounts if account.state == "open")
        if balance:
            line = {"kind": "deposit", "owner": case.members[person.relation], "value_fen": balance, "count": 1}
            owned.append(line)
    income = [line | {"period": "year"} for line in (business, odd_jobs)]
    return {"income": income, "expenses": [], "property": owned, "supporters": []}


async def sign(case: Case, person: Person) -> None:
    """Sign a member's authorisation."""
    member = case.members[person.relation]
    body = {"member_id": member, "signer_name": person.name, "signer_id_number": person.id_number}
    await case.phone.post(f"{case.url}/authorisations", body)


async def submit(case: Case) -> None:
    """Hand the draft in."""
    done = await case.phone.post(f"{case.url}/submit", {"truth_promised": True})
    case.number, case.lookup_code = done["number"], done["lookup_code"]
    await case.world.drain()


async def apply(world: World, family: Household) -> Case:
    """Fill in and hand in."""
    case = await begin(world, family)
    await submit(case)
    return case


async def accept(case: Case, *, relative_of_staff: bool = False) -> None:
    """Let the township accept, and the worker put the questions."""
    body = {"relative_of_staff": relative_of_staff}
    await case.world.at("township-1").post(f"{case.console}/accept", body)
    await case.world.drain()


async def verify(case: Case) -> None:
    """Let the banks call back about everything they were asked."""
    await case.world.banks_call_back()
    await case.world.drain()


async def visit(case: Case, *team: Console, by: str = "visits") -> None:
    """Let a team visit the home today; the first one of it writes."""
    first, *others = team or (case.world.at("township-1"), case.world.at("township-2"))
    await first.post(f"{case.console}/{by}", visit_of(case, [other.username for other in others]))
    await case.world.drain()


def visit_of(case: Case, others: list[str]) -> dict[str, Any]:
    """Describe a visit to the home today, by whoever writes it and `others`, with the head present."""
    return {
        "way": "home",
        "visited_on": case.world.today().isoformat(),
        "findings": _FINDINGS,
        "investigators": others,
        "present": [case.members["self"]],
    }


async def reasons_for(case: Case) -> dict[str, str]:
    """Settle every point that the rules leave open today."""
    assessment = await case.world.at("reviewer").get(f"{case.console}/assessment")
    points = [f["rule"] for f in assessment["findings"] if f["met"] is None and f["weight"] != "note"]
    return dict.fromkeys(points, "入户核实：为维持基本生活所必需。（测试）")


async def let_results_stand(case: Case) -> None:
    """Let the household accept what was found against it, where anything was."""
    for result in (await case.phone.get(f"{case.url}/check-results"))["items"]:
        if result["status"] == "told":
            await case.phone.post(f"{case.url}/check-results/{result['id']}/accept")


async def owner_of_a_car(case: Case) -> str:
    """Return the member whose car the report tells of."""
    report = await case.phone.get(f"{case.url}/report")
    return next(
        member["member_id"]
        for member in report["members"]
        for item in member["items"]
        for field in item["fields"]
        if field["key"] == "vehicle_count" and field["found"]
    )


async def opine(case: Case, *, favourable: bool = True, ground: str | None = None) -> None:
    """Let the reviewer give the opinion, and the worker post it; one against a household that the rules speak for names
    the ground it rests on."""
    await let_results_stand(case)
    statement = "符合条件，建议纳入。（测试）" if favourable else "经入户调查，不符合规定条件。（测试）"
    body: dict[str, Any] = {"favourable": favourable, "statement": statement, "reasons": await reasons_for(case)}
    if ground is not None:
        body["ground"] = ground
    await case.world.at("reviewer").post(f"{case.console}/opinion", body)
    await case.world.drain()


async def wait_out_the_notice(case: Case) -> None:
    """Go on to the day after the notice's last day."""
    notice = (await case.notices("opinion"))[0]
    await case.world.on(date.fromisoformat(notice["ends_on"]) + timedelta(days=1))


async def confirm(case: Case) -> dict[str, Any]:
    """Let the county confirm, and the worker open the award; returns the decision."""
    review = await case.world.at("confirmer").post(f"{case.console}/confirm", {})
    await case.world.drain()
    decision: dict[str, Any] = review["decision"]
    return decision


async def reach_the_opinion(world: World, family: Household) -> Case:
    """Tell, in one day, everything up to the point where the township can give its opinion."""
    case = await apply(world, family)
    await accept(case)
    await verify(case)
    await visit(case)
    return case


async def reach_the_county(world: World, family: Household) -> Case:
    """Go on to where the county decides, after a notice nobody objected to."""
    case = await reach_the_opinion(world, family)
    await opine(case)
    await wait_out_the_notice(case)
    return case


async def reach_the_award(world: World, family: Household) -> Case:
    """Go on to a granted allowance."""
    case = await reach_the_county(world, family)
    await confirm(case)
    return case


async def build_payroll(world: World, month: str) -> str:
    """Let the county build and hand in the month's payroll, and another person approve it; returns its id."""
    built = await world.at("county-1").post("/v1/console/payrolls", {"program": "living_allowance", "month": month})
    await approve_payroll(world, built["id"])
    return str(built["id"])


async def approve_payroll(world: World, payroll: str) -> None:
    """Hand a payroll in and approve it."""
    await world.at("county-1").post(f"/v1/console/payrolls/{payroll}/submit")
    await world.at("confirmer").post(f"/v1/console/payrolls/{payroll}/approve")


async def release_payroll(world: World, payroll: str) -> dict[str, Any]:
    """Let finance release a payroll, the worker send it, the bank carry it out; returns what its receipts changed."""
    await world.at("finance").post(f"/v1/console/payrolls/{payroll}/release")
    await world.drain()
    outcome = await world.bank_settles(payroll)
    await world.drain()
    return outcome


async def pay(world: World, month: str) -> str:
    """Pay a month from the roster to the closed books."""
    payroll = await build_payroll(world, month)
    await release_payroll(world, payroll)
    await world.at("finance").post(f"/v1/console/payrolls/{payroll}/close")
    return payroll
