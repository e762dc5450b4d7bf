"""Chapters 1 and 2: what anybody can know beforehand, and the application from a borrowed phone."""

import hashlib
from io import BytesIO

from PIL import Image

from scripts.local.demo.cast import Story, new_member_ids
from scripts.local.demo.narration import chapter, note, show_table, tell, yuan

_GPS = 0x8825  # the EXIF directory of the place


def before_applying(story: Story) -> None:
    """Show what needs no login: the place, the standard."""
    chapter(1, "What anybody can look up")
    county = story.village[:6] + "000000"
    towns = story.anyone.get("/v1/public/divisions", parent=county, limit=100)["items"]
    tell("Anybody", f"lists the {len(towns)} townships of county {county}, without signing in.")
    rows = story.anyone.get("/v1/public/standards", division=story.village, program="living_allowance")["items"]
    show_table(
        "Published standards that apply there",
        ["class", "amount", "per", "since", "source"],
        [
            [r["area_class"], yuan(r["amount_fen"]), f"{r['period']}, {r['per']}", r["valid_from"], r["note"]]
            for r in rows
        ],
    )
    note("A yearly standard stays yearly until the amount is computed; nothing is rounded on the way.")


def apply_by_phone(story: Story) -> None:
    """Sign in, prove the name, enter the household, sign, submit."""
    chapter(2, "The household applies by phone")
    head = story.family["members"][0]
    phone = story.phone
    tell(head["name"], "signs in with a code sent by SMS and proves the real name through public security.")
    phone.post("/v1/auth/identity-verifications", {"name": head["name"], "id_number": head["id_number"]})
    phone.put("/v1/payout-account", {"bank_code": "RCC", "account": story.family["account"]})
    begun = phone.post("/v1/applications", {"program": "living_allowance", "division": story.village})
    story.application = begun["id"]
    tell(head["name"], "starts a draft; it is kept with every change, and can be resumed on another phone.")
    _enter_household(story)
    _attach_paper(story)
    status, code = phone.refused("POST", f"/v1/applications/{story.application}/submit", {"truth_promised": True})
    note(f"Submitting without the signatures is refused ({status} {code}), and everything missing is named at once.")
    _sign(story)
    done = phone.post(f"/v1/applications/{story.application}/submit", {"truth_promised": True})
    story.number, story.lookup_code = done["number"], done["lookup_code"]
    tell(head["name"], f"submits. Receipt number {story.number}, look-up code {story.lookup_code}.")
    show_timeline(story)


def _enter_household(story: Story) -> None:
    url = f"/v1/applications/{story.application}"
    ids = new_member_ids(story)
    for member_id, member in zip(ids, story.family["members"], strict=True):
        can_work = member["relation"] != "child"
        body = {**member, "can_work": can_work, "student": not can_work}
        story.phone.put(f"{url}/members/{member_id}", body)
    income = [
        {"member": ids[0], "kind": "business", "detail": "maize and pigs", "amount_fen": 620_000, "costs_fen": 260_000}
        | {"period": "year"},
        {"member": ids[1], "kind": "wage", "detail": "odd jobs", "amount_fen": 180_000, "costs_fen": 0}
        | {"period": "year"},
    ]
    owned = [
        {"kind": "dwelling", "owner": ids[0], "value_fen": None, "count": 1},
        {"kind": "deposit", "owner": ids[0], "value_fen": story.family["savings_fen"], "count": 1},
    ]
    answers = {"income": income, "expenses": [], "property": owned, "supporters": []}
    story.phone.patch(url, {"answers": answers, "address": "测试村民小组 1 号"})
    note(
        "Three members, 3,600 yuan a year from farming after costs, 1,800 yuan from odd jobs, one house, some savings."
    )


def _photo_of_receipt() -> bytes:
    """Return a photo of nothing, as a telephone makes it: with the place it was taken at."""
    exif = Image.Exif()
    exif.get_ifd(_GPS).update({1: "N", 2: (23.0, 22.0, 1.5), 3: "E", 4: (102.0, 25.0, 2.5)})
    into = BytesIO()
    Image.effect_noise((400, 500), 60).save(into, "JPEG", exif=exif)
    return into.getvalue()


def _attach_paper(story: Story) -> None:
    paper = _photo_of_receipt()
    digest = hashlib.sha256(paper).hexdigest()
    upload = story.phone.post("/v1/uploads", {"kind": "receipt", "size": len(paper), "sha256": digest})
    size = upload["part_size"]
    for number in reversed(upload["missing"]):
        part = paper[(number - 1) * size : number * size]
        story.phone.send_bytes(f"/v1/uploads/{upload['id']}/parts/{number}", part)
    story.phone.post(f"/v1/uploads/{upload['id']}/complete")
    document = {"kind": "receipt", "upload_id": upload["id"]}
    story.phone.post(f"/v1/applications/{story.application}/documents", document)
    note(f"One receipt, sent in {upload['parts']} parts, the last first; the place the photo was taken at is not kept.")


def _sign(story: Story) -> None:
    for member_id, member in zip(story.member_ids, story.family["members"], strict=True):
        if member["relation"] == "child":
            continue
        body = {"member_id": member_id, "signer_name": member["name"], "signer_id_number": member["id_number"]}
        story.phone.post(f"/v1/applications/{story.application}/authorisations", body)
        tell(member["name"], "signs the authorisation to be checked.")


def show_timeline(story: Story) -> None:
    """Show the applicant's timeline."""
    timeline = story.phone.get(f"/v1/applications/{story.application}/timeline")
    rows = [
        [step["title"], step["responsible"], step["state"], step["due_on"] or "", step["outcome"] or ""]
        for step in timeline["steps"]
    ]
    title = f"Timeline on {story.sandbox.today()}: {timeline['status']}"
    if timeline["decide_by"]:
        title += f", decision due by {timeline['decide_by']}" + (" (provisional)" * timeline["decide_by_provisional"])
    show_table(title, ["step", "who", "state", "due", "outcome"], rows)
