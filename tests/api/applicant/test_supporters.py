"""Naming a supporter over HTTP: what is refused, in which words, and what an answer never says."""

from uuid import uuid4

from tests.builders.applications import build_draft, build_household
from tests.builders.people import make_id_number
from tests.builders.supporters import LINE, NAME, REF


async def _draft(database, sign_in):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
    phone = await sign_in(household.applicant)
    url = f"/v1/applications/{draft.id}"
    seen = (await phone.get(url)).headers["etag"]
    answer = await phone.patch(
        url,
        json={"answers": {"supporters": [LINE]}},
        headers={"Content-Type": "application/merge-patch+json", "If-Match": seen},
    )
    assert answer.status_code == 200, answer.text
    return phone, url


def _body(**changes):
    return {"supporter_ref": REF, "relation": "child", "name": NAME, "id_number": make_id_number()} | changes


async def test_a_supporter_is_put_changed_with_the_etag_last_seen_and_taken_out(sign_in, database):
    phone, url = await _draft(database, sign_in)
    path, body = f"{url}/supporters/{uuid4()}", _body()

    first = await phone.put(path, json=body)
    again = await phone.put(path, json=body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.headers["etag"] == again.headers["etag"]
    assert body["id_number"] not in first.text

    other = _body()
    assert (await phone.put(path, json=other)).status_code == 428
    changed = await phone.put(path, json=other, headers={"If-Match": first.headers["etag"]})
    assert changed.status_code == 200, changed.text

    assert (await phone.delete(path)).status_code == 428
    stale = await phone.delete(path, headers={"If-Match": first.headers["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "edited_elsewhere")
    assert other["id_number"] not in stale.text
    gone = await phone.delete(path, headers={"If-Match": changed.headers["etag"]})
    assert (gone.status_code, gone.json()) == (200, {"items": []})
    assert (await phone.delete(path, headers={"If-Match": gone.headers["etag"]})).status_code == 404


async def test_who_the_form_does_not_list_is_refused_with_the_field_in_both_languages(sign_in, database):
    phone, url = await _draft(database, sign_in)
    path, body = f"{url}/supporters/{uuid4()}", _body(supporter_ref="nobody")

    titles = {}
    for language in ("zh-CN", "en"):
        answer = await phone.put(path, json=body, headers={"Accept-Language": language})
        assert (answer.status_code, answer.json()["code"]) == (404, "supporter_not_found")
        assert answer.json()["errors"][0]["pointer"] == "/supporter_ref"
        titles[language] = answer.json()["title"]

    assert titles == {"zh-CN": "未找到家庭以外的赡养、抚养、扶养义务人", "en": "Supporter not found"}
    assert (await phone.get(f"{url}/supporters")).json() == {"items": []}
    malformed = await phone.put(path, json=_body(id_number="539900198001010010"))
    assert (malformed.status_code, malformed.json()["errors"][0]["pointer"]) == (422, "/id_number")
