"""Chapters 4 and 5: visit, opinion, seven days on the village's notice board, the county's decision."""

from datetime import date, timedelta
from typing import Any

from scripts.local.demo.apply import show_timeline
from scripts.local.demo.cast import Story
from scripts.local.demo.narration import chapter, counted, note, show_table, tell, wait_until, yuan


def visit_and_opinion(story: Story) -> None:
    """Two caseworkers visit; the reviewer gives the opinion; it is posted."""
    chapter(4, "Two caseworkers visit; the township gives its opinion")
    url = f"/v1/console/applications/{story.application}"
    one, two, reviewer = story.staff["township-1"], story.staff["township-2"], story.staff["reviewer"]
    visit = {
        "way": "home",
        "visited_on": story.sandbox.today(),
        "findings": "土木结构住房一处，种植玉米，饲养生猪两头，家中无机动车。（演示）",
        "present": story.member_ids[:1],
    }
    status, code = one.refused("POST", f"{url}/visits", {**visit, "investigators": [one.username]})
    note(f"A visit by one person alone is refused: {status} {code}.")
    one.post(f"{url}/visits", {**visit, "investigators": [two.username]})
    tell(f"{one.username} and {two.username}", "visit the household; they and the applicant sign.")
    assessment = reviewer.get(f"{url}/assessment")
    _show_assessment(assessment)
    reasons = {
        finding["rule"]: "入户核实：自住唯一住房及少量存款，为维持基本生活所必需。（演示）"
        for finding in assessment["findings"]
        if finding["met"] is None and finding["weight"] != "note"
    }
    statement = "符合最低生活保障条件，建议纳入。（演示）"
    reviewer.post(f"{url}/opinion", {"favourable": True, "statement": statement, "reasons": reasons})
    tell(reviewer.username, f"gives a favourable opinion: {yuan(assessment['monthly_amount_fen'])} a month.")
    if reasons:
        note(f"What no published threshold decides ({', '.join(reasons)}) a person settles, with a reason on record.")


def _show_assessment(assessment: dict[str, Any]) -> None:
    verdict = {True: "met", False: "not met", None: "a person looks"}
    noted = {True: "yes", False: "no", None: "not known"}  # what is told beside the conditions, and decides nothing
    show_table(
        f"Assessment: {assessment['outcome']}",
        ["rule", "verdict", "in words", "law"],
        [
            [
                f["title"],
                (noted if f["weight"] == "note" else verdict)[f["met"]],
                f["message"],
                f["law"][0] if f["law"] else "",
            ]
            for f in assessment["findings"]
        ],
    )


def public_notice(story: Story) -> None:
    """Seven days on the village's notice board."""
    chapter(5, "Seven days of public notice; the county decides")
    wait_until("the notice is posted", lambda: (len(_notices(story, "opinion")), 1))
    notice = _notices(story, "opinion")[0]
    members = counted(notice["members_count"], "member")
    tell(
        f"The village ({notice['village']})",
        f"sees “{notice['applicant_name']}, {members}, {yuan(notice['monthly_amount_fen'])} a "
        f"month” from {notice['posted_on']} to {notice['ends_on']}, and nothing else.",
    )
    advance_to(story, date.fromisoformat(notice["ends_on"]) + timedelta(days=1))
    wait_until("the notice ends without objection", lambda: (_status(story) == "with_county", 1))
    note(f"It is {story.sandbox.today()}; the notice is gone from its address, and the papers are with the county.")


def county_decision(story: Story) -> None:
    """Another person than the one who gave the opinion confirms."""
    url = f"/v1/console/applications/{story.application}"
    status, code = story.staff["reviewer"].refused("POST", f"{url}/confirm", {})
    note(f"The township tries to confirm its own opinion: {status} {code}.")
    confirmer = story.staff["confirmer"]
    decision = confirmer.post(f"{url}/confirm", {})["decision"]
    tell(
        confirmer.username,
        f"confirms: decision {decision['number']}, {yuan(decision['monthly_amount_fen'])} a month "
        f"from {decision['first_month']}.",
    )
    note(f"Kept with every finding, fact and parameter, under digest {decision['digest'][:16]}…")
    wait_until("the award is opened", lambda: (len(story.phone.get("/v1/awards")["items"]), 1))
    show_timeline(story)


def _notices(story: Story, kind: str) -> list[dict[str, Any]]:
    posted = story.anyone.get("/v1/public/notices", division=story.village, limit=100)["items"]
    own = [n for n in posted if n["kind"] == kind and n["applicant_name"] == story.family["name"]]
    return own[:1]


def _status(story: Story) -> str:
    return str(story.staff["reviewer"].get(f"/v1/console/applications/{story.application}/review")["status"])


def advance_to(story: Story, day: date) -> None:
    """Move the sandbox's clock to a day, if it lies ahead."""
    days = (day - date.fromisoformat(story.sandbox.today())).days
    if days > 0:
        story.sandbox.advance(f"P{days}D")
        note(f"The clock of the sandbox moves {counted(days, 'day')}.")
