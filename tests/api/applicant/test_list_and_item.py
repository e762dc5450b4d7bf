"""What somebody is shown in a list he opens by itself, and what no list of his shows he does not: for who applies, who
acts for her, who is listed with her, and who is named as a supporter."""

import re
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from app.applications.commands import (
    Wish,
    accept_application,
    act_for,
    confirm_entrustment,
    edit_draft,
    put_member,
    put_supporter,
    request_entrustment,
    sign_authorisation,
    start_draft,
    submit_application,
    withdraw_application,
)
from app.applications.commands.supporters import SupporterDetails
from app.applications.entrustment_lifecycle import Ground, Kind
from app.applications.errors import ApplicationNotFound
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.letters.kinds import Kind as LetterKind
from app.letters.kinds import Occasion
from app.verification.report_queries import get_sight
from tests.builders.applications import TOWNSHIP, VILLAGE, build_accepted, build_household
from tests.builders.letters import build_letter
from tests.builders.people import build_citizen, build_staff, make_id_number
from tests.builders.supporters import LINE, NAME, REF
from tests.support.contract import contract

PEOPLE = ("herself", "agent", "spouse", "supporter", "stranger")
# Of her application, what each opens besides who applied: the findings about him, and what he says against them.
OF_A_MEMBER = {"report", "disputes"}
# Lists of one's own, by where their items are opened; what is under an application is looked at by itself.
ITEMS = {
    "/v1/applications": "/v1/applications/{id}",
    "/v1/applications/{application_id}/letters": "/v1/letters/{id}",
    "/v1/awards": "/v1/awards/{id}",
}
CONTENTS = {"/v1/letters/{id}": "/v1/letters/{id}/content"}
# Of the account and not of an application: nobody acts there for another.
OWN_ACCOUNT = ("/v1/me", "/v1/entrustments", "/v1/awards", "/v1/payments", "/v1/complaints")


@dataclass
class Scene:
    """An application of hers that she withdrew, and one that another made for her, by which the household is known."""

    own: UUID
    made: UUID
    spouse: Actor
    phones: dict[str, httpx.AsyncClient]


@pytest.fixture
async def scene(database, sign_in, app, keys) -> Scene:
    async with database.unit_of_work() as db:
        household = await build_household(db)
        own = await build_accepted(db, household)
    await build_letter(database, Occasion(LetterKind.ACCEPTED, own.id, own.id))
    async with database.unit_of_work() as db:
        await withdraw_application(db, household.applicant, own.id)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        neighbour = await build_citizen(db, name="测试壬")
        entrustment = await _entrusted(db, neighbour, handler, household)
        acting = Actor(household.applicant.id, Role.APPLICANT, entrustment=entrustment.id)
        made, number = await _made(db, acting, household), make_id_number()
        person = await _name_supporter(db, acting, made, number)
        await submit_application(db, acting, made.id, truth_promised=True)
        await accept_application(db, handler, made.id, relative_of_staff=False)
        tokens = await act_for(db, keys, neighbour, entrustment.id)
        spouse = next(each for _, each in household.members if each.relation == "spouse")
        people = {
            "herself": household.applicant,
            "agent": household.applicant,
            "spouse": await build_citizen(db, name=spouse.name, id_number=spouse.id_number),
            "supporter": await build_citizen(db, name=NAME, id_number=number),
            "stranger": await build_citizen(db, name="测试丁"),
        }
    await build_letter(database, Occasion(LetterKind.ACCEPTED, made.id, made.id))
    phones = {name: await sign_in(actor) for name, actor in people.items()}
    phones["agent"].headers["Authorization"] = f"Bearer {tokens.access_token}"
    assert person is not None
    return Scene(own.id, made.id, people["spouse"], phones)


async def _entrusted(db, agent, handler, household):
    head = household.members[0][1]
    wish = Wish(Kind.PERSON, Ground.ILLNESS, VILLAGE, head.name, head.id_number, None, "口头委托。（测试）")
    return await confirm_entrustment(db, handler, (await request_entrustment(db, agent, wish)).id)


async def _made(db, acting, household):
    draft = await start_draft(db, acting, "living_allowance", VILLAGE)
    await edit_draft(
        db, acting, draft.id, {"answers": {"income": [], "expenses": [], "property": [], "supporters": [LINE]},
                               "address": "测试村一组1号"}, seen=draft.version,
    )  # fmt: skip
    for _, details in household.members:
        member_id = new_id()
        await put_member(db, acting, draft.id, member_id, details, seen=draft.version)
        if details.relation != "child":
            await sign_authorisation(
                db, acting, draft.id, member_id, signer_member_id=member_id, signer_name=details.name,
                signer_id_number=details.id_number,
            )  # fmt: skip
    return draft


async def _name_supporter(db, acting, draft, number):
    person = new_id()
    await put_supporter(db, acting, draft.id, person, SupporterDetails(REF, "child", NAME, number), seen=None)
    return person


async def _shown(scene: Scene, phone: httpx.AsyncClient, address: str) -> set[str]:
    """Return the ids a list shows somebody; of one that is not his, none."""
    places = [address.replace("{application_id}", str(each)) for each in (scene.own, scene.made)]
    answers = [await phone.get(place) for place in dict.fromkeys(places)]
    return {row["id"] for answer in answers if answer.status_code == 200 for row in answer.json()["items"]}


@pytest.mark.parametrize("address", ITEMS)
async def test_what_a_list_shows_is_opened_and_nothing_else(scene, address):
    shown = {name: await _shown(scene, phone, address) for name, phone in scene.phones.items()}
    everything = set().union(*shown.values())
    assert everything or address == "/v1/awards"

    for name, phone in scene.phones.items():
        for each in everything:
            item = ITEMS[address]
            for place in (item, CONTENTS.get(item, item)):
                answer = await phone.get(place.format(id=each))
                assert (answer.status_code == 200) == (each in shown[name]), (name, place, answer.text[:300])


async def test_who_acts_for_her_reads_the_letters_of_what_he_made_and_not_her_others(scene):
    letters = "/v1/applications/{application_id}/letters"

    hers, his = [await _shown(scene, scene.phones[name], letters) for name in ("herself", "agent")]

    assert (len(hers), len(his)) == (2, 1)
    assert his < hers


async def test_who_acts_for_a_member_is_told_nothing_of_the_household_she_is_listed_in(scene, database):
    acting = Actor(scene.spouse.id, Role.APPLICANT, entrustment=new_id())

    async with database.reading() as db:
        assert not (await get_sight(db, scene.spouse, scene.made)).applicant
        with pytest.raises(ApplicationNotFound):
            await get_sight(db, acting, scene.made)


def _subroutes() -> set[str]:
    found = set()
    for path, item in contract()["paths"].items():
        if "applicant" in {scheme for each in item.get("get", {}).get("security", ()) for scheme in each}:
            under = re.fullmatch(r"/v1/applications/\{application_id\}/([a-z-]+)", path)
            found |= {under[1]} if under else set()
    return found


@pytest.mark.parametrize("name", PEOPLE)
async def test_what_belongs_to_an_application_is_read_by_whom_the_application_is_shown(scene, name):
    phone = scene.phones[name]
    assert len(_subroutes()) > 8

    for application in (scene.own, scene.made):
        opened = (await phone.get(f"/v1/applications/{application}")).status_code == 200
        assert opened == (name == "herself" or (name == "agent" and application == scene.made))
        for part in _subroutes():
            answer = await phone.get(f"/v1/applications/{application}/{part}")
            hidden = answer.status_code != 200 and answer.json()["code"] == "application_not_found"
            listed = name == "spouse" and part in OF_A_MEMBER
            assert hidden != (opened or listed), (part, answer.text[:300])


async def test_nobody_acts_for_another_on_what_is_her_accounts(scene):
    reads = {
        path
        for path, item in contract()["paths"].items()
        if path.startswith(OWN_ACCOUNT) and "{" not in path
        and ["applicant"] in [list(each) for each in item.get("get", {}).get("security", ())]
    }  # fmt: skip
    assert len(reads) > 8

    for path in reads:
        answer = await scene.phones["agent"].get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "entrustment_not_allowed"), path


async def test_a_supporter_answers_for_himself_what_only_he_is_shown(scene):
    asked = {name: (await phone.get("/v1/me/support-requests")) for name, phone in scene.phones.items()}
    [request] = asked["supporter"].json()["items"]
    decline = f"/v1/me/support-requests/{request['id']}/decline"

    refused = {name: (await phone.post(decline)).status_code for name, phone in scene.phones.items()}

    assert refused == {"herself": 404, "agent": 403, "spouse": 404, "supporter": 200, "stranger": 404}
    assert all(not asked[name].json().get("items") for name in PEOPLE if name != "supporter")


async def test_each_withdraws_what_his_list_shows_and_nothing_else(scene):
    url = "/v1/me/authorisations"
    shown = {name: {row["id"] for row in (await phone.get(url)).json().get("items", [])}
             for name, phone in scene.phones.items()}  # fmt: skip
    everything = set().union(*shown.values())
    assert shown["spouse"]
    assert not shown["agent"] | shown["supporter"] | shown["stranger"]

    for name in ("stranger", "supporter", "agent", "herself", "spouse"):
        for each in everything:
            answer = await scene.phones[name].post(f"{url}/{each}/withdraw")
            assert (answer.status_code == 200) == (each in shown[name]), (name, answer.text)
