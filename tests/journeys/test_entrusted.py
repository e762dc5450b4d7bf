"""Somebody else applies for a household that cannot: the village's helper on the own telephone, a neighbour by code."""

from datetime import date

from tests.journeys import acts
from tests.support.callers import Acting


def _wish(family, **given):
    head = family.head
    asked = {
        "division": family.division,
        "name": head.name,
        "id_number": head.id_number,
        "record": "口头委托。（测试）",
    }
    return asked | given


async def test_the_villages_helper_applies_for_who_has_no_telephone(world):
    # 23 November: the helper registers what she was told; another person of the township sees the old man and confirms.
    family, helper, township = world.family(0), world.at("village"), world.at("township-1")
    wish = _wish(family, kind="committee", ground="no_phone")
    asked = await helper.post("/v1/console/entrustments", wish)
    place = f"/v1/console/entrustments/{asked['id']}"
    assert await helper.refused("POST", f"{place}/sessions") == (409, "step_not_allowed")
    assert await helper.refused("POST", f"{place}/confirm") == (403, "same_person_not_allowed")
    confirmed = await township.post(f"{place}/confirm")
    assert (confirmed["status"], confirmed["confirmed_how"]) == ("in_force", "seen")
    await world.drain()

    # She begins the draft for him; of his account there is nothing else to see.
    acting = Acting(world.http, await helper.post(f"{place}/sessions"))
    draft = await acting.post("/v1/applications", {"program": "living_allowance", "division": family.division})
    assert draft["entrustment_id"] == asked["id"]
    assert draft["applicant_name"] == family.head.name
    for path in ("/v1/me", "/v1/awards", "/v1/me/data"):
        assert await acting.refused("GET", path) == (403, "entrustment_not_allowed")
    assert (await acting.get(f"/v1/applications/{draft['id']}/timeline"))["status"] == "draft"
    assert await township.refused("POST", f"{place}/sessions") == (403, "role_not_allowed")

    # 24 November: he would rather not. From the next request on nobody acts for him.
    await world.on(date(2026, 11, 24))
    tokens = Acting(world.http, await helper.post(f"{place}/sessions"))
    ended = await township.post(f"{place}/end")
    assert (ended["status"], ended["ended_by"]) == ("ended", "office")
    assert await tokens.refused("GET", f"/v1/applications/{draft['id']}") == (401, "token_rejected")


async def test_a_neighbour_applies_with_the_code_from_her_telephone_and_she_is_told_in_writing(world):
    # 23 November: the neighbour has proved a real name; the code goes to her, who tells it.
    family, neighbour = world.family(0), world.family(1)
    agent = world.phone(neighbour)
    head = neighbour.head
    await agent.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    wish = _wish(family, kind="person", ground="illness", phone=family.head.phone)
    assert await agent.refused("POST", "/v1/entrustments", wish | {"kind": "committee"}) == (
        403,
        "entrustment_not_allowed",
    )
    asked = await agent.post("/v1/entrustments", wish)
    await world.drain()
    place = f"/v1/entrustments/{asked['id']}"
    assert await agent.refused("POST", f"{place}/confirm", {"code": "000000"}) == (401, "code_rejected")
    code = world.outside.sms.code_of(family.head.phone)
    # The same code opens no account.
    by_code = {"phone": family.head.phone, "code": code}
    assert await world.anyone.refused("POST", "/v1/auth/applicant-tokens", by_code) == (401, "code_rejected")
    assert (await agent.post(f"{place}/confirm", {"code": code}))["confirmed_how"] == "code"
    await world.drain()

    # She signs in herself later: the same account, and it says who applies for her.
    hers = world.phone(family)
    (seen,) = (await hers.get("/v1/entrustments"))["items"]
    assert (seen["id"], seen["status"]) == (asked["id"], "in_force")

    # The neighbour fills everything in and hands it in, for her.
    acting = Acting(world.http, await agent.post(f"{place}/sessions"))
    case = await _begin_for(world, family, acting)
    done = await acting.post(f"{case.url}/submit", {"truth_promised": True})
    await world.drain()
    assert done["status"] == "submitted"
    (letter,) = [one for one in await case.letters() if one["kind"] == "entrusted"]
    assert letter["content"]["addressee"] == family.head.name

    # The township accepts and comes the same day; the neighbour shows it round, and signs.
    await acts.accept(case)
    township, second = world.at("township-1"), world.at("township-2").username
    signed = acts.visit_of(case, [second]) | {"present": [], "agent_present": True}
    await township.post(f"{case.console}/visits", signed)
    (visit,) = (await case.review())["visits"]
    assert (visit["present"], visit["agent_present"]) == ([], True)

    # She ends it on her own telephone; the application stays hers.
    assert (await hers.post(f"{place}/end"))["ended_by"] == "principal"
    assert await acting.refused("GET", case.url) == (401, "token_rejected")
    assert await case.status() == "accepted"

    # 24 November: nobody signs for her any more.
    await world.on(date(2026, 11, 24))
    tomorrow = signed | {"visited_on": "2026-11-24"}
    assert await township.refused("POST", f"{case.console}/visits", tomorrow) == (404, "entrustment_not_found")


async def _begin_for(world, family, acting: Acting) -> acts.Case:
    case = await acts.begin_as(world, family, acting)
    for person in acts.living(family):
        if person.relation != "child":
            body = {
                "member_id": case.members[person.relation],
                "signer_name": person.name,
                "signer_id_number": person.id_number,
            }
            signed = await acting.post(f"{case.url}/authorisations", body)
            assert signed["method"] == "by_agent"
    return case


async def test_what_nobody_confirms_is_ended_by_who_asked_or_forgotten_after_a_week_over_the_new_year(world):
    # Wednesday, 30 December 2026: a neighbour would apply for her, and thinks better of it the same evening.
    family, neighbour = world.family(0), world.family(1)
    agent, head = world.phone(neighbour), neighbour.head
    await agent.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    await world.on(date(2026, 12, 30))
    wish = _wish(family, kind="person", ground="illness", phone=family.head.phone)
    first = await agent.post("/v1/entrustments", wish)
    await world.drain()
    place = f"/v1/entrustments/{first['id']}"
    code = {"code": world.outside.sms.code_of(family.head.phone)}
    stranger = world.phone(world.family(3))
    assert await stranger.refused("POST", f"{place}/end") == (404, "entrustment_not_found")
    ended = await agent.post(f"{place}/end")
    assert (ended["status"], ended["ended_by"]) == ("ended", "agent")

    # What has ended is not confirmed any more, by whatever code, and opens no session.
    assert await agent.refused("POST", f"{place}/confirm", code) == (409, "step_not_allowed")
    assert await agent.refused("POST", f"{place}/sessions") == (409, "step_not_allowed")
    assert (await agent.post(f"{place}/end"))["ended_by"] == "agent"

    # Thursday, 31 December: he asks again, a new one; and she is away over the holiday, and tells him no code.
    await world.on(date(2026, 12, 31))
    second = await agent.post("/v1/entrustments", wish)
    assert second["id"] != first["id"]
    await world.drain()
    late = {"code": world.outside.sms.code_of(family.head.phone)}

    # Friday, 8 January 2027: a week has passed, and whom he named is forgotten. He may ask again.
    await world.on(date(2027, 1, 7))
    assert (await _entrustment(agent, second))["status"] == "requested"
    await world.on(date(2027, 1, 8))
    assert (await _entrustment(agent, second))["status"] == "lapsed"
    place = f"/v1/entrustments/{second['id']}"
    assert await agent.refused("POST", f"{place}/confirm", late) == (409, "step_not_allowed")
    assert await agent.refused("POST", f"{place}/sessions") == (409, "step_not_allowed")
    third = await agent.post("/v1/entrustments", wish)
    assert (third["id"] != second["id"], third["status"]) == (True, "requested")


async def _entrustment(agent, asked):
    (found,) = [each for each in (await agent.get("/v1/entrustments"))["items"] if each["id"] == asked["id"]]
    return found
