"""Close relatives of staff and of a committee, told by date: who declared what when, and who kept away."""

from datetime import date

from tests.journeys import acts

_SIBLING = {"relation": "sibling"}
_REFUSED = (403, "conflict_of_interest")


def _named(person) -> dict[str, str]:
    return {**_SIBLING, "name": person.name, "id_number": person.id_number}


async def _register(world, part: str = "confirmer") -> list[dict]:
    return (await world.at(part).get("/v1/console/conflicts"))["items"]


async def test_a_handler_who_declared_his_brother_before_has_nothing_to_do_with_the_case(world):
    # 23 November: the handler declared; only he and those who oversee him see it, masked.
    family, handler = world.family(0), world.at("township-1")
    declared = await handler.post("/v1/console/me/relatives", _named(family.head))
    await world.drain()
    assert declared["id_number_masked"].startswith("5399**")
    assert "*" in declared["name_masked"]
    of_handler = f"/v1/console/staff/{await world.staff_id('township-1')}/relatives"
    assert (await world.at("supervisor").get(of_handler))["items"] == [declared]
    assert await world.at("township-2").refused("GET", of_handler) == (404, "staff_not_found")
    assert await world.stranger("supervisor").refused("GET", of_handler) == (404, "staff_not_found")
    assert (await world.at("township-2").get("/v1/console/me/relatives"))["items"] == []

    # The same day the brother applies: registered separately, without a word from anybody.
    case = await acts.apply(world, family)
    [row] = await _register(world)
    assert (row["application_id"], row["found"], row["relation"]) == (case.id, "declared", "sibling")
    assert (row["member_id"], row["person"]) == (case.members["self"], handler.username)
    assert await _register(world, "township-2") == []  # not the township's to read

    # The handler finds that there is a case, and no more; he cannot hand it on by ending his declaration.
    assert [item["id"] for item in (await handler.get("/v1/console/applications"))["items"]] == [case.id]
    assert await handler.refused("GET", case.console) == _REFUSED
    assert await handler.refused("POST", f"{case.console}/accept", {}) == _REFUSED
    assert (await handler.send("DELETE", f"/v1/console/me/relatives/{declared['id']}")).status_code == 204
    assert await handler.refused("POST", f"{case.console}/accept", {}) == _REFUSED

    # His colleague accepts; nobody can take him along to the household.
    colleague, third = world.at("township-2"), world.at("township-3")
    await colleague.post(f"{case.console}/accept", {})
    await world.drain()
    review = await case.review()
    assert (review["county_visit_required"], review["county_visit_reason"]) == (True, "relative_of_staff")
    await acts.verify(case)
    with_him = acts.visit_of(case, [handler.username])
    assert await colleague.refused("POST", f"{case.console}/visits", with_him) == _REFUSED
    await acts.visit(case, colleague, third)
    await acts.opine(case)

    # 1 December: with the county, which has to visit before it decides.
    await acts.wait_out_the_notice(case)
    assert world.today() == date(2026, 12, 1)
    confirmer = world.at("confirmer")
    assert await confirmer.refused("POST", f"{case.console}/confirm", {}) == (409, "county_visit_missing")
    await acts.visit(case, world.at("county-1"), world.at("county-2"), by="county-visits")
    assert (await acts.confirm(case))["outcome"] == "approved"


async def test_a_declaration_made_while_the_case_is_open_takes_it_out_of_the_declarers_hands(world):
    # 23 November: accepted and visited by a handler who has declared nobody yet.
    family, handler = world.family(0), world.at("township-1")
    case = await acts.reach_the_opinion(world, family)
    assert await _register(world) == []
    assert (await case.review())["county_visit_required"] is False

    # 24 November: he declares the applicant's wife. From the same moment he is kept away, and with the worker's next
    # turn the case is on the register and the county owes a visit.
    await world.on(date(2026, 11, 24))
    spouse = next(person for person in family.members if person.relation == "spouse")
    await handler.post("/v1/console/me/relatives", _named(spouse))
    assert await handler.refused("GET", case.console) == _REFUSED
    assert await handler.refused("GET", f"{case.console}/review") == _REFUSED
    await world.drain()
    [row] = await _register(world)
    assert (row["found"], row["member_id"]) == ("declared_later", case.members["spouse"])
    assert (await case.review())["county_visit_reason"] == "relative_of_staff"

    # After the decision nothing changes for him: the award is not his to touch either.
    await acts.opine(case)
    await acts.wait_out_the_notice(case)
    await acts.visit(case, world.at("county-1"), world.at("county-2"), by="county-visits")
    await acts.confirm(case)
    [award] = (await case.phone.get("/v1/awards"))["items"]
    assert await handler.refused("GET", f"/v1/console/awards/{award['id']}") == _REFUSED
    assert (
        await handler.refused("POST", f"/v1/console/awards/{award['id']}/suspend", {"reason": "complaint"}) == _REFUSED
    )


async def test_relatives_of_the_villages_committee_are_registered_from_the_roster(world):
    # 23 November: the township keeps the roster of the village's committee and enters who its head is related to.
    family, handler = world.family(0), world.at("township-1")
    roster = "/v1/console/committee-members"
    body = {"division": family.division, "name": "测试委员会主任", "duty": "director"}
    director = await handler.post(roster, body)
    assert await world.at("reviewer").refused("POST", roster, body) == (403, "role_not_allowed")
    assert await world.stranger("township-1").refused("POST", roster, body) == (403, "outside_your_division")
    relatives = f"{roster}/{director['id']}/relatives"
    declared = await handler.post(relatives, _named(family.head))
    assert await handler.refused("POST", relatives, _named(family.head)) == (409, "relative_already_declared")
    assert (await world.at("supervisor").get(relatives))["items"] == [declared]
    assert (await world.at("county-1").get(relatives))["items"] == []

    # The household says nothing of it and is registered all the same; the handler is no relative and goes on.
    case = await acts.apply(world, family)
    [row] = await _register(world)
    assert (row["person_kind"], row["person"], row["found"]) == ("committee", "测**任", "declared")
    await acts.accept(case)
    assert (await case.review())["county_visit_required"] is True

    # Once the director has left, another family of his is not matched any more.
    assert (await handler.send("DELETE", f"{roster}/{director['id']}")).status_code == 204
    other = world.family(1)
    await acts.apply(world, other)
    assert len(await _register(world)) == 1


async def test_what_the_household_says_of_itself_is_registered_and_can_be_given_a_name(world):
    # 23 November: the household itself says that the applicant is the sister of somebody at the county.
    case = await acts.begin(world, world.family(0))
    head = case.members["self"]
    said = {"member_id": head, "relation": "sibling", "who": "测试县民政局经办人"}
    done = await case.phone.post(f"{case.url}/submit", {"truth_promised": True, "relatives_of_staff": [said]})
    case.number = done["number"]
    [row] = await _register(world)
    assert (row["found"], row["who"], row["person_id"]) == ("household", "***", None)
    wanted = {"object_type": "conflict", "object_id": row["id"], "field": "named_person"}
    shown = await world.at("supervisor").post(
        "/v1/console/unmaskings", {**wanted, "purpose": "supervision", "reason": "核实所指人员"}
    )
    assert shown["value"] == said["who"]
    county = world.at("county-2")
    assert (await county.get(case.console))["id"] == case.id

    # 24 November: the supervisor finds out who is meant; from now on that person is kept away.
    await world.on(date(2026, 11, 24))
    url, body = f"{case.console}/conflicts", {"member_id": head, "relation": "sibling"}
    named = {**body, "staff_id": await world.staff_id("county-2")}
    assert await world.at("township-1").refused("POST", url, named) == (403, "role_not_allowed")
    await world.at("supervisor").post(url, named)
    assert await world.at("supervisor").refused("POST", url, named) == (409, "conflict_already_registered")
    assert await county.refused("GET", case.console) == _REFUSED


async def test_a_false_match_is_withdrawn_by_the_supervisor_with_a_reason_and_does_not_come_back(world):
    # 23 November: a handler declares a wrong number: that of a stranger, who has applied.
    family, handler = world.family(0), world.at("township-1")
    case = await acts.apply(world, family)
    await acts.accept(case)
    await handler.post("/v1/console/me/relatives", _named(family.head))
    await world.drain()
    [row] = await _register(world)
    assert (await case.review())["county_visit_required"] is True

    # 25 November: not the declarer, nor the county, only the supervisor takes it off, and says why.
    await world.on(date(2026, 11, 25))
    url, reason = f"/v1/console/conflicts/{row['id']}/withdraw", {"reason": "经核实为同号误报，并非近亲属。（测试）"}
    assert await handler.refused("POST", url, reason) == (404, "conflict_not_found")
    assert await world.at("county-1").refused("POST", url, reason) == (403, "role_not_allowed")
    withdrawn = await world.at("supervisor").post(url, reason)
    assert withdrawn["withdrawn_reason"] == reason["reason"]
    assert await world.at("supervisor").refused("POST", url, reason) == (409, "conflict_already_withdrawn")

    # The handler goes on, although his declaration still stands; the county owes no visit; the register remembers.
    assert (await handler.get(case.console))["id"] == case.id
    assert (await case.review())["county_visit_required"] is False
    await acts.verify(case)
    await acts.visit(case)
    [row] = await _register(world)
    assert row["withdrawn_at"] is not None


async def test_a_withdrawn_match_does_not_spare_the_county_a_visit_that_a_complaint_made_necessary(world):
    # 23 November: registered; 1 December: a complaint comes while the county still owes the visit.
    family = world.family(0)
    await world.at("township-3").post("/v1/console/me/relatives", _named(family.head))
    await world.drain()
    case = await acts.reach_the_county(world, family)
    complaint = {"category": "complaint", "text": "请核实。（测试）", "application_number": case.number}
    await world.anyone.post("/v1/public/complaints", complaint)
    await world.drain()
    [row] = await _register(world)

    # The match turns out unfounded; the complaint is still there.
    await world.at("supervisor").post(f"/v1/console/conflicts/{row['id']}/withdraw", {"reason": "误报。（测试）"})

    review = await case.review()
    assert (review["county_visit_required"], review["county_visit_reason"]) == (True, "complaint")
