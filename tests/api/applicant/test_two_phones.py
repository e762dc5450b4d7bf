"""A draft on two phones: different fields merge, the same field twice shows both; nothing is overwritten unseen."""

from uuid import uuid4

import pytest

from tests.builders.applications import VILLAGE, build_draft, build_household
from tests.builders.people import make_id_number

MERGE = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture
async def draft(sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_draft(db, household)
    return (
        f"/v1/applications/{application.id}",
        await sign_in(household.applicant),
        await sign_in(household.applicant),
        household,
    )


def _income(fen: int) -> dict:
    return {"answers": {"income": [{"member": "a", "kind": "wage", "amount_fen": fen, "period": "month"}]}}


async def test_two_phones_that_changed_different_fields_merge(draft):
    url, one, two, _ = draft
    seen = (await one.get(url)).headers["etag"]

    first = await one.patch(url, json={"address": "测试村2号"}, headers={**MERGE, "If-Match": seen})
    second = await two.patch(url, json=_income(100), headers={**MERGE, "If-Match": seen})

    assert (first.status_code, second.status_code) == (200, 200)
    merged = (await two.get(url)).json()
    assert merged["address"] == "测试村2号"
    assert merged["answers"]["income"][0]["amount_fen"] == 100


async def test_the_same_field_twice_is_a_conflict_that_shows_both(draft):
    url, one, two, _ = draft
    seen = (await one.get(url)).headers["etag"]
    await one.patch(url, json={"address": "测试村2号"}, headers={**MERGE, "If-Match": seen})

    answer = await two.patch(url, json={"address": "测试村3号"}, headers={**MERGE, "If-Match": seen})

    assert (answer.status_code, answer.json()["code"]) == (409, "edited_elsewhere")
    assert answer.json()["conflicts"] == [{"pointer": "/address", "yours": "测试村3号", "theirs": "测试村2号"}]
    assert (await one.get(url)).json()["address"] == "测试村2号"


async def test_the_same_change_after_a_lost_answer_is_no_conflict(draft):
    url, one, _, _ = draft
    seen = (await one.get(url)).headers["etag"]

    answers = [await one.patch(url, json=_income(100), headers={**MERGE, "If-Match": seen}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


async def test_a_mini_program_sends_patch_as_post(draft):
    url, one, _, _ = draft
    seen = (await one.get(url)).headers["etag"]
    headers = {**MERGE, "If-Match": seen, "X-HTTP-Method-Override": "PATCH"}

    answer = await one.post(url, json={"address": "测试村4号"}, headers=headers)

    assert (answer.status_code, answer.json()["address"]) == (200, "测试村4号")
    assert (await one.post(url, json={}, headers={**headers, "X-HTTP-Method-Override": "DELETE"})).status_code == 400


async def test_a_change_that_says_not_what_it_has_seen_is_refused(draft):
    url, one, _, household = draft
    member = f"{url}/members/{household.members[0][0]}"
    changed = {"relation": "self", "name": "测试丁", "id_number": household.members[0][1].id_number}

    for answer in (
        await one.patch(url, json={"address": "x"}, headers=MERGE),
        await one.delete(url),
        await one.delete(member),
        await one.put(member, json=changed),
    ):
        assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


async def test_an_etag_that_was_never_given_out_is_refused_and_changes_nothing(draft):
    url, one, _, household = draft
    before = await one.get(url)
    member = f"{url}/members/{household.members[0][0]}"
    changed = {"relation": "self", "name": "测试丁", "id_number": household.members[0][1].id_number}
    ahead = {"If-Match": f'"{before.json()["version"] + 1}"'}

    for answer in (
        await one.patch(url, json={"address": "测试村6号"}, headers={**MERGE, **ahead}),
        await one.put(member, json=changed, headers=ahead),
        await one.put(f"{url}/members/{uuid4()}", json={**changed, "id_number": make_id_number()}, headers=ahead),
        await one.delete(member, headers=ahead),
        await one.delete(url, headers={"If-Match": '"9999"'}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert (await one.get(url)).content == before.content


async def test_discarding_what_was_changed_meanwhile_is_refused(draft):
    url, one, two, _ = draft
    seen = (await one.get(url)).headers["etag"]
    await two.patch(url, json={"address": "测试村5号"}, headers={**MERGE, "If-Match": seen})

    stale = await one.delete(url, headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")

    fresh = (await one.get(url)).headers["etag"]
    assert (await one.delete(url, headers={"If-Match": fresh})).status_code == 204


async def test_another_person_under_a_members_id_has_to_sign_anew(draft):
    url, one, _, household = draft
    spouse = household.members[1][0]
    seen = (await one.get(url)).headers["etag"]
    other = {"relation": "spouse", "name": "测试辛", "id_number": make_id_number()}

    answer = await one.put(f"{url}/members/{spouse}", json=other, headers={"If-Match": seen})

    assert {member["id"]: member["authorised"] for member in answer.json()["members"]}[str(spouse)] is False


async def test_a_fresh_copy_is_not_sent_again_also_after_signing_in_anew(draft, sign_in):
    url, one, two, _ = draft
    for path in (url, f"{url}/timeline", "/v1/me", f"/v1/public/standards?division={VILLAGE}"):
        etag = (await one.get(path)).headers["etag"]
        again = await two.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert not etag.startswith("W/")


async def test_changing_the_bank_account_needs_its_etag_but_sending_it_again_does_not(draft):
    _, one, _, _ = draft
    same = {"bank_code": "RCC", "account": "9900001234567890128"}
    other = {"bank_code": "RCC", "account": "9900009999999990001"}

    first, again = [await one.put("/v1/payout-account", json=same) for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.headers["etag"] == again.headers["etag"]
    assert (await one.put("/v1/payout-account", json=other)).status_code == 428
    stale = await one.put("/v1/payout-account", json=other, headers={"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    version = (await one.get("/v1/me")).json()["payout_account"]["version"]
    assert (await one.put("/v1/payout-account", json=other, headers={"If-Match": f'"{version}"'})).status_code == 200


async def test_head_and_options_answer_where_get_does(draft):
    url, one, _, _ = draft

    head, options = await one.head(url), await one.options(url)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"]
    assert (options.status_code, options.headers["allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PATCH")


async def test_every_problem_type_leads_to_a_page(anyone):
    answer = await anyone.get("/v1/applications")

    page = await anyone.get(answer.json()["type"])

    assert page.status_code == 200
    assert "请先登录" in page.text
    assert (await anyone.get("/problems/edited_elsewhere")).status_code == 200
    assert (await anyone.get("/problems/none_such")).status_code == 404


async def test_a_list_that_goes_on_links_to_its_next_page(anyone):
    first = await anyone.get("/v1/public/divisions", params={"parent": "530000000000", "limit": 5})

    following = first.headers["link"].partition(">")[0].removeprefix("<")
    second = await anyone.get(following)

    assert 'rel="next"' in first.headers["link"]
    assert len(second.json()["items"]) == 5
    assert first.json()["items"][-1]["code"] < second.json()["items"][0]["code"]
