"""What is rarer on its way through the law, told by date across New Year and Spring Festival 2027, both unannounced."""

from datetime import date

from app.reference.commands import LocalParameter, put_parameter
from tests.journeys import acts
from tests.support.callers import Acting

_COUNTY = "532529000000"


async def test_a_survey_by_telephone_counts_while_an_order_allows_it_and_not_a_day_longer(world, database):
    # An emergency from 1 to 3 February 2027. Friday, 29 January: accepted; three working days to begin the survey.
    async with database.unit_of_work("operator") as db:
        first, last = date(2027, 2, 1), date(2027, 2, 3)
        await put_parameter(db, LocalParameter("procedure", "remote_survey", _COUNTY, True, "测试命令", first, last))
    await world.on(date(2027, 1, 29))
    case = await acts.apply(world, world.family(0))
    await acts.accept(case)
    await acts.verify(case)
    assert await case.open_steps() == {"survey": "2027-02-03"}
    handler, visits = world.at("township-1"), f"{case.console}/visits"

    def by_telephone(on: date) -> dict:
        return acts.visit_of(case, [world.at("township-2").username]) | {
            "way": "phone_video",
            "visited_on": on.isoformat(),
        }

    too_early = await handler.refused("POST", visits, by_telephone(date(2027, 1, 29)))
    assert too_early == (422, "remote_survey_not_allowed")

    # Thursday, 4 February: the order has ended, and nobody telephones any more; what was done under it may be written.
    await world.on(date(2027, 2, 4))
    too_late = await handler.refused("POST", visits, by_telephone(date(2027, 2, 4)))
    assert too_late == (422, "remote_survey_not_allowed")
    unsigned = by_telephone(date(2027, 2, 3)) | {"present": []}
    assert await handler.refused("POST", visits, unsigned) == (422, "household_signature_missing")
    await handler.post(visits, by_telephone(date(2027, 2, 3)))
    opinion = await case.step("opinion")
    # The festival's days off are an estimate, and so is the last of ten working days beyond them.
    assert (opinion["state"], opinion["provisional"]) == ("open", True)
    assert opinion["due_on"] > "2027-02-18"
    await acts.opine(case)
    assert (await case.review())["status"] == "on_notice"


async def test_a_childs_case_is_not_posted_and_lies_with_the_county_over_the_festival(world):
    # 1 February 2027: the family is a little above the line; its child applies alone, through the father.
    await world.on(date(2027, 2, 1))
    case = await acts.begin(world, world.family(0))
    wage = {"member": case.members["spouse"], "kind": "wage", "detail": "务工", "amount_fen": 125_000, "costs_fen": 0}
    alone = {"member": case.members["child"], "ground": "special_difficulty"}
    answers = acts.answers_of(case) | {"income": [wage | {"period": "month"}], "alone": alone}
    await case.phone.patch(case.url, {"answers": answers})
    await acts.submit(case)
    await acts.accept(case)
    await acts.verify(case)
    await acts.visit(case)

    # Thursday, 4 February, the day before the festival: a child that nobody looks after is not posted,
    # and the family is told so; an orphan it is not, whose own father applies.
    await world.on(date(2027, 2, 4))
    await acts.let_results_stand(case)
    body = {"favourable": True, "statement": "符合条件。（测试）", "reasons": await acts.reasons_for(case)}
    opinion, reviewer = f"{case.console}/opinion", world.at("reviewer")
    unfounded = body | {"favourable": False, "skip_notice": "orphan"}
    assert await reviewer.refused("POST", opinion, unfounded) == (422, "notice_not_skippable")
    assert await reviewer.refused("POST", opinion, body | {"skip_notice": "shame"}) == (422, "input_invalid")
    assert await reviewer.refused("POST", opinion, body | {"skip_notice": "orphan"}) == (422, "notice_not_skippable")
    await reviewer.post(opinion, body | {"skip_notice": "de_facto_orphan"})
    await world.drain()
    assert (await case.step("notice"))["outcome"] == "not_posted_de_facto_orphan"
    assert await case.notices("opinion") == []

    # Ten working days of the county: none of the festival's days is one, nor is any of them late.
    confirmation = await case.step("confirmation")
    assert confirmation["provisional"] is True
    await world.on(date(2027, 2, 15))
    assert "overdue" not in await case.timeline()
    assert (await acts.confirm(case))["outcome"] == "approved"
    assert await case.notices("award") == []  # whom a notice before would have exposed, one after would, too


async def test_told_before_the_festival_a_household_objects_after_it_and_the_register_was_wrong(world, no_cars):
    # Monday, 1 February 2027: told that a car speaks against it. The days for an objection go on after the festival.
    family = world.family(16)
    await world.on(date(2027, 2, 1))
    case = await acts.apply(world, family)
    await acts.accept(case)
    await acts.visit(case)
    await acts.verify(case)
    results = f"{case.url}/check-results"
    (told,) = (await case.phone.get(results))["items"]
    step = await case.step("check_objection")
    assert (step["due_on"], step["provisional"]) == (told["object_by"], True)
    assert told["object_by"] > "2027-02-08"

    # On the last of these days it objects still; the township has three working days to ask the register again.
    await world.on(date.fromisoformat(told["object_by"]))
    await case.phone.post(f"{results}/{told['id']}/object", {"statement": "车辆已于去年报废。（测试）"})
    assert set(await case.open_steps()) == {"recheck"}
    world.outside.sell_cars(family, world.today())
    again = {"checks": [check["id"] for check in await case.checks() if check["item"] == "vehicles"]}
    await world.at("township-1").post(f"{case.console}/check-results/{told['id']}/recheck", again)
    await world.drain()
    (concluded,) = (await case.phone.get(results))["items"]
    assert (concluded["status"], concluded["still"]) == ("concluded", False)

    # Nothing speaks against it any more: the opinion is favourable, and hangs in the village.
    await acts.opine(case)
    assert (await case.review())["status"] == "on_notice"


async def test_who_applies_for_another_puts_right_over_new_year_what_was_missing(world):
    # Wednesday, 30 December 2026: a neighbour hands in for her; five working days, the last of them in the new year.
    await world.on(date(2026, 12, 30))
    family, neighbour = world.family(0), world.family(1)
    agent = world.phone(neighbour)
    proof = {"name": neighbour.head.name, "id_number": neighbour.head.id_number}
    await agent.post("/v1/auth/identity-verifications", proof)
    head = family.head
    wish = {"division": family.division, "name": head.name, "id_number": head.id_number, "record": "口头委托。（测试）"}
    wish |= {"kind": "person", "ground": "illness", "phone": head.phone}
    place = f"/v1/entrustments/{(await agent.post('/v1/entrustments', wish))['id']}"
    await world.drain()
    await agent.post(f"{place}/confirm", {"code": world.outside.sms.code_of(head.phone)})
    acting = Acting(world.http, await agent.post(f"{place}/sessions"))
    case = await acts.begin_as(world, family, acting)
    for person in acts.living(family):
        if person.relation != "child":
            signer = {"signer_name": person.name, "signer_id_number": person.id_number}
            body = {"member_id": case.members[person.relation], **signer}
            await acting.post(f"{case.url}/authorisations", body)
    done = await acting.post(f"{case.url}/submit", {"truth_promised": True})
    case.number = done["number"]
    await world.drain()
    step = await case.step("acceptance")
    assert (step["due_on"], step["provisional"]) == ("2027-01-07", True)

    # New Year's Eve: something is missing. She who is meant, and who acts for her, both see it; the clock rests.
    await world.on(date(2026, 12, 31))
    await world.at("township-1").post(f"{case.console}/return", {"missing": ["诊断证明"]})
    await world.drain()
    assert await case.open_steps() == {"supplement": None}

    # Monday, 4 January: the neighbour hands it in, by a session of that day; five working days begin anew.
    await world.on(date(2027, 1, 4))
    acting = Acting(world.http, await agent.post(f"{place}/sessions"))
    await acting.patch(case.url, {"address": "测试村民小组 3 号"})
    await acting.post(f"{case.url}/supplement", {"truth_promised": True})
    await world.drain()
    assert await case.open_steps() == {"acceptance": "2027-01-11"}
    assert await case.status() == "submitted"
