"""Evidence asked for in writing, told by date: one letter is answered, one by nobody, and one is not waited for."""

import re
from datetime import date
from typing import Any

from tests.journeys import acts
from tests.support.pdf_text import text_of


def _letter(case: acts.Case, relation: str, kind: str, *asked: str, **more: Any) -> dict[str, Any]:
    addressee = {"kind": kind, "form": "organisation", "name": f"测试单位{kind}", "address": "测试镇测试路1号"}
    return {"member_id": case.members[relation], "addressee": addressee, "asked": list(asked), **more}


async def test_a_township_asks_others_in_writing_and_silence_counts_for_nothing(world):
    # 23 November 2026: a household applies; the township accepts and begins to survey by letter.
    case = await acts.apply(world, world.family(0))
    await acts.accept(case)
    township, letters = world.at("township-1"), f"{case.console}/evidence-letters"
    sending = {"sent_on": "2026-11-23", "way": "post", "investigators": [world.at("township-2").username]}
    to_employer = await township.post(letters, _letter(case, "spouse", "employer", "employment", "wages"))
    to_school = await township.post(letters, _letter(case, "child", "school", "enrolment"))
    to_committee = await township.post(letters, _letter(case, "self", "village_committee", "land_and_livestock"))
    await world.drain()
    (first, *_) = (await township.get(letters))["items"]
    assert (first["status"], first["number"][:2], first["actions"]) == ("written", "TZ", ["send", "set_aside"])
    assert (first["addressee"]["name"], first["addressee"]["address"]) == ("测**r", "***")
    assert first["asked"][1]["text"] == "wages, bonuses and allowances of twelve months"

    # It is printed, and anybody to whom it is shown can check it, and learns nothing of whom it concerns.
    paper = await township.send("GET", f"/v1/console/letters/{first['letter_id']}/content")
    said = text_of(paper.content)
    spouse = next(person for person in acts.living(case.family) if person.relation == "spouse")
    assert spouse.name in said
    assert not [each for each in (spouse.id_number, case.family.head.name, case.number) if each in said]
    code = re.search(r"校验码：([0-9A-Z]{12})", said)
    assert code is not None
    checked = await world.anyone.post("/v1/public/letter-checks", {"number": first["number"], "code": code[1]})
    assert (checked["kind"], checked["authority_division"]) == ("evidence", "532529103000")
    assert not {"addressee", "content", "application_number"} & checked.keys()

    # Three are sent, each signed by two: that begins the survey.
    for letter in (to_employer, to_school, to_committee):
        sent = await township.post(f"{letters}/{letter['id']}/send", sending)
        assert (sent["status"], sent["answer_by"]) == ("sent", "2026-12-07")
    assert [visit["way"] for visit in (await case.review())["visits"]] == ["letter"] * 3
    steps = await case.open_steps()
    assert ("survey" in steps, steps["evidence_letter"], steps["home_visit"]) == (False, None, "2026-12-07")
    step = await case.step("evidence_letter")
    assert (step["title"], step["basis"]) == ("Written evidence asked for", "最低生活保障审核确认办法 第十六条")
    assert "测试单位" not in str(await case.timeline())
    assert [each["content"]["kind"] for each in await case.letters()] == ["accepted"], "these are not hers"

    # 25 November: the home is visited, the banks have answered; three letters are still out.
    await world.on(date(2026, 11, 25))
    await acts.verify(case)
    await acts.visit(case)
    opinion = {"favourable": True, "statement": "情况属实。（测试）", "reasons": await acts.reasons_for(case)}
    reviewer = world.at("reviewer")
    assert await reviewer.refused("POST", f"{case.console}/opinion", opinion) == (409, "evidence_awaited")

    # 27 November: the employer answers. The committee's office is closed: the reviewer goes on without, and says why.
    await world.on(date(2026, 11, 27))
    findings = [{"question": "employment", "finding": "confirmed"}, {"question": "wages", "finding": "no_knowledge"}]
    answer = {"received_on": "2026-11-27", "answers": findings, "remarks": "计件，无工资表。（测试）"}
    answered = await township.post(f"{letters}/{to_employer['id']}/answer", answer)
    assert (answered["status"], answered["asked"][0]["finding"]) == ("answered", "confirmed")
    reason = {"reason": "村委会换届期间无人办公，已由邻里访问核实。（测试）"}
    await reviewer.post(f"{letters}/{to_committee['id']}/set-aside", reason)
    assert await reviewer.refused("POST", f"{case.console}/opinion", opinion) == (409, "evidence_awaited")

    # 8 December: the school has said nothing. The township has a task, the household is told, and nothing else happens.
    await world.on(date(2026, 12, 8))
    await world.drain()
    assert (await case.step("evidence_letter"))["outcome"] == "no_answer"
    assert "evidence_unanswered" in await case.open_steps()
    tasks = (await township.get("/v1/console/tasks", queue="township"))["items"]
    assert "evidence_unanswered" in {task["kind"] for task in tasks}
    assert "evidence_letter" not in {
        task["kind"] for task in (await world.at("supervisor").get("/v1/console/escalations"))["items"]
    }

    # The opinion is given, and names all three; what comes on 9 December is on file, and the opinion as it was.
    await acts.opine(case)
    await world.on(date(2026, 12, 9))
    late = {"received_on": "2026-12-09", "answers": [{"question": "enrolment", "finding": "confirmed"}]}
    await township.post(f"{letters}/{to_school['id']}/answer", late)
    (given,) = (await case.review())["opinions"]
    assert [(each["addressee_kind"], each["status"], each["answers"]) for each in given["evidence"]] == [
        ("employer", "answered", {"employment": "confirmed", "wages": "no_knowledge"}),
        ("school", "unanswered", {}),
        ("village_committee", "not_awaited", {}),
    ]

    # Nothing of it speaks against the household: it is granted, and reads that others were asked, not what they said.
    await acts.wait_out_the_notice(case)
    await acts.confirm(case)
    assert await case.status() == "approved"
