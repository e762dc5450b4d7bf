"""At the desk: an award is not stopped on what is disputed, and the refusal says what is waited for, and until when."""

from app.identity.actors import Role
from tests.awards.test_disputed import dispute_it, reviewed
from tests.builders.campaigns import HERE

STOP = {"ground": "property", "reason": "名下有车，没有申报（测试）", "last_month": "2026-12"}


async def test_a_stop_on_what_is_disputed_is_refused_with_what_is_waited_for(staff, database, clock):
    granted, _ = await reviewed(database)
    dispute = await dispute_it(database, granted)
    handler, confirmer = await staff(Role.COUNTY_HANDLER, HERE), await staff(Role.COUNTY_CONFIRMER, HERE)
    url, on = f"/v1/console/awards/{granted.award.id}", clock.now().date().isoformat()
    about = {"about": "stop", "ground": "property", "opinion": "已转让（测试）", "heard_on": on}
    heard = await handler.post(f"{url}/hear", json=about)
    assert heard.status_code == 200, heard.text

    unsent = await confirmer.post(f"{url}/stop", json=STOP)
    sent = await handler.post(f"/v1/console/disputes/{dispute.id}/sent", json={"sent_on": on, "way": "post"})
    assert sent.status_code == 200, sent.text
    waiting = await confirmer.post(f"{url}/stop", json=STOP)
    english = await confirmer.post(f"{url}/stop", json=STOP, headers={"Accept-Language": "en"})

    assert {(each.status_code, each.json()["code"]) for each in (unsent, waiting, english)} == {
        (409, "finding_disputed")
    }
    assert "更正函尚未全部发出" in unsent.json()["detail"]
    assert f"答复期至{dispute.due_on}" in waiting.json()["detail"]
    assert f"until {dispute.due_on}" in english.json()["detail"]
