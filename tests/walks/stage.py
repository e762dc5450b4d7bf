"""Where a walk happens: the whole application, its worker and its database; and how each act is done over HTTP."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from app.facts import Item
from app.identity.actors import Role
from app.identity.models import Staff
from app.identity.queries import find_staff_by_username
from app.reference.commands import LocalParameter, put_parameter
from tests.journeys import acts
from tests.support.callers import Caller
from tests.support.world import World
from tests.walks.days import DAY
from tests.walks.model import Act, Setting
from tests.walks.money import month_of
from tests.walks.people import MOVES, PEOPLE, PLACE_OF, STAFF

_COUNTY, _OTHER_PLACE, _OWN_PLACE = "532529000000", "532529203000", "532529103201"
_CAR, _PLAIN = 16, 0  # families: with a car on the register, and with nothing against them
_TEXT = "入户核实，情况属实。（测试）"


@dataclass
class Ids:
    """What came into being on the way, as who acts on it has to know it."""

    review: str = ""  # of a person's word
    result: str = ""
    notice: str = ""
    complaint: str = ""
    award: str = ""
    payrolls: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)  # for evidence


@dataclass
class Stage:
    """One walk's world, with the one household it is about."""

    world: World
    case: acts.Case
    ids: Ids = field(default_factory=Ids)
    edits: int = 0

    async def do(self, act: Act) -> httpx.Response | None:
        """Do it; returns the answer, None where it was nobody's request. The worker has not worked yet."""
        doing: Callable[[Act], Awaitable[httpx.Response | None]] = getattr(self, f"do_{act.name}")
        return await doing(act)

    async def be_ready(self, act: Act) -> None:
        """Let a citizen sign in before, which leaves traces of its own."""
        if act.who in ("citizen", "neighbour"):
            await self.caller(act.who).get("/v1/me")

    def caller(self, who: str) -> Caller:
        """Return somebody's telephone or console."""
        if who == "citizen":
            return self.case.phone
        if who == "neighbour":
            return self.world.phone(self.world.family(1))
        if who == "villager":
            return self.world.anyone
        return self.world.staff[PEOPLE[who].account]

    async def _post(self, act: Act, path: str, body: Any = None) -> httpx.Response:
        return await self.caller(act.who).send("POST", path, json=body)

    # the citizen

    async def do_edit(self, act: Act) -> httpx.Response:
        self.edits += 1
        return await self._changing(act, "PATCH", {"address": f"测试村民小组 {self.edits + 1} 号"})

    async def do_discard(self, act: Act) -> httpx.Response:
        return await self._changing(act, "DELETE")

    async def _changing(self, act: Act, method: str, body: Any = None) -> httpx.Response:
        read = await self.case.phone.send("GET", self.case.url)
        headers = {"If-Match": read.headers.get("ETag", '"1"')}
        if body is None:
            return await self.caller(act.who).send(method, self.case.url, headers=headers)
        headers["Content-Type"] = "application/merge-patch+json"
        return await self.caller(act.who).send(method, self.case.url, json=body, headers=headers)

    async def do_submit(self, act: Act) -> httpx.Response:
        answer = await self._post(act, f"{self.case.url}/submit", {"truth_promised": "promised" in act.how})
        if answer.is_success:
            self.case.number = answer.json()["number"]
        return answer

    async def do_supplement(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.url}/supplement", {"truth_promised": "promised" in act.how})

    async def do_withdraw(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.url}/withdraw")

    async def do_apply_again(self, act: Act) -> httpx.Response:
        place = self.case.family.division
        return await self._post(act, "/v1/applications", {"program": "living_allowance", "division": place})

    async def do_object_result(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.url}/check-results/{self.ids.result}/object", {"statement": _TEXT})

    async def do_accept_result(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.url}/check-results/{self.ids.result}/accept")

    async def do_ask_person(self, act: Act) -> httpx.Response:
        answer = await self._post(act, f"{self.case.url}/human-reviews", {"why": _TEXT})
        if answer.is_success:
            self.ids.review = answer.json()["id"]
        return answer

    # the township

    async def do_accept(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.console}/accept", {"relative_of_staff": "relative" in act.how})

    async def do_give_back(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.console}/return", {"missing": ["户口簿首页复印件"]})

    async def do_redirect(self, act: Act) -> httpx.Response:
        to = _OWN_PLACE if "own" in act.how else _OTHER_PLACE
        return await self._post(act, f"{self.case.console}/redirect", {"to": to, "reason": _TEXT})

    async def do_extend(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.console}/extend", {"reason": "hard_survey"})

    async def do_terminate(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.console}/terminate", {"reason": _TEXT})

    async def do_visit(self, act: Act, by: str = "visits") -> httpx.Response:
        mate, way, day, present = act.how
        today = self.world.today()
        on = {"today": today, "yesterday": today - DAY, "tomorrow": today + DAY}.get(day, date(2026, 11, 1))
        body = acts.visit_of(self.case, [PEOPLE[mate].account]) | {"way": way, "visited_on": on.isoformat()}
        if present == "nobody":
            body["present"] = []
        return await self._post(act, f"{self.case.console}/{by}", body)

    async def do_county_visit(self, act: Act) -> httpx.Response:
        return await self.do_visit(act, by="county-visits")

    async def do_appraisal(self, act: Act) -> httpx.Response:
        body = {
            "held_on": self.world.today().isoformat(),
            "township_staff": 1,
            "village_officials": 2,
            "informed_members": 1,
            "representatives": 8 if "many" in act.how else 7,  # of twelve, two thirds are eight
            "supports": True,
            "conclusion": _TEXT,
        }
        return await self._post(act, f"{self.case.console}/appraisals", body)

    async def do_write_letter(self, act: Act) -> httpx.Response:
        addressee = {"kind": "employer", "form": "organisation", "name": "测试纺织厂", "address": "测试镇测试路1号"}
        asked = ["enrolment"] if "unfitting" in act.how else ["employment"]  # whether a child learns, asked of a mill
        body = {"member_id": self.case.members["self"], "addressee": addressee, "asked": asked}
        answer = await self._post(act, f"{self.case.console}/evidence-letters", body)
        if answer.is_success:
            self.ids.letters.append(answer.json()["id"])
        return answer

    def _letter(self, act: Act) -> str:
        return f"{self.case.console}/evidence-letters/{self.ids.letters[-1 if 'latest' in act.how else 0]}"

    async def do_send_letter(self, act: Act) -> httpx.Response:
        mate, _, day = act.how
        on = {"today": self.world.today(), "tomorrow": self.world.today() + DAY}.get(day, date(2026, 11, 1))
        body = {"sent_on": on.isoformat(), "way": "post", "investigators": [PEOPLE[mate].account]}
        return await self._post(act, f"{self._letter(act)}/send", body)

    async def do_answer_letter(self, act: Act) -> httpx.Response:
        question = "wages" if "unfitting" in act.how else "employment"
        answers = [{"question": question, "finding": "confirmed"}]
        body = {"received_on": self.world.today().isoformat(), "answers": answers}
        return await self._post(act, f"{self._letter(act)}/answer", body)

    async def do_set_letter_aside(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self._letter(act)}/set-aside", {"reason": _TEXT})

    async def do_recheck(self, act: Act) -> httpx.Response:
        asked = [check["id"] for check in await self.case.checks() if check["item"] == Item.VEHICLES]
        if "cleared" in act.how:
            self.world.outside.sell_cars(self.case.family, self.world.today())
        return await self._post(act, f"{self.case.console}/check-results/{self.ids.result}/recheck", {"checks": asked})

    async def do_opinion(self, act: Act) -> httpx.Response:
        shown = await self.caller(act.who).send("GET", f"{self.case.console}/assessment")
        found = shown.json()["findings"] if shown.is_success else []
        points = [f["rule"] for f in found if f["met"] is None and f["weight"] != "note"]
        body: dict[str, Any] = {"favourable": act.how[0] == "favour", "statement": _TEXT}
        body["reasons"] = dict.fromkeys(points, "入户核实：为维持基本生活所必需。（测试）")
        if "grounded" in act.how:
            body["ground"] = "members_differ"
        if "unposted" in act.how:
            body["skip_notice"] = "orphan"
        return await self._post(act, f"{self.case.console}/opinion", body)

    async def do_deliver(self, act: Act) -> httpx.Response:
        body = {"way": "in_person", "delivered_on": self.world.today().isoformat()}
        return await self._post(act, f"{self.case.console}/decision-deliveries", body)

    # the county, and who decides

    async def do_send_back(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.console}/send-back", {"reason": _TEXT})

    async def do_confirm(self, act: Act) -> httpx.Response:
        return await self._post(act, f"{self.case.console}/confirm", {})

    async def do_refuse(self, act: Act) -> httpx.Response:
        ground = {"ground": "members_differ"} if "grounded" in act.how else {}
        return await self._post(act, f"{self.case.console}/refuse", {"reasons": [_TEXT]} | ground)

    async def do_answer_person(self, act: Act) -> httpx.Response:
        path = f"{self.case.console}/human-reviews/{self.ids.review}/answer"
        return await self._post(act, path, {"answer": _TEXT})

    async def do_assign(self, act: Act) -> httpx.Response:
        to = await self._staff(PEOPLE[act.how[0]].account)
        return await self._post(act, f"/v1/console/complaints/{self.ids.complaint}/assign", {"staff_id": str(to.id)})

    async def do_conclude(self, act: Act) -> httpx.Response:
        return await self._post(act, f"/v1/console/complaints/{self.ids.complaint}/{act.how[0]}", {"text": _TEXT})

    async def do_declare(self, act: Act) -> httpx.Response:
        others = [p for p in acts.living(self.case.family) if p.relation == "spouse"]
        person = (others or [self.case.family.head])[0]
        body = {"relation": "sibling", "name": person.name, "id_number": person.id_number}
        return await self._post(act, "/v1/console/me/relatives", body)

    # the village

    async def do_object_notice(self, act: Act) -> httpx.Response:
        path = f"/v1/public/notices/{self.ids.notice}/objections"
        return await self._post(act, path, {"statement": "他家在县城还有一辆面包车。（测试）"})

    async def do_complain(self, act: Act) -> httpx.Response:
        category, name = act.how
        body: dict[str, Any] = {"category": category, "text": _TEXT, "application_number": self.case.number}
        if name == "named":
            body["reporter"] = {"name": "测试群众", "phone": "19000000077"}
        return await self._post(act, "/v1/public/complaints", body)

    # paying

    def _named_month(self, act: Act) -> str:
        later = {"last": -1, "this": 0, "next": 1, "after": 2}[act.how[0]]
        return month_of(self.world.today(), later).isoformat()[:7]

    async def do_suspend(self, act: Act) -> httpx.Response:
        return await self._post(act, f"/v1/console/awards/{self.ids.award}/suspend", {"reason": "double_benefit"})

    async def do_resume(self, act: Act) -> httpx.Response:
        return await self._post(act, f"/v1/console/awards/{self.ids.award}/resume")

    async def do_hear(self, act: Act) -> httpx.Response:
        body = {"about": "stop", "ground": "income", "opinion": _TEXT, "heard_on": self.world.today().isoformat()}
        return await self._post(act, f"/v1/console/awards/{self.ids.award}/hear", body)

    async def do_stop(self, act: Act) -> httpx.Response:
        body = {"ground": "income", "reason": _TEXT, "last_month": self._named_month(act)}
        return await self._post(act, f"/v1/console/awards/{self.ids.award}/stop", body)

    async def do_build(self, act: Act) -> httpx.Response:
        body = {"program": "living_allowance", "month": self._named_month(act)}
        answer = await self._post(act, "/v1/console/payrolls", body)
        if answer.is_success:
            self.ids.payrolls.append(answer.json()["id"])
        return answer

    def _payroll(self, act: Act) -> str:
        return self.ids.payrolls[-1 if act.how[0] == "latest" else 0]

    async def do_hand_in(self, act: Act) -> httpx.Response:
        return await self._post(act, f"/v1/console/payrolls/{self._payroll(act)}/submit")

    async def do_approve(self, act: Act) -> httpx.Response:
        return await self._post(act, f"/v1/console/payrolls/{self._payroll(act)}/approve")

    async def do_reject(self, act: Act) -> httpx.Response:
        return await self._post(act, f"/v1/console/payrolls/{self._payroll(act)}/reject", {"reason": _TEXT})

    async def do_release(self, act: Act) -> httpx.Response:
        return await self._post(act, f"/v1/console/payrolls/{self._payroll(act)}/release")

    async def do_close_books(self, act: Act) -> httpx.Response:
        return await self._post(act, f"/v1/console/payrolls/{self._payroll(act)}/close")

    # the world

    async def do_banks(self, act: Act) -> None:
        await self.world.banks_call_back()

    async def do_bank_pays(self, act: Act) -> None:
        await self.world.bank_settles(self._payroll(act))

    async def do_move(self, act: Act) -> None:
        name = act.how[0]
        async with self.world.database.unit_of_work("personnel") as db:
            staff = await find_staff_by_username(db, PEOPLE[name].account)
            assert staff is not None
            staff.role, staff.division = Role(MOVES[name]), PLACE_OF[MOVES[name]]

    async def _staff(self, account: str) -> Staff:
        async with self.world.database.reading() as db:
            found = await find_staff_by_username(db, account)
        assert found is not None
        return found

    async def names(self) -> dict[str, str]:
        """Return who is who in the audit: id → name in stories."""
        return {str((await self._staff(person.account)).id): person.name for person in STAFF}


async def set_the_stage(world: World, setting: Setting) -> Stage:
    """Let everybody take their places, and a household have a draft that only waits to be handed in."""
    async with world.database.unit_of_work("operator") as db:
        since = date(2026, 1, 1)
        if setting.delegated:
            row = LocalParameter("procedure", "confirmed_by", _COUNTY, "township", "测试规定", since)
            await put_parameter(db, row)
        if setting.order:
            await put_parameter(db, LocalParameter("procedure", "remote_survey", _COUNTY, True, "测试命令", since))
        if setting.car:
            limit = {"kinds": ["vehicle"], "count": 0}
            province = "530000000000"
            row = LocalParameter("living_allowance", "property.vehicles", province, limit, "测试规定", since)
            await put_parameter(db, row)
    await world.on(setting.begins, hour=9)
    return Stage(world, await acts.begin(world, world.family(_CAR if setting.car else _PLAIN)))
